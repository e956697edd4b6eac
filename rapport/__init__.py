"""The `rapport` command: starts, checks, fills and tries a whole deployment.

Read `embedded/` for the servers that come from wheels, `up.py` for what one machine runs, and the
other modules for one noun of the command each. kit, gateway and services import none of it.
"""
