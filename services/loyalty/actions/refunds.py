"""Refunds: giving back points that were spent."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Conflict, NotFound
from services.loyalty.actions.bookkeeping import close_book, open_book, settle
from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import Memo, Source, WalletKey
from services.loyalty.rules.refunds import Spend, claim_of, refund
from services.loyalty.store import books, members, refunds


class SpendNotFound(NotFound):
    code = "loyalty.spend_not_found"
    title = "No such spend"


class RefundTooLarge(Conflict):
    code = "loyalty.refund_too_large"
    title = "Less than that can be refunded"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundWish:
    """A wish to give back `points` of a spend, or all that is left, once for each `key`."""

    entry_id: UUID
    points: int | None
    key: UUID
    reason: str
    actor: str


@dataclass(frozen=True, slots=True)
class Refunded:
    """A spend as it is after a refund, and what its member has available then."""

    spend: Spend
    available: int


async def refund_entry(session: AsyncSession, wish: RefundWish, now: datetime) -> Refunded:
    """Give back points that an entry spent. Raises SpendNotFound or RefundTooLarge."""
    found = await refunds.spend(session, wish.entry_id)
    if found is None:
        raise SpendNotFound(f"No entry {wish.entry_id} spent points.")
    spender = found.by or found.key.member_id
    heir = (await members.survivors(session, [spender])).get(spender, spender)
    book = await open_book(session, {heir}, now, {found.source})
    spend = await refunds.spend(session, wish.entry_id)
    assert spend is not None  # noqa: S101  (entries stay)
    spend = _where_it_goes(book, spend, heir)
    memo = Memo(
        claim=claim_of(spend, wish.key),
        at=now,
        actor=wish.actor,
        remark=wish.reason,
        reverses=spend.entry_id,
    )
    if memo.claim not in book.claims:
        points = spend.refundable if wish.points is None else wish.points
        spend = await _refund(session, book, spend, points, memo)
    await close_book(session, book)
    return Refunded(spend, book.wallets[spend.key].available)


async def refund_spend(
    session: AsyncSession, book: Book, source: Source, memo: Memo, total: int | None = None
) -> int:
    """Give back what was spent for `source`, all or up to a total; how many points more that is.

    The book, opened with `source`, holds the wallet they go to; who calls closes it. The claim of
    `memo` gives the key of the refund: its leg.
    """
    spends = await refunds.spends_for(session, source)
    back = sum(spend.refunded for spend in spends)
    left = sum(spend.points for spend in spends) - back if total is None else total - back
    returned = 0
    for found in spends:
        spender = found.by or found.key.member_id
        heir = (await members.survivors(session, [spender])).get(spender, spender)
        spend = _where_it_goes(book, found, heir)
        if (points := min(spend.refundable, left - returned)) > 0:
            claim = claim_of(spend, f"{memo.claim.leg}:{spend.entry_id}")
            about = replace(memo, claim=claim, reverses=spend.entry_id)
            returned += points
            await _refund(session, book, spend, points, about)
    return returned


def _where_it_goes(book: Book, spend: Spend, heir: UUID) -> Spend:
    """The spend as of who spent it, in the wallet their points are in now."""
    key = WalletKey(heir, spend.key.point_type)
    return replace(spend, key=book.home(key), by=book.by(key))


async def _refund(
    session: AsyncSession, book: Book, spend: Spend, points: int, memo: Memo
) -> Spend:
    if not 0 < points <= spend.refundable:
        raise RefundTooLarge(
            f"Of {spend.points} points spent {spend.refundable} can still be refunded.",
            refundable=spend.refundable,
        )
    await books.bring_these(session, book, {lot_id for lot_id, _ in spend.took})
    refund(book, spend, points, memo)
    await refunds.add(session, spend, points)
    await settle(session, book)
    return replace(spend, refunded=spend.refunded + points)
