"""Routes. Each parses, does one action or query, and answers."""

from services.loyalty.api import (
    checkins,
    holds,
    ledger,
    point_types,
    programme,
    refunds,
    rewards,
    wallets,
)

ROUTERS = (
    wallets.router,
    holds.router,
    checkins.router,
    rewards.router,
    ledger.router,
    programme.router,
    refunds.router,
    point_types.router,
)
