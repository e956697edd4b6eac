"""How the company keeps its books, and what it declares points and rewards to be worth."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum


class Breakage(StrEnum):
    """When points nobody will redeem become revenue (ASC 606-10-55-48, IFRS 15 B46)."""

    PROPORTIONAL = "proportional"
    """As the others are redeemed: the company expects to be entitled to it."""
    REMOTE = "remote"
    """Only once they have expired: redemption is not remote until then."""


class AccountName(StrEnum):
    """Accounts of the company's general ledger; which codes they have there is declared."""

    CONTRACT_LIABILITY = "contract_liability"
    REVENUE = "revenue"
    BREAKAGE_REVENUE = "breakage_revenue"
    PROMOTIONAL_LIABILITY = "promotional_liability"
    MARKETING_EXPENSE = "marketing_expense"
    COST_OF_REWARDS = "cost_of_rewards"
    REWARDS_PAYABLE = "rewards_payable"
    IMPORTED_BALANCES = "imported_balances"


USUAL_CODES: Mapping[str, str] = {
    AccountName.CONTRACT_LIABILITY: "2410",
    AccountName.PROMOTIONAL_LIABILITY: "2420",
    AccountName.REWARDS_PAYABLE: "2430",
    AccountName.IMPORTED_BALANCES: "2490",
    AccountName.REVENUE: "4000",
    AccountName.BREAKAGE_REVENUE: "4100",
    AccountName.COST_OF_REWARDS: "5100",
    AccountName.MARKETING_EXPENSE: "6100",
}


@dataclass(frozen=True, slots=True)
class Price:
    """What something is worth from a day on, in minor units."""

    valid_from: date
    minor: Decimal


@dataclass(frozen=True, slots=True)
class Prices:
    """What something was worth when; `prices` in the sequence of their days, at least one."""

    currency: str
    prices: Sequence[Price]

    def on(self, day: date) -> Decimal:
        """The price of a day; before the first was declared, the first."""
        place = bisect_right([price.valid_from for price in self.prices], day)
        return self.prices[max(0, place - 1)].minor


_EXACT = Context(prec=60)


def worth(points: int, price: Decimal, rate: Decimal = Decimal(1)) -> int:
    """What points are worth, in whole minor units, half to even."""
    exact = _EXACT.multiply(_EXACT.multiply(Decimal(points), price), rate)
    return int(exact.to_integral_value(ROUND_HALF_EVEN, context=_EXACT))


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the calendar: an accounting period, and what points of a cohort share."""

    begins_on: date

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.replace(day=1))

    @classmethod
    def named(cls, name: str) -> "Month":
        """The month named such as `2026-10`. Raises ValueError."""
        return cls(date.fromisoformat(f"{name}-01"))

    @property
    def name(self) -> str:
        return f"{self.begins_on:%Y-%m}"

    @property
    def ends_on(self) -> date:
        return self.next.begins_on - timedelta(days=1)

    @property
    def next(self) -> "Month":
        return Month.of(self.begins_on + timedelta(days=31))

    def since(self, other: date) -> int:
        """How many months after that of `other` it is."""
        mine = self.begins_on
        return (mine.year - other.year) * 12 + mine.month - other.month
