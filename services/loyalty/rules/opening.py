"""What a member brings from another programme into the book, and taking it out again."""

from dataclasses import replace
from datetime import datetime

from services.loyalty.rules.book import Book
from services.loyalty.rules.expiry import due_after
from services.loyalty.rules.ledger import (
    IMMEDIATE,
    LARGEST,
    Account,
    Entry,
    Kind,
    Lot,
    LotState,
    Memo,
    Stay,
    Terms,
    WalletKey,
)

PAID = "import_paid"
"""The rule under which comes back what was paid of a debt that is let go of."""


def would_overflow(book: Book, key: WalletKey, points: int) -> bool:
    """Whether a balance could exceed `LARGEST` with so many points more, or owed more."""
    wallet = book.wallet(key)
    highest = max(wallet.available + wallet.pending + wallet.held, wallet.debt)
    return highest + abs(points) > LARGEST


def bring_in(
    book: Book,
    key: WalletKey,
    points: int,
    memo: Memo,
    *,
    available_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Entry:
    """Credit points as they stood: pending until one moment, expiring at another."""
    home = book.home(key)
    terms = Terms(valid_until=expires_at)
    if available_at is not None and available_at > book.now:
        stay = Stay(terms, LotState.MATURING, available_at, book.by(key))
    else:
        due_at = expires_at or due_after(book.now, terms, book.wallets[home].policy)
        stay = Stay(terms, LotState.ACTIVE, due_at, book.by(key))
    return book.credit(home, points, memo, Kind.IMPORT, stay)


def owe(book: Book, key: WalletKey, points: int, memo: Memo) -> Entry:
    """Let the member owe points; what they have pays at once. Lots that pay must be at hand."""
    home = book.home(key)
    paid = min(points, book.wallets[home].available)
    postings = {Account.AVAILABLE: -paid, Account.DEBT: paid - points}
    entry = book.write(home, Kind.IMPORT, memo, postings, book.by(key))
    book.consume(entry, paid)
    return entry


def take_out(book: Book, lot: Lot, memo: Memo) -> Entry | None:
    """Take back what was brought in as `lot`, as far as it has not expired.

    What is spent is owed, as the point type's policy has it. Lots that pay must be at hand.
    """
    return book.claw_back(lot, lot.reversible, memo, Kind.IMPORT)


def forgive(book: Book, key: WalletKey, points: int, memo: Memo) -> None:
    """Let go what was brought in as owed, and give back what of it has been paid since.

    These are two lots, so that each has a rule of its own: source and rule name one lot, wherever
    it goes.
    """
    owed = min(points, book.wallet(key).debt)
    book.earn(key, owed, IMMEDIATE, memo, Kind.IMPORT)
    if points > owed:
        paid = replace(memo, claim=memo.claim._replace(rule=PAID, leg="paid"))
        book.earn(key, points - owed, IMMEDIATE, paid, Kind.IMPORT)
