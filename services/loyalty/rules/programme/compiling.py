"""A version made ready to decide: done once for each document, whatever the number of rules.

Rules are found by their trigger, and among those by a comparison they insist on at the top of
`when`, so that an occasion meets only rules that have a chance.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.loyalty.rules.ledger import Terms
from services.loyalty.rules.programme.checking import kind
from services.loyalty.rules.programme.conditions import Check, Facts, Values, reader, ready, typed
from services.loyalty.rules.programme.document import (
    Condition,
    Programme,
    Rule,
    Texts,
    Tiers,
    window_of,
)
from services.loyalty.rules.programme.gifts import birthday_gifts
from services.loyalty.rules.programme.lines import line_check

FEW = 8
"""Rules of one trigger that are not worth an index."""


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with all that can be known of it beforehand. `order` is its turn."""

    order: int
    rule: Rule
    check: Check
    begins: datetime | None
    ends: datetime | None
    item_check: Check
    line_check: Check | None
    """Which lines of an order it speaks of; None if it pays for the order whole."""
    terms: Terms
    best_of_group: bool
    hold_out: int | None = None
    """Percent of the members whom its campaign never pays."""

    @property
    def key(self) -> str:
        return self.rule.key

    @property
    def multiplies(self) -> bool:
        return self.rule.earn.multiply is not None


@dataclass(slots=True)
class Ladder:
    """Rules that insist on more, or on less, than a value each: by that value, ascending."""

    values: list[Any] = field(default_factory=list)
    rules: list[CompiledRule] = field(default_factory=list)

    def add(self, value: Any, rule: CompiledRule) -> None:
        place = bisect_right(self.values, value)
        self.values.insert(place, value)
        self.rules.insert(place, rule)


@dataclass(slots=True)
class Insisting:
    """The rules that insist on a value of one field, found by what that holds."""

    read: Callable[[Facts], Values]
    equal: dict[Any, list[CompiledRule]] = field(default_factory=lambda: defaultdict(list))
    ladders: dict[tuple[str, str], Ladder] = field(default_factory=lambda: defaultdict(Ladder))

    def add(self, comparison: Condition, rule: CompiledRule) -> None:
        op, value = comparison.op, comparison.value
        if op in {"eq", "in"}:
            values = value if op == "in" else [value]
            for known in set(map(typed, values)):
                self.equal[known].append(rule)
        else:
            self.ladders[str(op), str(kind(value))].add(value, rule)

    def found(self, facts: Facts) -> Iterator[CompiledRule]:
        """The rules whose comparison holds; one of several values may hold for a rule twice."""
        for value in self.read(facts):
            yield from self.equal.get(typed(value), ())
            for (op, of_kind), ladder in self.ladders.items():
                if kind(value) == of_kind:
                    yield from _held(op, ladder, value)


def _held(op: str, ladder: Ladder, value: Any) -> Sequence[CompiledRule]:
    """The rules on a ladder for whom `value` is enough."""
    match op:
        case "gt":
            return ladder.rules[: bisect_left(ladder.values, value)]
        case "gte":
            return ladder.rules[: bisect_right(ladder.values, value)]
        case "lt":
            return ladder.rules[bisect_right(ladder.values, value) :]
        case _:
            return ladder.rules[bisect_left(ladder.values, value) :]


@dataclass(slots=True)
class TriggerIndex:
    """The rules of one trigger: those that insist on a value by it, and the others."""

    rules: list[CompiledRule] = field(default_factory=list)
    always: list[CompiledRule] = field(default_factory=list)
    insisting: dict[str, Insisting] = field(default_factory=dict)

    def add(self, rule: CompiledRule) -> None:
        self.rules.append(rule)
        comparisons = _insisted(rule.rule.when)
        if not comparisons:
            self.always.append(rule)
        for comparison in comparisons:
            name = comparison.field or ""
            if name not in self.insisting:
                self.insisting[name] = Insisting(reader(name))
            self.insisting[name].add(comparison, rule)

    def candidates(self, facts: Facts) -> Sequence[CompiledRule]:
        """The rules that have a chance, in turn; of a few, all, so that each says why not."""
        if len(self.rules) <= FEW:
            return self.rules
        found = {rule.order: rule for rule in self.always}
        for insisting in self.insisting.values():
            found |= {rule.order: rule for rule in insisting.found(facts)}
        return [found[order] for order in sorted(found)]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A version of the programme, ready."""

    version: int
    programme: Programme
    by_trigger: Mapping[str, TriggerIndex]
    by_key: Mapping[str, CompiledRule]
    multipliers: Mapping[str, Fraction]
    budgets: Mapping[str, int]

    @property
    def tiers(self) -> Tiers:
        return self.programme.tiers

    def name_of(self, rule: str) -> Texts | None:
        found = self.by_key.get(rule)
        return found.rule.name if found else None


def compiled(version: int, programme: Programme) -> Compiled:
    """Make a document that has been checked ready."""
    written = [*programme.rules, *birthday_gifts(programme.tiers)]
    turns = sorted(enumerate(written), key=lambda pair: (-pair[1].priority, pair[0]))
    rules = [_rule(order, rule, programme) for order, (_, rule) in enumerate(turns)]
    by_trigger: dict[str, TriggerIndex] = defaultdict(TriggerIndex)
    for rule in rules:
        by_trigger[rule.rule.trigger].add(rule)
    return Compiled(
        version=version,
        programme=programme,
        by_trigger=dict(by_trigger),
        by_key={rule.key: rule for rule in rules},
        multipliers={
            level.key: Fraction(Decimal(level.benefits.multiplier))
            for level in programme.tiers.levels
        },
        budgets=dict(budgets_of(programme)),
    )


def budgets_of(programme: Programme) -> Iterator[tuple[str, int]]:
    """The budgets of a programme by their names, in points."""
    for rule in programme.rules:
        if rule.budget_points is not None:
            yield f"rule:{rule.key}", rule.budget_points
    for key, campaign in programme.campaigns.items():
        if campaign.budget_points is not None:
            yield f"campaign:{key}", campaign.budget_points


def _rule(order: int, rule: Rule, programme: Programme) -> CompiledRule:
    begins, ends = window_of(rule, programme)
    campaign = programme.campaigns.get(rule.campaign or "")
    return CompiledRule(
        order=order,
        rule=rule,
        check=ready(rule.when),
        begins=begins,
        ends=ends,
        item_check=ready(rule.earn.items),
        line_check=line_check(rule),
        terms=Terms(
            awaits_delivery=rule.awaits_delivery,
            pending_days=rule.pending_days,
            valid_days=rule.valid_days,
        ),
        best_of_group=programme.groups.get(rule.group or "") == "best",
        hold_out=campaign.hold_out if campaign else None,
    )


_EQUAL = frozenset({"eq", "in"})
_ORDERED = frozenset({"gt", "gte", "lt", "lte"})
_INDEXED = _EQUAL | _ORDERED


def _insisted(condition: Condition | None) -> Sequence[Condition]:
    """Comparisons at the top of a condition of which one must hold: those that tell it apart best.

    None where there are none such.
    """
    if condition is None:
        return ()
    parts = [condition, *(condition.all or ())]
    for ops in (_EQUAL, _ORDERED):
        for part in parts:
            if part.field and part.op in ops:
                return [part]
    for part in parts:
        alternatives: Sequence[Condition] = part.any or ()
        if alternatives and all(one.field and one.op in _INDEXED for one in alternatives):
            return alternatives
    return ()
