"""The programme: what earns how much, what each tier asks for, and what caps have used up."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.loyalty import tables
from services.loyalty.rules.earning import EarningRule
from services.loyalty.rules.ledger import PointType, Terms
from services.loyalty.rules.tiers import Tier
from services.loyalty.store.batches import inserting

_EARNED = text("""
    SELECT earned.member_id, earned.rule, earned.day, earned.points
    FROM unnest(CAST(:member_ids AS uuid[]), CAST(:rules AS text[]), CAST(:days AS date[]))
        AS given (member_id, rule, day)
    JOIN daily_earnings AS earned USING (member_id, rule, day)
""")

_SET_EARNED = inserting(
    tables.DailyEarning,
    "member_id rule day points",
    conflict="ON CONFLICT (member_id, rule, day) DO UPDATE SET points = excluded.points",
)


class CapDay(NamedTuple):
    """A capped rule on one calendar day of a member's."""

    member_id: UUID
    rule: str
    day: date


async def earning_rules(session: AsyncSession) -> Mapping[str, list[EarningRule]]:
    """The active rules by their trigger."""
    active = select(tables.EarningRule).where(col(tables.EarningRule.active))
    rows = await session.scalars(active.order_by(col(tables.EarningRule.key)))
    by_trigger: dict[str, list[EarningRule]] = defaultdict(list)
    for row in rows:
        by_trigger[row.trigger].append(_rule(row))
    return by_trigger


async def tiers(session: AsyncSession) -> list[Tier]:
    """The tiers, ascending."""
    rows = await session.scalars(select(tables.Tier).order_by(col(tables.Tier.growth_points)))
    return [Tier(row.key, row.growth_points) for row in rows]


async def earned_on(session: AsyncSession, days: Collection[CapDay]) -> dict[CapDay, int]:
    """The points capped rules have paid on `days`. The members' wallets must be locked."""
    if not days:
        return {}
    member_ids, rules, dates = map(list, zip(*days, strict=True))
    rows = await session.execute(_EARNED, {"member_ids": member_ids, "rules": rules, "days": dates})
    return {CapDay(row.member_id, row.rule, row.day): row.points for row in rows}


async def set_earned(session: AsyncSession, earned: Mapping[CapDay, int]) -> None:
    await _SET_EARNED.execute(session, [(*day, points) for day, points in earned.items()])


def _rule(row: tables.EarningRule) -> EarningRule:
    return EarningRule(
        key=row.key,
        trigger=row.trigger,
        point_type=PointType(row.point_type),
        points=row.points,
        per_amount_minor=row.per_amount_minor,
        currency=row.currency,
        streak_points=tuple(row.streak_points),
        daily_cap=row.daily_cap,
        terms=Terms(
            awaits_delivery=row.awaits_delivery,
            pending_days=row.pending_days,
            valid_days=row.valid_days,
        ),
    )
