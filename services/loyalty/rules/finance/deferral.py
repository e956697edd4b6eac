"""What points make of the revenue: deferred when they are earned, recognised as they are redeemed.

Points that come with an order are a material right (ASC 606-10-55-42, IFRS 15.B40): of what the
order brought in they get a share by relative stand-alone selling prices (606-10-32-31, IFRS
15.76). A point's own is its declared value times the share expected to be redeemed; the goods' is
what was paid. Orders and points of one month are taken together (606-10-10-4, IFRS 15.4). The
share is fixed when the month is first booked and never revised for a price that changes later
(606-10-32-43).

Breakage the company expects to be entitled to is recognised in proportion to what is redeemed
(606-10-55-48, IFRS 15.B46): of the `deferred` money of a cohort the part recognised is redeemed /
(redeemed + what will still be). Where the company expects to be entitled to none, a point that has
expired is recognised as one that was redeemed, and nothing sooner. When the share of a cohort that
is expected to be redeemed in all changes, what that would have made of earlier months is caught up
at once (606-10-32-14, IFRS 15.88); that it runs off as expected changes nothing.

Points given for nothing are no right anybody paid for: the cost of honouring them is accrued as
marketing and measured anew at each closing.

Money is whole minor units; each cohort's sums are rounded half to even as totals, and a period
gets the difference of two totals, so that nothing is lost and a cohort ends at exactly nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum

from services.loyalty.rules.finance.movements import Origin
from services.loyalty.rules.finance.terms import AccountName, Breakage

_EXACT = Context(prec=60)
_PLACES = Decimal("1e-12")


class Event(StrEnum):
    """Why money moves between accounts."""

    DEFERRED = "deferred"
    REDEEMED = "redeemed"
    BREAKAGE = "breakage"
    CHANGE_IN_ESTIMATE = "change_in_estimate"
    ACCRUED = "accrued"
    ACCRUAL_USED = "accrual_used"
    REMEASURED = "remeasured"
    REWARD_COST = "reward_cost"


@dataclass(frozen=True, slots=True)
class CohortKey:
    """The points of one type, month and origin."""

    point_type: str
    cohort: date
    origin: Origin


@dataclass(frozen=True, slots=True)
class Volume:
    """A cohort's points since its beginning. `issued` is what was not unmade."""

    issued: int = 0
    expired: int = 0
    outstanding: int = 0

    def __add__(self, other: "Volume") -> "Volume":
        return Volume(
            self.issued + other.issued,
            self.expired + other.expired,
            self.outstanding + other.outstanding,
        )

    @property
    def redeemed(self) -> int:
        """What has been used: redeemed, or taken for a debt."""
        return self.issued - self.expired - self.outstanding


@dataclass(frozen=True, slots=True)
class Inception:
    """What is fixed of a cohort when it is first booked.

    `value_minor` is a point's declared value, `rate` the share expected to be redeemed,
    `price_minor` what of the money paid is a point's.
    """

    value_minor: Decimal
    rate: Decimal
    price_minor: Decimal


@dataclass(frozen=True, slots=True)
class Position:
    """A cohort at the end of a period. `deferred` is all that ever was; the rest is of that."""

    inception: Inception
    volume: Volume
    future_rate: Decimal
    deferred_minor: int
    redeemed_minor: int
    breakage_minor: int

    @property
    def liability_minor(self) -> int:
        """What is still owed to members."""
        return self.deferred_minor - self.redeemed_minor - self.breakage_minor


@dataclass(frozen=True, slots=True)
class Movement:
    """Money from one account to another: `debit` is debited; a negative amount, the other way."""

    event: Event
    debit: AccountName
    credit: AccountName
    amount_minor: int
    points: int = 0


def inception(
    origin: Origin, points: int, sales_minor: int | None, value: Decimal, rate: Decimal
) -> Inception:
    """What a cohort's points are worth, that came with orders of so much.

    `sales_minor` is None where orders were paid in another currency: then a point keeps its own
    stand-alone price.
    """
    own = _EXACT.multiply(value, rate)
    price = own
    if origin is Origin.ORDER and sales_minor is not None:
        alone = _EXACT.multiply(own, Decimal(max(1, points)))
        whole = _EXACT.add(Decimal(sales_minor), alone)
        price = _EXACT.divide(_EXACT.multiply(Decimal(sales_minor), own), whole) if whole else own
    return Inception(value, rate, price.quantize(_PLACES, ROUND_HALF_EVEN, context=_EXACT))


def contract(
    begun: Inception,
    volume: Volume,
    future_rate: Decimal,
    breakage: Breakage = Breakage.PROPORTIONAL,
) -> Position:
    """Where points that were paid for stand."""
    deferred = _minor(_EXACT.multiply(begun.price_minor, Decimal(volume.issued)))
    recognised = _part(deferred, _gone(volume, breakage), _ever(volume, future_rate, breakage))
    redeemed = _redeemed(deferred, volume)
    return Position(begun, volume, future_rate, deferred, redeemed, recognised - redeemed)


