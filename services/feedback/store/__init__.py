"""Every query of feedback. Functions of a session; none commits.

Locks are taken in one order: member, then ticket, then survey.
"""
