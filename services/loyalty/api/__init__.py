"""Routes. Each parses, does one action or query, and answers."""

from services.loyalty.api import (
    adjustments,
    checkins,
    coupons,
    expiring,
    explanations,
    holds,
    ledger,
    missions,
    point_types,
    programme,
    redemptions,
    refunds,
    rewards,
    series,
    sharing,
    wallets,
)

ROUTERS = (
    wallets.router,
    adjustments.router,
    expiring.router,
    holds.router,
    checkins.router,
    rewards.router,
    redemptions.router,
    series.router,
    coupons.router,
    missions.router,
    ledger.router,
    programme.router,
    explanations.router,
    refunds.router,
    point_types.router,
    sharing.router,
)
