"""What loyalty says of rewards and of what members do for them."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from kit.events import Payload


class RewardRedeemed(Payload):
    """`name` holds the reward's name in each language."""

    type: ClassVar[str] = "loyalty.reward.redeemed.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("redemption_id",)
    member_id: UUID
    redemption_id: UUID
    reward_id: UUID
    name: dict[str, str]
    kind: str = "benefit"
    points: int
    balance: int
    redeemed_at: datetime


class RewardFulfilled(Payload):
    """A gift has come further: it is packed, shipped, delivered, or was cancelled."""

    type: ClassVar[str] = "loyalty.reward.fulfilled.v1"
    member_id: UUID
    redemption_id: UUID
    reward_id: UUID
    name: dict[str, str]
    fulfilment: str
    tracking: str | None
    changed_at: datetime


class CheckInRecorded(Payload):
    """`day` is the member's calendar day, `streak` the consecutive days up to it."""

    type: ClassVar[str] = "loyalty.checkin.recorded.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("day", "streak")
    member_id: UUID
    day: date
    streak: int
    points: int
    recorded_at: datetime
