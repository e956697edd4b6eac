"""What others hear of an entry."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from kit.events import Payload
from services.loyalty.events import (
    PointsActivated,
    PointsEarned,
    PointsExpired,
    PointsHeld,
    PointsImported,
    PointsRefunded,
    PointsReleased,
    PointsReversed,
    PointsSpent,
)
from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import Entry, Kind, LotState, PointType

_SAYS: Mapping[Kind, tuple[type[Payload], str]] = {
    Kind.ACTIVATE: (PointsActivated, "activated_at"),
    Kind.SPEND: (PointsSpent, "spent_at"),
    Kind.CAPTURE: (PointsSpent, "spent_at"),
    Kind.HOLD: (PointsHeld, "held_at"),
    Kind.VOID: (PointsReleased, "released_at"),
    Kind.REFUND: (PointsRefunded, "refunded_at"),
}
"""The events that say an entry with its source alone, and how each calls its moment."""


def _is_quiet(entry: Entry) -> bool:
    """Transfers and the coming and going in households are told by events of their own."""
    return entry.kind is Kind.TRANSFER and not entry.memo.claim.leg.startswith("merge:")


def joined(said: Iterable[Payload]) -> list[Payload]:
    """The same, but what a member loses at one moment is told once, of however many lots it is."""
    told: list[Payload] = []
    expired: dict[tuple[UUID, datetime], int] = {}
    for each in said:
        if isinstance(each, PointsExpired):
            place = expired.setdefault((each.member_id, each.expired_at), len(told))
            if place < len(told):
                told[place] = _both(cast("PointsExpired", told[place]), each)
                continue
        told.append(each)
    return told


def _both(one: PointsExpired, next_one: PointsExpired) -> PointsExpired:
    points = one.points + next_one.points
    return one.model_copy(update={"points": points, "balance": next_one.balance})


def announcement(entry: Entry, book: Book) -> Payload | None:
    """What is said of an entry. Growth points are heard of when the tier changes."""
    if entry.key.point_type is not PointType.POINTS or entry.points == 0 or _is_quiet(entry):
        return None
    at = entry.memo.at
    of: dict[str, Any] = {
        "member_id": entry.member_id,
        "points": abs(entry.points),
        "balance": entry.available,
    }
    if entry.kind is Kind.EXPIRE:
        return PointsExpired(**of, expired_at=at)
    if entry.kind is Kind.IMPORT and entry.memo.claim.leg == "import":
        return _imported(entry, book)
    of |= {"source_type": entry.source.type, "source_id": entry.source.id}
    if entry.kind in _SAYS:
        payload, moment = _SAYS[entry.kind]
        return payload(**of, **{moment: at})
    if entry.points < 0:
        return PointsReversed(**of, reason=entry.memo.reason or str(entry.kind), reversed_at=at)
    lot = book.lots[entry.id]
    active = lot.state is LotState.ACTIVE
    return PointsEarned(
        **of,
        entry_id=entry.id,
        state="available" if active else "pending",
        rule=entry.memo.claim.rule,
        expires_at=lot.due_at if active else None,
        earned_at=at,
    )


def _imported(entry: Entry, book: Book) -> PointsImported:
    lot = book.lots.get(entry.id)
    active = lot is not None and lot.state is LotState.ACTIVE
    return PointsImported(
        member_id=entry.member_id,
        entry_id=entry.id,
        points=entry.points,
        state="owed" if lot is None else "available" if active else "pending",
        balance=entry.available,
        source_id=entry.source.id,
        expires_at=lot.due_at if lot is not None and active else None,
        imported_at=book.now,
    )
