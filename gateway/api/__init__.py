"""The gateway's own routes of identity; they are reached through the edge, like any service's."""

from gateway.api import keys, members, sessions, staff

ROUTERS = (members.router, sessions.router, staff.router, keys.router)
