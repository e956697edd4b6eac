"""Joining the histories of two members that turned out to be one.

A merge flips pointers: the ids of the absorbed member, its own among them, move to the survivor, so
that whatever comes later for any of them lands there. Its activities stay where they were recorded
and are read through its id.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.profile.actions.people import People
from services.profile.events import MemberMerged
from services.profile.rules.identities import Identity, Join, may_absorb
from services.profile.rules.members import Member, absorbed_by, absorbing
from services.profile.store import birthdays as store_birthdays
from services.profile.store import identities as store
from services.profile.store import members as store_members
from services.profile.store import orders as store_orders

log = logging.getLogger(__name__)


async def join_histories(
    session: AsyncSession, people: People, joins: Sequence[Join], now: datetime
) -> list[MemberMerged]:
    """Carry out those of `joins` that are allowed; the others leave both members as they are.

    The merges are to be published once the members are written.
    """
    merges = []
    for join in joins:
        if not (people.know(join.absorbed) and people.know(join.survivor)):
            continue
        absorbed, survivor = people.behind(join.absorbed), people.behind(join.survivor)
        if absorbed.id == survivor.id:
            continue
        if may_absorb(survivor.standing, absorbed.standing, explicit=join.explicit):
            await _merge(session, people, absorbed, survivor)
            merges.append(
                MemberMerged(member_id=survivor.id, merged_member_id=absorbed.id, merged_at=now)
            )
        else:
            log.info("members %s and %s stay two: both are known", absorbed.id, survivor.id)
    return merges


async def _merge(session: AsyncSession, people: People, absorbed: Member, survivor: Member) -> None:
    people.put(absorbing(survivor, absorbed))
    people.put(absorbed_by(survivor.id, absorbed))
    people.redirect(absorbed.id, survivor.id)
    await store.give(session, giver=absorbed.id, receiver=survivor.id)
    await store_birthdays.give(session, giver=absorbed.id, receiver=survivor.id)
    await store_orders.move_orders(session, giver=absorbed.id, receiver=survivor.id)


async def revive(session: AsyncSession, people: People, member_id: UUID) -> Join:
    """Undo the pointer of a member that was merged away as a guest, and got an account after all.

    Gives the claim that the former survivor is the same person.
    """
    own = Identity.of_member(member_id)
    former = Identity.of_member(people.owners[own])
    await store.give_one(session, own, member_id)
    people.before |= await store_members.lock_members(session, {member_id})
    people.owners |= {own: member_id, former: people.owners[own]}
    people.put(replace(people.before[member_id], merged_into=None))
    return Join(absorbed=former, survivor=own)
