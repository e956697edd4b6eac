"""What an occasion earns under a version, and why.

In three steps, all pure: `matched` says which rules speak of the occasion and what they would pay;
`counted` which counters and budgets that needs; `limited` what they pay within those. Rules take
their turns by priority, the higher first, then as they are written.

Amounts are exact fractions until a rule's own rounding, which comes before its caps.
"""

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from services.loyalty.rules.earning import Occasion
from services.loyalty.rules.ledger import LARGEST, PointType
from services.loyalty.rules.programme.compiling import Compiled, CompiledRule
from services.loyalty.rules.programme.conditions import Facts, reader
from services.loyalty.rules.programme.document import Cap, Earn, Rounding
from services.loyalty.rules.programme.holding import held_out
from services.loyalty.rules.programme.states import Period


class Verdict(StrEnum):
    """What a rule said to an occasion."""

    PAID = "paid"
    OUTSIDE = "outside"
    """Not within its time."""
    HELD_OUT = "held_out"
    """Its campaign never pays this member, for comparison."""
    FAILED = "failed"
    """A condition does not hold."""
    SUPERSEDED = "superseded"
    """Another rule of its group, or an exclusive one, came first."""
    NOTHING = "nothing"
    """It holds, and comes to no points."""
    CAPPED = "capped"
    """A cap left nothing."""
    EXHAUSTED = "exhausted"
    """The budget left nothing."""
    LOOPED = "looped"
    """What happened is a result of the rule's own pay."""


class CountKey(NamedTuple):
    """What a rule or campaign has paid a member in a period that begins on a day of theirs."""

    member_id: UUID
    counter: str
    period: Period
    begins: date


@dataclass(slots=True)
class Count:
    points: int = 0
    times: int = 0


Counts = MutableMapping[CountKey, Count]


class Limit(NamedTuple):
    """What held a rule back: `used` of `most` points or times in a period."""

    unit: str
    per: str
    used: int
    most: int


@dataclass(slots=True)
class Outcome:
    """What one rule said. `exact` is what it came to before rounding, where that was not whole."""

    rule: CompiledRule
    verdict: Verdict
    place: str | None = None
    by: str | None = None
    base: int | None = None
    factor: str | None = None
    exact: str | None = None
    asked: int = 0
    points: int = 0
    limit: Limit | None = None

    def recorded(self) -> dict[str, Any]:
        """As it is kept with the occasion: what says nothing is left out."""
        kept = {
            "rule": self.rule.key,
            "verdict": self.verdict,
            "place": self.place,
            "by": self.by,
            "base": self.base,
            "factor": self.factor,
            "exact": self.exact,
            "asked": self.asked or None,
            "points": self.points or None,
            "limit": self.limit._asdict() if self.limit else None,
        }
        return {name: value for name, value in kept.items() if value is not None}


@dataclass(slots=True)
class Decision:
    """What a version decided on an occasion. `outcomes` are in the rules' turns."""

    occasion: Occasion
    facts: Facts
    version: int
    outcomes: list[Outcome]

    @property
    def open(self) -> list[Outcome]:
        """The outcomes that pay, or would within their limits."""
        return [outcome for outcome in self.outcomes if outcome.verdict is Verdict.PAID]

    def points(self, point_type: PointType = PointType.POINTS) -> int:
        return sum(o.points for o in self.outcomes if o.rule.rule.point_type is point_type)


EPOCH = date(1970, 1, 1)


def matched(programme: Compiled, occasion: Occasion, facts: Facts) -> Decision:
    """Which rules speak of the occasion, and what each would pay if nothing limited it."""
    index = programme.by_trigger.get(occasion.trigger)
    rules = index.candidates(facts) if index else ()
    outcomes = [
        Outcome(rule, Verdict.LOOPED)
        if rule.key in occasion.through
        else _matched(rule, occasion, facts, programme)
        for rule in rules
    ]
    decision = Decision(occasion, facts, programme.version, outcomes)
    _stack(decision)
    return decision


def _matched(rule: CompiledRule, occasion: Occasion, facts: Facts, programme: Compiled) -> Outcome:
    if (rule.begins and facts.at < rule.begins) or (rule.ends and facts.at >= rule.ends):
        return Outcome(rule, Verdict.OUTSIDE)
    if rule.hold_out and held_out(occasion.member_id, rule.rule.campaign or "", rule.hold_out):
        return Outcome(rule, Verdict.HELD_OUT)
    place = rule.check(facts)
    if place is not None:
        return Outcome(rule, Verdict.FAILED, place=f"when{place}")
    outcome = Outcome(rule, Verdict.PAID)
    if not rule.multiplies:
        _weigh(outcome, facts, programme)
    return outcome


