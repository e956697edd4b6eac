"""The wiring of feedback."""

from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI

from kit import app
from kit.app import Service
from services.feedback.actions.erasing import erasing
from services.feedback.api import ROUTERS
from services.feedback.events import PUBLISHED
from services.feedback.files import Files
from services.feedback.handlers import HANDLERS
from services.feedback.jobs import SCHEDULE, file_jobs
from services.feedback.settings import Settings
from services.feedback.tables import metadata

SERVICE = Service(
    name="feedback",
    title="Feedback: FAQ, tickets, surveys",
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=ROUTERS,
    handlers=HANDLERS,
    publishes=PUBLISHED,
    schedule=SCHEDULE,
)


def create_app(settings: Settings) -> FastAPI:
    """The service as an ASGI application."""
    files = Files(settings.attachments_folder)
    service = replace(SERVICE, schedule=(*SCHEDULE, *file_jobs(files)), erase=erasing(files))
    return app.create_app(service, settings)
