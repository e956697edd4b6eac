"""Moving members in from another programme: a file is received, checked, committed, perhaps undone.

`receiving` takes files and orders, `running` does the work a chunk of rows at a time, and the other
modules know what the rows of each kind do.
"""