def _weigh(outcome: Outcome, facts: Facts, programme: Compiled) -> None:
    """What a rule that multiplies nothing comes to."""
    rule, earn = outcome.rule.rule, outcome.rule.rule.earn
    if earn.series is not None:
        exact = Fraction(_of_series(earn, facts))
    elif earn.per is not None:
        base = _base(outcome.rule, facts)
        if base is None:
            outcome.verdict, outcome.place = Verdict.FAILED, _wrong_amount(earn, facts)
            return
        outcome.base = base
        exact = Fraction((earn.points or 0) * base, earn.per)
    else:
        exact = Fraction(earn.points or 0)
    if rule.tier_multiplier:
        factor = programme.multipliers.get(str(facts.member.get("tier")), Fraction(1))
        if factor != 1:
            outcome.factor = _shown(factor)
            exact *= factor
    _ask(outcome, exact)


def _ask(outcome: Outcome, exact: Fraction) -> None:
    outcome.asked = outcome.points = rounded(exact, outcome.rule.rule.earn.rounding)
    if exact.denominator != 1:
        outcome.exact = _shown(exact)
    if outcome.asked == 0:
        outcome.verdict = Verdict.NOTHING


def rounded(exact: Fraction, rounding: Rounding) -> int:
    whole, rest = divmod(exact.numerator, exact.denominator)
    match rounding:
        case "down":
            return whole
        case "up":
            return whole + (rest > 0)
        case "half_up":
            return whole + (2 * rest >= exact.denominator)
        case "half_even":
            return round(exact)


def _shown(exact: Fraction) -> str:
    """To four places: exact for what money comes to, and close enough to read for the rest."""
    places = Decimal(exact.numerator) / Decimal(exact.denominator)
    return format(places.quantize(Decimal("0.0001")).normalize(), "f")


def _of_series(earn: Earn, facts: Facts) -> int:
    """The nth of the series for the nth time, beginning again after the last."""
    series = earn.series or [0]
    number = _whole(reader(earn.of or "")(facts))
    return series[(number - 1) % len(series)] if number and number > 0 else 0


def _whole(values: Iterable[Any]) -> int | None:
    """The first number among values, a fraction cut; none beyond what a double holds exactly."""
    for value in values:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return int(value) if abs(value) <= LARGEST else None
    return None


def _base(rule: CompiledRule, facts: Facts) -> int | None:
    """The amount a rule pays for; None where there is none, or not in its currency."""
    earn = rule.rule.earn
    if earn.currency and facts.event.get("currency") != earn.currency:
        return None
    if earn.amount != "order":
        amount = _whole(reader(earn.amount)(facts))
        return None if amount is None else max(0, amount)
    if earn.items is not None:
        fitting = [i for i in facts.items if rule.item_check(facts.of_item(i)) is None]
        return sum(max(0, _whole([item.get("amount_minor")]) or 0) for item in fitting)
    amount = facts.event.get("amount_minor")  # however large: it was checked where it was heard
    if not isinstance(amount, int):
        return None
    for name, counts in (
        ("discount_minor", earn.discount == "before"),
        ("tax_minor", earn.tax == "excluded"),
        ("shipping_minor", earn.shipping == "excluded"),
    ):
        part = _whole([facts.event.get(name)]) or 0
        if counts:
            amount += part if name == "discount_minor" else -part
    return max(0, amount)


def _wrong_amount(earn: Earn, facts: Facts) -> str:
    foreign = earn.currency and facts.event.get("currency") != earn.currency
    return "earn.currency" if foreign else "earn.amount"


def _stack(decision: Decision) -> None:
    """Let one rule of each group pay, and none of lower priority beside an exclusive one."""
    winners: dict[str, Outcome] = {}
    for outcome in decision.open:
        group = outcome.rule.rule.group
        if group is None:
            continue
        best = winners.get(group)
        if best is None or (outcome.rule.best_of_group and outcome.asked > best.asked):
            winners[group] = outcome
    for outcome in decision.open:
        group = outcome.rule.rule.group
        if group and winners[group] is not outcome:
            outcome.verdict, outcome.by = Verdict.SUPERSEDED, winners[group].rule.key
            outcome.points = 0
    _exclude(decision)


def _exclude(decision: Decision) -> None:
    by_type: dict[PointType, Outcome] = {}
    for outcome in decision.open:
        rule = outcome.rule.rule
        first = by_type.get(rule.point_type)
        if first is not None:
            outcome.verdict, outcome.by, outcome.points = Verdict.SUPERSEDED, first.rule.key, 0
        elif rule.exclusive:
            by_type[rule.point_type] = outcome


