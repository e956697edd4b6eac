"""Conditions made ready: each becomes a function of the facts, made once for a version.

A field may hold one value or a list; a comparison holds if it holds of one of them. `ne` is the
opposite of `eq`, so it also holds where there is nothing.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from services.loyalty.rules.programme.checking import WEEKDAYS, kind
from services.loyalty.rules.programme.document import Condition

Values = Sequence[Any]


@dataclass(slots=False)
class Facts:
    """What conditions may ask: of the event, the member, the member's clock, and one item."""

    event: Mapping[str, Any]
    member: Mapping[str, Any]
    at: datetime
    time_zone: str
    item: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def local(self) -> datetime:
        return self.at.astimezone(ZoneInfo(self.time_zone))

    @cached_property
    def time(self) -> Mapping[str, Any]:
        local = self.local
        return {
            "date": f"{local:%Y-%m-%d}",
            "month_day": f"{local:%m-%d}",
            "weekday": WEEKDAYS[local.weekday()],
            "day": local.day,
            "hour": local.hour,
        }

    def of_item(self, item: Mapping[str, Any]) -> "Facts":
        return Facts(self.event, self.member, self.at, self.time_zone, item)

    @property
    def items(self) -> list[Mapping[str, Any]]:
        items = self.event.get("items")
        return [i for i in items if isinstance(i, Mapping)] if isinstance(items, list) else []


Check = Callable[[Facts], str | None]
"""None if the condition holds, else the place of what does not, such as `.all[1]`."""


def reader(name: str) -> Callable[[Facts], Values]:
    """What reads the values of a field such as `event.items.category`."""
    root, *path = name.split(".")
    if root in {"member", "time"}:
        key = path[0]
        return lambda facts: _listed(getattr(facts, root).get(key))
    return lambda facts: _within(getattr(facts, root), path)


def _within(value: Any, path: Sequence[str]) -> Values:
    """The values at a path; a list on the way stands for each of its elements."""
    for place, step in enumerate(path):
        if isinstance(value, list):
            return [found for part in value for found in _within(part, path[place:])]
        if not isinstance(value, dict) or step not in value:
            return ()
        value = value[step]
    return _listed(value)


def _listed(value: Any) -> Values:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def ready(condition: Condition | None) -> Check:
    """Make a condition ready. No condition always holds."""
    if condition is None:
        return lambda _: None
    if condition.all is not None:
        return _all([ready(part) for part in condition.all])
    if condition.any is not None:
        parts = [ready(part) for part in condition.any]
        return lambda facts: None if any(part(facts) is None for part in parts) else ".any"
    if condition.negated is not None:
        part = ready(condition.negated)
        return lambda facts: ".not" if part(facts) is None else None
    if condition.item is not None:
        fits = ready(condition.item)
        return lambda facts: (
            None if any(fits(facts.of_item(item)) is None for item in facts.items) else ".item"
        )
    return _comparison(condition)


def _all(parts: Sequence[Check]) -> Check:
    numbered = [(f".all[{number}]", part) for number, part in enumerate(parts)]

    def check(facts: Facts) -> str | None:
        for place, part in numbered:
            inner = part(facts)
            if inner is not None:
                return place + inner
        return None

    return check


def _comparison(condition: Condition) -> Check:
    read, value = reader(condition.field or ""), condition.value
    match condition.op:
        case "exists":
            return lambda facts: None if read(facts) else ""
        case "eq":
            return lambda facts: None if _includes(read(facts), value) else ""
        case "ne":
            return lambda facts: "" if _includes(read(facts), value) else None
        case "in":
            return _in(read, value)
    compare, of_kind = _ORDERS[str(condition.op)], kind(value)
    return lambda facts: (
        None
        if any(kind(known) == of_kind and compare(known, value) for known in read(facts))
        else ""
    )


def _in(read: Callable[[Facts], Values], choices: Sequence[Any]) -> Check:
    wanted = frozenset(map(typed, choices))

    def check(facts: Facts) -> str | None:
        for known in read(facts):
            if typed(known) in wanted:
                return None
        return ""

    return check


def typed(value: Any) -> tuple[str | None, Any]:
    """A value that equals only values of its kind; what is no value equals nothing we write."""
    of_kind = kind(value)
    return of_kind, value if of_kind else None


def _includes(values: Values, wanted: Any) -> bool:
    of_kind = kind(wanted)
    return any(known == wanted and kind(known) == of_kind for known in values)


_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def at_place(condition: Condition | None, place: str) -> Condition | None:
    """The condition at a place that a check named, such as `.all[1].any`."""
    for step in place.strip(".").split("."):
        if condition is None or not step:
            break
        name, _, number = step.partition("[")
        if number:
            parts = condition.all or condition.any or []
            condition = parts[int(number.rstrip("]"))]
        elif name == "not":
            condition = condition.negated
        elif name == "item":
            condition = condition.item
    return condition
