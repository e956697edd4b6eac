"""The wiring of notify."""

from pathlib import Path

from fastapi import FastAPI

from kit import app
from kit.app import Service
from services.notify import dispatch, urgent, webhooks
from services.notify.actions.erasing import erase_member
from services.notify.api import ROUTERS
from services.notify.events import PUBLISHED
from services.notify.handlers import HANDLERS
from services.notify.jobs import SCHEDULE
from services.notify.settings import Settings
from services.notify.tables import metadata

SERVICE = Service(
    name="notify",
    title="Notify: inbox, preferences, e-mail, campaigns",
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=ROUTERS,
    handlers=HANDLERS,
    publishes=PUBLISHED,
    schedule=SCHEDULE,
    erase=erase_member,
    workers={
        "urgent": urgent.send_urgent,
        "mail": dispatch.send_direct,
        "campaign-mail": dispatch.send_campaigns,
        "webhooks": webhooks.post_webhooks,
    },
)


def create_app(settings: Settings) -> FastAPI:
    """The service as an ASGI application."""
    return app.create_app(SERVICE, settings)
