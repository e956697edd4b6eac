"""Approving the device of a session, by a code sent to an address the account has long had.

Who has only stolen a password does not read the member's letters; and an address they have just
put in the member's place is too new.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions.codes import CodeRefused, Proof
from gateway.events import SessionApproved
from gateway.rules import APPROVING_AGE, Identifier, IdentifierKind
from gateway.store import identifiers, sessions
from gateway.tables import AccountIdentifier
from kit import outbox
from kit.problems import Conflict


class NoSettledAddress(Conflict):
    code = "gateway.no_settled_address"
    title = "No address has been yours for long enough"


async def settled_address(
    session: AsyncSession, member_id: UUID, kind: IdentifierKind | None, now: datetime
) -> Identifier:
    """Where a code for a device goes: of a kind, or else the e-mail address before the number.

    Raises NoSettledAddress.
    """
    found = _settled(await identifiers.of_member(session, member_id), kind, now)
    if not found:
        hours = APPROVING_AGE.total_seconds() / 3_600
        raise NoSettledAddress(
            f"A code goes to an e-mail address or phone number that has been yours for {hours:g}"
            " hours. Approve the device on one you have had before, or wait."
        )
    return Identifier(IdentifierKind(found[0].kind), found[0].value)


def _settled(
    addresses: Sequence[AccountIdentifier], kind: IdentifierKind | None, now: datetime
) -> list[AccountIdentifier]:
    return [
        each
        for each in addresses
        if kind in (None, each.kind) and each.added_at <= now - APPROVING_AGE
    ]


async def approve(
    session: AsyncSession, member_id: UUID, session_id: UUID, proof: Proof, now: datetime
) -> None:
    """Let the services know that the member approved the device of a session.

    Raises CodeRefused where the code was another's, or its address is the member's no longer.
    """
    addresses = await identifiers.of_member(session, member_id)
    own = {Identifier(IdentifierKind(each.kind), each.value) for each in addresses}
    if proof.member_id != member_id or proof.identifier not in own:
        raise CodeRefused
    device_id = await sessions.device_of(session, session_id)
    await identifiers.mark_verified(session, proof.identifier, now)
    said = SessionApproved(
        member_id=member_id, session_id=session_id, device_id=device_id, approved_at=now
    )
    await outbox.publish(session, said)
