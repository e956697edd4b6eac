"""Migrations: what is declared is what a migrated database has."""

import asyncio

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from kit import migrate, revisions
from kit.testing import Harness
from rapport.parts import PARTS, Part
from tests.kit.notes import SERVICE


async def test_migrating_again_and_at_once_changes_nothing(harness: Harness) -> None:
    await asyncio.gather(*(migrate.migrate(SERVICE, harness.settings) for _ in range(3)))
    async with harness.transaction() as session:
        assert await revisions.missing(session, SERVICE) == []


async def test_an_unmigrated_database_is_not_ready(harness: Harness) -> None:
    async with harness.transaction() as session:
        await session.execute(text("DELETE FROM alembic_version WHERE version_num = 'notes_0001'"))
        missing = await revisions.missing(session, SERVICE)
        await session.rollback()
    assert missing == ["notes_0001"]


async def test_the_tables_are_as_declared(harness: Harness) -> None:
    await asyncio.to_thread(command.check, migrate.config(SERVICE, harness.settings))


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS.keys())
def test_the_newest_revisions_are_those_alembic_finds(part: Part) -> None:
    """They are read from the files without it."""
    scripts = ScriptDirectory.from_config(migrate.config(part.service))
    assert revisions.heads(part.service.migrations) == set(scripts.get_heads())
