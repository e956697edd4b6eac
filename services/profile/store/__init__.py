"""Every query of profile: functions of a session that never commit.

`identities` finds who is meant, `members` locks and writes them; `activities`, `orders`, `segments`
and `audiences` hold what belongs to them. Whoever writes holds the members' locks (see `tables`).
"""
