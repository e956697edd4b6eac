"""Taking available points out of a wallet."""

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Conflict
from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import Entry, Kind, Memo, WalletKey
from services.loyalty.store import books


class InsufficientPoints(Conflict):
    code = "loyalty.insufficient_points"
    title = "Not enough points"

    @classmethod
    def of(cls, wanted: int, available: int) -> "InsufficientPoints":
        missing = wanted - available
        return cls(
            f"This takes {wanted} points; {available} are available, {missing} are missing.",
            available=available,
            missing_points=missing,
        )


async def spend(
    session: AsyncSession,
    book: Book,
    key: WalletKey,
    points: int,
    memo: Memo,
    kind: Kind = Kind.SPEND,
) -> Entry:
    """Debit `points`, the soonest to expire first. Raises InsufficientPoints."""
    available = book.wallet(key).available
    if points > available:
        raise InsufficientPoints.of(points, available)
    await books.bring_spendable(session, book, {book.home(key): points})
    return book.debit(key, points, memo, kind)
