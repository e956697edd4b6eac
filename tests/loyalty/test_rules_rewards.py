"""Whether a member can have a reward."""

from dataclasses import replace

import pytest

from kit.ids import uuid7
from services.loyalty.rules.rewards import Refusal, Reward, affordability

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
    found = affordability(reward, available, redeemed)
    assert (found.refusal, found.missing_points) == (refusal, missing)
    assert found.can_redeem == (refusal is None)
