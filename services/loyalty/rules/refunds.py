"""Refunds: points that were spent come back, to the lots they were spent from.

A spend took points of its lots in a sequence that never changes: the oldest lot first. Refunds
return them from its end, so the points refunded so far say which come back next, and points of the
youngest lots come back first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import (
    Account,
    Claim,
    Entry,
    Kind,
    Lot,
    LotState,
    Memo,
    Source,
    Stay,
    WalletKey,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """A debit that may be taken back.

    `took` says how much of which lot, the youngest first, by the ids those lots have now;
    `refunded` is what has come back before.
    """

    entry_id: UUID
    key: WalletKey
    source: Source
    rule: str
    points: int
    refunded: int
    by: UUID | None = None
    took: Sequence[tuple[UUID, int]]

    @property
    def refundable(self) -> int:
        return self.points - self.refunded


def refund(book: Book, spend: Spend, points: int, memo: Memo) -> list[Entry]:
    """Return `points` of a spend to their lots, paying first what is owed.

    A lot that is in another member's wallet by now stays there as it is: the points come back as a
    lot of their own, that expires when it does.
    """
    parts = list(_coming_back(spend, points))
    here = {lot_id: n for lot_id, n in parts if _is_in(book.lots[lot_id], spend.key)}
    entries = []
    if here:
        postings = book.arriving(spend.key, sum(here.values()), LotState.ACTIVE)
        entry = book.write(spend.key, Kind.REFUND, memo, postings, spend.by)
        for lot_id, part in here.items():
            book.put_back(entry, book.lots[lot_id], part)
        book.consume(entry, entry.postings.get(Account.DEBT, 0))
        entries.append(entry)
    for lot_id, part in parts:
        if lot_id not in here:
            entries.append(_anew(book, spend, book.lots[lot_id], part, memo))
    return entries


def claim_of(spend: Spend, key: object) -> Claim:
    """The claim of one refund of a spend, by a key of the refund's own."""
    return Claim(spend.source, spend.rule, f"refund:{key}")


def _coming_back(spend: Spend, points: int) -> Iterator[tuple[UUID, int]]:
    """The part of each lot that `points` more refunded return."""
    skipped = spend.refunded
    for lot_id, taken in spend.took:
        there = max(0, taken - skipped)
        skipped = max(0, skipped - taken)
        part = min(there, points)
        points -= part
        if part:
            yield lot_id, part


def _is_in(lot: Lot, key: WalletKey) -> bool:
    return lot.key == key and lot.state is not LotState.MOVED


def _anew(book: Book, spend: Spend, lot: Lot, points: int, memo: Memo) -> Entry:
    claim = memo.claim
    own = Claim(claim.source, f"{claim.rule}:{claim.leg}:{lot.id}", "refund")
    return book.credit(
        spend.key,
        points,
        replace(memo, claim=own),
        Kind.REFUND,
        Stay(lot.terms, LotState.ACTIVE, lot.due_at, spend.by),
    )
