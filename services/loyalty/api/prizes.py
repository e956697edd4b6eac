"""Prizes as callers write and read them."""

from uuid import UUID

from pydantic import Field

from kit.bodies import Answer, Body, Key
from services.loyalty.rules.prizes import Prize


class PrizeBody(Body):
    """What is given: any of these together."""

    points: int = Field(0, ge=0, le=10**9, strict=True)
    valid_days: int | None = Field(365, ge=1, le=3650, description="Of the points. Null: for ever.")
    growth_points: int = Field(0, ge=0, le=10**9, strict=True)
    series_id: UUID | None = Field(None, description="A coupon of this series.")
    freeze_cards: int = Field(0, ge=0, le=31, strict=True)
    makeup_cards: int = Field(0, ge=0, le=31, strict=True)
    badge: Key | None = None

    def prize(self) -> Prize:
        return Prize(**self.model_dump())


class PrizeAnswer(Answer):
    points: int
    valid_days: int | None
    growth_points: int
    series_id: UUID | None
    freeze_cards: int
    makeup_cards: int
    badge: str | None
