"""Members as loyalty knows them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import ARRAY, ColumnElement, Row, Uuid, any_, literal, or_, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import inserting
from services.loyalty.rules.earning import Occasion
from services.loyalty.rules.programme.conditions import Facts
from services.loyalty.rules.tiers import Held
from services.loyalty.tables import ExternalId, Member, MemberSegment

UNKNOWN_ZONE = "UTC"
"""Where a member lives of whom profile has said nothing yet."""

_DESCRIBE = text("""
    UPDATE members SET time_zone = given.time_zone, described_at = given.described_at,
        language = given.language, channel = given.channel, stage = given.stage,
        anonymous = given.anonymous,
        tags = ARRAY(SELECT jsonb_array_elements_text(given.tags)),
        merged_into = CASE WHEN merged_at > given.described_at THEN merged_into END,
        merged_at = CASE WHEN merged_at > given.described_at THEN merged_at END
    FROM unnest(CAST(:member_id AS uuid[]), CAST(:time_zone AS text[]),
                CAST(:described_at AS timestamptz[]), CAST(:language AS text[]),
                CAST(:channel AS text[]), CAST(:stage AS text[]),
                CAST(:anonymous AS boolean[]), CAST(:tags AS jsonb[]))
        AS given (member_id, time_zone, described_at, language, channel, stage, anonymous, tags)
    WHERE members.member_id = given.member_id
      AND (members.described_at IS NULL OR members.described_at < given.described_at)
""")


_KNOWN = ("tier", "segments", "tags", "channel", "language", "stage", "anonymous")

_FACTS = text("""
    SELECT member_id, time_zone, enrolled_at,
        tier, tier_since, tier_until, tier_review_at, tier_warned,
        ARRAY(SELECT segment FROM member_segments AS own
              WHERE own.member_id = members.member_id AND inside ORDER BY segment),
        tags, channel, language, stage, anonymous
    FROM members WHERE member_id = ANY(:member_ids)
""")

_SURVIVORS = text("""
    SELECT member_id, merged_into FROM members
    WHERE member_id = ANY(:member_ids) AND merged_into IS NOT NULL
""")

_CHANGE_SEGMENTS = inserting(
    MemberSegment,
    "member_id segment inside changed_at",
    rest="ON CONFLICT (member_id, segment) DO UPDATE"
    " SET inside = excluded.inside, changed_at = excluded.changed_at"
    " WHERE member_segments.changed_at < excluded.changed_at",
)


_IDENTIFY = inserting(ExternalId, "external_id member_id", rest="ON CONFLICT DO NOTHING")

_NAMED = text("""
    SELECT external_id, coalesce(merged_into, member_id) AS member_id
    FROM external_ids LEFT JOIN members USING (member_id) WHERE external_id = ANY(:external_ids)
""")

_HEIR = text("""
    SELECT coalesce(merged_into, member_id) AS heir FROM members
    WHERE member_id = :member_id AND erased_at IS NULL AND NOT EXISTS (
        SELECT FROM households WHERE household_id = :member_id AND closed_at IS NOT NULL)
""")

_ALIVE = text("""
    SELECT member_id, coalesce(merged_into, member_id) AS survivor
    FROM members WHERE member_id = ANY(:member_ids) AND erased_at IS NULL
""")


_STRAYS = text("""
    WITH written AS MATERIALIZED (
        SELECT member_id FROM entries WHERE seq > :after ORDER BY seq LIMIT :entries
    )
    SELECT member_id, merged_into
    FROM (SELECT DISTINCT member_id FROM written) AS moved JOIN members USING (member_id)
    WHERE merged_into IS NOT NULL AND EXISTS (
        SELECT FROM wallets
        WHERE wallets.member_id = members.member_id AND available + pending + debt > 0
    )
    ORDER BY member_id LIMIT :limit
