"""What an order would earn, before it is placed: decided as it will be, and nothing written.

Nothing is locked either: caps and budgets are as they stand, and another order may be faster.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.earning import recorded
from services.loyalty.actions.members import of_survivors
from services.loyalty.actions.versions import running
from services.loyalty.rules.earning import Occasion
from services.loyalty.rules.ledger import PointType
from services.loyalty.rules.programme.deciding import Decision, budgets, counters, limited, matched
from services.loyalty.rules.programme.explaining import Reason, reasons
from services.loyalty.store import members, occasions
from services.loyalty.store.members import MemberFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What an occasion would earn, of that `pending` points only later, and what rules say."""

    version: int
    points: int
    pending: int
    growth_points: int
    reasons: Sequence[Reason]


async def estimate(session: AsyncSession, imagined: Occasion, language: str) -> Estimate:
    """What the version that runs for the member would pay for an occasion."""
    [occasion] = await of_survivors(session, [imagined])
    who = occasion.member_id
    version = (await running(session)).of(who)
    known = (await members.facts(session, {who})).get(who)
    facts = (known or MemberFacts.unknown(who, occasion.at)).on(occasion)
    decision = matched(version, occasion, facts)
    counts = await occasions.counted(session, set(counters(decision)))
    left = await occasions.left_of_budgets(session, set(budgets(decision, version)))
    limited(decision, version, counts, left)
    return Estimate(
        version=version.version,
        points=decision.points(),
        pending=_pending(decision),
        growth_points=decision.points(PointType.GROWTH),
        reasons=reasons(recorded(decision, {}), version, language),
    )


def _pending(decision: Decision) -> int:
    """What of the points becomes available later: with the delivery, or after some days."""
    return sum(
        outcome.points
        for outcome in decision.outcomes
        if outcome.rule.rule.point_type is PointType.POINTS
        and (outcome.rule.terms.awaits_delivery or outcome.rule.terms.pending_days)
    )
