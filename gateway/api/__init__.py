"""The gateway's own routes of identity; they are reached through the edge, like any service's."""

from gateway.api import accounts, codes, issuers, keys, members, sessions, staff, traffic

ROUTERS = (
    members.router,
    codes.router,
    issuers.router,
    accounts.router,
    sessions.router,
    staff.router,
    keys.router,
    traffic.router,
)
