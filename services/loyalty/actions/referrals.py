"""Referrals: naming who brought one, and rewarding both once that has proved true."""

import ipaddress
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.problems import Conflict, NotFound
from services.loyalty.actions.bookkeeping import close_book, lock_wallets, open_book
from services.loyalty.actions.devices import digest
from services.loyalty.actions.granting import check_prize, grant
from services.loyalty.events import ReferralAccepted, ReferralRejected, ReferralRewarded
from services.loyalty.rules.codes import generated, normal
from services.loyalty.rules.ledger import Source
from services.loyalty.rules.referrals import (
    Doubt,
    ReferralState,
    Terms,
    doubt,
    lapses_at,
    rewarding_at,
)
from services.loyalty.store import referrals
from services.loyalty.tables import Referral

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(hours=1)
CODE_LENGTH = 8


class UnknownReferralCode(NotFound):
    code = "loyalty.unknown_referral_code"
    title = "Nobody has this referral code"


class OwnReferralCode(Conflict):
    code = "loyalty.own_referral_code"
    title = "Nobody brings themselves"


class AlreadyReferred(Conflict):
    code = "loyalty.already_referred"
    title = "You have named who brought you"


class NotNew(Conflict):
    code = "loyalty.not_a_new_member"
    title = "Only new members are brought"


async def own_code(session: AsyncSession, member_id: UUID, now: datetime) -> str:
    """The code with which a member brings friends, made when it is first asked for."""
    code = await referrals.code_of(session, member_id)
    while code is None:
        await referrals.add_code(session, member_id, generated(1, length=CODE_LENGTH)[0], now)
        code = await referrals.code_of(session, member_id)
    return code


async def accept_referral(
    session: AsyncSession, friend_id: UUID, code: str, network: str | None, now: datetime
) -> Referral:
    """A new member names who brought them. Naming the same again answers the same.

    A referral that looks made up is kept as rejected. Raises UnknownReferralCode, OwnReferralCode,
    AlreadyReferred or NotNew.
    """
    await open_book(session, {friend_id}, now)
    referrer_id = await referrals.owner_of(session, normal(code))
    if referrer_id is None:
        raise UnknownReferralCode(f"Nobody has the code {code}.")
    if referrer_id == friend_id:
        raise OwnReferralCode("This is your own code; give it to a friend.")
    if known := await referrals.referral(session, friend_id):
        if known.referrer_id != referrer_id:
            raise AlreadyReferred("You have named another who brought you.")
        return known
    terms = await referrals.terms().of(session)
    await _check_newness(session, friend_id, terms, now)
    made = Referral(
        friend_id=friend_id,
        referrer_id=referrer_id,
        state=ReferralState.PENDING,
        reason=None,
        network=network,
        accepted_at=now,
        look_at=now + LOOK_EVERY,
        order_id=None,
        settled_at=None,
    )
    traces = replace(await referrals.traces(session, made, now), rewarded_lately=0)
    if doubtful := doubt(traces, terms):
        made.state, made.reason = ReferralState.REJECTED, doubtful
        made.look_at, made.settled_at = None, now
    await referrals.add(session, made)
    await outbox.publish(session, _said(made, now))
    return made


async def note_referral(session: AsyncSession, friend_id: UUID, code: str, now: datetime) -> None:
    """Accept a code that came with a registration; one that is good for nothing does nothing."""
    try:
        await accept_referral(session, friend_id, code, None, now)
    except (UnknownReferralCode, OwnReferralCode, AlreadyReferred, NotNew) as refusal:
        log.info("a referral code came to nothing: %s", refusal.code)


async def settle_referrals(session: AsyncSession, now: datetime, limit: int) -> bool:
    """Reward referrals whose friend's first order has passed its return window.

    True if there may be more to look at now. All wallets are locked at once, in the one order.
    """
    found = await referrals.due(session, now, limit)
    if not found:
        return False
    await lock_wallets(session, {*found.keys(), *found.values()}, now)
    due = await referrals.lock_due(session, found, now)
    terms = await referrals.terms().of(session)
    waiting = [item.friend_id for item in due if not await _settle(session, item, terms, now)]
    await referrals.look_again(session, waiting, now + LOOK_EVERY)
    return len(found) == limit


