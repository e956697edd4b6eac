"""Deliveries: e-mail is claimed, sent by `dispatch` outside any transaction, and settled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.events import Payload
from services.notify import store
from services.notify.actions.wording import Wording, wordings_of
from services.notify.events import MessageFailed, MessageSent
from services.notify.rules import (
    Category,
    Channel,
    DeliveryState,
    Failure,
    Outcome,
    Recipient,
    after_failure,
    before_sending,
)
from services.notify.store.deliveries import LockedDelivery, Settled

LEASE = timedelta(minutes=5)
"""How long a claimant may take; longer than sending a whole claim ever takes."""

PORTION = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """An e-mail to be sent now, to whom, and in which words."""

    delivery: LockedDelivery
    recipient: Recipient
    wording: Wording


async def claim_mail(
    session: AsyncSession, *, campaigns: bool, now: datetime, limit: int
) -> tuple[int, list[Claim]]:
    """Take up to `limit` due e-mails for one attempt: how many were due, and those to be sent now.

    What a member does not want any more is skipped, and what is not to be sent yet is put off.
    """
    due = await store.deliveries.lock_due(
        session, Channel.EMAIL, campaigns=campaigns, now=now, limit=limit
    )
    rightful = await readdress(session, due, now)
    known = await store.members.recipients(session, {delivery.member_id for delivery in rightful})
    free, held = [], []
    for delivery in rightful:
        category = Category(delivery.category)
        outcome = before_sending(known[delivery.member_id], category, now)
        if outcome:
            held.append(Settled(delivery, outcome))
        else:
            free.append(delivery)
    await settle(session, held, now)
    taken = await store.deliveries.lease(session, free, now + LEASE)
    wordings = await wordings_of(session, taken, known)
    claims = [Claim(d, known[d.member_id], wordings[d.delivery_id]) for d in taken]
    return len(due), claims


async def readdress(
    session: AsyncSession, due: Sequence[LockedDelivery], now: datetime
) -> list[LockedDelivery]:
    """The locked deliveries, those to merged members now addressed to who goes on for them.

    Where who goes on has one of the same cause and channel, the other is skipped.
    """
    heirs = await store.members.survivors(session, {delivery.member_id for delivery in due})
    inherited = [replace(d, member_id=heirs[d.member_id]) for d in due if d.member_id in heirs]
    moved = await store.deliveries.readdress(session, inherited)
    outcome = Outcome(DeliveryState.SKIPPED, "merged")
    doubled = [Settled(d, outcome) for d in inherited if d.delivery_id not in moved]
    await settle(session, doubled, now)
    kept = [delivery for delivery in due if delivery.member_id not in heirs]
    return kept + [delivery for delivery in inherited if delivery.delivery_id in moved]


async def settle(session: AsyncSession, settled: Sequence[Settled], now: datetime) -> None:
    """Write what became of deliveries and say so, once, of each whose fate that decides."""
    if not settled:
        return
    ours = await store.deliveries.settle(session, settled, now)
    said = [_payload(one, now) for one in settled if one.delivery.delivery_id in ours]
    await outbox.publish(session, *(payload for payload in said if payload))


def _payload(settled: Settled, now: datetime) -> Payload | None:
    """What is said of a delivery whose fate is decided, on account of what caused it."""
    payload = _fate(settled, now)
    cause = settled.delivery.as_cause
    return payload.because(cause) if payload and cause else payload


def _fate(settled: Settled, now: datetime) -> MessageSent | MessageFailed | None:
    delivery, outcome = settled.delivery, settled.outcome
    known = {
        "member_id": delivery.member_id,
        "message_id": delivery.delivery_id,
        "channel": delivery.channel,
        "template": delivery.template,
        "campaign_id": delivery.campaign_id,
    }
    match outcome.state:
        case DeliveryState.SENT:
            return MessageSent(**known, sent_at=now)
        case DeliveryState.FAILED | DeliveryState.UNKNOWN:
            return MessageFailed(**known, reason=outcome.reason or outcome.state, failed_at=now)
        case _:
            return None


def failed(delivery: LockedDelivery, failure: Failure, reason: str, now: datetime) -> Settled:
    """What follows when this attempt went wrong."""
    outcome = after_failure(
        failure,
        reason,
        attempt=delivery.attempt,
        marketing=delivery.is_marketing,
        now=now,
        expires_at=delivery.expires_at,
    )
    return Settled(delivery, outcome)


async def give_up_lost(session: AsyncSession, now: datetime) -> bool:
    """Decide about attempts not reported on within their lease; True when there may be more."""
    lost = await store.deliveries.lock_lost(session, now, PORTION)
    reason = "the sender was lost"
    await settle(session, [failed(d, Failure.UNCERTAIN, reason, now) for d in lost], now)
    return len(lost) == PORTION


async def expire(session: AsyncSession, now: datetime) -> bool:
    """Fail what has been queued for too long; True when there may be more."""
    old = await store.deliveries.lock_expired(session, now, PORTION)
    outcome = Outcome(DeliveryState.FAILED, "expired")
    await settle(session, [Settled(delivery, outcome) for delivery in old], now)
    return len(old) == PORTION
