"""What is deleted of a member who is erased."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.profile.rules.identities import Identity, Namespace
from services.profile.tables import IdentityRow

_DELETE = (
    text("""
        DELETE FROM identities WHERE member_id = ANY(CAST(:ids AS uuid[]))
            OR (namespace = 'member' AND value = ANY(CAST(:own AS text[])))
    """),
    text("DELETE FROM activities WHERE member_id = ANY(CAST(:ids AS uuid[]))"),
    text("DELETE FROM birthdays_told WHERE member_id = ANY(CAST(:ids AS uuid[]))"),
    text("DELETE FROM segment_members WHERE member_id = ANY(CAST(:ids AS uuid[]))"),
)


async def identities_of(session: AsyncSession, member_id: UUID) -> set[Identity]:
    """All ids that mean the member."""
    statement = select(col(IdentityRow.namespace), col(IdentityRow.value)).where(
        col(IdentityRow.member_id) == member_id
    )
    return {
        Identity(Namespace(namespace), value)
        for namespace, value in await session.execute(statement)
    }


async def delete_all(session: AsyncSession, member_ids: Collection[UUID]) -> None:
    """Delete what members did, where they are, and every id that leads to them."""
    ids = list(member_ids)
    own = [str(member_id) for member_id in member_ids]
    identities, *others = _DELETE
    await session.execute(identities, {"ids": ids, "own": own})
    for statement in others:
        await session.execute(statement, {"ids": ids})
