"""Finance: declarations, reports, and the journal. Money is in whole minor units."""

from services.loyalty.api.finance import declarations, journal, reports

ROUTERS = (declarations.router, reports.router, journal.router)
