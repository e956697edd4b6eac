"""What feedback decides. Pure: values in, values out; no clock, no database, no HTTP.

`search` turns text into terms, `tickets` holds promises to members and a ticket's states, `surveys`
questions and their scales.
"""
