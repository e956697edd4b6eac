"""Routes. Each parses, does one action or query, and answers."""

from services.loyalty.api import checkins, ledger, rewards, wallets

ROUTERS = (wallets.router, checkins.router, rewards.router, ledger.router)
