"""Every query. Functions of a session; none commits.

`batches` makes statements over many rows; `books` opens and saves what the ledger is written in;
`members`, `programme`, `orders`, `checkins` and `rewards` hold the rest; `wallets` is what the
app and staff look at, and `proofs` is what proves the ledger.
"""
