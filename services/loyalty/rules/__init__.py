"""What loyalty decides. Pure: values in, values out; no clock, no database, no HTTP.

Reading order: `ledger` (wallets, lots, entries), `book` (writing them), `earning` and `programme`
(what earns how much), `tiers`, `orders`, `checkins`, `rewards`.
"""
