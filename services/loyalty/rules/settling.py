"""What happens by itself, as of the moment it was due: lots become active or expire, holds end."""

from datetime import datetime, timedelta

from services.loyalty.rules.book import Book, soonest
from services.loyalty.rules.expiry import due_after
from services.loyalty.rules.holds import give_back
from services.loyalty.rules.ledger import (
    Account,
    Claim,
    Hold,
    HoldState,
    Kind,
    Lot,
    LotState,
    Memo,
    Wallet,
    WalletKey,
)


def settle(book: Book) -> None:
    """Let what is due happen.

    Of each wallet that is due, the lots and holds at hand must include those that are, and the
    next that will be; of one whose member has been idle too long, all its lots.
    """
    for key in book.due():
        _settle(book, book.wallets[key])


def extend(book: Book, key: WalletKey, until: datetime, memo: Memo) -> int:
    """Let what would expire before `until` expire then; how many points that is.

    At hand must be all lots of the wallet with anything left.
    """
    book.write(key, Kind.EXTEND, memo, {})
    extended = 0
    for lot in book.lots_in(key):
        active = lot.state is LotState.ACTIVE and lot.remaining
        if active and lot.due_at is not None and lot.due_at < until:
            book.set_due(lot, until)
            extended += lot.remaining
    return extended


def release(book: Book, lot: Lot) -> None:
    """What `lot` awaited has happened: activate it, or let its pending days begin."""
    if lot.state is not LotState.AWAITING or lot.remaining == 0:
        return
    if lot.terms.pending_days == 0:
        _activate(book, lot, book.now)
    else:
        lot.state = LotState.MATURING
        book.set_due(lot, book.now + timedelta(days=lot.terms.pending_days))


def _settle(book: Book, wallet: Wallet) -> None:
    lots, holds = book.lots_in(wallet.key), book.holds_in(wallet.key)
    changing: list[Lot | Hold] = [*lots, *holds]
    while due := [each for each in changing if each.is_due(book.now)]:
        for each in sorted(due, key=soonest):
            if each.is_due(book.now):
                _advance(book, each)
    _expire_idle(book, wallet)
    dues = [lot.due_at for lot in lots if lot.remaining and lot.due_at]
    dues += [hold.due_at for hold in holds if hold.state is HoldState.OPEN]
    dues += [wallet.idle_at] if wallet.idle_at else []
    wallet.due_at = min(dues, default=None)
    book.changed_wallets.add(wallet.key)


def _advance(book: Book, due: Lot | Hold) -> None:
    at = due.due_at or book.now
    if isinstance(due, Hold):
        claim = Claim(due.source, "hold", "time_out")
        give_back(book, due, Memo(claim=claim, at=at), HoldState.TIMED_OUT)
    elif due.state is LotState.ACTIVE:
        _expire(book, due, at)
    else:
        _activate(book, due, at)


def _expire_idle(book: Book, wallet: Wallet) -> None:
    """Without any activity, what has no date of its own expires too."""
    idle_at = wallet.idle_at
    if idle_at is None or idle_at > book.now:
        return
    if wallet.policy.inactivity_days:
        for lot in book.lots_in(wallet.key):
            if lot.state is LotState.ACTIVE and lot.due_at is None and lot.remaining:
                _expire(book, lot, idle_at)
    wallet.idle_at = None


def _expire(book: Book, lot: Lot, at: datetime) -> None:
    """What is left of a lot goes. Points that come back later may go by a further entry."""
    points = lot.remaining
    leg = f"expiry:{lot.expired}" if lot.expired else "expiry"
    memo = Memo(claim=Claim(lot.source, lot.rule, leg), at=at)
    entry = book.write(lot.key, Kind.EXPIRE, memo, {Account.AVAILABLE: -points}, lot.by)
    lot.expired += book.take(entry, lot, points)


def _activate(book: Book, lot: Lot, at: datetime) -> None:
    """Make a pending lot available as of `at`, when its validity begins."""
    lot.state = LotState.ACTIVE
    book.set_due(lot, due_after(at, lot.terms, book.wallets[lot.key].policy))
    memo = Memo(claim=Claim(lot.source, lot.rule, "activation"), at=at)
    postings = book.arriving(lot.key, lot.remaining, lot.state)
    postings[Account.PENDING] = -lot.remaining
    entry = book.write(lot.key, Kind.ACTIVATE, memo, postings, lot.by)
    book.take(entry, lot, entry.postings.get(Account.DEBT, 0))
