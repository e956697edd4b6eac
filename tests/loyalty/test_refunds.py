"""Refunds of spends to the lots they came from, and the policies of taking points back."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import ABSENT, Harness, admin, agent, backend, member, name_of
from services.loyalty.events import PointsRefunded
from services.loyalty.jobs import SCHEDULE
from tests.loyalty.members import (
    adjust,
    balances,
    changed,
    execute,
    merged,
    new_reward,
    placed,
    post,
    proved,
    read,
    redeem,
    wallet,
    with_points,
)

EXPIRE = SCHEDULE[0]
CASHIER = backend("points:write")


async def spent(harness: Harness, caller: Caller, points: int) -> str:
    """The entry of a redemption."""
    answer = await redeem(harness, caller, await new_reward(harness, points=points))
    assert answer.status_code == 201, answer.text
    [entry, *_] = (await wallet(harness, caller))["recent"]
    return str(entry["entry_id"])


async def refund(
    harness: Harness, entry_id: object, points: int | None = None, key: UUID | None = None
) -> Any:
    path = f"/v1/loyalty/entries/{entry_id}/refunds"
    return await post(harness, CASHIER, path, {"points": points, "reason": "returned"}, key)


async def lots(harness: Harness) -> list[tuple[int, int]]:
    found = await execute(harness, "SELECT original, remaining FROM lots ORDER BY id")
    return [(row.original, row.remaining) for row in found]


async def test_points_return_to_the_lots_they_came_from(harness: Harness) -> None:
    caller = await with_points(harness, 30, valid_days=5)
    await adjust(harness, caller, points=70, valid_days=50)
    entry_id = await spent(harness, caller, 80)
    assert await lots(harness) == [(30, 0), (70, 20)]
    answer = (await refund(harness, entry_id)).json()
    assert (answer["points"], answer["refunded"], answer["available"]) == (80, 80, 100)
    assert await lots(harness) == [(30, 30), (70, 70)]
    assert [(e.points, e.balance) for e in await harness.published(PointsRefunded)] == [(80, 100)]
    await proved(harness)


async def test_a_part_comes_back_of_the_youngest_lot_first(harness: Harness) -> None:
    caller = await with_points(harness, 30, valid_days=5)
    await adjust(harness, caller, points=70, valid_days=50)
    entry_id = await spent(harness, caller, 80)
    for points, expected in ((40, [(30, 0), (70, 60)]), (15, [(30, 5), (70, 70)])):
        assert (await refund(harness, entry_id, points)).status_code == 201
        assert await lots(harness) == expected
        await proved(harness)
    refused = await refund(harness, entry_id, 26)
    assert (refused.status_code, refused.json()["refundable"]) == (409, 25)


async def test_what_was_captured_of_a_hold_is_refunded_too(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    hold = (await post(harness, CASHIER, "/v1/holds", _of(caller, 60))).json()
    await post(harness, CASHIER, f"/v1/holds/{hold['hold_id']}/captures", {"points": 45})
    history = (await read(harness, caller, "/v1/points/history"))["items"]
    [entry_id] = [entry["entry_id"] for entry in history if entry["kind"] == "capture"]
    assert (await refund(harness, entry_id)).json()["available"] == 100
    await proved(harness)


def _of(caller: Caller, points: int) -> dict[str, Any]:
    return {"member_id": caller.subject, "points": points}


async def test_refunded_points_pay_what_is_owed_first(harness: Harness) -> None:
    caller = await with_points(harness, 0)
    await harness.deliver(placed(caller), changed(caller, "delivered"))
    entry_id = await spent(harness, caller, 100)
    await harness.deliver(changed(caller, "cancelled"))
    assert (await balances(harness, caller))[:3] == (0, 0, 100)
    await refund(harness, entry_id, 30)
    assert (await balances(harness, caller))[:3] == (0, 0, 70)
    await proved(harness)
    await refund(harness, entry_id)
    assert (await balances(harness, caller))[:3] == (0, 0, 0)
    await proved(harness)


@pytest.mark.parametrize(
    ("grace_days", "available"),
    [pytest.param(0, 0, id="goes again at once"), pytest.param(7, 80, id="has the grace allowed")],
)
async def test_what_has_expired_meanwhile(
    harness: Harness, grace_days: int, available: int
) -> None:
    await execute(harness, "UPDATE point_types SET grace_days = :days", days=grace_days)
    caller = await with_points(harness, 100, valid_days=5)
    entry_id = await spent(harness, caller, 80)
    for table in ("lots", "wallets"):
        await execute(harness, f"UPDATE {table} SET due_at = now() - interval '1 day'")
    assert (await balances(harness, caller))[0] == 0
    assert (await refund(harness, entry_id)).json()["available"] == available
    await proved(harness)
    await harness.run(EXPIRE, at=clock.now() + timedelta(days=8))
    assert (await balances(harness, caller))[0] == 0
    await proved(harness)


async def test_a_merged_members_spend_comes_back_to_who_goes_on(harness: Harness) -> None:
    guest, known = await with_points(harness, 100), await with_points(harness, 5)
    whole = await spent(harness, guest, 80)
    await harness.deliver(merged(guest, known))
    assert (await refund(harness, whole)).json()["available"] == 105
    assert (await balances(harness, known))[0] == 105
    await proved(harness)


async def test_refunds_at_once_return_each_point_once(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    entry_id = await spent(harness, caller, 80)
    answers = await asyncio.gather(*(refund(harness, entry_id) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert (await balances(harness, caller))[0] == 100
    await proved(harness)


async def test_a_refund_repeated_after_weeks_is_made_once(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    entry_id, key = await spent(harness, caller, 80), uuid7()
    for _ in range(2):
        answer = await refund(harness, entry_id, 30, key)
        assert (answer.status_code, answer.json()["refunded"]) == (201, 30)
        await execute(harness, "DELETE FROM idempotency_keys")
    assert (await balances(harness, caller))[0] == 50


async def test_the_database_itself_refuses_to_refund_more_than_was_spent(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    entry_id = await spent(harness, caller, 80)
    await refund(harness, entry_id)
    with pytest.raises(Exception, match="ck_refunds_refunded"):
        await execute(harness, "UPDATE refunds SET refunded = 81")


async def test_what_spent_nothing_is_not_refunded(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    [entry] = (await wallet(harness, caller))["recent"]
    for entry_id in (entry["entry_id"], ABSENT):
        answer = await refund(harness, entry_id)
        assert (answer.status_code, answer.json()["code"]) == (404, "loyalty.spend_not_found")


@pytest.mark.parametrize("caller", [member(), agent(), backend("points:read")], ids=name_of)
async def test_who_may_not_refund(harness: Harness, caller: Caller) -> None:
    path = f"/v1/loyalty/entries/{ABSENT}/refunds"
    assert (await post(harness, caller, path, {"reason": "x"})).status_code == 403


async def set_policy(harness: Harness, **changes: Any) -> Any:
    async with harness.client(admin()) as client:
        answer = await client.patch("/v1/loyalty/point-types/points", json=changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param({"clawback": "pending_only"}, (29, 0, 0), id="pending only"),
        pytest.param({"clawback": "clamp_to_zero"}, (0, 0, 0), id="clamp to zero"),
        pytest.param({"debt_limit": 40}, (0, 0, 40), id="debt up to a limit"),
        pytest.param({}, (0, 0, 100), id="debt"),
    ],
)
async def test_what_is_spent_is_taken_back_as_the_policy_says(
    harness: Harness, policy: dict[str, Any], expected: tuple[int, int, int]
) -> None:
    await set_policy(harness, **policy)
    caller = await with_points(harness, 0)
    await harness.deliver(placed(caller), changed(caller, "delivered"))
    await spent(harness, caller, 100)
    for _ in range(2):  # the second telling takes nothing more
        await harness.deliver(changed(caller, "refunded", refunded_minor=12_900))
        assert (await balances(harness, caller))[:3] == expected
        await proved(harness)
    await adjust(harness, caller, points=10)
    available, _, debt = expected
    assert (await balances(harness, caller))[:3] == (
        available + max(0, 10 - debt),
        0,
        max(0, debt - 10),
    )
    await harness.deliver(changed(caller, "refunded", refunded_minor=12_900))
    await proved(harness)


async def test_pending_points_are_taken_back_under_any_policy(harness: Harness) -> None:
    await set_policy(harness, clawback="pending_only")
    caller = await with_points(harness, 0)
    await harness.deliver(placed(caller), changed(caller, "cancelled"))
    assert (await balances(harness, caller))[:3] == (0, 0, 0)
    await proved(harness)


async def test_policies_are_shown_and_changed(harness: Harness) -> None:
    changed_to = await set_policy(harness, debt_limit=500, grace_days=3)
    usual = {"clawback": "allow_debt", "debt_limit": 500, "grace_days": 3}
    assert changed_to.items() >= {"key": "points", **usual}.items()
    shown = await read(harness, agent(), "/v1/loyalty/point-types")
    assert [item["key"] for item in shown["items"]] == ["growth", "points"]
    async with harness.client(agent()) as client:
        refused = await client.patch("/v1/loyalty/point-types/points", json={"grace_days": 1})
    assert refused.status_code == 403