def counters(decision: Decision) -> Iterable[CountKey]:
    """The counters the decision needs, and moves."""
    for outcome in decision.open:
        for cap in outcome.rule.rule.caps:
            yield count_key(outcome.rule, cap, decision)


def budgets(decision: Decision, programme: Compiled) -> Iterable[str]:
    """The budgets the decision needs, and uses."""
    for outcome in decision.open:
        yield from _budgets_of(outcome.rule, programme)


def _budgets_of(rule: CompiledRule, programme: Compiled) -> Iterable[str]:
    names = (f"rule:{rule.key}", f"campaign:{rule.rule.campaign}")
    return [name for name in names if name in programme.budgets]


def count_key(rule: CompiledRule, cap: Cap, decision: Decision) -> CountKey:
    name = f"rule:{rule.key}" if cap.across == "rule" else f"campaign:{rule.rule.campaign}"
    begins = beginning(cap.per, decision.facts.local.date())
    return CountKey(decision.occasion.member_id, name, cap.per, begins)


def beginning(period: Period, day: date) -> date:
    """The first day of the period that `day` is in. Weeks begin on Monday."""
    match period:
        case Period.DAY:
            return day
        case Period.WEEK:
            return day - timedelta(days=day.weekday())
        case Period.MONTH:
            return day.replace(day=1)
        case Period.YEAR:
            return day.replace(month=1, day=1)
        case Period.EVER:
            return EPOCH


def following(period: Period, begins: date) -> date | None:
    """The first day of the next period; None after for ever."""
    if period is Period.EVER:
        return None
    days = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 31, Period.YEAR: 366}
    return beginning(period, begins + timedelta(days=days[period]))


def limited(
    decision: Decision, programme: Compiled, counts: Counts, left: MutableMapping[str, int]
) -> None:
    """Settle what each rule pays, moving `counts` and what is `left` of budgets.

    Multipliers come last: they multiply what was paid after all limits.
    """
    for outcome in decision.open:
        if not outcome.rule.multiplies:
            _limit(outcome, decision, programme, counts, left)
    for outcome in decision.open:
        if outcome.rule.multiplies:
            _multiply(outcome, decision)
            if outcome.verdict is Verdict.PAID:
                _limit(outcome, decision, programme, counts, left)


def multiplied_by(outcome: Outcome, decision: Decision) -> list[Outcome]:
    """What a rule that multiplies others multiplies."""
    rules = outcome.rule.rule.earn.rules
    return [
        other
        for other in decision.outcomes
        if not other.rule.multiplies
        and (other.rule.key in rules if rules else other.rule.rule.point_type is PointType.POINTS)
    ]


def _multiply(outcome: Outcome, decision: Decision) -> None:
    earn = outcome.rule.rule.earn
    base = sum(other.points for other in multiplied_by(outcome, decision))
    outcome.base, outcome.factor = base, earn.multiply
    _ask(outcome, base * (Fraction(Decimal(earn.multiply or "1")) - 1))


def _limit(
    outcome: Outcome,
    decision: Decision,
    programme: Compiled,
    counts: Counts,
    left: MutableMapping[str, int],
) -> None:
    used = [(cap, count_key(outcome.rule, cap, decision)) for cap in outcome.rule.rule.caps]
    for cap, key in used:
        _cap(outcome, cap, counts.setdefault(key, Count()))
    names = _budgets_of(outcome.rule, programme)
    for name in names:
        if left.get(name, 0) < outcome.points:
            outcome.points = max(0, left.get(name, 0))
            ceiling = programme.budgets[name]
            outcome.limit = Limit("budget", name.split(":")[0], ceiling - outcome.points, ceiling)
            outcome.verdict = Verdict.PAID if outcome.points else Verdict.EXHAUSTED
    if outcome.points:
        for key in {key for _, key in used}:
            counts[key].points += outcome.points
            counts[key].times += 1
        for name in names:
            left[name] -= outcome.points


def _cap(outcome: Outcome, cap: Cap, count: Count) -> None:
    if cap.points is not None:
        unit, used, most = "points", count.points, cap.points
        room = max(0, most - used)
    else:
        unit, used, most = "times", count.times, cap.times or 0
        room = outcome.points if used < most else 0
    if room < outcome.points:
        outcome.points = room
        outcome.limit = Limit(unit, cap.per, min(used, most), most)
        outcome.verdict = Verdict.PAID if room else Verdict.CAPPED
