"""Lots going on in another wallet: members that are found to be one."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import (
    Account,
    Claim,
    Kind,
    Lot,
    LotState,
    Memo,
    Source,
    WalletKey,
)


def merge(book: Book, absorbed: WalletKey, survivor: WalletKey) -> None:
    """Move every lot, on its terms, every open hold, and what is owed, from wallet to wallet.

    At hand must be all lots and open holds of the absorbed wallet, and lots that pay its debt.
    """
    why, heir, by = f"merge:{absorbed.member_id}", book.home(survivor), book.by(survivor)
    for lot in book.lots_in(absorbed):
        if lot.matters:
            move(book, lot, heir, why, by)
    for hold in book.holds_in(absorbed):
        book.rehome(hold, heir, by)
    move_debt(book, absorbed, heir, Source("merge", str(absorbed.member_id)))


def move(book: Book, lot: Lot, heir: WalletKey, why: str, by: UUID | None = None) -> Lot:
    """Go on with `lot` in another wallet: with what is left, and what may yet be taken back.

    `why` makes the claims of this move its own.
    """
    points, held = lot.remaining, lot.held
    account = Account.AVAILABLE if lot.state is LotState.ACTIVE else Account.PENDING
    out, into = _sides(lot.source, lot.rule, why, book.now)
    arriving = {**book.arriving(heir, points, lot.state), Account.HELD: held}
    entry = book.write(heir, Kind.TRANSFER, into, arriving, by)
    moved = replace(lot, id=entry.id, key=heir, by=by, remaining=lot.original, held=0)
    book.bring([moved])
    book.set_due(moved, lot.due_at)
    book.take(entry, moved, lot.original - points + entry.postings.get(Account.DEBT, 0))
    book.put_aside(entry, moved, held)
    leaving = {account: -points, Account.HELD: -held}
    left = book.write(lot.key, Kind.TRANSFER, out, leaving, lot.by)
    book.take(left, lot, points)
    book.put_aside(left, lot, -held)
    lot.state = LotState.MOVED
    for hold in book.holds.values():
        if lot.id in hold.lots:
            hold.lots[moved.id] = hold.lots.pop(lot.id)
            book.changed_holds.add(hold.id)
    return moved


def move_debt(book: Book, debtor: WalletKey, heir: WalletKey, source: Source) -> None:
    """Let another wallet owe what this one does, and pay at once what it can."""
    owed, version = book.wallets[debtor].debt, book.wallets[debtor].version
    if not owed:
        return
    out, into = _sides(source, "debt", f"{debtor.member_id}:{version}", book.now)
    book.write(debtor, Kind.TRANSFER, out, {Account.DEBT: owed})
    paid = min(owed, book.wallets[heir].available)
    postings = {Account.AVAILABLE: -paid, Account.DEBT: paid - owed}
    book.consume(book.write(heir, Kind.TRANSFER, into, postings), paid)


def _sides(source: Source, rule: str, why: str, now: datetime) -> tuple[Memo, Memo]:
    """The two sides of what leaves a wallet for another."""
    out, into = (Claim(source, rule, f"{why}:{side}") for side in ("out", "in"))
    return Memo(claim=out, at=now), Memo(claim=into, at=now)
