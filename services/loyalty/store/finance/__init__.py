"""Finance: adding up the ledger, and reading what was added up.

Reports read sums by day, never the entries of everybody: what they cost grows with days and months
of earning, not with members or entries.
"""
