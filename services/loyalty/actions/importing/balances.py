"""Rows that bring points, or what is owed, into members' wallets."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.importing.work import (
    Effect,
    Importer,
    Ready,
    Undoing,
    Verdicts,
    Work,
    source_of,
)
from services.loyalty.rules.book import Book
from services.loyalty.rules.imports import Fault
from services.loyalty.rules.imports.rows import BalanceRow
from services.loyalty.rules.ledger import LARGEST, Claim, Memo, PointType, Source, WalletKey
from services.loyalty.rules.opening import bring_in, forgive, owe, take_out, would_overflow
from services.loyalty.store import books


async def take(session: AsyncSession, work: Work[BalanceRow]) -> Verdicts:
    """Write an entry for each row."""
    book = await open_book(session, work.member_ids, work.now)
    owed: Counter[WalletKey] = Counter()
    for item in work.rows:
        if item.said.points < 0:
            owed[book.home(_wallet(item))] -= item.said.points
    await books.bring_spendable(session, book, owed)
    verdicts = {item.row: _take_one(book, work, item) for item in work.rows}
    await close_book(session, book)
    return verdicts


def _take_one(book: Book, work: Work[BalanceRow], item: Ready[BalanceRow]) -> Effect | Fault:
    said, wallet = item.said, _wallet(item)
    if fault := _out_of_time(said, work.now):
        return fault
    if would_overflow(book, wallet, said.points):
        return Fault("points", "overflow", f"No balance may exceed {LARGEST} points.")
    memo = _memo(work, item.row, "import", said.earned_at or work.now)
    if said.points < 0:
        owe(book, wallet, -said.points, memo)
    else:
        bring_in(
            book,
            wallet,
            said.points,
            memo,
            available_at=said.available_at,
            expires_at=said.expires_at,
        )
    return {"member_id": str(item.member_id)}


def _out_of_time(said: BalanceRow, now: datetime) -> Fault | None:
    if said.expires_at and said.expires_at <= now:
        detail = "They have expired: leave the row out, or give a later `expires_at`."
        return Fault("expires_at", "expired", detail)
    if said.earned_at and said.earned_at > now:
        return Fault("earned_at", "in_the_future", "Give the moment in the past, or none.")
    return None


def _wallet(item: Ready[BalanceRow]) -> WalletKey:
    return WalletKey(item.member_id, item.said.point_type)


def _memo(
    work: Work[BalanceRow] | Undoing,
    row: int,
    leg: str,
    at: datetime,
    reverses: UUID | None = None,
) -> Memo:
    source = Source("import", source_of(work.import_id, row))
    reason = "import_undone" if leg == "undo" else None
    claim = Claim(source, "import", leg)
    return Memo(claim=claim, at=at, actor=work.actor, reason=reason, reverses=reverses)


async def undo(session: AsyncSession, work: Undoing) -> Collection[int]:
    """Take back what the rows brought; the ledger keeps both."""
    owners = await work.members(session)
    sources = {
        item.row: Source("import", source_of(work.import_id, item.row)) for item in work.rows
    }
    book = await open_book(session, set(owners.values()), work.now, set(sources.values()))
    made = [lot for source in sources.values() for lot in book.lots_from(source)]
    await books.bring_open(session, book, {lot.key for lot in made})
    for item in work.rows:
        owner, points = owners.get(item.row), item.points or 0
        for lot in book.lots_from(sources[item.row]):
            take_out(book, lot, _memo(work, item.row, "undo", work.now, lot.id))
        if points < 0 and owner is not None:
            wallet = WalletKey(owner, PointType(item.point_type or PointType.POINTS))
            forgive(book, wallet, -points, _memo(work, item.row, "undo", work.now))
    await close_book(session, book)
    return [item.row for item in work.rows]


BALANCES = Importer(take, undo)
