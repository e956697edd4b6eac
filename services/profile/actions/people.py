"""Meeting people: from ids to locked members, making the members that were never seen before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import erasure, outbox
from kit.events import Event, Payload
from kit.ids import uuid7
from services.profile.events import MemberIdentified
from services.profile.rules.identities import Identity, Join, Namespace, Standing
from services.profile.rules.members import Member, newcomer
from services.profile.store import identities as store
from services.profile.store import members as store_members

Moments = Mapping[Identity, datetime]
"""When somebody was last heard of under an id."""

NEVER: Moments = MappingProxyType({})


@dataclass(slots=True)
class People:
    """The locked members of one transaction: `before` as stored, `now` as the action leaves them.

    `causes` are the events that brought the members here, where the transaction handles several.
    """

    owners: dict[Identity, UUID]
    before: dict[UUID, Member]
    now: dict[UUID, Member]
    causes: dict[UUID, Event] = field(default_factory=dict)

    def know(self, identity: Identity) -> bool:
        """Whether there is a member `identity` belongs to; there is none where it is erased."""
        return identity in self.owners

    def behind(self, identity: Identity) -> Member:
        """The member `identity` belongs to."""
        return self.now[self.owners[identity]]

    def put(self, member: Member) -> None:
        self.now[member.id] = member

    def redirect(self, giver: UUID, receiver: UUID) -> None:
        """Let the ids of one member mean another."""
        self.owners |= {i: receiver for i, owner in self.owners.items() if owner == giver}

    async def say(self, session: AsyncSession, *payloads: Payload) -> None:
        """Publish, naming for each member what brought it here."""
        for payload in payloads:
            if cause := self.causes.get(payload.member_id):  # type: ignore[attr-defined]
                payload.because(cause)
        await outbox.publish(session, *payloads)


async def meet(
    session: AsyncSession,
    subjects: Collection[Identity],
    now: datetime,
    joins: Sequence[Join] = (),
    heard: Moments = NEVER,
) -> People:
    """Find and lock the members of `subjects` and `joins`; make those nobody has met.

    Who was erased is not made anew. A device, or a customer of the company's, may be somebody
    again: by what was `heard` of them after that.

    An anonymous id that is first heard of in a join is given to the survivor without a member of
    its own.
    """
    survivors = {join.survivor for join in joins}
    wanted = {*subjects, *survivors, *(join.absorbed for join in joins)}
    owners = await store.owners_of(session, wanted)
    made: dict[UUID, Member] = {}
    if unknown := wanted - owners.keys():
        gone = await _gone(session, unknown, heard)
        unknown -= gone
        adoptions = {
            j.absorbed: j.survivor
            for j in joins
            if _is_adoptable(j, unknown) and j.survivor not in gone
        }
        strangers = ({*subjects, *survivors} & unknown) - adoptions.keys()
        made = await _introduce(session, strangers, adoptions, now)
        owners = await store.owners_of(session, wanted)
    owners, locked = await _lock(session, wanted, owners)
    return People(owners, locked, {**made, **locked})


async def find(session: AsyncSession, identity: Identity) -> People | None:
    """Lock the member of `identity`; None when nobody has met that member."""
    member = await store_members.lock_behind(session, identity)
    if member is None:
        return None
    if member.merged_into is None:
        return People({identity: member.id}, {member.id: member}, {member.id: member})
    owners, locked = await _lock(session, {identity}, {identity: member.id})
    return People(owners, locked, dict(locked))


async def _lock(
    session: AsyncSession, wanted: Collection[Identity], owners: dict[Identity, UUID]
) -> tuple[dict[Identity, UUID], dict[UUID, Member]]:
    """Lock the owners. If any was merged or erased since they were read, look again."""
    while True:
        members = await store_members.lock_members(session, set(owners.values()))
        if not any(member.is_gone for member in members.values()):
            return owners, members
        owners = await store.owners_of(session, wanted)


async def _gone(
    session: AsyncSession, unknown: Collection[Identity], heard: Moments
) -> set[Identity]:
    """Those of the unknown ids that were somebody's who was erased."""
    names: dict[object, Identity] = {identity.name: identity for identity in unknown}
    erased = await erasure.erased_among(session, names)
    found = {names[name]: at for name, at in erased.items()}
    return {
        identity
        for identity, at in found.items()
        if identity.namespace is Namespace.MEMBER or heard.get(identity, at) <= at
    }


async def _introduce(
    session: AsyncSession,
    strangers: Collection[Identity],
    adoptions: Mapping[Identity, Identity],
    now: datetime,
) -> dict[UUID, Member]:
    """Make a member for each of `strangers`, unless somebody else just did.

    Anonymous ids are claimed last and together: those of new members, and those that are given to
    members who are there.
    """
    new = {identity: _id_for(identity) for identity in strangers}
    known = {i: new[i] for i in new if i.namespace is not Namespace.ANONYMOUS}
    won = await store.claim(session, known)
    phones = {i: new[i] for i in new.keys() - known.keys()}
    won |= await store.claim(session, phones | await _adopted(session, adoptions))
    made = {new[i]: newcomer(new[i], _standing(i), now) for i in won & new.keys()}
    own = {Identity.of_member(member_id): member_id for member_id in made}
    await store.claim(session, {identity: own[identity] for identity in own.keys() - won})
    named = [(new[i], i.value) for i in sorted(won) if i.namespace is Namespace.USER]
    said = [MemberIdentified(member_id=m, external_id=v, identified_at=now) for m, v in named]
    await outbox.publish(session, *said)
    return made


async def _adopted(
    session: AsyncSession, adoptions: Mapping[Identity, Identity]
) -> dict[Identity, UUID]:
    """The members to whom anonymous ids nobody has are to be given, unless they are just erased."""
    owners = await store.owners_of(session, set(adoptions.values()))
    return {phone: owners[heir] for phone, heir in adoptions.items() if heir in owners}


def _is_adoptable(join: Join, unknown: Collection[Identity]) -> bool:
    """Whether an id is nobody's yet, and that of a phone; who it is given to must be no phone."""
    phone = join.absorbed in unknown and join.absorbed.namespace is Namespace.ANONYMOUS
    return phone and join.survivor.namespace is not Namespace.ANONYMOUS


def _id_for(identity: Identity) -> UUID:
    return UUID(identity.value) if identity.namespace is Namespace.MEMBER else uuid7()


def _standing(identity: Identity) -> Standing:
    return Standing.KNOWN if identity.namespace is Namespace.USER else Standing.ANONYMOUS
