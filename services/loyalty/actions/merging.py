"""What two members did who are found to be one: a day counts once, whoever of the two was there."""

from collections import Counter
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.book import Book
from services.loyalty.rules.checkins import joined
from services.loyalty.rules.ledger import Claim, Lot, Memo, Source, WalletKey
from services.loyalty.store import books, checkins


async def count_days_once(
    session: AsyncSession, book: Book, absorbed: UUID, survivor: UUID
) -> None:
    """Take back what the worse of two check-ins of a day earned, the other's where they are equal.

    The book holds the wallets of both.
    """
    pairs = [
        (_source(absorbed, day), _source(survivor, day))
        for day in await _days_of_both(session, absorbed, survivor)
    ]
    await books.bring_written(session, book, {source for pair in pairs for source in pair})
    due = [lot for pair in pairs for lot in _worse(book, *pair) if lot.reversible]
    needed: Counter[WalletKey] = Counter()
    for lot in due:
        needed[lot.key] += lot.reversible
    await books.bring_spendable(session, book, needed)
    for lot in due:
        claim = Claim(lot.source, lot.rule, "same_day")
        book.claw_back(lot, lot.reversible, Memo(claim=claim, at=book.now, reason="same_day"))


def _worse(book: Book, absorbed: Source, survivor: Source) -> list[Lot]:
    """What came of the check-in that brought less. What is in a wallet not at hand stays."""
    sides = [
        [lot for lot in book.lots_from(source) if lot.key in book.wallets]
        for source in (absorbed, survivor)
    ]
    return min(sides, key=lambda lots: sum(lot.reversible for lot in lots))


async def _days_of_both(session: AsyncSession, absorbed: UUID, survivor: UUID) -> list[date]:
    days = [{item.day for item in await checkins.all_of(session, m)} for m in (absorbed, survivor)]
    return sorted(days[0] & days[1])


def _source(member_id: UUID, day: date) -> Source:
    return Source("checkin", f"{member_id}:{day}")


async def join_checkins(
    session: AsyncSession, absorbed: UUID, survivor: UUID, now: datetime
) -> None:
    """Let the one who goes on have the days of both, with the streaks they make together."""
    own = await checkins.all_of(session, survivor)
    both = joined(own, await checkins.all_of(session, absorbed))
    if both != own:
        await checkins.write_anew(session, survivor, both, now)
    await checkins.give_cards(session, absorbed, survivor)
