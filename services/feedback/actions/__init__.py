"""What feedback can do.

Actions run in the caller's transaction, never commit and never touch the network.
"""
