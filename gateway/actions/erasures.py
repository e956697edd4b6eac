"""Erasure of members who closed their accounts: asked of the services, and receipted.

The services say when they are done. Once all have, the person is written to, at the address the
account had, and that is forgotten too.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions.arrivals import tell_address
from gateway.actions.codes import Seals
from gateway.events import ERASED, AccountClosed, MemberErased
from gateway.rules import IdentifierKind
from gateway.store import erasures, identifiers
from gateway.tables import Account, ErasureReceipt
from kit import outbox
from kit.erasure import digest_of
from kit.events import service_of
from kit.ids import uuid7

log = logging.getLogger(__name__)

SERVICES: Final = tuple(service_of(kind.type) for kind in ERASED)
PORTION: Final = 100
ACCOUNT_KEPT: Final = timedelta(days=1)
"""So long the ended sessions of a closed account are known, whose tokens must be refused."""


async def ask(
    session: AsyncSession, seals: Seals, account: Account, now: datetime
) -> AccountClosed | None:
    """Begin the erasure of a locked account's member; None where it goes on already."""
    erasure_id = uuid7()
    addresses = await identifiers.of_member(session, account.member_id)
    email = next((each.value for each in addresses if each.kind == IdentifierKind.EMAIL), None)
    receipt = ErasureReceipt(
        erasure_id=erasure_id,
        member_digest=digest_of(account.member_id),
        member_id=account.member_id,
        sealed_email=seals.own.seal(sealed_as(erasure_id), email.encode()) if email else None,
        language=account.language,
        requested_at=now,
    )
    if not await erasures.add(session, receipt):
        return None
    await erasures.forget_devices(session, account.member_id)
    log.info("erasure %s of member %s begins", erasure_id, account.member_id)
    return AccountClosed(
        member_id=account.member_id, erasure_id=erasure_id, closed_at=account.closed_at or now
    )


async def ask_for_forgotten(session: AsyncSession, seals: Seals, now: datetime) -> None:
    """Begin the erasure of members whose accounts were closed when nobody was asked yet."""
    for account in await erasures.closed_unasked(session, PORTION):
        if closed := await ask(session, seals, account, now):
            await outbox.publish(session, closed)


async def note_erased(session: AsyncSession, service: str, said: Sequence[MemberErased]) -> None:
    """Note that a service has erased members."""
    steps = [
        {"erasure_id": each.erasure_id, "service": service, "erased_at": each.erased_at}
        for each in said
    ]
    await erasures.note_steps(session, steps)


async def finish(session: AsyncSession, seals: Seals, now: datetime) -> int:
    """Finish what all services have done, and write to those who had an address; how many."""
    done = await erasures.lock_done(session, SERVICES, PORTION)
    for receipt in done:
        await _write(session, seals, receipt, now)
        await erasures.finish(session, receipt.erasure_id, now)
    return len(done)


async def _write(
    session: AsyncSession, seals: Seals, receipt: ErasureReceipt, now: datetime
) -> None:
    if receipt.sealed_email is None:
        return
    email = seals.own.open(sealed_as(receipt.erasure_id), receipt.sealed_email).decode()
    facts = {
        "erasure_id": str(receipt.erasure_id),
        "requested_at": f"{receipt.requested_at:%Y-%m-%d %H:%M} UTC",
        "erased_at": f"{now:%Y-%m-%d %H:%M} UTC",
    }
    await tell_address(
        session, seals, email, "account_erased", receipt.language, now=now, facts=facts
    )


def sealed_as(erasure_id: UUID) -> str:
    return f"the address of erasure {erasure_id}"
