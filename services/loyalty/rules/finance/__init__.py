"""The programme in money. Pure: whole points and minor units, exact decimals, never a float.

Reading order: `movements` (what changes the points outstanding), `runoff` (how many of them will
ever be redeemed), `deferral` (what that makes of the revenue), `journal` (as lines of a ledger);
then `burning` (ratios), `comparing` (treated beside held out).
"""
