"""What two members did who are found to be one: it counts once, whoever of the two did it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.book import Book
from services.loyalty.rules.checkins import joined
from services.loyalty.rules.claims import source_of
from services.loyalty.rules.ledger import Claim, Lot, Memo, Source
from services.loyalty.store import books, checkins, claims


async def earned_twice(
    session: AsyncSession, book: Book, absorbed: UUID, survivor: UUID
) -> list[tuple[Lot, str]]:
    """What two members earned that one could not have, and why that is.

    Of two check-ins of a day the worse, the other's where they are equal; and of codes both claimed
    the latest, beyond what their series has for one. The book holds the wallets of both.
    """
    days = await _days_twice(session, book, absorbed, survivor)
    codes = await _codes_too_many(session, book, absorbed, survivor)
    found = [(lot, "same_day") for lot in days] + [(lot, "same_code") for lot in codes]
    return [(lot, why) for lot, why in found if lot.reversible]


def take_back(book: Book, twice: Sequence[tuple[Lot, str]]) -> None:
    """Take back what was earned twice, and say why. What is left to spend must be at hand."""
    for lot, why in twice:
        claim = Claim(lot.source, lot.rule, why)
        book.claw_back(lot, lot.reversible, Memo(claim=claim, at=book.now, reason=why))


async def _days_twice(
    session: AsyncSession, book: Book, absorbed: UUID, survivor: UUID
) -> list[Lot]:
    pairs = [
        (_source(absorbed, day), _source(survivor, day))
        for day in await _days_of_both(session, absorbed, survivor)
    ]
    await books.bring_written(session, book, {source for pair in pairs for source in pair})
    return [lot for pair in pairs for lot in _worse(book, *pair)]


async def _codes_too_many(
    session: AsyncSession, book: Book, absorbed: UUID, survivor: UUID
) -> list[Lot]:
    undone = await claims.undo_excess(session, absorbed, survivor, book.now)
    sources = [source_of(claim_id) for claim_id in sorted(undone)]
    await books.bring_written(session, book, sources)
    return [lot for source in sources for lot in _at_hand(book, source)]


def _worse(book: Book, absorbed: Source, survivor: Source) -> list[Lot]:
    """What came of the check-in that brought less."""
    sides = [_at_hand(book, source) for source in (absorbed, survivor)]
    return min(sides, key=lambda lots: sum(lot.reversible for lot in lots))


def _at_hand(book: Book, source: Source) -> list[Lot]:
    """What came of a source. What is in a wallet not at hand stays."""
    return [lot for lot in book.lots_from(source) if lot.key in book.wallets]


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
