"""Members as gates see them. The SQL is put together from pieces of this file alone."""

# ruff: noqa: S608

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.gathering import Ask, Rows
from services.loyalty.rules.audience import Person

SEGMENTS = """
    ARRAY(SELECT segment FROM member_segments
        WHERE member_segments.member_id = :member_id AND inside)
"""
"""The segments the member `:member_id` is in."""

PERSON = f"""
    SELECT coalesce(members.tier, (SELECT body #>> '{{tiers,levels,0,key}}'
            FROM programme_versions WHERE state = 'live')) AS tier,
        members.stage, {SEGMENTS} AS segments
    FROM (VALUES (1)) AS one
    LEFT JOIN members ON members.member_id = :member_id
"""
"""One row: what gates look at in the member `:member_id`."""

_PERSON = text(PERSON)

_LOWEST = text("""
    SELECT body #>> '{tiers,levels,0,key}' FROM programme_versions WHERE state = 'live'
""")

_PERSONS = text("""
    SELECT member_id, tier, stage, time_zone, ARRAY(
        SELECT segment FROM member_segments
        WHERE member_segments.member_id = members.member_id AND inside) AS segments
    FROM members WHERE member_id = ANY(:member_ids)
""")


def person(member_id: UUID) -> Ask[Person]:
    """A member's tier, segments and stage; one nobody has spoken of is at the beginning."""
    return Ask(_PERSON, {"member_id": member_id}, _one, is_common=True)


def _one(found: Rows) -> Person:
    return person_of(found.one())


def person_of(row: Row[Any]) -> Person:
    return Person(tier=row.tier, segments=frozenset(row.segments), stage=row.stage)


async def persons(
    session: AsyncSession, member_ids: Collection[UUID]
) -> dict[UUID, tuple[Person, str]]:
    """Members as gates see them, and where they live; also those nobody has spoken of."""
    lowest = await session.execute(_LOWEST)
    beginner = Person(tier=str(lowest.scalar_one()))
    known = dict.fromkeys(member_ids, (beginner, "UTC"))
    for row in await session.execute(_PERSONS, {"member_ids": list(member_ids)}):
        segments = frozenset(row.segments)
        person = Person(tier=row.tier, segments=segments, stage=row.stage)
        known[row.member_id] = person, row.time_zone
    return known


async def time_zone(session: AsyncSession, member_id: UUID) -> str:
    """Where an enrolled member lives."""
    statement = text("SELECT time_zone FROM members WHERE member_id = :member_id")
    return str((await session.execute(statement, {"member_id": member_id})).scalar_one())
