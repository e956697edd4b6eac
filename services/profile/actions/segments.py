"""Segments: made by staff, filled in portions, kept up to date by `changes` and the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.problems import Conflict, Invalid, NotFound
from services.profile.actions.changes import facts_of, save_people
from services.profile.actions.people import People
from services.profile.events import SegmentEntered
from services.profile.rules.segments import BUILT_IN, BadRule, Segment, parse
from services.profile.store import members as store_members
from services.profile.store import segments as store

MOST_SEGMENTS = 200
FILL_PORTION = 500
FLIP_PORTION = 200


class SegmentExists(Conflict):
    code = "profile.segment_exists"
    title = "Another segment has this key"


class TooManySegments(Conflict):
    code = "profile.too_many_segments"
    title = "Too many segments"


class SegmentNotFound(NotFound):
    code = "profile.segment_not_found"
    title = "No such segment"


@dataclass(frozen=True, slots=True)
class SizedSegment:
    """A segment and how many are in it. `ready` is false while its first filling goes on."""

    segment: Segment
    size: int
    built_in: bool
    ready: bool


async def create_segment(session: AsyncSession, segment: Segment, now: datetime) -> SizedSegment:
    """Make a segment; a job fills it. Making the same one again changes nothing.

    Raises Invalid for a rule that is none, SegmentExists when the key belongs to another segment.
    """
    _check(segment)
    if segment.key in {known.key for known in BUILT_IN}:
        raise SegmentExists(f"The segment {segment.key} is built in; take another key.")
    known = await store.segment_with(session, segment.key)
    if known is None:
        if len(await store.segments(session)) >= MOST_SEGMENTS:
            raise TooManySegments(f"There can be {MOST_SEGMENTS} segments.")
        if await store.add_segment(session, segment, now):
            return SizedSegment(segment, 0, built_in=False, ready=False)
        known = await store.segment_with(session, segment.key)
    if known is None or (known.name, known.rule) != (segment.name, segment.rule):
        raise SegmentExists(f"The segment {segment.key} exists and differs; take another key.")
    size = (await store.sizes(session)).get(segment.key, 0)
    return SizedSegment(segment, size, built_in=False, ready=known.filled_to is None)


def _check(segment: Segment) -> None:
    try:
        parse(segment.rule)
    except BadRule as error:
        wrong = {"field": error.place, "code": "bad_rule", "detail": error.detail}
        raise Invalid([wrong]) from None


async def all_segments(session: AsyncSession) -> list[SizedSegment]:
    """Built-in segments first, then the staff's by key."""
    sizes = await store.sizes(session)
    built_in = [SizedSegment(s, sizes.get(s.key, 0), built_in=True, ready=True) for s in BUILT_IN]
    made = [
        SizedSegment(
            Segment(row.key, row.name, row.rule),
            sizes.get(row.key, 0),
            built_in=False,
            ready=row.filled_to is None,
        )
        for row in await store.segments(session)
    ]
    return [*built_in, *made]


async def check_segment(session: AsyncSession, key: str) -> None:
    """Raise SegmentNotFound unless `key` is a segment's."""
    if key not in {known.key for known in BUILT_IN} and not await store.segment_with(session, key):
        raise SegmentNotFound(f"There is no segment {key}; GET /v1/segments lists them.")


async def fill_segments(session: AsyncSession, _now: datetime) -> bool:
    """Judge the next portion of members by a new segment's rule; whether there is more to do."""
    row = await store.lock_segment_filling(session)
    if row is None or row.filled_to is None:
        return False
    members = await store_members.lock_members_after(session, row.filled_to, FILL_PORTION)
    rule = parse(row.rule)
    fitting = [
        (row.key, member_id)
        for member_id, facts in (await facts_of(session, members)).items()
        if rule(facts)
    ]
    await _fill(session, fitting, _now)
    done = len(members) < FILL_PORTION
    await store.set_filled_to(session, row.key, None if done else members[-1].id)
    return True


async def _fill(session: AsyncSession, fitting: Sequence[tuple[str, UUID]], now: datetime) -> None:
    entered = await store.enter(session, fitting, now)
    await outbox.publish(
        session,
        *(
            SegmentEntered(member_id=member_id, segment=key, changed_at=now)
            for key, member_id in entered
        ),
    )


async def flip_stages(session: AsyncSession, now: datetime) -> bool:
    """Look again at members whose stage may have ended; whether there are more."""
    due = {m.id: m for m in await store_members.lock_members_due(session, now, FLIP_PORTION)}
    await save_people(session, People({}, due, dict(due)), now)
    return len(due) == FLIP_PORTION
