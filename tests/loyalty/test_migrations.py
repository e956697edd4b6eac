"""What is declared is what a migrated database has."""

import asyncio

from alembic import command

from kit import migrate
from kit.testing import Harness


async def test_the_tables_are_as_declared(harness: Harness) -> None:
    config = migrate.config(harness.service, harness.settings)
    await asyncio.to_thread(command.check, config)
