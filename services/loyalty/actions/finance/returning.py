"""What a campaign or a trial has brought, beside those who were held out of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Conflict, NotFound
from services.loyalty.actions.finance.closing import today_of
from services.loyalty.actions.finance.declaring import point_prices
from services.loyalty.actions.publishing import known_version
from services.loyalty.rules.finance.comparing import Comparison, Group, Return, compare, returned
from services.loyalty.rules.finance.terms import worth
from services.loyalty.rules.ledger import PointType
from services.loyalty.rules.programme.document import Campaign, Programme
from services.loyalty.rules.programme.holding import salt_of_campaign, salt_of_trial
from services.loyalty.rules.programme.states import VersionState
from services.loyalty.store import versions
from services.loyalty.store.finance import comparing, declaring


class NoSuchCampaign(NotFound):
    code = "loyalty.campaign_not_found"
    title = "No such campaign"


class NotComparable(Conflict):
    code = "loyalty.not_comparable"
    title = "Nobody was held out"


@dataclass(frozen=True, slots=True)
class Treatment:
    """What some members had and others had not. `salt` and `share` say who is below the mark.

    `rules` are those only the treated are paid by; None: either group has a programme of its own.
    """

    name: str
    salt: bytes
    share: int
    begins: datetime
    ends: datetime
    below_is_treated: bool
    rules: list[str] | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Both groups, the difference, and what it was worth. `cost_points` are what it issued more."""

    treatment: Treatment
    currency: str
    treated: Group
    held_out: Group
    comparison: Comparison
    cost_points: int
    result: Return


async def of_campaign(session: AsyncSession, key: str, now: datetime) -> Treatment:
    """Raises NoSuchCampaign, or NotComparable where it holds nobody out or has not begun."""
    found = await versions.with_campaign(session, key)
    if found is None:
        raise NoSuchCampaign(f"No version that ran has a campaign {key}.")
    programme = Programme.model_validate(found.body)
    campaign: Campaign = programme.campaigns[key]
    if campaign.hold_out is None:
        raise NotComparable(f"The campaign {key} holds nobody out: give it `hold_out`, in percent.")
    begins = max(campaign.begins or found.published_at, found.first_published_at)
    return Treatment(
        name=f"campaign:{key}",
        salt=salt_of_campaign(key),
        share=campaign.hold_out,
        begins=begins,
        ends=_over(begins, min(campaign.ends or now, now)),
        below_is_treated=False,
        rules=[rule.key for rule in programme.rules if rule.campaign == key],
    )


async def of_trial(session: AsyncSession, version: int, now: datetime) -> Treatment:
    """Raises VersionNotFound, or NotComparable of a version that was no trial."""
    found = await known_version(session, version)
    on_trial = found.state == VersionState.TRIAL or _ended_on_trial(found.retired_because)
    if not on_trial or found.share is None or found.published_at is None:
        raise NotComparable(f"Version {version} has no members beside it: it is no trial.")
    return Treatment(
        name=f"version:{version}",
        salt=salt_of_trial(version),
        share=found.share,
        begins=found.published_at,
        ends=_over(found.published_at, found.retired_at or now),
        below_is_treated=True,
        rules=None,
    )


async def outcome(
    session: AsyncSession,
    treatment: Treatment,
    currency: str | None,
    confidence: float,
    margin: float,
) -> Outcome:
    """Compare what both groups bought. Raises NotComparable while no point has a value."""
    prices = (await point_prices(session)).get(PointType.POINTS)
    if prices is None:
        raise NotComparable("Declare what a point is worth first, so that the cost can be told.")
    span = treatment.begins, treatment.ends
    wanted = currency or prices.currency
    found = await comparing.arms(session, treatment.salt, treatment.share, span, wanted)
    points = await comparing.issued(session, treatment.salt, treatment.share, span, treatment.rules)
    groups: tuple[Group, Group] = found
    if not treatment.below_is_treated:
        groups, points = (groups[1], groups[0]), (points[1], points[0])
    treated, held_out = groups
    compared = compare(treated, held_out, confidence)
    cost = points[0] - _scaled(points[1], held_out.members, treated.members)
    last_day = today_of(await declaring.terms(session), treatment.ends)
    cost_minor = worth(cost, prices.on(last_day))
    return Outcome(
        treatment=treatment,
        currency=wanted,
        treated=treated,
        held_out=held_out,
        comparison=compared,
        cost_points=cost,
        result=returned(compared, treated, margin, cost_minor),
    )


def _ended_on_trial(because: str | None) -> bool:
    """Whether a version ended while only a share had it; one that was live is replaced."""
    return because is not None and not because.startswith("replaced by")


def _scaled(points: int, members: int, to: int) -> int:
    """What so many points would be, were the group as large as the other."""
    return points * to // members if members else 0


def _over(begins: datetime, ends: datetime) -> datetime:
    if ends <= begins:
        raise NotComparable(f"It begins only at {begins.isoformat()}.")
    return ends
