"""Every query. Functions of a session; none commits.

`books` opens and saves what the ledger is written in;
`versions`, `occasions`, `backtests` and `tiers` hold the programme and what it decided; `members`,
`orders`, `checkins` and `rewards` some of the rest; `wallets` is what the
app and staff look at, and `proofs` is what proves the ledger.
"""
