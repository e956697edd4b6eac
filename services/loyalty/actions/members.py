"""Keeping what loyalty knows of members."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import NotFound
from services.loyalty.store import books, members
from services.loyalty.store.members import Description


class MemberNotFound(NotFound):
    code = "loyalty.member_not_found"
    title = "No such member"


async def known_member(session: AsyncSession, member_id: UUID) -> None:
    """Raise MemberNotFound if loyalty has never heard of the member."""
    if await members.member(session, member_id) is None:
        raise MemberNotFound(f"There is no member {member_id}.")


async def describe_members(
    session: AsyncSession, descriptions: Sequence[Description], now: datetime
) -> None:
    """Enrol the members described, and keep the newest description of each."""
    newest: dict[UUID, Description] = {}
    for description in sorted(descriptions, key=lambda given: given.described_at):
        newest[description.member_id] = description
    await books.enrol(session, [given.member_id for given in newest.values()], now)
    await members.describe(session, list(newest.values()))
