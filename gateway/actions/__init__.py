"""What identity can do: functions of a session, which never commit. One module per noun."""
