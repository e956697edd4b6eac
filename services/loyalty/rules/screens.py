"""The wallet screen: what fits on it, and what its member may do next."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

NAME_BYTES = 96
"""Of a name, on the screen: 32 Chinese characters. The whole text is where the thing itself is."""


class Action(StrEnum):
    CHECK_IN = "check_in"
    MAKE_UP = "make_up"
    CLAIM_MISSION = "claim_mission"
    TAKE_OFFER = "take_offer"
    REDEEM_REWARD = "redeem_reward"
    INVITE = "invite"


@dataclass(frozen=True, slots=True)
class Step:
    """Something the member may do now: the request that does it."""

    action: Action
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """What is possible for a member now."""

    can_check_in: bool = False
    can_make_up: bool = False
    missions: tuple[UUID, ...] = ()
    offers: tuple[UUID, ...] = ()
    rewards: tuple[UUID, ...] = ()


def next_steps(possible: Possible) -> Iterator[Step]:
    """The next steps, the most pressing first: one of each kind."""
    if possible.can_check_in:
        yield Step(Action.CHECK_IN, "/v1/checkins")
    for mission_id in possible.missions[:1]:
        yield Step(Action.CLAIM_MISSION, f"/v1/missions/{mission_id}/claims")
    for offer_id in possible.offers[:1]:
        yield Step(Action.TAKE_OFFER, f"/v1/offers/{offer_id}/claims")
    if possible.can_make_up:
        yield Step(Action.MAKE_UP, "/v1/checkins/makeups")
    for reward_id in possible.rewards[:1]:
        yield Step(Action.REDEEM_REWARD, f"/v1/rewards/{reward_id}/redemptions")
    yield Step(Action.INVITE, "/v1/referral")


def clipped(text: str, most: int = NAME_BYTES) -> str:
    """As much of a text as fits in `most` bytes of UTF-8, with an ellipsis where it was cut."""
    encoded = text.encode()
    if len(encoded) <= most:
        return text
    return f"{encoded[: most - 3].decode(errors='ignore')}…"
