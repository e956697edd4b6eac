"""Writing what became of members, and saying it to the other services."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kit.events import Payload
from services.profile.actions.people import People
from services.profile.events import (
    LifecycleChanged,
    MemberCreated,
    MemberUpdated,
    SegmentEntered,
    SegmentExited,
)
from services.profile.rules import segments as rules
from services.profile.rules.members import Member, merely_active, restaged
from services.profile.rules.orders import Spending
from services.profile.rules.segments import Facts, Ready
from services.profile.store import members as store
from services.profile.store import orders as store_orders
from services.profile.store import segments as store_segments

_BUILT_IN = {segment.key: orjson.dumps(segment.rule).decode() for segment in rules.BUILT_IN}


async def save_people(
    session: AsyncSession,
    people: People,
    now: datetime,
    *,
    judge: Collection[UUID] = (),
    then: Iterable[Payload] = (),
) -> None:
    """Bring members to the stage of `now`, write who differs, say what changed, and `then`.

    `judge` names members whose segments may differ although their rows do not, because of their
    orders.
    """
    before = people.before
    after = [restaged(member, now) for member in people.now.values()]
    touched = {
        m.id: m.last_active_at
        for m in after
        if m.id in before and m != before[m.id] and merely_active(before[m.id], m)
    }
    changed = [
        _stamped(before.get(m.id), m, now)
        for m in after
        if m != before.get(m.id) and m.id not in touched
    ]
    people.now |= {member.id: member for member in changed}
    told: list[Payload] = []
    if touched:
        await store.touch_members(session, {i: at for i, at in touched.items() if at})
    if changed:
        await store.save_members(session, changed)
        told = _told(before, changed, now)
    judged = {m.id: m for m in after if _judged_anew(before.get(m.id), m)}
    ordering = {m.id: m for m in after if m.id in judge}
    if judged or ordering:
        held = await rules_held(session)
        if any(ready.asks_for_orders for ready in held.values()):
            judged |= ordering
        told += await judge_members(session, list(judged.values()), held, now)
    await people.say(session, *told, *then)


def _stamped(before: Member | None, after: Member, now: datetime) -> Member:
    if before is None:
        return after
    return replace(after, version=before.version + 1, updated_at=max(now, before.updated_at))


def _judged_anew(before: Member | None, after: Member) -> bool:
    """Whether something changed that rules of segments ask for."""
    return before is None or any(
        getattr(before, name) != getattr(after, name)
        for name in ("traits", "tags", "stage", "standing", "merged_into")
    )


def _told(before: Mapping[UUID, Member], changed: Sequence[Member], now: datetime) -> list[Payload]:
    told: list[Payload] = []
    for member in changed:
        if member.is_gone:
            continue
        old = before.get(member.id)
        if old is None:
            told.append(MemberCreated.of(member))
        elif _can_be_seen(old, member):
            told.append(MemberUpdated.of(member))
        if old is None or old.stage is not member.stage:
            told.append(
                LifecycleChanged(
                    member_id=member.id,
                    stage=member.stage,
                    previous=old.stage if old else None,
                    changed_at=now,
                )
            )
    return told


def _can_be_seen(old: Member, new: Member) -> bool:
    """Whether the two differ in what other services are told."""
    ours = {"updated_at"}
    return MemberUpdated.of(old).model_dump(exclude=ours) != MemberUpdated.of(new).model_dump(
        exclude=ours
    )


async def judge_members(
    session: AsyncSession, members: Sequence[Member], held: Mapping[str, Ready], now: datetime
) -> list[Payload]:
    """Let locked members enter the segments they now fit and exit the others; what to say."""
    if not members:
        return []
    present = await store_segments.memberships_of(session, [member.id for member in members])
    fitting = {
        (key, member_id)
        for member_id, facts in (await facts_of(session, members)).items()
        for key, ready in held.items()
        if ready.rule(facts)
    }
    return await _move(session, sorted(fitting - present), sorted(present - fitting), now)


async def rules_held(session: AsyncSession) -> dict[str, Ready]:
    """Every segment's rule, of the staff's and built in."""
    written = _BUILT_IN | await store_segments.rules_held(session)
    return {key: rules.ready(rule) for key, rule in written.items()}


async def facts_of(session: AsyncSession, members: Sequence[Member]) -> dict[UUID, Facts]:
    """What rules may ask of members. One that is gone fits nothing and has no facts."""
    living = [member for member in members if not member.is_gone]
    spending = await store_orders.spending_of(session, [member.id for member in living])
    return {
        member.id: Facts(
            traits=member.traits,
            tags=frozenset(member.tags),
            stage=member.stage,
            standing=member.standing,
            spending=spending.get(member.id, Spending()),
        )
        for member in living
    }


async def _move(
    session: AsyncSession,
    entering: Sequence[tuple[str, UUID]],
    leaving: Sequence[tuple[str, UUID]],
    now: datetime,
) -> list[Payload]:
    if leaving:
        await store_segments.leave(session, leaving)
    if entering:
        await store_segments.enter(session, entering, now)
    moves = ((SegmentExited, leaving), (SegmentEntered, entering))
    return [
        kind(member_id=member_id, segment=segment, changed_at=now)
        for kind, memberships in moves
        for segment, member_id in memberships
    ]
