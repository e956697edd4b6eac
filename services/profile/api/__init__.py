"""How profile is reached: by apps (`tracking`, `me`), backends (`orders`) and staff (the rest)."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.profile.api import me, members, orders, segments, tracking

ROUTERS: Sequence[APIRouter] = (
    me.router,
    tracking.router,
    orders.router,
    members.router,
    segments.router,
)
