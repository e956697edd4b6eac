"""Undoing an import: all it brought is taken back by entries, and what was used since is owed."""

from kit.auth import Caller
from kit.testing import Harness, admin
from services.loyalty.events import PointsReversed, TierChanged
from tests.loyalty.importing import committed, named, order
from tests.loyalty.members import (
    adjust,
    balances,
    execute,
    merged,
    new_reward,
    post,
    proved,
    redeem,
)


async def test_undoing_takes_back_all_and_keeps_the_entries(harness: Harness) -> None:
    ann, bob = await named(harness, "C-1"), await named(harness, "C-2")
    file = "external_id,point_type,points\nC-1,points,100\nC-1,growth,5000\nC-2,points,-80\n"
    done = await committed(harness, "balances", file)
    undone = await order(harness, done["import_id"], "reversals")
    assert (undone["state"], undone["accepted"]) == ("undone", 0)
    assert await balances(harness, ann) == (0, 0, 0, 0)
    assert await balances(harness, bob) == (0, 0, 0, 0)
    assert len(await execute(harness, "SELECT 1 FROM entries")) == 6
    [said] = await harness.published(PointsReversed)
    assert said.reason == "import_undone"
    assert [change.tier for change in await harness.published(TierChanged)][-1] == "normal"
    await proved(harness)


async def test_what_was_spent_before_undoing_is_owed(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    done = await committed(harness, "balances", "external_id,points\nC-1,100\n")
    assert (await redeem(harness, ann, await new_reward(harness))).status_code == 201
    await order(harness, done["import_id"], "reversals")
    assert await balances(harness, ann) == (0, 0, 80, 0)
    await proved(harness)


async def forgiven(harness: Harness) -> Caller:
    """A member who owed 80, has paid 50 of it, and was let go of all: 50 come back."""
    ann = await named(harness, "C-1")
    done = await committed(harness, "balances", "external_id,points\nC-1,-80\n")
    await adjust(harness, ann, points=50)
    assert await balances(harness, ann) == (0, 0, 30, 0)
    await order(harness, done["import_id"], "reversals")
    assert await balances(harness, ann) == (50, 0, 0, 0)
    return ann


async def test_what_was_given_back_for_a_debt_can_be_spent_and_refunded(harness: Harness) -> None:
    ann = await forgiven(harness)
    assert (await redeem(harness, ann, await new_reward(harness, points=50))).status_code == 201
    [(entry,)] = await execute(harness, "SELECT id FROM entries WHERE kind = 'spend'")
    path = f"/v1/loyalty/entries/{entry}/refunds"
    answer = await post(harness, admin(), path, {"points": 50, "reason": "returned"})
    assert answer.status_code == 201, answer.text
    assert await balances(harness, ann) == (50, 0, 0, 0)
    await proved(harness)


async def test_what_was_given_back_for_a_debt_goes_on_with_a_merged_member(
    harness: Harness,
) -> None:
    ann, bob = await forgiven(harness), await named(harness, "C-2")
    await harness.deliver(merged(ann, bob))
    assert await balances(harness, bob) == (50, 0, 0, 0)
    await proved(harness)


async def test_after_undoing_the_file_can_come_again(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    file = "external_id,points\nC-1,100\n"
    done = await committed(harness, "balances", file)
    await order(harness, done["import_id"], "reversals")
    again = await committed(harness, "balances", file)
    assert again["import_id"] != done["import_id"]
    assert (await balances(harness, ann))[0] == 100
    await proved(harness)
