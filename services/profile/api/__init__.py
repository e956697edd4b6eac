"""How profile is reached: `tracking` and `me` by apps, `orders` by the company's backend, the rest by staff."""

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
