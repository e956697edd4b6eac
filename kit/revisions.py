"""Which migrations a part has, and which of them its database lacks.

Read without alembic: it takes 8 MiB, and a process that serves does not migrate.
"""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

if TYPE_CHECKING:
    from kit.app import Service

KIT: Final = Path(__file__).parent / "migrations"
_NAMED: Final = re.compile(r'^(down_)?revision = "(\w+)"$', re.MULTILINE)


def folders(migrations: Path) -> tuple[Path, Path]:
    """Where a part's two branches of migrations are: kit's, and its own."""
    return KIT / "versions", migrations


async def missing(session: AsyncSession, service: "Service") -> list[str]:
    """The revisions the database should be at and is not."""
    try:
        async with session.begin_nested():
            rows = await session.execute(text("SELECT version_num FROM alembic_version"))
            present = {row.version_num for row in rows}
    except ProgrammingError:
        present = set()
    return sorted(heads(service.migrations) - present)


@cache
def heads(migrations: Path) -> frozenset[str]:
    """The newest revision of each branch: the one that no other builds on."""
    made: set[str] = set()
    built_on: set[str] = set()
    for folder in folders(migrations):
        for file in folder.glob("*.py"):
            for is_below, name in _NAMED.findall(file.read_text()):
                (built_on if is_below else made).add(name)
    return frozenset(made - built_on)
