"""The routes of notify: parse, one action or query, answer."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.notify.api import (
    announcements,
    campaigns,
    inbox,
    preferences,
    unsubscribe,
    webhooks,
)

ROUTERS: Sequence[APIRouter] = (
    inbox.router,
    preferences.router,
    unsubscribe.router,
    campaigns.router,
    announcements.router,
    webhooks.router,
)
