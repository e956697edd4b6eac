"""Redemptions: what members bought with points."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.rows import inserting
from services.loyalty.rules import wishes
from services.loyalty.rules.fulfilment import Fulfilment
from services.loyalty.rules.rewards import Texts
from services.loyalty.tables import Redemption, Reward


class Bought(NamedTuple):
    """A reward as a member redeemed it. `name` is in each language, as the reward has it now."""

    redemption_id: UUID
    member_id: UUID
    reward_id: UUID
    name: Texts
    points: int
    code: str | None
    fulfilment: str
    tracking: str | None
    redeemed_at: datetime
    fulfilment_at: datetime | None


_ADD = inserting(
    Redemption,
    "redemption_id member_id reward_id key points redeemed_at code fulfilment fulfilment_at",
)


async def add(session: AsyncSession, made: Sequence[wishes.Redemption]) -> None:
    await _ADD.write(session, [_row(each) for each in made])


async def made(
    session: AsyncSession, member_id: UUID, reward_id: UUID, key: UUID
) -> wishes.Redemption | None:
    """The redemption that was asked for with this key."""
    statement = text("""
        SELECT redemption_id, points, redeemed_at, code, fulfilment, fulfilment_at
        FROM redemptions
        WHERE member_id = :member_id AND reward_id = :reward_id AND key = :key
    """)
    wish: dict[str, Any] = {"member_id": member_id, "reward_id": reward_id, "key": key}
    row = (await session.execute(statement, wish)).one_or_none()
    if row is None:
        return None
    known = {**row._asdict(), "fulfilment": Fulfilment(row.fulfilment)}
    return wishes.Redemption(**wish, **known)


async def find(session: AsyncSession, redemption_id: UUID) -> Redemption | None:
    statement = select(Redemption).where(col(Redemption.redemption_id) == redemption_id)
    return (await session.scalars(statement)).one_or_none()


async def lock(session: AsyncSession, redemption_id: UUID) -> Redemption:
    """A redemption as it is now, which nobody else changes until the end of the transaction."""
    statement = text(
        "SELECT * FROM redemptions WHERE redemption_id = :redemption_id FOR NO KEY UPDATE"
    )
    row = (await session.execute(statement, {"redemption_id": redemption_id})).one()
    return Redemption(**row._asdict())


async def move_on(
    session: AsyncSession,
    redemption_id: UUID,
    fulfilment: Fulfilment,
    tracking: str | None,
    now: datetime,
) -> None:
    """Set how far a gift has come; what is known of its tracking stays."""
    statement = text("""
        UPDATE redemptions SET fulfilment = :fulfilment, fulfilment_at = :now,
            tracking = coalesce(:tracking, tracking)
        WHERE redemption_id = :redemption_id
    """)
    await session.execute(
        statement,
        {
            "redemption_id": redemption_id,
            "fulfilment": fulfilment,
            "tracking": tracking,
            "now": now,
        },
    )


async def listed(
    session: AsyncSession,
    limit: int,
    before: UUID | None,
    *,
    redemption_id: UUID | None = None,
    member_id: UUID | None = None,
    states: Collection[Fulfilment] = (),
) -> list[Bought]:
    """Redemptions, newest first, beginning before one: a member's, or those in some states."""
    statement = (
        select(
            col(Redemption.redemption_id),
            col(Redemption.member_id),
            col(Redemption.reward_id),
            col(Reward.name),
            col(Redemption.points),
            col(Redemption.code),
            col(Redemption.fulfilment),
            col(Redemption.tracking),
            col(Redemption.redeemed_at),
            col(Redemption.fulfilment_at),
        )
        .join(Reward, col(Reward.reward_id) == col(Redemption.reward_id))
        .order_by(col(Redemption.redemption_id).desc())
        .limit(limit)
    )
    if redemption_id is not None:
        statement = statement.where(col(Redemption.redemption_id) == redemption_id)
    if member_id is not None:
        statement = statement.where(col(Redemption.member_id) == member_id)
    if states:
        statement = statement.where(col(Redemption.fulfilment).in_(states))
    if before is not None:
        statement = statement.where(col(Redemption.redemption_id) < before)
    return [Bought._make(row) for row in await session.execute(statement)]


async def reassign(session: AsyncSession, absorbed: UUID, survivor: UUID) -> None:
    """Let a merged member's redemptions be those of the one who goes on."""
    statement = text("UPDATE redemptions SET member_id = :survivor WHERE member_id = :absorbed")
    await session.execute(statement, {"absorbed": absorbed, "survivor": survivor})


def _row(made: wishes.Redemption) -> tuple[Any, ...]:
    wish = made.member_id, made.reward_id, made.key
    state = made.code, made.fulfilment, made.fulfilment_at
    return made.redemption_id, *wish, made.points, made.redeemed_at, *state
