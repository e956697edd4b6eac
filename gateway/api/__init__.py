"""The gateway's own routes of identity; they are reached through the edge, like any service's."""

from gateway.api import accounts, codes, keys, members, sessions, staff

ROUTERS = (
    members.router,
    codes.router,
    accounts.router,
    sessions.router,
    staff.router,
    keys.router,
)
