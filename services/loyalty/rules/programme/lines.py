"""Which lines of an order a rule speaks of."""

from collections.abc import Iterator

from services.loyalty.rules.programme.conditions import Check, ready
from services.loyalty.rules.programme.document import Condition, Rule

_ITEMS = "event.items."


def line_check(rule: Rule) -> Check | None:
    """What a line must fit to be one the rule pays for; None if it pays for the order whole.

    Those its amount counts, else those its condition asks for. What a condition says must not be
    there chooses no lines.
    """
    if rule.earn.items is not None:
        return ready(rule.earn.items)
    asked = list(_asked(rule.when)) if rule.when else []
    return ready(Condition(any=asked)) if asked else None


def _asked(condition: Condition) -> Iterator[Condition]:
    """The conditions of items that a condition asks to hold."""
    for part in (*(condition.all or ()), *(condition.any or ())):
        yield from _asked(part)
    if condition.item is not None:
        yield condition.item
    name = condition.field or ""
    if name.startswith(_ITEMS) and condition.op != "ne":
        field = f"item.{name.removeprefix(_ITEMS)}"
        yield Condition(field=field, op=condition.op, value=condition.value)
