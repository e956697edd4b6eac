"""Redeeming: what it asks of the database, and of which lots it takes."""

from uuid import UUID

import pytest

from kit import clock
from kit.ids import uuid7
from kit.testing import Harness
from services.loyalty.actions.redeeming import Redeemed, redeem_rewards
from services.loyalty.rules.wishes import Wish
from tests.loyalty.members import adjust, new_reward, proved, read, redeem, with_points


@pytest.mark.parametrize(
    ("points", "asked"),
    [
        pytest.param(50, 4, id="of one lot: answers, locks, a look, all that is written"),
        pytest.param(80, 5, id="of two lots: those are looked for too"),
    ],
)
async def test_a_redemption_asks_the_database_few_times(
    harness: Harness, points: int, asked: int
) -> None:
    caller = await with_points(harness, 50)
    await adjust(harness, caller, points=50, valid_days=30)
    reward_id = await new_reward(harness, points=points, stock=None)
    with harness.statements() as sent:
        assert (await redeem(harness, caller, reward_id)).status_code == 201
    assert len(sent) == asked
    wallet = await read(harness, caller, "/v1/wallet")
    assert (wallet["points"], wallet["expiring"]) == (100 - points, [])
    await proved(harness)


async def test_wishes_together_spend_several_lots_the_soonest_first(harness: Harness) -> None:
    caller = await with_points(harness, 30)
    for points, days in ((30, 60), (30, 20)):
        await adjust(harness, caller, points=points, valid_days=days)
    reward_id = UUID(await new_reward(harness, points=20, stock=None))
    async with harness.transaction() as session:
        wishes = [Wish(caller.member_id, reward_id, uuid7()) for _ in range(2)]
        outcomes = await redeem_rewards(session, wishes, clock.now())
    assert [outcome.balance for outcome in outcomes if isinstance(outcome, Redeemed)] == [70, 50]
    [soon] = (await read(harness, caller, "/v1/wallet"))["expiring"]
    assert soon["points"] == 20
    await proved(harness)
