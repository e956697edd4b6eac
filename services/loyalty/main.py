"""The wiring of loyalty."""

from pathlib import Path

from fastapi import FastAPI

from kit import app
from services.loyalty import tables
from services.loyalty.actions.erasing import erase_member
from services.loyalty.api import ROUTERS
from services.loyalty.events import PUBLISHED
from services.loyalty.handlers import HANDLERS
from services.loyalty.jobs import SCHEDULE, run_backtests, run_imports, watch_imports
from services.loyalty.settings import Settings

SERVICE = app.Service(
    name="loyalty",
    title="Loyalty: points, tiers, rewards, check-ins",
    metadata=tables.metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=ROUTERS,
    handlers=HANDLERS,
    publishes=PUBLISHED,
    schedule=SCHEDULE,
    erase=erase_member,
    workers={"backtests": run_backtests, "imports": run_imports, "stopped_imports": watch_imports},
)


def create_app(settings: Settings) -> FastAPI:
    return app.create_app(SERVICE, settings)
