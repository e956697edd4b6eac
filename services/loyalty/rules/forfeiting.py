"""Points of members who are erased: all of them go, by entries like any other."""

from uuid import UUID

from services.loyalty.rules.book import Book
from services.loyalty.rules.holds import claim_of, void
from services.loyalty.rules.ledger import (
    Account,
    Claim,
    Kind,
    LotState,
    Memo,
    Source,
    WalletKey,
)

REASON = "the account was closed"


def forfeit(book: Book, key: WalletKey, erasure_id: UUID) -> None:
    """Empty a wallet: open holds end, what there is expires, and what is owed is let go.

    At hand must be all its lots and open holds.
    """
    for hold in book.holds_in(key):
        void(book, hold, _memo(book, claim_of(hold, "erasure")))
    for lot in book.lots_in(key):
        if points := lot.remaining:
            account = Account.AVAILABLE if lot.state is LotState.ACTIVE else Account.PENDING
            memo = _memo(book, Claim(lot.source, lot.rule, f"erasure:{lot.id}"))
            entry = book.write(key, Kind.EXPIRE, memo, {account: -points}, lot.by)
            lot.expired += book.take(entry, lot, points)
    wallet = book.wallets[key]
    if owed := wallet.debt:
        source = Source("erasure", str(erasure_id))
        memo = _memo(book, Claim(source, str(key.point_type), f"debt:{key.member_id}"))
        book.write(key, Kind.ADJUST, memo, {Account.DEBT: owed})
    wallet.due_at = wallet.idle_at = None
    book.changed_wallets.add(key)


def _memo(book: Book, claim: Claim) -> Memo:
    return Memo(claim=claim, at=book.now, reason=REASON)
