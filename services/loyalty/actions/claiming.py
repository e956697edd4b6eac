"""Claiming codes: a poster's, a receipt's, one under a cap.

What a code earns is what rules of the programme say to `loyalty.code.claimed`, and the prize of its
series. A code that cannot be claimed is answered, not raised: the wrong try is to be remembered,
as after some a member must wait, whatever they try.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.idempotency import KeyReused
from kit.ids import quick_uuid7, uuid7
from kit.problems import Conflict, NotFound, Problem
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.earning import pay
from services.loyalty.actions.explaining import reasons_of, summary_of_claim
from services.loyalty.actions.granting import grant
from services.loyalty.actions.guessing import REFUSED, count_wrong, refuse_guessing
from services.loyalty.actions.missions import advance_missions
from services.loyalty.actions.versions import running
from services.loyalty.events import CodeClaimed
from services.loyalty.rules.book import Book
from services.loyalty.rules.claims import ClaimRefusal, refusal_of, source_of
from services.loyalty.rules.codes import normal
from services.loyalty.rules.coupons import Coupon, Shopper
from services.loyalty.rules.earning import Kept, Occasion
from services.loyalty.rules.ledger import Account, PointType, WalletKey
from services.loyalty.rules.programme.explaining import Reason, reasons
from services.loyalty.rules.programme.triggers import CODE_CLAIMED
from services.loyalty.store import claims, coupons, persons
from services.loyalty.store.claims import Made


class UnknownCode(NotFound):
    code = "loyalty.unknown_code"
    title = "No such code"


class CodeRefused(Conflict):
    code = "loyalty.code_refused"
    title = "This code cannot be claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A code a member wants to claim, asked for with `key`; what it earns is told in `language`."""

    member_id: UUID
    code: str
    key: UUID
    language: str

    @property
    def purse(self) -> WalletKey:
        return WalletKey(self.member_id, PointType.POINTS)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim, the points the member now has, and why it earned what it did."""

    made: Made
    balance: int
    summary: str
    reasons: Sequence[Reason]


async def claim_code(session: AsyncSession, asked: Asked, now: datetime) -> Claimed | Problem:
    """Claim a code for what it earns, or say why not. The same key again: the same claim.

    Raises TooManyWrongCodes, or KeyReused for a key that another code was claimed with. The
    member's wallet is locked first, so that their tries are counted one after the other.
    """
    book = await open_book(session, {asked.member_id}, now)
    if earlier := await claims.of_key(session, asked.key):
        return await _again(session, book, asked, earlier)
    await refuse_guessing(session, asked.member_id, now)
    coupon = next(iter(await coupons.by_codes(session, [normal(asked.code)])), None)
    shopper = await _shopper(session, asked.member_id, coupon)
    refusal = refusal_of(coupon, asked.member_id, shopper, now)
    if coupon is None or refusal:
        return await _refuse(session, asked, coupon, refusal or ClaimRefusal.UNKNOWN, now)
    return await _claim(session, book, asked, coupon)


async def _shopper(session: AsyncSession, member_id: UUID, coupon: Coupon | None) -> Shopper:
    wanted = {coupon.series.series_id} if coupon else set()
    used = await coupons.uses_by(session, member_id, wanted)
    return Shopper(await persons.person(member_id).of(session), used)


async def _again(session: AsyncSession, book: Book, asked: Asked, made: Made) -> Claimed:
    """What was claimed with the key before. Raises KeyReused if that was something else."""
    if (made.member_id, made.code) != (asked.member_id, normal(asked.code)):
        raise KeyReused("Another code was claimed with this Idempotency-Key; make a new one.")
    source = source_of(made.claim_id)
    told = await reasons_of(session, asked.member_id, source, asked.language)
    return _claimed(book, asked, made, told)


async def _claim(session: AsyncSession, book: Book, asked: Asked, coupon: Coupon) -> Claimed:
    """Give what the code earns. The code is counted last: whoever wants the same waits for it."""
    nth = await coupons.count_for_member(session, asked.member_id, coupon.series)
    if nth is None:
        raise _problem(ClaimRefusal.MEMBER_LIMIT, coupon)
    claim_id = uuid7()
    occasion = _occasion(claim_id, asked.member_id, coupon, nth, book.now)
    told = await _pay(session, book, occasion, asked.language)
    await grant(session, book, asked.member_id, coupon.series.prize, occasion.source)
    made = _made(claim_id, asked, coupon, book)
    await close_book(session, book, said=[_announcement(made, nth)])
    await advance_missions(session, [occasion], book.now)
    if not await claims.add(session, made, coupon.coupon_id):
        raise _problem(ClaimRefusal.USED_UP, coupon)
    return _claimed(book, asked, made, told)


async def _pay(
    session: AsyncSession, book: Book, occasion: Occasion, language: str
) -> Sequence[Reason]:
    """Pay what rules say, and tell it.

    What none speaks of yet is kept for the back-tests of rules that will.
    """
    programme = await running(session)
    if not programme.speaks_of(occasion.trigger):
        book.kept.append(Kept(quick_uuid7(), occasion))
        return ()
    await pay(session, book, [occasion], programme)
    decided = book.kept[-1]
    trial = programme.trial
    version = trial if trial and trial.version == decided.version else programme.live
    return reasons(decided.outcomes or (), version, language)


def _claimed(book: Book, asked: Asked, made: Made, told: Sequence[Reason]) -> Claimed:
    summary = summary_of_claim(made.series, told, asked.language)
    return Claimed(made, book.wallet(asked.purse).available, summary, told)


async def _refuse(
    session: AsyncSession,
    asked: Asked,
    coupon: Coupon | None,
    refusal: ClaimRefusal,
    now: datetime,
) -> Problem:
    """Say why not, and count the try; but not of a code the member has claimed themselves."""
    spent = refusal in {ClaimRefusal.USED_UP, ClaimRefusal.MEMBER_LIMIT}
    if coupon and spent and await claims.has_claimed(session, coupon.coupon_id, asked.member_id):
        refusal = ClaimRefusal.CLAIMED
    else:
        await count_wrong(session, asked.member_id, [normal(asked.code)], now)
    REFUSED.labels(refusal).inc()
    return _problem(refusal, coupon)


def _problem(refusal: ClaimRefusal, coupon: Coupon | None) -> Problem:
    if coupon is None or refusal is ClaimRefusal.UNKNOWN:
        return UnknownCode("There is no such code for you; compare it letter by letter.")
    series = coupon.series
    about: dict[str, Any] = {}
    if refusal is ClaimRefusal.TIER:
        about["tiers"] = sorted(series.audience.tiers)
    if refusal is ClaimRefusal.NOT_YET and series.valid_from:
        about["available_at"] = f"{series.valid_from:%FT%TZ}"
    return CodeRefused(_WHY[refusal], reason=refusal, **about)


_WHY = {
    ClaimRefusal.FOR_ORDERS: "This code takes something off an order; use it when you pay.",
    ClaimRefusal.CLAIMED: "You have claimed this code already.",
    ClaimRefusal.REVOKED: "This code was withdrawn.",
    ClaimRefusal.NOT_YET: "This code can be claimed later.",
    ClaimRefusal.ENDED: "This code can no longer be claimed.",
    ClaimRefusal.USED_UP: "This code has been claimed as often as it can be.",
    ClaimRefusal.MEMBER_LIMIT: "You have claimed as many of these codes as one member may.",
    ClaimRefusal.TIER: "This code is for other tiers.",
}


def _occasion(claim_id: UUID, member_id: UUID, coupon: Coupon, nth: int, now: datetime) -> Occasion:
    series = coupon.series
    return Occasion(
        member_id=member_id,
        trigger=CODE_CLAIMED,
        source=source_of(claim_id),
        at=now,
        event={
            "series": series.key,
            "series_id": str(series.series_id),
            "name": dict(series.name),
            "nth": nth,
        },
    )


def _made(claim_id: UUID, asked: Asked, coupon: Coupon, book: Book) -> Made:
    """The claim, with what the book says it earned."""
    source = source_of(claim_id)
    own = [entry for entry in book.entries if entry.source == source]
    points = [entry for entry in own if entry.key.point_type is PointType.POINTS]
    return Made(
        claim_id=claim_id,
        code=coupon.code,
        member_id=asked.member_id,
        key=asked.key,
        points=sum(entry.points for entry in points),
        pending_points=sum(entry.postings.get(Account.PENDING, 0) for entry in points),
        growth_points=sum(entry.points for entry in own if entry not in points),
        claimed_at=book.now,
        undone_at=None,
        series=coupon.series,
    )


def _announcement(made: Made, nth: int) -> CodeClaimed:
    return CodeClaimed(
        member_id=made.member_id,
        claim_id=made.claim_id,
        series_id=made.series.series_id,
        series=made.series.key or "",
        name=dict(made.series.name),
        nth=nth,
        points=made.points,
        growth_points=made.growth_points,
        claimed_at=made.claimed_at,
    )
