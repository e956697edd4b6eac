"""What profile decides. Pure: values in, values out; no clock, no database, no HTTP.

Reading order: `lifecycle`, `identities`, `members`, `messages`, `orders`, `segments`.
"""
