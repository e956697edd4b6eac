"""The loyalty programme as a YAML file: written out, compared, taken in, published."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.problems import Invalid, Problem
from rapport.databases import in_transaction
from rapport.errors import OperatorError
from rapport.parts import LOYALTY
from services.loyalty.actions import publishing
from services.loyalty.actions.publishing import Imported
from services.loyalty.rules.programme.comparing import Difference
from services.loyalty.store import versions
from services.loyalty.tables import ProgrammeVersion

T = TypeVar("T")
MOST_LISTED = 50


def known_versions() -> Sequence[ProgrammeVersion]:
    """The newest versions."""
    return _do(lambda session: versions.listed(session, MOST_LISTED, None))


def exported(version: int | None) -> str:
    """A version as YAML; the live one when none is named."""

    async def work(session: AsyncSession) -> str:
        number = version or (await publishing.live_version(session)).version
        return await publishing.as_written(session, number)

    return _do(work)


def compared(file: Path) -> list[Difference]:
    """What a file differs in from the live version."""
    return taken_in(file, "", dry_run=True).differences


def taken_in(file: Path, note: str, *, dry_run: bool = False) -> Imported:
    """Make a draft of a file that differs from the live version."""
    text = _text(file)
    return _do(
        lambda session: publishing.import_programme(
            session,
            publishing.checked_yaml(text),
            note,
            "operator",
            clock.now(),
            dry_run=dry_run,
        )
    )


def published(version: int) -> ProgrammeVersion:
    """Let a version pay everybody."""
    return _do(lambda session: publishing.publish(session, version, None, clock.now()))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{file} cannot be read: {error}") from error


def _do(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Do `work` on loyalty's database, saying in words what it refuses."""
    try:
        return asyncio.run(in_transaction(LOYALTY, work))
    except Invalid as refusal:
        faults = [f"  {error['field']}: {error['detail']}" for error in refusal.extra["errors"]]
        raise OperatorError("\n".join(["the programme has errors", *faults])) from refusal
    except Problem as refusal:
        raise OperatorError(refusal.detail) from refusal
