"""The programme: earning rules, campaigns and tiers as one document, and what it decides.

Reading order: `document` (what may be written), `conditions` and `compiling` (making it ready),
`deciding` (what an occasion earns), `states` (the life of a version).
"""
