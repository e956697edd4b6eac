"""Points that will expire: telling members in time, and letting points last longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.problems import Conflict, Unprocessable
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.members import known_member
from services.loyalty.events import PointsExpiring
from services.loyalty.rules.ledger import Claim, Memo, PointType, Source, WalletKey
from services.loyalty.rules.settling import extend
from services.loyalty.store import books, expiring, point_types
from services.loyalty.store.expiring import Mark

NOBODY = UUID(int=0)


class AlreadyExtended(Conflict):
    code = "loyalty.already_extended"
    title = "This extension was made before"


class NotLater(Unprocessable):
    code = "loyalty.not_later"
    title = "That would not be later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """What would expire before `until` will expire then; once for each `key`."""

    point_type: PointType
    until: datetime
    reason: str
    actor: str
    key: UUID


async def extend_points(
    session: AsyncSession, member_id: UUID, extension: Extension, now: datetime
) -> int:
    """Let a member's points last longer; how many do. Those that have expired stay so.

    Raises MemberNotFound, NotLater or AlreadyExtended.
    """
    if extension.until <= now:
        raise NotLater("Points can be made to last until a moment in the future alone.")
    member_id = await known_member(session, member_id)
    source = Source("extension", str(extension.key))
    book = await open_book(session, {member_id}, now, {source})
    key = book.home(WalletKey(member_id, extension.point_type))
    memo = Memo(
        claim=Claim(source, "extension", "extension"),
        at=now,
        actor=extension.actor,
        remark=extension.reason,
    )
    if memo.claim in book.claims:
        raise AlreadyExtended(f"The extension {extension.key} was made before.")
    await books.bring_open(session, book, [key])
    extended = extend(book, key, extension.until, memo)
    await close_book(session, book)
    return extended


async def remind_of_expiry(session: AsyncSession, now: datetime, portion: int) -> bool:
    """Tell members of points that expire so many days from now; if there is more to tell.

    Each day of expiry is told once for each of the point type's `reminder_days`.
    """
    more = False
    for row in await point_types.listed(session):
        for days_before in row.reminder_days:
            point_type = PointType(row.key)
            more |= await _remind(session, point_type, days_before, now, portion)
    await expiring.forget(session, now)
    return more


async def _remind(
    session: AsyncSession, point_type: PointType, days_before: int, now: datetime, portion: int
) -> bool:
    until = now + timedelta(days=days_before)
    reached = await expiring.mark(session, point_type, days_before) or Mark(now, NOBODY)
    after = max(reached, Mark(now, NOBODY))
    lots = await expiring.following(session, point_type, after, until, portion)
    if not lots:
        return False
    told = await expiring.remind(session, point_type, days_before, lots, now)
    households = await expiring.members_of(session, [each.member_id for each in told])
    said = [
        PointsExpiring(
            member_id=member_id,
            point_type=point_type,
            points=each.points,
            balance=each.available,
            expires_at=each.expires_at,
            days_before=days_before,
        )
        for each in told
        for member_id in households.get(each.member_id, [each.member_id])
    ]
    await outbox.publish(session, *said)
    await expiring.set_mark(session, point_type, days_before, lots[-1].mark)
    return len(lots) == portion