""")


class Description(NamedTuple):
    """What profile says of a member, and when that was true."""

    member_id: UUID
    time_zone: str
    described_at: datetime
    language: str
    channel: str | None
    stage: str
    anonymous: bool
    tags: list[str]


class SegmentChange(NamedTuple):
    """A member came into one of profile's segments, or went."""

    member_id: UUID
    segment: str
    inside: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What rules may ask of a member."""

    member_id: UUID
    time_zone: str
    enrolled_at: datetime
    known: Mapping[str, Any]
    held: Held | None = None

    def on(self, occasion: Occasion) -> Facts:
        """With the occasion: all that rules may ask."""
        days = max(0, (occasion.at - self.enrolled_at).days)
        member = {**self.known, "days_enrolled": days}
        return Facts(occasion.event, member, occasion.at, self.time_zone)

    @property
    def recorded(self) -> dict[str, Any]:
        """As it is kept with an occasion."""
        about = {"time_zone": self.time_zone, "enrolled_at": self.enrolled_at.isoformat()}
        return {**self.known, **about}

    @classmethod
    def of_record(cls, member_id: UUID, kept: Mapping[str, Any]) -> "MemberFacts":
        """What was kept with an occasion."""
        known = {name: kept.get(name) for name in _KNOWN}
        return cls(member_id, kept["time_zone"], datetime.fromisoformat(kept["enrolled_at"]), known)

    @classmethod
    def unknown(cls, member_id: UUID, since: datetime) -> "MemberFacts":
        """Somebody nobody has spoken of."""
        return cls(member_id, UNKNOWN_ZONE, since, {"language": "en", "anonymous": True})


async def heir(session: AsyncSession, member_id: UUID) -> UUID | None:
    """Who goes on for a member, usually themselves.

    None if there is no such member, or not any more: erased, or a household that is closed.
    """
    row = (await session.execute(_HEIR, {"member_id": member_id})).one_or_none()
    return row.heir if row else None


async def facts(session: AsyncSession, member_ids: Collection[UUID]) -> Mapping[UUID, MemberFacts]:
    """What rules may ask of members, by their ids."""
    rows = await session.execute(_FACTS, {"member_ids": list(member_ids)})
    return {row[0]: _facts(row) for row in rows}


def _facts(row: Row[Any]) -> MemberFacts:
    """What a row of `_FACTS` says; of many rows, names take longer to find than places."""
    member_id, time_zone, enrolled_at, *rest = tuple[Any, ...](row)
    tier, since, until, review_at, warned, *others = rest
    known = dict(zip(_KNOWN, (tier, *others), strict=True))
    held = Held(tier=tier, since=since, until=until, review_at=review_at, warned=warned)
    return MemberFacts(member_id, time_zone, enrolled_at, known, held)


async def change_segments(session: AsyncSession, changes: Sequence[SegmentChange]) -> None:
    """Keep what profile says of segments, unless something newer is known. One row for each."""
    await _CHANGE_SEGMENTS.execute(session, changes)


async def identify(session: AsyncSession, known: Sequence[tuple[str, UUID]]) -> None:
    """Keep whose ids these are. Profile gives an id to one member, for ever."""
    await _IDENTIFY.execute(session, known)


async def named(session: AsyncSession, external_ids: Collection[str]) -> Mapping[str, UUID]:
    """The members with these ids of the company's; of merged ones, who goes on for them."""
    rows = await session.execute(_NAMED, {"external_ids": list(external_ids)})
    return {row.external_id: row.member_id for row in rows}


async def alive(session: AsyncSession, member_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Of these members those loyalty knows, each with who goes on for them."""
    rows = await session.execute(_ALIVE, {"member_ids": list(member_ids)})
    return {row.member_id: row.survivor for row in rows}


async def survivors(session: AsyncSession, member_ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Of those members who have been merged into another: into whom."""
    rows = await session.execute(_SURVIVORS, {"member_ids": list(member_ids)})
    return {row.member_id: row.merged_into for row in rows}


async def part(session: AsyncSession, member_id: UUID) -> None:
    """Let a merged member go on by themselves."""
    statement = (
        update(Member)
        .where(col(Member.member_id) == member_id)
        .values(merged_into=None, merged_at=None)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)


async def merge(session: AsyncSession, absorbed: UUID, survivor: UUID, at: datetime) -> None:
    """Remember that `absorbed`, and whoever was merged into them, is `survivor` since `at`."""
    statement = (
        update(Member)
        .where(or_(col(Member.member_id) == absorbed, col(Member.merged_into) == absorbed))
        .values(merged_into=survivor, merged_at=at)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)


async def strays(
    session: AsyncSession, after: int, entries: int, limit: int
) -> list[tuple[UUID, UUID]]:
    """Merged members who got something by the next entries, each with who goes on for them."""
    rows = await session.execute(_STRAYS, {"after": after, "entries": entries, "limit": limit})
    return [(row.member_id, row.merged_into) for row in rows]


async def describe(session: AsyncSession, descriptions: Sequence[Description]) -> None:
    """Keep what profile says of members, unless something newer is known. One row for each.

    Profile says nothing more of a merged member, but of one who got an account after all.
    """
    given = {name: [getattr(d, name) for d in descriptions] for name in Description._fields}
    given["tags"] = [orjson.dumps(tags).decode() for tags in given["tags"]]
    await session.execute(_DESCRIBE, given)


def _among(member_ids: Collection[UUID]) -> ColumnElement[bool]:
    return col(Member.member_id) == any_(literal(list(member_ids), ARRAY(Uuid)))
