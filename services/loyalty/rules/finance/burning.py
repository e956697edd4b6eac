"""How fast points come and go: the ratios a finance manager watches."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.loyalty.rules.finance.movements import Movement

_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Burn:
    """Of a time: points earned, used and expired, and what one is to the others.

    A ratio is None where there is nothing to compare with.
    """

    days: int
    earned: int
    redeemed: int
    expired: int
    opening: int
    closing: int

    @classmethod
    def of(cls, net: Mapping[Movement, int], opening: int, closing: int, days: int) -> "Burn":
        earned = net[Movement.EARNED] + net[Movement.ADJUSTED] + net[Movement.REVERSED]
        redeemed = -(net[Movement.REDEEMED] + net[Movement.REFUNDED])
        return cls(days, earned, redeemed, -net[Movement.EXPIRED], opening, closing)

    @property
    def burn_to_earn(self) -> Decimal | None:
        """Points used for each point earned."""
        return _ratio(self.redeemed, self.earned)

    @property
    def redemption_rate(self) -> Decimal | None:
        """Points used of those that were there to use."""
        return _ratio(self.redeemed, self.opening + self.earned)

    @property
    def expiry_rate(self) -> Decimal | None:
        """Points expired of those that were there."""
        return _ratio(self.expired, self.opening + self.earned)

    @property
    def daily_burn(self) -> Decimal | None:
        """Points used in a day."""
        return _ratio(self.redeemed, self.days)

    @property
    def days_of_supply(self) -> Decimal | None:
        """For how many days the points outstanding last at this pace."""
        return _ratio(self.closing * self.days, self.redeemed)


def _ratio(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / Decimal(whole)).quantize(_PLACES) if whole > 0 else None
