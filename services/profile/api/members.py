"""Members, for staff."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from pydantic import StringConstraints

from kit import clock
from kit.app import Router
from kit.auth import Role, requires
from kit.bodies import Answer, Key
from kit.db import Tx
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.profile.actions.changes import facts_of
from services.profile.actions.members import add_tag, member_of, remove_tag
from services.profile.actions.segments import check_segment
from services.profile.api.values import moment_of, text_of
from services.profile.rules.members import Member
from services.profile.store import activities as store_activities
from services.profile.store import members as store
from services.profile.store import segments as store_segments

router = Router(prefix="/v1/members", tags=["Members"])

Reads = requires(Role.AGENT, Role.MARKETER, Role.ANALYST, scope="members:read")
Writes = requires(Role.AGENT, Role.MARKETER, scope="members:write")

Tag = Annotated[
    str, StringConstraints(pattern=r"^\w[\w .:-]{0,49}$", strip_whitespace=True), Path()
]


class MemberAnswer(Answer):
    """A member as staff see it."""

    member_id: UUID
    standing: str
    email: str | None
    phone: str | None
    display_name: str | None
    language: str
    time_zone: str
    channel: str | None
    traits: Mapping[str, Any]
    tags: tuple[str, ...]
    stage: str
    last_active_at: datetime | None
    created_at: datetime
    updated_at: datetime


class MemberDetail(MemberAnswer):
    """A member with what belongs to it. Amounts are net of refunds, by currency."""

    segments: list[str]
    order_count: int
    net_minor: Mapping[str, int]


class ActivityAnswer(Answer):
    """Something a member did."""

    activity_id: str
    kind: str
    name: str
    properties: Mapping[str, Any]
    context: Mapping[str, Any]
    occurred_at: datetime
    received_at: datetime


@router.get("", dependencies=[Reads])
async def list_members(
    tx: Tx, segment: Key | None = None, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[MemberAnswer]:
    """Members by id, of one segment or all."""
    if segment is not None:
        await check_segment(tx, segment)
    (after,) = decode_cursor(cursor, UUID) if cursor else (UUID(int=0),)
    members = await store.members_after(tx, after, limit + 1, segment)
    return page(members, limit, _answer, lambda member: (member.id,))


@router.get("/{member_id}", dependencies=[Reads])
async def read_member(member_id: UUID, tx: Tx) -> MemberDetail:
    """A member; an id that was merged away shows the survivor."""
    member = await member_of(tx, member_id)
    facts = (await facts_of(tx, [member]))[member.id]
    memberships = await store_segments.memberships_of(tx, [member.id])
    return MemberDetail(
        **_fields(member),
        segments=sorted(segment for segment, _ in memberships),
        order_count=facts.spending.order_count,
        net_minor=facts.spending.net_minor,
    )


@router.get("/{member_id}/activities", dependencies=[Reads])
async def list_activities(
    member_id: UUID, tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[ActivityAnswer]:
    """What a member did, newest first, before and after joining histories."""
    member = await member_of(tx, member_id)
    before = decode_cursor(cursor, moment_of, text_of) if cursor else None
    rows = await store_activities.activities_of(tx, member.id, before, limit + 1)
    return page(
        rows,
        limit,
        lambda row: ActivityAnswer(activity_id=row["message_id"], **row),
        lambda row: (row["occurred_at"], row["message_id"]),
    )


@router.put("/{member_id}/tags/{tag}", dependencies=[Writes])
async def put_tag(member_id: UUID, tag: Tag, tx: Tx) -> MemberAnswer:
    """Tag a member. Tagging it again is harmless."""
    return _answer(await add_tag(tx, member_id, tag, clock.now()))


@router.delete("/{member_id}/tags/{tag}", dependencies=[Writes])
async def delete_tag(member_id: UUID, tag: Tag, tx: Tx) -> MemberAnswer:
    """Take a tag off a member. Where there is none, nothing happens."""
    return _answer(await remove_tag(tx, member_id, tag, clock.now()))


def _answer(member: Member) -> MemberAnswer:
    return MemberAnswer(**_fields(member))


def _fields(member: Member) -> dict[str, Any]:
    shown = MemberAnswer.model_fields.keys() - {"member_id"}
    return {"member_id": member.id, **{name: getattr(member, name) for name in shown}}
