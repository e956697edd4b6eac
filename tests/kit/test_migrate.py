"""Migrations: what is declared is what a migrated database has."""

import asyncio

from alembic import command
from sqlalchemy import text

from kit import migrate
from kit.testing import Harness
from tests.kit.notes import SERVICE


async def test_migrating_again_and_at_once_changes_nothing(harness: Harness) -> None:
    await asyncio.gather(*(migrate.migrate(SERVICE, harness.settings) for _ in range(3)))
    async with harness.transaction() as session:
        assert await migrate.missing(session, SERVICE) == []


async def test_an_unmigrated_database_is_not_ready(harness: Harness) -> None:
    async with harness.transaction() as session:
        await session.execute(text("DELETE FROM alembic_version WHERE version_num = 'notes_0001'"))
        missing = await migrate.missing(session, SERVICE)
        await session.rollback()
    assert missing == ["notes_0001"]


async def test_the_tables_are_as_declared(harness: Harness) -> None:
    await asyncio.to_thread(command.check, migrate.config(SERVICE, harness.settings))
