"""The books, month by month: each begins where the one before ended, and ends in a journal.

A month's journal is a function of what was booked up to its end, what was declared, and where the
last month stood; so the same month comes out the same however often it is made.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.loyalty.rules.finance.deferral import (
    CohortKey,
    Event,
    Movement,
    Position,
    Volume,
    accrual,
    accrual_movements,
    contract,
    contract_movements,
    inception,
)
from services.loyalty.rules.finance.movements import Origin
from services.loyalty.rules.finance.runoff import (
    AS_OBSERVED,
    Change,
    Ladder,
    WhatIf,
    certain,
    ladder,
)
from services.loyalty.rules.finance.terms import AccountName, Breakage, Month, Prices

Positions = Mapping[CohortKey, Position]


@dataclass(frozen=True, slots=True)
class Booked:
    """What one month changed of the points of a cohort."""

    key: CohortKey
    volume: Volume


@dataclass(frozen=True, slots=True)
class Sold:
    """What the orders brought in that brought points in, of a cohort, as a month heard of them."""

    month: date
    point_type: str
    cohort: date
    currency: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Pieces of a reward members redeemed points for in a month, and what they cost."""

    month: date
    point_type: str
    item: str
    points: int
    cost_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a posting: a debit, or a credit."""

    posting: int
    event: Event
    account: AccountName
    code: str
    debit_minor: int
    credit_minor: int
    currency: str
    point_type: str
    cohort: date | None
    origin: Origin | None
    item: str | None
    points: int


@dataclass(frozen=True, slots=True)
class Closing:
    """A month: where it ends, what it expects, and its journal."""

    month: Month
    positions: Positions
    ladders: Mapping[str, Ladder]
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """All a journal is made of.

    `booked` is by month. `complete` is the last month that is over: younger ones teach nothing of
    how points run off.
    """

    booked: Mapping[date, Sequence[Booked]]
    sold: Sequence[Sold]
    handed_out: Sequence[HandedOut]
    prices: Mapping[str, Prices]
    breakage: Breakage
    tail_rate: Decimal
    codes: Mapping[str, str]
    complete: Month
    what_if: WhatIf = field(default=AS_OBSERVED)

    def close(self, month: Month, before: Positions) -> Closing:
        """The month after the one that ended with the positions `before`."""
        ladders = {name: self.ladder_of(name, month) for name in sorted(self.prices)}
        changes: defaultdict[CohortKey, Volume] = defaultdict(Volume)
        for item in self.booked.get(month.begins_on, ()):
            if item.key.point_type in self.prices:
                changes[item.key] += item.volume
        positions: dict[CohortKey, Position] = {}
        postings: list[tuple[Movement, CohortKey]] = []
        for key in sorted(before.keys() | changes.keys(), key=_order):
            volume = (before[key].volume if key in before else Volume()) + changes[key]
            position = self._position(key, month, before.get(key), volume, ladders[key.point_type])
            positions[key] = position
            postings += [(m, key) for m in self._movements(key, before.get(key), position)]
        return Closing(month, positions, ladders, list(self._lines(month, postings)))

    def ladder_of(self, point_type: str, month: Month) -> Ladder:
        """How the points of a type run off, as of the end of a month."""
        if self.breakage is Breakage.REMOTE:
            return certain()
        until = min(month, self.complete, key=lambda m: m.begins_on)
        known = triangle(self.booked, point_type, until)
        return ladder(known, until, self.tail_rate, self.what_if)

    def _position(
        self, key: CohortKey, month: Month, before: Position | None, volume: Volume, known: Ladder
    ) -> Position:
        value = self.prices[key.point_type].on
        begun = (
            before.inception
            if before
            else inception(
                key.origin,
                volume.issued,
                self._sales(key, month),
                value(Month(key.cohort).ends_on),
                known.ultimate,
            )
        )
        future = known.after(month.since(key.cohort))
        if key.origin is Origin.OTHER:
            return accrual(begun, before, volume, future, value(month.ends_on))
        return contract(begun, volume, future, self.breakage)

    def _movements(
        self, key: CohortKey, before: Position | None, after: Position
    ) -> Iterator[Movement]:
        if key.origin is Origin.OTHER:
            return accrual_movements(before, after)
        return contract_movements(before, after, key.origin, self.breakage)

    def _sales(self, key: CohortKey, month: Month) -> int | None:
        """What a cohort's orders brought in, in the currency of its points' value; None: none."""
        currency = self.prices[key.point_type].currency
        amounts = [
            sold.amount_minor
            for sold in self.sold
            if (sold.point_type, sold.cohort, sold.currency)
            == (key.point_type, key.cohort, currency)
            and sold.month <= month.begins_on
        ]
        return sum(amounts) if amounts else None

    def _lines(
        self, month: Month, postings: Iterable[tuple[Movement, CohortKey]]
    ) -> Iterator[Line]:
        number = 0
        for movement, key in postings:
            if movement.amount_minor:
                number += 1
                currency = self.prices[key.point_type].currency
                yield from self._sides(
                    number, movement, currency, key.point_type, key.cohort, key.origin, None
                )
        for item in sorted(self.handed_out, key=lambda item: (item.point_type, item.item)):
            if item.month == month.begins_on and item.cost_minor:
                number += 1
                movement = Movement(
                    Event.REWARD_COST,
                    AccountName.COST_OF_REWARDS,
                    AccountName.REWARDS_PAYABLE,
                    item.cost_minor,
                    item.points,
                )
                yield from self._sides(
                    number, movement, item.currency, item.point_type, None, None, item.item
                )

    def _sides(
        self,
        number: int,
        movement: Movement,
        currency: str,
        point_type: str,
        cohort: date | None,
        origin: Origin | None,
        item: str | None,
    ) -> Iterator[Line]:
        """The debit, then the credit. Nothing is ever negative: the sides change places."""
        sides = [movement.debit, movement.credit]
        if movement.amount_minor < 0:
            sides.reverse()
        amount = abs(movement.amount_minor)
        for account, debit, credit in ((sides[0], amount, 0), (sides[1], 0, amount)):
            yield Line(
                posting=number,
                event=movement.event,
                account=account,
                code=self.codes[account],
                debit_minor=debit,
                credit_minor=credit,
                currency=currency,
                point_type=point_type,
                cohort=cohort,
                origin=origin,
                item=item,
                points=movement.points,
            )


def triangle(
    booked: Mapping[date, Sequence[Booked]], point_type: str, until: Month
) -> Mapping[date, Mapping[int, Change]]:
    """What each age changed of each cohort, up to the end of a month."""
    found: defaultdict[date, defaultdict[int, Change]] = defaultdict(lambda: defaultdict(Change))
    for month, items in booked.items():
        for item in items if month <= until.begins_on else ():
            if item.key.point_type == point_type:
                age = max(0, Month(month).since(item.key.cohort))
                volume = item.volume
                change = found[item.key.cohort][age]
                change.add(volume.issued, volume.expired, volume.outstanding)
    return found


def _order(key: CohortKey) -> tuple[str, date, str]:
    return key.point_type, key.cohort, key.origin
