"""Granting prizes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.problems import Unprocessable
from services.loyalty.actions.issuing import issue_coupon
from services.loyalty.events import BadgeAwarded
from services.loyalty.rules.book import Book
from services.loyalty.rules.checkins import Card
from services.loyalty.rules.ledger import Claim, Memo, PointType, Source, Terms, WalletKey
from services.loyalty.rules.prizes import PAID_BY, Prize
from services.loyalty.store import badges, checkins, coupons


class BadPrize(Unprocessable):
    code = "loyalty.bad_prize"
    title = "A prize that cannot be given"


async def check_prize(session: AsyncSession, prize: Prize) -> None:
    """Raise BadPrize if the prize names a badge or a series that is not there."""
    if prize.badge and await badges.find(session, prize.badge) is None:
        raise BadPrize(f"There is no badge {prize.badge}; make it first: POST /v1/loyalty/badges.")
    if prize.series_id and await coupons.series(session, prize.series_id) is None:
        raise BadPrize(f"There is no series {prize.series_id}; see GET /v1/coupons/series.")


async def grant(
    session: AsyncSession, book: Book, member_id: UUID, prize: Prize, source: Source
) -> None:
    """Give a member of the open book a prize, once for each `source`.

    Cards are given each time: the caller makes sure that there is one time only.
    """
    wanted = (
        (PointType.POINTS, prize.points, Terms(valid_days=prize.valid_days)),
        (PointType.GROWTH, prize.growth_points, Terms()),
    )
    for kind, points, terms in wanted:
        claim = Claim(source, PAID_BY[kind], "earn")
        if points and claim not in book.claims:
            memo = Memo(claim=claim, at=book.now)
            book.earn(WalletKey(member_id, kind), points, terms, memo)
    if prize.series_id:
        name = f"{source.type}:{source.id}:{member_id}"
        await issue_coupon(session, prize.series_id, member_id, name, book.now)
    for card, count in ((Card.FREEZE, prize.freeze_cards), (Card.MAKEUP, prize.makeup_cards)):
        if count:
            await checkins.add_cards(session, member_id, card, count)
    if prize.badge:
        await award_badge(session, member_id, prize.badge, source, book.now)


async def award_badge(
    session: AsyncSession, member_id: UUID, badge: str, source: Source, now: datetime
) -> None:
    """Give a member a badge, and say so the first time."""
    if not await badges.award(session, member_id, badge, f"{source.type}:{source.id}", now):
        return
    kept = await badges.find(session, badge)
    assert kept is not None  # noqa: S101  (the award refers to it)
    said = BadgeAwarded(member_id=member_id, badge=badge, name=kept.name, awarded_at=now)
    await outbox.publish(session, said)
