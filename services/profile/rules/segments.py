"""Segments: rules over what is known of a member, written as JSON.

    Rule := {"all": [Rule, ...]} | {"any": [Rule, ...]} | {"not": Rule}
          | {"trait": name, "op": Comparison, "value": scalar, or a list for "in"}
          | {"trait": name, "op": "exists"}
          | {"tag": tag} | {"stage": stage} | {"standing": standing}
          | {"orders": "count", "op": Comparison, "value": number}
          | {"orders": "net_minor", "currency": code, "op": Comparison, "value": number}
    Comparison := eq | ne | in | gt | gte | lt | lte

At most `DEEPEST` levels and `MOST_LEAVES` leaves. Values are compared as what they are: "5" is not
5, true is not 1, and an order of unlike kinds is false. `ne` is the opposite of `eq`, so it also
holds where there is no such trait.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson

from services.profile.rules.identities import Standing
from services.profile.rules.lifecycle import Stage
from services.profile.rules.orders import CURRENCIES, Spending

DEEPEST = 6
MOST_LEAVES = 50
MOST_CHOICES = 100
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What rules may ask of a member."""

    traits: Mapping[str, Any] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    stage: Stage = Stage.NEW
    standing: Standing = Standing.ANONYMOUS
    spending: Spending = field(default_factory=Spending)


Rule = Callable[[Facts], bool]
"""A rule made ready by `parse`."""


class BadRule(ValueError):  # noqa: N818  (a verdict on the rule)
    """The rule is not one. `place` says where, such as `rule.all[1].op`."""

    def __init__(self, place: str, detail: str) -> None:
        super().__init__(f"{place}: {detail}")
        self.place = place
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Segment:
    """A named rule."""

    key: str
    name: str
    rule: Mapping[str, Any]


BUILT_IN = (
    Segment("new", "New", {"stage": "new"}),
    Segment("active", "Active", {"stage": "active"}),
    Segment("silent", "Silent", {"stage": "silent"}),
    Segment("lapsed", "Lapsed", {"stage": "lapsed"}),
)


def parse(rule: object) -> Rule:
    """Make `rule` ready to be asked. Raises BadRule naming the place of the first thing wrong."""
    leaves = [0]
    return _parse(rule, "rule", 1, leaves)


@dataclass(frozen=True, slots=True)
class Ready:
    """A segment's rule made ready, and whether it asks what a member ordered."""

    rule: Rule
    asks_for_orders: bool


@lru_cache(1024)
def ready(rule: str) -> Ready:
    """A stored rule, given as JSON, made ready once."""
    written = orjson.loads(rule)
    return Ready(parse(written), _asks_for_orders(written))


def _asks_for_orders(rule: Mapping[str, Any]) -> bool:
    parts = [*rule.get("all", ()), *rule.get("any", ())]
    if "not" in rule:
        parts.append(rule["not"])
    return "orders" in rule or any(map(_asks_for_orders, parts))


def _parse(rule: object, place: str, depth: int, leaves: list[int]) -> Rule:
    if not isinstance(rule, dict) or not rule:
        raise BadRule(place, 'must be an object such as {"tag": "vip"}')
    if depth > DEEPEST:
        raise BadRule(place, f"is nested more than {DEEPEST} levels deep")
    for name, combine in (("all", all), ("any", any)):
        if name in rule:
            parts = _parts(rule, name, place, depth, leaves)
            return lambda facts: combine(part(facts) for part in parts)
    if "not" in rule:
        _only(rule, place, "not")
        negated = _parse(rule["not"], f"{place}.not", depth + 1, leaves)
        return lambda facts: not negated(facts)
    leaves[0] += 1
    if leaves[0] > MOST_LEAVES:
        raise BadRule(place, f"is the leaf beyond {MOST_LEAVES}")
    return _leaf(rule, place)


def _parts(
    rule: dict[str, Any], name: str, place: str, depth: int, leaves: list[int]
) -> list[Rule]:
    _only(rule, place, name)
    parts = rule[name]
    if not isinstance(parts, list) or not parts:
        raise BadRule(f"{place}.{name}", "must be a list of rules, not empty")
    return [
        _parse(part, f"{place}.{name}[{index}]", depth + 1, leaves)
        for index, part in enumerate(parts)
    ]


def _leaf(rule: dict[str, Any], place: str) -> Rule:
    for name, leaf in _LEAVES.items():
        if name in rule:
            return leaf(rule, place)
    raise BadRule(place, f"must have one of: all, any, not, {', '.join(_LEAVES)}")


