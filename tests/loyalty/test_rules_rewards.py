"""Whether a member can have a reward."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.ids import uuid7
from services.loyalty.rules.audience import Audience, Person
from services.loyalty.rules.rewards import Past, Refusal, Reward, RewardKind, affordability

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GOLD = Person(tier="gold")

TEA = Reward(
    reward_id=uuid7(),
    name={"en": "Tea"},
    description={"en": "A cup of it."},
    points=80,
    stock=5,
    member_limit=2,
    active=True,
)


@pytest.mark.parametrize(
    ("reward", "available", "redeemed", "refusal", "missing"),
    [
        pytest.param(TEA, 80, 0, None, 0, id="exactly enough is enough"),
        pytest.param(TEA, 79, 0, Refusal.INSUFFICIENT_POINTS, 1, id="one point short"),
        pytest.param(TEA, 500, 2, Refusal.LIMIT_REACHED, 0, id="as often as one can"),
        pytest.param(TEA, 500, 1, None, 0, id="once more"),
        pytest.param(replace(TEA, stock=0), 10, 2, Refusal.SOLD_OUT, 70, id="sold out comes first"),
        pytest.param(
            replace(TEA, stock=None, member_limit=None), 80, 999, None, 0, id="without limits"
        ),
    ],
)
def test_affordability(
    reward: Reward, available: int, redeemed: int, refusal: Refusal | None, missing: int
) -> None:
    found = affordability(reward, available, Past(redeemed, NOW - HOUR), GOLD, NOW)
    assert (found.refusal, found.missing_points) == (refusal, missing)
    assert found.can_redeem == (refusal is None)


@pytest.mark.parametrize(
    ("changes", "last_at", "refusal", "available_at"),
    [
        pytest.param({"valid_from": NOW + HOUR}, None, Refusal.NOT_YET, NOW + HOUR, id="too early"),
        pytest.param({"valid_from": NOW}, None, None, None, id="from this moment on"),
        pytest.param({"valid_until": NOW}, None, Refusal.ENDED, None, id="until this moment"),
        pytest.param({"valid_until": NOW + HOUR}, None, None, None, id="an hour is left"),
        pytest.param(
            {"audience": Audience(tiers=frozenset({"platinum"}))},
            None,
            Refusal.TIER,
            None,
            id="for another tier",
        ),
        pytest.param(
            {"audience": Audience(tiers=frozenset({"gold", "platinum"}))},
            None,
            None,
            None,
            id="for this tier too",
        ),
        pytest.param(
            {"cooldown_s": 7200}, NOW - HOUR, Refusal.COOLING_DOWN, NOW + HOUR, id="cooling down"
        ),
        pytest.param({"cooldown_s": 3600}, NOW - HOUR, None, None, id="cooled down"),
        pytest.param({"cooldown_s": 3600}, None, None, None, id="never had before"),
        pytest.param(
            {"kind": RewardKind.CODE, "codes_left": False},
            None,
            Refusal.SOLD_OUT,
            None,
            id="an empty pool",
        ),
    ],
)
def test_what_stands_in_the_way_and_until_when(
    changes: dict[str, Any],
    last_at: datetime | None,
    refusal: Refusal | None,
    available_at: datetime | None,
) -> None:
    past = Past(1 if last_at else 0, last_at)
    found = affordability(replace(TEA, **changes), 100, past, GOLD, NOW)
    assert (found.refusal, found.available_at) == (refusal, available_at)


@pytest.mark.parametrize(
    ("stock", "state"), [(None, "plenty"), (11, "plenty"), (10, "low"), (1, "low"), (0, "sold_out")]
)
def test_a_phone_is_told_when_there_are_few(stock: int | None, state: str) -> None:
    assert replace(TEA, stock=stock).stock_state == state
