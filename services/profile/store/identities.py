"""Ids and whose they are."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.rows import inserting, over
from services.profile.rules.identities import Identity, Namespace
from services.profile.tables import IdentityRow

_OWNERS = over(
    IdentityRow,
    "namespace value",
    "SELECT namespace, value, member_id FROM {given} JOIN identities USING (namespace, value)",
)
_CLAIM = inserting(
    IdentityRow, "namespace value member_id", "ON CONFLICT DO NOTHING RETURNING namespace, value"
)
_GIVE = text("UPDATE identities SET member_id = :receiver WHERE member_id = :giver")
_GIVE_ONE = text("""
    UPDATE identities SET member_id = :receiver WHERE namespace = :namespace AND value = :value
""")


async def owners_of(session: AsyncSession, wanted: Collection[Identity]) -> dict[Identity, UUID]:
    """The members to whom `wanted` belong; what belongs to nobody is left out."""
    rows = await _OWNERS.execute(session, [(one.namespace, one.value) for one in wanted])
    return {Identity(Namespace(row.namespace), row.value): row.member_id for row in rows}


async def claim(session: AsyncSession, claims: Mapping[Identity, UUID]) -> set[Identity]:
    """Take ids for members; those that were free. Sorted, so that two claimants never deadlock.

    Waits for a claimant in flight, and then finds the id taken.
    """
    claimed = [(one.namespace, one.value, claims[one]) for one in sorted(claims)]
    rows = await _CLAIM.execute(session, claimed)
    return {Identity(Namespace(row.namespace), row.value) for row in rows}


async def give(session: AsyncSession, *, giver: UUID, receiver: UUID) -> None:
    """Let all ids of one member belong to another."""
    await session.execute(_GIVE, {"giver": giver, "receiver": receiver})


async def give_one(session: AsyncSession, identity: Identity, receiver: UUID) -> None:
    await session.execute(
        _GIVE_ONE,
        {"namespace": identity.namespace, "value": identity.value, "receiver": receiver},
    )
