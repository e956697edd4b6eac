"""Migrations: alembic, two branches in each part's database: kit's tables and the part's own."""

import asyncio
import threading
from typing import TYPE_CHECKING

import asyncpg
from alembic import command
from alembic.config import Config

from kit import revisions
from kit.settings import Settings

if TYPE_CHECKING:
    from kit.app import Service

CONNECT_WITHIN_S = 60  # others that start as well may keep the machine busy


def config(service: "Service", settings: Settings | None = None) -> Config:
    """Alembic's configuration for the part: kit's env.py, kit's versions and the part's."""
    made = Config()
    made.set_main_option("script_location", str(revisions.KIT))
    made.set_main_option("path_separator", "newline")
    locations = "\n".join(map(str, revisions.folders(service.migrations)))
    made.set_main_option("version_locations", locations)
    made.attributes["service"] = service
    made.attributes["settings"] = settings
    return made


async def migrate(service: "Service", settings: Settings) -> None:
    """Create the database where absent, and bring it to the newest version.

    Safe to run at once from many places.
    """
    await _create_database(settings)
    await asyncio.to_thread(_upgrade, config(service, settings))


_alembic = threading.Lock()
"""Alembic's context is one per process."""


def _upgrade(made: Config) -> None:
    with _alembic:
        command.upgrade(made, "heads")


async def _create_database(settings: Settings) -> None:
    url = settings.database_url("postgresql")
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_WITHIN_S)
    except asyncpg.InvalidCatalogNameError:
        await _create(settings)
    else:
        await connection.close()


async def _create(settings: Settings) -> None:
    server = settings.model_copy(update={"database": "postgres"}).database_url("postgresql")
    connection = await asyncpg.connect(server, timeout=CONNECT_WITHIN_S)
    try:
        name = settings.database.replace('"', '""')
        await connection.execute(f'CREATE DATABASE "{name}"')
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        pass  # another process was first
    finally:
        await connection.close()
