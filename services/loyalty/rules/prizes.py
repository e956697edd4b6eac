"""Prizes: what a mission, an offer, a referral, a draw or a code to claim gives."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from services.loyalty.rules.ledger import PointType

PAID_BY: Mapping[PointType, str] = {
    PointType.POINTS: "prize_points",
    PointType.GROWTH: "prize_growth",
}
"""What stands in the ledger where a rule would, by the type of the points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prize:
    """Any of: points (good for `valid_days`), growth points, a coupon, cards, a badge."""

    points: int = 0
    valid_days: int | None = 365
    growth_points: int = 0
    series_id: UUID | None = None
    freeze_cards: int = 0
    makeup_cards: int = 0
    badge: str | None = None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Prize":
        series_id = kept.get("series_id")
        return cls(**{**kept, "series_id": UUID(series_id) if series_id else None})

    def kept(self) -> dict[str, Any]:
        """As it is stored: what it does not give is left out."""
        given = {name: value for name, value in asdict(self).items() if value}
        if self.series_id:
            given["series_id"] = str(self.series_id)
        return given | {"valid_days": self.valid_days}

    @property
    def is_empty(self) -> bool:
        return self.kept().keys() == {"valid_days"}


NOTHING = Prize()
