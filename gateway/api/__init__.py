"""The gateway's own routes of identity; they are reached through the edge, like any service's."""

from gateway.api import (
    accounts,
    codes,
    erasures,
    factors,
    invitations,
    issuers,
    keys,
    members,
    quotas,
    review,
    sessions,
    staff,
    traffic,
)

ROUTERS = (
    members.router,
    codes.router,
    issuers.router,
    accounts.router,
    sessions.router,
    staff.router,
    factors.router,
    invitations.router,
    review.router,
    erasures.router,
    keys.router,
    quotas.router,
    traffic.router,
)