def accrual(
    begun: Inception,
    before: Position | None,
    volume: Volume,
    future_rate: Decimal,
    value: Decimal,
) -> Position:
    """Where points that were given for nothing stand, at the value a point has now.

    `redeemed_minor` is what redemptions used of the accrual, each at the value it had then;
    `breakage_minor` is what was accrued too much.
    """
    accrued = _minor(_EXACT.multiply(begun.price_minor, Decimal(volume.issued)))
    was = before.volume.redeemed if before else 0
    newly = _minor(_EXACT.multiply(value, Decimal(volume.redeemed - was)))
    used = (before.redeemed_minor if before else 0) + newly
    expected = _EXACT.multiply(future_rate, Decimal(max(0, volume.outstanding)))
    owed = _minor(_EXACT.multiply(expected, value))
    return Position(begun, volume, future_rate, accrued, used, accrued - used - owed)


def contract_movements(
    before: Position | None, after: Position, origin: Origin, breakage: Breakage
) -> Iterator[Movement]:
    """What a period moves for points that were paid for."""
    was = before or contract(after.inception, Volume(), after.future_rate)
    source = AccountName.IMPORTED_BALANCES if origin is Origin.IMPORT else AccountName.REVENUE
    owed = AccountName.CONTRACT_LIABILITY
    issued = after.volume.issued - was.volume.issued
    yield Movement(
        Event.DEFERRED, source, owed, after.deferred_minor - was.deferred_minor, points=issued
    )
    used = after.volume.redeemed - was.volume.redeemed
    yield Movement(
        Event.REDEEMED,
        owed,
        AccountName.REVENUE,
        after.redeemed_minor - was.redeemed_minor,
        points=used,
    )
    estimate = _caught_up(before, after, breakage) if before else 0
    yield Movement(Event.CHANGE_IN_ESTIMATE, owed, AccountName.BREAKAGE_REVENUE, estimate)
    broken = after.breakage_minor - was.breakage_minor - estimate
    lapsed = after.volume.expired - was.volume.expired
    yield Movement(Event.BREAKAGE, owed, AccountName.BREAKAGE_REVENUE, broken, points=lapsed)


def accrual_movements(before: Position | None, after: Position) -> Iterator[Movement]:
    """What a period moves for points that were given for nothing."""
    was = before or Position(after.inception, Volume(), after.future_rate, 0, 0, 0)
    owed, cost = AccountName.PROMOTIONAL_LIABILITY, AccountName.MARKETING_EXPENSE
    issued = after.volume.issued - was.volume.issued
    accrued = after.deferred_minor - was.deferred_minor
    yield Movement(Event.ACCRUED, cost, owed, accrued, points=issued)
    used = after.redeemed_minor - was.redeemed_minor
    redeemed = after.volume.redeemed - was.volume.redeemed
    yield Movement(Event.ACCRUAL_USED, owed, AccountName.COST_OF_REWARDS, used, points=redeemed)
    yield Movement(Event.REMEASURED, owed, cost, after.breakage_minor - was.breakage_minor)


def _caught_up(before: Position, after: Position, breakage: Breakage) -> int:
    """What of the earlier breakage changes by what is expected of the whole cohort now."""
    if before.volume.issued <= 0 or after.volume.issued <= 0:
        return 0
    ever = _EXACT.divide(
        _EXACT.multiply(
            _ever(after.volume, after.future_rate, breakage), Decimal(before.volume.issued)
        ),
        Decimal(after.volume.issued),
    )
    recognised = _part(before.deferred_minor, _gone(before.volume, breakage), ever)
    return recognised - before.redeemed_minor - before.breakage_minor


def _gone(volume: Volume, breakage: Breakage) -> Decimal:
    """The points whose share is recognised by itself."""
    lapsed = volume.expired if breakage is Breakage.REMOTE else 0
    return Decimal(max(0, volume.redeemed + lapsed))


def _ever(volume: Volume, future_rate: Decimal, breakage: Breakage) -> Decimal:
    """These, and those that are still expected to go so."""
    left = _EXACT.multiply(Decimal(max(0, volume.outstanding)), future_rate)
    return _EXACT.add(_gone(volume, breakage), left)


def _part(deferred: int, gone: Decimal, ever: Decimal) -> int:
    """What is recognised of the deferred: all of it once nothing more is expected to go."""
    if gone >= ever:
        return deferred
    return _minor(_EXACT.divide(_EXACT.multiply(Decimal(deferred), gone), ever))


def _redeemed(deferred: int, volume: Volume) -> int:
    """What the points redeemed brought in themselves, whoever else will never redeem theirs."""
    if volume.issued <= 0:
        return 0
    redeemed = Decimal(min(max(0, volume.redeemed), volume.issued))
    return _minor(
        _EXACT.divide(_EXACT.multiply(Decimal(deferred), redeemed), Decimal(volume.issued))
    )


def _minor(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_HALF_EVEN, context=_EXACT))
