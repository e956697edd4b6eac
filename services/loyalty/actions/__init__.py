"""What loyalty can do. Functions of a session; none commits or touches the network.

Whatever moves points opens a book of the wallets concerned, writes in it, and closes it
(`bookkeeping`): closing saves the entries, moves tiers, and says what happened.
"""
