"""The migrated database is what the tables declare."""

import asyncio

from alembic import command

from gateway.main import SERVICE
from kit import migrate
from kit.testing import Harness


async def test_the_tables_are_as_declared(harness: Harness) -> None:
    await asyncio.to_thread(command.check, migrate.config(SERVICE, harness.settings))
