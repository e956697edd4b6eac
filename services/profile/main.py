"""The wiring of profile."""

from pathlib import Path

from fastapi import FastAPI

import kit.app
from services.profile.actions.erasing import erase_member
from services.profile.api import ROUTERS
from services.profile.events import PUBLISHED
from services.profile.handlers import HANDLERS
from services.profile.jobs import SCHEDULE
from services.profile.settings import Settings
from services.profile.tables import metadata

SERVICE = kit.app.Service(
    name="profile",
    title="Profile: members, activities, orders, segments",
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=ROUTERS,
    handlers=HANDLERS,
    publishes=PUBLISHED,
    schedule=SCHEDULE,
    erase=erase_member,
)


def create_app(settings: Settings) -> FastAPI:
    return kit.app.create_app(SERVICE, settings)
