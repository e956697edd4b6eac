"""Points from hand to hand: transfers between members, and households that share one wallet.

Points keep their terms wherever they go: a transfer never makes them last longer. Who leaves a
household takes along what is left of what they brought, and what they earned in it.
"""

from collections import defaultdict
from datetime import datetime
from enum import StrEnum

from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import (
    Account,
    Claim,
    Entry,
    Kind,
    LotState,
    Memo,
    Source,
    Stay,
    Terms,
    WalletKey,
)
from services.loyalty.rules.merges import move, move_debt


class AdjustmentState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


def transfer(book: Book, giver: WalletKey, taker: WalletKey, points: int, source: Source) -> Entry:
    """Give points, the soonest to expire first, as lots that expire when they would have."""
    home = book.home(taker)
    memo = Memo(claim=Claim(source, "transfer", "out"), at=book.now)
    postings = {Account.AVAILABLE: -points}
    out = book.write(book.home(giver), Kind.TRANSFER, memo, postings, book.by(giver))
    given: defaultdict[tuple[datetime | None, Terms], int] = defaultdict(int)
    for lot_id, part in book.consume(out, points).items():
        lot = book.lots[lot_id]
        given[lot.due_at, lot.terms] += part
    for number, ((due_at, terms), part) in enumerate(given.items(), 1):
        book.credit(
            home,
            part,
            Memo(claim=Claim(source, f"transfer:{number}", "in"), at=book.now),
            Kind.TRANSFER,
            Stay(terms, LotState.ACTIVE, due_at, taker.member_id if home != taker else None),
        )
    return out


def join(book: Book, member: WalletKey, household: WalletKey, stay: str) -> None:
    """Bring all that a member has into a household's wallet, and share that from now on.

    At hand must be all lots and open holds of the member, and lots that pay their debt. `stay` is
    this stay's own name.
    """
    for lot in book.lots_in(member):
        if lot.matters:
            move(book, lot, household, f"join:{stay}", member.member_id)
    for hold in book.holds_in(member):
        book.rehome(hold, household, member.member_id)
    move_debt(book, member, household, Source("household", stay))
    book.share(member, household.member_id)


def leave(book: Book, member: WalletKey, household: WalletKey, stay: str, *, last: bool) -> None:
    """Take what is left of what the member brought and earned; the last takes all, and the debt.

    At hand must be all lots and open holds of the household. What a hold still holds stays where it
    is, as it may be of several members' lots, unless nobody stays.
    """
    book.share(member, None)
    holds = book.holds_in(household)
    held = {lot_id for hold in holds for lot_id in hold.lots}
    for lot in book.lots_in(household):
        mine = lot.by == member.member_id and lot.id not in held
        if (last or mine) and lot.matters:
            move(book, lot, member, f"leave:{stay}")
    if last:
        for hold in holds:
            book.rehome(hold, member)
        move_debt(book, household, member, Source("household", f"{stay}:last"))