async def set_terms(session: AsyncSession, terms: Terms) -> Terms:
    """Set what referrals pay, and when. Raises BadPrize."""
    for prize in (terms.referrer_prize, terms.friend_prize):
        await check_prize(session, prize)
    await referrals.set_terms(
        session,
        {
            "referrer_prize": orjson.dumps(terms.referrer_prize.kept()).decode(),
            "friend_prize": orjson.dumps(terms.friend_prize.kept()).decode(),
            "minimum_order_minor": terms.minimum_order_minor,
            "return_days": terms.return_days,
            "new_days": terms.new_days,
            "lapse_days": terms.lapse_days,
            "most_rewarded": terms.most_rewarded,
            "most_per_network": terms.most_per_network,
        },
    )
    return await referrals.terms().of(session)


def network_digest(address: str | None) -> str | None:
    """What stands for the network of an address: an IPv4 address, or an IPv6 household's /64."""
    try:
        parsed = ipaddress.ip_address((address or "").split(",")[0].strip())
    except ValueError:
        return None
    prefix = 32 if parsed.version == 4 else 64  # noqa: PLR2004  (IP versions)
    return digest(str(ipaddress.ip_network((parsed, prefix), strict=False)))


async def _check_newness(
    session: AsyncSession, friend_id: UUID, terms: Terms, now: datetime
) -> None:
    enrolled_at, has_ordered = await referrals.newness(session, friend_id)
    is_old = enrolled_at is not None and enrolled_at < now - timedelta(days=terms.new_days)
    if is_old or has_ordered:
        raise NotNew(
            f"Name who brought you before your first order and within {terms.new_days} days."
        )


async def _settle(session: AsyncSession, made: Referral, terms: Terms, now: datetime) -> bool:
    """Bring a referral to its end, if it has come; whether it has."""
    order = await referrals.first_order(session, made.friend_id, terms.minimum_order_minor)
    rewarded_at = rewarding_at(order, terms) if order else None
    if rewarded_at is None or rewarded_at > now:
        lapse = lapses_at(made.accepted_at, order, terms)
        if lapse is not None and lapse <= now:
            await referrals.settle(session, made.friend_id, ReferralState.LAPSED, now=now)
            return True
        return False
    traces = await referrals.traces(session, made, now)
    if doubtful := doubt(replace(traces, from_network_today=0), terms):
        await _reject(session, made, doubtful, now)
        return True
    assert order is not None  # noqa: S101  (it is what is rewarded)
    await _reward(session, made, terms, now)
    await referrals.settle(
        session, made.friend_id, ReferralState.REWARDED, order_id=order.order_id, now=now
    )
    return True


async def _reward(session: AsyncSession, made: Referral, terms: Terms, now: datetime) -> None:
    source = Source("referral", str(made.friend_id))
    own = Source("referred", str(made.friend_id))
    book = await open_book(session, {made.referrer_id, made.friend_id}, now, {source, own})
    await grant(session, book, made.referrer_id, terms.referrer_prize, source)
    await grant(session, book, made.friend_id, terms.friend_prize, own)
    ids = {"referrer_id": made.referrer_id, "friend_id": made.friend_id, "rewarded_at": now}
    said = [
        ReferralRewarded(
            member_id=made.referrer_id,
            part="referrer",
            points=terms.referrer_prize.points,
            **ids,
        ),
        ReferralRewarded(
            member_id=made.friend_id, part="friend", points=terms.friend_prize.points, **ids
        ),
    ]
    await close_book(session, book, said=said)


async def _reject(session: AsyncSession, made: Referral, reason: Doubt, now: datetime) -> None:
    await referrals.settle(session, made.friend_id, ReferralState.REJECTED, reason=reason, now=now)
    rejected = Referral(**{**made.model_dump(), "state": "rejected", "reason": reason})
    await outbox.publish(session, _said(rejected, now))


def _said(made: Referral, now: datetime) -> ReferralAccepted | ReferralRejected:
    about = {"member_id": made.referrer_id, "friend_id": made.friend_id}
    if made.reason is None:
        return ReferralAccepted(**about, accepted_at=now)
    return ReferralRejected(**about, reason=made.reason, rejected_at=now)
