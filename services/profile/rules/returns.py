"""Returns: units of an order's lines that come back, each return under a reference of its own.

What has come back so far is kept by line, so that no line gives back more than it had, however many
returns there are, in whatever sequence, before or after the order was delivered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.profile.rules.orders import Order, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class WishedLine:
    """Units of a line that come back: the line by its place from 0, or by a sku that names one.

    `amount_minor` is what is paid back for them; None is what the units cost.
    """

    line: int | None = None
    sku: str | None = None
    quantity: int
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLine:
    """Units of a line that came back, and what was paid back for them."""

    line: int
    quantity: int
    amount_minor: int


class NotReturnable(ValueError):  # noqa: N818  (a verdict on the return)
    """A line of the wish does not fit the order; `field` is the place in the wish."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


Returned = Mapping[int, ReturnedLine]
"""What has come back of an order so far, by line."""


def returning(order: Order, so_far: Returned, wished: Sequence[WishedLine]) -> list[ReturnedLine]:
    """The lines of a return. Raises NotReturnable."""
    left_minor = order.amount_minor - order.refunded_minor
    lines: dict[int, ReturnedLine] = {}
    for number, wish in enumerate(wished):
        line = _place(order, wish, number)
        if line in lines:
            raise NotReturnable(f"lines[{number}]", f"Line {line} is named twice; add them up.")
        made = _line(order, so_far.get(line), line, wish, (number, left_minor))
        left_minor -= made.amount_minor
        lines[line] = made
    return list(lines.values())


def added(so_far: Returned, lines: Sequence[ReturnedLine]) -> dict[int, ReturnedLine]:
    """What has come back with `lines`."""
    total = dict(so_far)
    for line in lines:
        before = total.get(line.line, ReturnedLine(line=line.line, quantity=0, amount_minor=0))
        total[line.line] = ReturnedLine(
            line=line.line,
            quantity=before.quantity + line.quantity,
            amount_minor=before.amount_minor + line.amount_minor,
        )
    return total


def after_return(
    order: Order, total: Returned, lines: Sequence[ReturnedLine], at: datetime
) -> Order:
    """`order` after a return: refunded whole once every unit is back, or all of the money.

    Shipping that is not paid back does not keep an order that came back whole from being refunded.
    """
    refunded_minor = order.refunded_minor + sum(line.amount_minor for line in lines)
    empty = all(
        total[n].quantity == item["quantity"] if n in total else False
        for n, item in enumerate(order.items)
    )
    paid_back = order.amount_minor > 0 and refunded_minor == order.amount_minor
    whole = empty or paid_back or order.status is Status.REFUNDED
    status = Status.REFUNDED if whole else Status.PARTIALLY_REFUNDED
    return replace(order, status=status, refunded_minor=refunded_minor, changed_at=at)


def _place(order: Order, wish: WishedLine, number: int) -> int:
    """The line a wish names."""
    if wish.line is not None:
        if wish.line >= len(order.items):
            raise NotReturnable(
                f"lines[{number}].line", f"The order has {len(order.items)} lines, from 0."
            )
        return wish.line
    found = [n for n, item in enumerate(order.items) if item["sku"] == wish.sku]
    if len(found) == 1:
        return found[0]
    reason = (
        f"The lines {', '.join(map(str, found))} have this sku; name one by `line`."
        if found
        else f"No line of the order has the sku {wish.sku}."
    )
    raise NotReturnable(f"lines[{number}].sku", reason)


def _line(
    order: Order,
    before: ReturnedLine | None,
    line: int,
    wish: WishedLine,
    among: tuple[int, int],
) -> ReturnedLine:
    number, left_minor = among
    item, back = order.items[line], before.quantity if before else 0
    if wish.quantity > item["quantity"] - back:
        raise NotReturnable(
            f"lines[{number}].quantity",
            f"Of line {line} {item['quantity'] - back} of {item['quantity']} can still come back.",
        )
    cost = _cost(item, back + wish.quantity) - _cost(item, back)
    amount = min(cost, left_minor) if wish.amount_minor is None else wish.amount_minor
    if amount > left_minor:
        raise NotReturnable(
            f"lines[{number}].amount_minor",
            f"Of the order {left_minor} of {order.amount_minor} can still be paid back.",
        )
    return ReturnedLine(line=line, quantity=wish.quantity, amount_minor=amount)


def _cost(item: Mapping[str, Any], units: int) -> int:
    """What so many units of a line cost, rounded down."""
    return int(item["amount_minor"]) * units // int(item["quantity"])
