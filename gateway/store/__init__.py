"""Every query of identity: functions of a session, which never commit. One module per noun."""
