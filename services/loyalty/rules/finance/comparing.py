"""Members who were treated beside those held out: what the treatment brought, and how sure that is.

Members are assigned by a hash, so the groups differ by chance alone, and all of them count whether
or not they bought (intention to treat). The difference of means has Welch's interval (Welch 1947),
which asks for neither equal variances nor equal groups. Spend is skewed, and means of it are near
enough to normal only in large groups, so below a minimum of members and buyers nothing is claimed.
Statistics are floats; what they say of money is rounded to whole minor units.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, sqrt
from statistics import NormalDist

LEAST_MEMBERS = 100
"""In each group."""
LEAST_BUYERS = 30
POWER = 0.8
_NORMAL = NormalDist()


class Finding(StrEnum):
    TOO_SMALL = "too_small"
    """There are too few members or buyers to say anything."""
    MORE = "more"
    """The treated spend more, beyond chance."""
    LESS = "less"
    NO_DIFFERENCE_SHOWN = "no_difference_shown"
    """There may be one smaller than what so many members could have shown."""


@dataclass(frozen=True, slots=True)
class Group:
    """Members, those of them who bought, their orders, and the sums of spend and of its square."""

    members: int = 0
    buyers: int = 0
    orders: int = 0
    spend_minor: int = 0
    squares: int = 0

    @property
    def mean(self) -> float:
        """Spend of a member, in minor units."""
        return self.spend_minor / self.members if self.members else 0.0

    @property
    def variance(self) -> float:
        """Of members' spend; exact until the last division, so that nothing cancels."""
        if self.members < 2:  # noqa: PLR2004  (one has no variance)
            return 0.0
        exact = self.members * self.squares - self.spend_minor**2
        return exact / (self.members * (self.members - 1))

    @property
    def is_enough(self) -> bool:
        return self.members >= LEAST_MEMBERS and self.buyers >= LEAST_BUYERS


@dataclass(frozen=True, slots=True)
class Comparison:
    """By how much the mean spend of the treated is more, and what would likely have shown."""

    difference: float
    low: float
    high: float
    least_detectable: float
    finding: Finding


@dataclass(frozen=True, slots=True)
class Return:
    """What a treatment brought all the treated, and cost. `ratio` is what is left for each unit."""

    incremental_minor: int
    low_minor: int
    high_minor: int
    cost_minor: int

    @property
    def net_minor(self) -> int:
        return self.incremental_minor - self.cost_minor

    @property
    def ratio(self) -> float | None:
        return self.net_minor / self.cost_minor if self.cost_minor > 0 else None


def compare(treated: Group, held_out: Group, confidence: float) -> Comparison:
    """Welch's interval of the difference of the means."""
    parts = [g.variance / g.members if g.members else 0.0 for g in (treated, held_out)]
    error, difference = sqrt(sum(parts)), treated.mean - held_out.mean
    freedom = _freedom(parts, treated, held_out)
    margin = quantile((1 + confidence) / 2, freedom) * error
    low, high = difference - margin, difference + margin
    least = (_NORMAL.inv_cdf((1 + confidence) / 2) + _NORMAL.inv_cdf(POWER)) * error
    return Comparison(
        difference, low, high, least, _finding(low, high, treated.is_enough and held_out.is_enough)
    )


def returned(comparison: Comparison, treated: Group, margin: float, cost_minor: int) -> Return:
    """What the difference comes to over all the treated, at a margin on what they spend."""
    whole = treated.members * margin
    return Return(
        incremental_minor=round(comparison.difference * whole),
        low_minor=round(comparison.low * whole),
        high_minor=round(comparison.high * whole),
        cost_minor=cost_minor,
    )


def quantile(probability: float, freedom: float) -> float:
    """Student's t, by its expansion around the normal (Abramowitz & Stegun 26.7.5).

    Within 0.0001 from ten degrees of freedom on, and the groups here have no fewer than a hundred.
    """
    z = _NORMAL.inv_cdf(probability)
    if not isfinite(freedom):
        return z
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))


def _freedom(parts: list[float], treated: Group, held_out: Group) -> float:
    """Welch and Satterthwaite's degrees of freedom."""
    below = [
        part**2 / (group.members - 1)
        for part, group in zip(parts, (treated, held_out), strict=True)
        if group.members > 1
    ]
    return sum(parts) ** 2 / sum(below) if sum(below) > 0 else float("inf")


def _finding(low: float, high: float, enough: bool) -> Finding:  # noqa: FBT001  (a pure rule)
    if not enough:
        return Finding.TOO_SMALL
    if low > 0:
        return Finding.MORE
    return Finding.LESS if high < 0 else Finding.NO_DIFFERENCE_SHOWN
