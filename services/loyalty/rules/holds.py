"""Holds: points set aside for an order, then captured, or given back to the lots they came from.

What is held can neither be spent nor expire. A capture takes part of a hold, or all of it; what is
left goes back with the last capture, when the hold is voided, or when its time is out.
"""

from services.loyalty.rules.book import Book, soonest
from services.loyalty.rules.ledger import (
    Account,
    Claim,
    Entry,
    Hold,
    HoldState,
    Kind,
    LotState,
    Memo,
)


def authorize(book: Book, hold: Hold, memo: Memo) -> Entry:
    """Set aside the points of a new hold, of the lots that expire soonest."""
    postings = {Account.AVAILABLE: -hold.points, Account.HELD: hold.points}
    entry = book.write(hold.key, Kind.HOLD, memo, postings, hold.by)
    hold.lots = book.consume(entry, hold.points)
    for lot_id, points in hold.lots.items():
        book.put_aside(entry, book.lots[lot_id], points)
    book.bring_holds([hold])
    book.changed_holds.add(hold.id)
    book.look_again(hold.key, hold.expires_at)
    return entry


def capture(book: Book, hold: Hold, points: int, memo: Memo) -> Entry:
    """Spend `points` of a hold, of the lots that expire soonest."""
    entry = book.write(hold.key, Kind.CAPTURE, memo, {Account.HELD: -points}, hold.by)
    hold.captured += points
    for lot in sorted((book.lots[lot_id] for lot_id in hold.lots), key=soonest):
        part = min(points, hold.lots[lot.id])
        points -= part
        hold.lots[lot.id] -= part
        book.put_aside(entry, lot, -part)
    hold.lots = {lot_id: held for lot_id, held in hold.lots.items() if held}
    if hold.remaining == 0:
        hold.state = HoldState.CAPTURED
    book.changed_holds.add(hold.id)
    return entry


def void(book: Book, hold: Hold, memo: Memo) -> Entry | None:
    """Give back what is left of a hold, and end it."""
    return give_back(book, hold, memo, HoldState.VOIDED)


def give_back(book: Book, hold: Hold, memo: Memo, state: HoldState) -> Entry | None:
    """Return what is left of a hold to the lots it came from, and end it."""
    points = hold.remaining
    if points == 0:
        return None
    postings = book.arriving(hold.key, points, LotState.ACTIVE)
    entry = book.write(hold.key, Kind.VOID, memo, {**postings, Account.HELD: -points}, hold.by)
    for lot_id, part in hold.lots.items():
        book.put_aside(entry, book.lots[lot_id], -part)
        book.put_back(entry, book.lots[lot_id], part)
    book.consume(entry, entry.postings.get(Account.DEBT, 0))
    hold.lots = {}
    hold.released += points
    hold.state = HoldState.CAPTURED if hold.captured else state
    book.changed_holds.add(hold.id)
    return entry


def claim_of(hold: Hold, leg: str) -> Claim:
    """The claim of what happens to a hold: each leg happens once."""
    return Claim(hold.source, "hold", leg)
