"""Finance: declarations, reports, and the journal. Money is in whole minor units."""

from services.loyalty.api.finance import costs, declarations, journal, reports, returns

ROUTERS = (declarations.router, reports.router, costs.router, returns.router, journal.router)
