"""Bringing the parts' databases to the newest version."""

import time
from collections.abc import Collection

from rapport.parts import Part
from rapport.reports import Report, silent


async def migrate(parts: Collection[Part], report: Report = silent) -> None:
    """Migrate one after the other: alembic keeps the migration at hand in module variables."""
    from kit.migrate import migrate as migrate_database  # noqa: PLC0415 -- alembic is slow to import

    began = time.monotonic()
    report("databases", "starting", 0)
    for part in parts:
        await migrate_database(part.service, part.settings())
    report("databases", "ready", time.monotonic() - began)
