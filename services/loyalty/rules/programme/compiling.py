"""A version made ready to decide: done once for each document, whatever the number of rules.

Rules are found by their trigger, and among those by a value they insist on (`eq` or `in` at the
top of `when`), so that an occasion meets only rules that have a chance.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.loyalty.rules.ledger import Terms
from services.loyalty.rules.programme.conditions import Check, Facts, Values, reader, ready, typed
from services.loyalty.rules.programme.document import (
    Condition,
    Programme,
    Rule,
    Texts,
    Tiers,
    window_of,
)


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with all that can be known of it beforehand. `order` is its turn."""

    order: int
    rule: Rule
    check: Check
    begins: datetime | None
    ends: datetime | None
    item_check: Check
    terms: Terms
    best_of_group: bool

    @property
    def key(self) -> str:
        return self.rule.key

    @property
    def multiplies(self) -> bool:
        return self.rule.earn.multiply is not None


Insisted = tuple[str, tuple[Any, ...]]
"""A field, and the values a rule insists on."""


@dataclass(slots=True)
class Insisting:
    """The rules that insist on a value of one field, by that value."""

    read: Callable[[Facts], Values]
    rules: dict[Any, list[CompiledRule]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True)
class TriggerIndex:
    """The rules of one trigger: those that insist on a value by it, and the others."""

    rules: list[CompiledRule] = field(default_factory=list)
    always: list[CompiledRule] = field(default_factory=list)
    insisting: dict[str, "Insisting"] = field(default_factory=dict)

    def add(self, rule: CompiledRule) -> None:
        self.rules.append(rule)
        insisted = _insisted(rule.rule.when)
        if insisted is None:
            self.always.append(rule)
            return
        name, values = insisted
        insisting = self.insisting.setdefault(name, Insisting(reader(name)))
        for value in set(map(typed, values)):
            insisting.rules[value].append(rule)

    def candidates(self, facts: Facts) -> Sequence[CompiledRule]:
        """The rules that have a chance, in turn."""
        if not self.insisting:
            return self.always
        found = {rule.order: rule for rule in self.always}
        for insisting in self.insisting.values():
            for value in insisting.read(facts):
                found |= {rule.order: rule for rule in insisting.rules.get(typed(value), ())}
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
    turns = sorted(enumerate(programme.rules), key=lambda pair: (-pair[1].priority, pair[0]))
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
    return CompiledRule(
        order=order,
        rule=rule,
        check=ready(rule.when),
        begins=begins,
        ends=ends,
        item_check=ready(rule.earn.items),
        terms=Terms(
            awaits_delivery=rule.awaits_delivery,
            pending_days=rule.pending_days,
            valid_days=rule.valid_days,
        ),
        best_of_group=programme.groups.get(rule.group or "") == "best",
    )


def _insisted(condition: Condition | None) -> Insisted | None:
    """The first comparison at the top of a condition that names the values it takes."""
    if condition is None:
        return None
    for part in [condition, *(condition.all or ())]:
        if part.op == "eq" and part.field:
            return part.field, (part.value,)
        if part.op == "in" and part.field:
            return part.field, tuple(part.value)
    return None
