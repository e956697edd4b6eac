"""Versions of the programme."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.gathering import Ask, Rows
from kit.sessions import innermost
from services.loyalty.rules.programme.states import VersionState
from services.loyalty.tables import ProgrammeVersion

_LOCK_ALL = text("SELECT pg_advisory_xact_lock(hashtext('programme_versions'))")

_RUNNING = text("""
    SELECT version, digest, state, share, ceiling FROM programme_versions
    WHERE state IN ('live', 'trial')
""")

_CAMPAIGNS = text("""
    SELECT DISTINCT ON (rule ->> 'key') rule ->> 'key' AS rule, rule ->> 'campaign' AS campaign
    FROM programme_versions, jsonb_array_elements(body -> 'rules') AS rule
    WHERE state IN ('live', 'trial', 'retired') AND published_at IS NOT NULL
    ORDER BY rule ->> 'key', version DESC
""")

_WITH_CAMPAIGN = text("""
    SELECT version, body, published_at, min(published_at) OVER () AS first_published_at
    FROM programme_versions
    WHERE published_at IS NOT NULL AND body -> 'campaigns' ? :key
    ORDER BY version DESC LIMIT 1
""")

_BUDGETS = text("""
    INSERT INTO budgets (budget, ceiling)
    SELECT * FROM unnest(CAST(:budgets AS text[]), CAST(:ceilings AS bigint[]))
    ON CONFLICT (budget) DO UPDATE SET ceiling = greatest(excluded.ceiling, budgets.used)
""")


_REMEMBERED = "running"


def remember(session: AsyncSession, running: object) -> None:
    """Keep what was made of the running versions for the rest of the transaction or savepoint."""
    session.info[_REMEMBERED] = innermost(session), running


def remembered(session: AsyncSession) -> Any:
    """What was kept, unless versions have changed or a savepoint begun or ended since."""
    within, kept = session.info.get(_REMEMBERED, (None, None))
    return kept if within is not None and within is innermost(session) else None


def running() -> Ask[Sequence[Row[Any]]]:
    """The live version and the trial, if there is one, without their documents."""
    return Ask(_RUNNING, {}, _all, is_common=True)


def _all(found: Rows) -> Sequence[Row[Any]]:
    return found.all()


async def body(session: AsyncSession, version: int) -> dict[str, Any]:
    found = await session.get(ProgrammeVersion, version, populate_existing=True)
    assert found is not None  # noqa: S101  (versions are never deleted)
    return found.body


async def lock_all(session: AsyncSession) -> None:
    """Let nobody else make or publish versions until the transaction ends; paying goes on."""
    await session.execute(_LOCK_ALL)


async def find(session: AsyncSession, version: int) -> ProgrammeVersion | None:
    return await session.get(ProgrammeVersion, version, populate_existing=True)


async def in_state(session: AsyncSession, state: VersionState) -> ProgrammeVersion | None:
    statement = select(ProgrammeVersion).where(col(ProgrammeVersion.state) == state)
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return found.one_or_none()


async def listed(
    session: AsyncSession, limit: int, before: int | None
) -> Sequence[ProgrammeVersion]:
    """The versions, newest first."""
    statement = select(ProgrammeVersion).order_by(col(ProgrammeVersion.version).desc()).limit(limit)
    if before is not None:
        statement = statement.where(col(ProgrammeVersion.version) < before)
    return (await session.scalars(statement)).all()


async def add(session: AsyncSession, version: ProgrammeVersion) -> None:
    """Add a version as the next. They must be locked."""
    newest = await session.scalar(select(func.max(ProgrammeVersion.version)))
    version.version = (newest or 0) + 1
    session.info.pop(_REMEMBERED, None)
    session.add(version)
    await session.flush()


async def change(session: AsyncSession, version: int, **changes: Any) -> None:
    session.info.pop(_REMEMBERED, None)
    statement = (
        update(ProgrammeVersion)
        .where(col(ProgrammeVersion.version) == version)
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)


async def set_budgets(session: AsyncSession, ceilings: dict[str, int]) -> None:
    """Give budgets their ceilings, in the order in which those who use them lock them.

    One below what is used already stops at that.
    """
    if ceilings:
        budgets = sorted(ceilings)
        given = {"budgets": budgets, "ceilings": [ceilings[name] for name in budgets]}
        await session.execute(_BUDGETS, given)


async def lock_trial(session: AsyncSession, version: int) -> tuple[int, int | None] | None:
    """What a trial has issued, and its ceiling; None if it has ended. Then its row is locked."""
    statement = text("""
        SELECT issued, ceiling FROM programme_versions
        WHERE version = :version AND state = 'trial' FOR UPDATE
    """)
    row = (await session.execute(statement, {"version": version})).first()
    return (row.issued, row.ceiling) if row else None


async def issue(session: AsyncSession, version: int, points: int) -> None:
    """Count points a trial has issued. The database refuses more than its ceiling."""
    await change(session, version, issued=ProgrammeVersion.issued + points)


async def retire(session: AsyncSession, version: int, because: str, now: datetime) -> None:
    await change(
        session, version, state=VersionState.RETIRED, retired_at=now, retired_because=because
    )


async def budgets(session: AsyncSession) -> dict[str, tuple[int, int]]:
    """What each budget has used, of how much."""
    rows = await session.execute(text("SELECT budget, used, ceiling FROM budgets ORDER BY budget"))
    return {row.budget: (row.used, row.ceiling) for row in rows}


async def campaigns(session: AsyncSession) -> dict[str, str]:
    """The campaign of each rule that is, or was, in one: as the newest version says that has it."""
    rows = await session.execute(_CAMPAIGNS)
    return {row.rule: row.campaign for row in rows if row.campaign}


async def with_campaign(session: AsyncSession, key: str) -> Any:
    """The newest version that ran and has a campaign, and when the first such was published."""
    return (await session.execute(_WITH_CAMPAIGN, {"key": key})).first()
