"""Reports: the liability, the roll-forward, breakage, burn, and what rules and rewards cost."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Unprocessable
from services.loyalty.actions.finance.closing import (
    booked_until,
    last_complete,
    today_of,
)
from services.loyalty.actions.finance.declaring import point_prices, reward_prices
from services.loyalty.rules.finance.books import triangle
from services.loyalty.rules.finance.burning import Burn
from services.loyalty.rules.finance.movements import Movement, Origin, Points, RollForward
from services.loyalty.rules.finance.runoff import (
    AS_OBSERVED,
    Change,
    Ladder,
    Triangle,
    WhatIf,
    certain,
    ladder,
)
from services.loyalty.rules.finance.terms import Breakage, Month, Prices, worth
from services.loyalty.rules.ledger import PointType
from services.loyalty.store import versions
from services.loyalty.store.finance import declaring, reading
from services.loyalty.store.finance.reading import AsOf
from services.loyalty.tables import FinanceTerms


class WrongTime(Unprocessable):
    code = "loyalty.wrong_time"
    title = "Not a time that can be reported on"


@dataclass(frozen=True, slots=True)
class CohortLiability:
    """What is left of the points of a month, and what that is worth. Money is in minor units."""

    cohort: date
    age_months: int
    origin: Origin
    points: Points
    future_rate: Decimal
    value_minor: int | None
    expected_minor: int | None


@dataclass(frozen=True, slots=True)
class Liability:
    """What is outstanding of a point type; `price_minor` is what a point is worth that day."""

    point_type: str
    points: Points
    price_minor: Decimal | None
    currency: str | None
    value_minor: int | None
    expected_minor: int | None
    cohorts: Sequence[CohortLiability]


async def liabilities(session: AsyncSession, on: date | None, now: datetime) -> list[Liability]:
    """What is outstanding at the end of a day, by point type. Raises WrongTime."""
    terms = await declaring.terms(session)
    today = today_of(terms, now)
    day = _until_today(on, today)
    prices = await point_prices(session)
    ladders = await _ladders(session, terms, _observed(day, today))
    by_type: defaultdict[str, list[CohortLiability]] = defaultdict(list)
    for each in await reading.standing_on(session, day):
        if each.points == Points():
            continue
        age = max(0, Month.of(day).since(each.cohort))
        rate = ladders[each.point_type].after(age)
        price = _price(prices, each.point_type, day)
        by_type[each.point_type].append(
            CohortLiability(
                cohort=each.cohort,
                age_months=age,
                origin=each.origin,
                points=each.points,
                future_rate=rate,
                value_minor=_worth(each.points.outstanding, price),
                expected_minor=_worth(each.points.outstanding, price, rate),
            )
        )
    return [_liability(name, by_type.get(name, []), prices, day) for name in PointType]


def _liability(
    point_type: str,
    cohorts: Sequence[CohortLiability],
    prices: Mapping[str, Prices],
    day: date,
) -> Liability:
    points = sum((cohort.points for cohort in cohorts), Points())
    price = _price(prices, point_type, day)
    expected = [cohort.expected_minor for cohort in cohorts if cohort.expected_minor is not None]
    return Liability(
        point_type=point_type,
        points=points,
        price_minor=price,
        currency=prices[point_type].currency if price is not None else None,
        value_minor=_worth(points.outstanding, price),
        expected_minor=None if price is None else sum(expected),
        cohorts=cohorts,
    )


@dataclass(frozen=True, slots=True)
class Rolled:
    """A roll-forward of a point type, and the ratios of its time."""

    point_type: str
    roll: RollForward
    burn: Burn


async def roll_forward(
    session: AsyncSession, begins: date, ends: date, now: datetime
) -> list[Rolled]:
    """From the points at the beginning of one day to the end of another. Raises WrongTime."""
    _until_today(ends, today_of(await declaring.terms(session), now))
    if begins > ends:
        raise WrongTime("`from` must not be after `until`.", field="from")
    found = await reading.rolled(session, begins, ends)
    rolled = []
    for name in PointType:
        changes = dict(found.get(name, {}))
        opening = changes.pop(None, Points())
        roll = RollForward(opening, {m: points for m, points in changes.items() if m})
        days = (ends - begins).days + 1
        burn = Burn.of(roll.net, opening.outstanding, roll.closing.outstanding, days)
        rolled.append(Rolled(name, roll, burn))
    return rolled


@dataclass(frozen=True, slots=True)
class CohortBreakage:
    """What became of the points of a month so far, and what is expected of the rest."""

    cohort: date
    age_months: int
    total: Change
    by_age: Mapping[int, Change]
    future_rate: Decimal

    @property
    def ultimate_redeemed(self) -> int:
        """What will have been redeemed in the end."""
        future = Decimal(max(0, self.total.outstanding)) * self.future_rate
        return self.total.redeemed + int(future.to_integral_value(ROUND_HALF_EVEN))

    @property
    def ultimate_rate(self) -> Decimal | None:
        if self.total.issued <= 0:
            return None
        share = Decimal(self.ultimate_redeemed) / Decimal(self.total.issued)
        return min(Decimal(1), max(Decimal(0), share)).quantize(Decimal("0.000001"))


@dataclass(frozen=True, slots=True)
class BreakageReport:
    until: Month
    ladder: Ladder
    cohorts: Sequence[CohortBreakage]


async def breakage(
    session: AsyncSession,
    point_type: PointType,
    on: date | None,
    now: datetime,
    what_if: WhatIf = AS_OBSERVED,
) -> BreakageReport:
    """How points run off, as seen at the end of a day. Raises WrongTime."""
    terms = await declaring.terms(session)
    today = today_of(terms, now)
    until = _observed(_until_today(on, today), today)
    seen = triangle(await booked_until(session, until.ends_on), point_type, until)
    known = _ladder(terms, seen, until, what_if)
    cohorts = []
    for cohort, by_age in sorted(seen.items()):
        total = Change()
        for change in by_age.values():
            total.add(change.issued, change.expired, change.outstanding)
        age = until.since(cohort)
        cohorts.append(CohortBreakage(cohort, age, total, by_age, known.after(age)))
    return BreakageReport(until, known, cohorts)


@dataclass(slots=True)
class RuleCost:
    """What became in a time of the points a rule paid; `versions` are points by version."""

    rule: str
    campaign: str | None = None
    versions: dict[int, int] = field(default_factory=dict)
    by_movement: dict[Movement, int] = field(default_factory=dict)

    @property
    def issued(self) -> int:
        kept = (Movement.EARNED, Movement.IMPORTED, Movement.ADJUSTED, Movement.REVERSED)
        return sum(self.by_movement.get(movement, 0) for movement in kept)

    @property
    def redeemed(self) -> int:
        used = (Movement.REDEEMED, Movement.REFUNDED)
        return -sum(self.by_movement.get(movement, 0) for movement in used)

    @property
    def expired(self) -> int:
        return -self.by_movement.get(Movement.EXPIRED, 0)


@dataclass(slots=True)
class RewardCost:
    """What points went on. `cost_minor` is None where nobody has declared it.

    Of orders paid with points it is what these took off, in the currency that is the `item`.
    """

    source_type: str
    item: str
    name: Mapping[str, str] | None
    points: int = 0
    times: int = 0
    cost_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Costs:
    price_minor: Decimal | None
    currency: str | None
    rules: Sequence[RuleCost]
    rewards: Sequence[RewardCost]
    budgets: Mapping[str, tuple[int, int]]


async def costs(
    session: AsyncSession, point_type: PointType, begins: date, ends: date, now: datetime
) -> Costs:
    """What rules and rewards cost in a time. Raises WrongTime."""
    _until_today(ends, today_of(await declaring.terms(session), now))
    if begins > ends:
        raise WrongTime("`from` must not be after `until`.", field="from")
    prices = await point_prices(session)
    known = prices.get(point_type)
    return Costs(
        price_minor=_price(prices, point_type, ends),
        currency=known.currency if known else None,
        rules=await _rules(session, point_type, begins, ends),
        rewards=await _rewards(session, point_type, begins, ends),
        budgets=await versions.budgets(session),
    )


async def _rules(
    session: AsyncSession, point_type: str, begins: date, ends: date
) -> list[RuleCost]:
    campaigns = await versions.campaigns(session)
    found: dict[str, RuleCost] = {}
    for row in await reading.of_rules(session, point_type, begins, ends):
        cost = found.setdefault(row.rule, RuleCost(row.rule, campaigns.get(row.rule)))
        movement = Movement(row.movement)
        cost.by_movement[movement] = cost.by_movement.get(movement, 0) + row.points
        if movement is Movement.EARNED:
            cost.versions[row.version] = cost.versions.get(row.version, 0) + row.points
    return [found[rule] for rule in sorted(found)]


async def _rewards(
    session: AsyncSession, point_type: str, begins: date, ends: date
) -> list[RewardCost]:
    declared = await reward_prices(session)
    found: dict[tuple[str, str], RewardCost] = {}
    for row in await reading.of_rewards(session, point_type, begins, ends):
        key = row.source_type, row.item
        cost = found.setdefault(key, RewardCost(*key, row.name))
        cost.points += row.points
        cost.times += row.times
        if row.source_type == "hold" and row.item:
            cost.cost_minor = (cost.cost_minor or 0) + row.minor
        if row.source_type == "redemption" and row.item in declared:
            paid = int(row.times * declared[row.item].on(row.booked_on))
            cost.cost_minor = (cost.cost_minor or 0) + paid
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Activity:
    """How many members earn, redeem and hold; `holding` and below are of this moment."""

    earning: int
    redeeming: int
    active: int
    holding: int
    holding_active: int
    owing: int


async def activity(
    session: AsyncSession, point_type: PointType, begins: date, ends: date
) -> Activity:
    """Of the months of a time. Raises WrongTime."""
    if begins > ends:
        raise WrongTime("`from` must not be after `until`.", field="from")
    moved: Any = await reading.members(session, point_type, begins, ends)
    held: Any = await reading.holders(session, point_type, begins, ends)
    return Activity(
        earning=moved.earning,
        redeeming=moved.redeeming,
        active=moved.active,
        holding=held.holding,
        holding_active=held.holding_active,
        owing=held.owing,
    )


async def freshness(session: AsyncSession) -> AsOf:
    """How far the sums go."""
    return await reading.as_of(session)


async def _ladders(
    session: AsyncSession, terms: FinanceTerms, until: Month
) -> Mapping[str, Ladder]:
    """How points of each type ran off, as could be seen at the end of a month."""
    if terms.breakage == Breakage.REMOTE:
        return {name: certain() for name in PointType}
    booked = await booked_until(session, until.ends_on)
    return {
        name: _ladder(terms, triangle(booked, name, until), until, AS_OBSERVED)
        for name in PointType
    }


def _ladder(terms: FinanceTerms, seen: Triangle, until: Month, what_if: WhatIf) -> Ladder:
    if terms.breakage == Breakage.REMOTE:
        return certain()
    return ladder(seen, until, terms.tail_rate, what_if)


def _observed(day: date, today: date) -> Month:
    """The last month that was over on a day."""
    month = Month.of(day)
    over = month if day == month.ends_on and day < today else last_complete(day)
    return min(over, last_complete(today), key=lambda m: m.begins_on)


def _until_today(day: date | None, today: date) -> date:
    if day is not None and day > today:
        raise WrongTime(f"{day} has not come yet: today is {today}.", field="until")
    return day or today


def _price(prices: Mapping[str, Prices], point_type: str, day: date) -> Decimal | None:
    return prices[point_type].on(day) if point_type in prices else None


def _worth(points: int, price: Decimal | None, rate: Decimal = Decimal(1)) -> int | None:
    return None if price is None else worth(points, price, rate)