def _trait(rule: dict[str, Any], place: str) -> Rule:
    name = _text(rule, "trait", place)
    if rule.get("op") == "exists":
        _only(rule, place, "trait", "op")
        return lambda facts: name in facts.traits
    _only(rule, place, "trait", "op", "value")
    compare, value = _comparison(rule, place)
    return lambda facts: compare(facts.traits.get(name), value)


def _orders(rule: dict[str, Any], place: str) -> Rule:
    measure = rule["orders"]
    compare, value = _comparison(rule, place, numeric=True)
    if measure == "count":
        _only(rule, place, "orders", "op", "value")
        return lambda facts: compare(facts.spending.order_count, value)
    if measure != "net_minor":
        raise BadRule(f"{place}.orders", "must be count or net_minor")
    _only(rule, place, "orders", "op", "value", "currency")
    currency = rule.get("currency")
    if not isinstance(currency, str) or currency not in CURRENCIES:
        raise BadRule(f"{place}.currency", "must be an ISO 4217 code such as CNY")
    return lambda facts: compare(facts.spending.net_minor.get(currency, 0), value)


def _tag(rule: dict[str, Any], place: str) -> Rule:
    _only(rule, place, "tag")
    tag = _text(rule, "tag", place)
    return lambda facts: tag in facts.tags


def _stage(rule: dict[str, Any], place: str) -> Rule:
    _only(rule, place, "stage")
    stage = _one_of(rule, "stage", place, [stage.value for stage in Stage])
    return lambda facts: facts.stage == stage


def _standing(rule: dict[str, Any], place: str) -> Rule:
    _only(rule, place, "standing")
    standing = _one_of(rule, "standing", place, [standing.value for standing in Standing])
    return lambda facts: facts.standing == standing


_LEAVES: Mapping[str, Callable[[dict[str, Any], str], Rule]] = {
    "trait": _trait,
    "tag": _tag,
    "stage": _stage,
    "standing": _standing,
    "orders": _orders,
}


def _kind(value: object) -> str | None:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else None


def _equal(known: object, value: object) -> bool:
    return _kind(known) == _kind(value) and known == value


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def ordered(known: object, value: object) -> bool:
        kind = _kind(known)
        return kind in {"number", "text"} and kind == _kind(value) and compare(known, value)

    return ordered


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": _equal,
    "ne": lambda known, value: not _equal(known, value),
    "in": lambda known, values: any(_equal(known, value) for value in values),
    "gt": _ordered(operator.gt),
    "gte": _ordered(operator.ge),
    "lt": _ordered(operator.lt),
    "lte": _ordered(operator.le),
}


def _comparison(
    rule: dict[str, Any], place: str, *, numeric: bool = False
) -> tuple[Callable[[Any, Any], bool], Any]:
    name, value = _one_of(rule, "op", place, list(_COMPARISONS)), rule.get("value")
    kinds = {"number"} if numeric else {"boolean", "number", "text"}
    if name == "in":
        if not isinstance(value, list) or not 0 < len(value) <= MOST_CHOICES:
            raise BadRule(f"{place}.value", f"must be a list of 1 to {MOST_CHOICES} values")
        values = value
    else:
        values = [value]
    if any(_kind(item) not in kinds for item in values):
        raise BadRule(f"{place}.value", f"must be a {' or '.join(sorted(kinds))}")
    if any(isinstance(item, str) and len(item) > LONGEST_TEXT for item in values):
        raise BadRule(f"{place}.value", f"must be at most {LONGEST_TEXT} characters long")
    return _COMPARISONS[name], value


def _text(rule: dict[str, Any], name: str, place: str) -> str:
    value = rule[name]
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT:
        raise BadRule(f"{place}.{name}", f"must be a text of 1 to {LONGEST_TEXT} characters")
    return value


def _one_of(rule: dict[str, Any], name: str, place: str, choices: list[str]) -> str:
    value = rule.get(name)
    if not isinstance(value, str) or value not in choices:
        raise BadRule(f"{place}.{name}", f"must be one of: {', '.join(choices)}")
    return value


def _only(rule: dict[str, Any], place: str, *names: str) -> None:
    if unknown := sorted(map(str, rule.keys() - set(names))):
        raise BadRule(f"{place}.{unknown[0]}", f"is not part of a rule with {names[0]}")
