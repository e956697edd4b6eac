"""Transfers, households, and adjustments that need two people."""

import asyncio
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from kit.auth import Caller, Role
from kit.ids import uuid7
from kit.testing import ABSENT, Harness, admin, backend, marketer, member, until
from services.loyalty.events import (
    HouseholdJoined,
    HouseholdLeft,
    PointsGiven,
    PointsReceived,
    PointsSpent,
)
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
    waits_for_a_lock,
    wallet,
    with_points,
)

CASHIER = backend("points:write", "points:read")


async def give(
    harness: Harness, giver: Caller, taker: Caller, points: int, key: UUID | None = None
) -> Any:
    body = {"to_member_id": taker.subject, "points": points, "message": "Enjoy!"}
    return await post(harness, giver, "/v1/points/transfers", body, key)


async def dues(harness: Harness, caller: Caller) -> list[Any]:
    return await execute(
        harness,
        "SELECT remaining, due_at FROM lots"
        " WHERE member_id = :id AND remaining > 0 ORDER BY due_at",
        id=caller.member_id,
    )


async def test_given_points_expire_when_they_would_have(harness: Harness) -> None:
    giver, taker = await with_points(harness, 30, valid_days=5), await with_points(harness, 0)
    await adjust(harness, giver, points=70, valid_days=50)
    before = await dues(harness, giver)
    answer = await give(harness, giver, taker, 40)
    assert (answer.status_code, answer.json()["available"]) == (201, 60)
    assert [(row.remaining, row.due_at) for row in await dues(harness, taker)] == [
        (30, before[0].due_at),
        (10, before[1].due_at),
    ]
    [given], [received] = (
        await harness.published(PointsGiven),
        await harness.published(PointsReceived),
    )
    assert (given.points, given.balance, given.message) == (40, 60, "Enjoy!")
    assert (received.member_id, received.balance) == (taker.member_id, 40)
    await proved(harness)


async def test_points_given_each_way_at_once_meet_no_deadlock(harness: Harness) -> None:
    one, other = await with_points(harness, 100), await with_points(harness, 100)
    answers = await asyncio.gather(
        *(give(harness, *pair, 1) for pair in ((one, other), (other, one)) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert (await balances(harness, one))[0] == (await balances(harness, other))[0] == 100
    await proved(harness)


async def test_a_transfer_repeated_after_weeks_is_made_once(harness: Harness) -> None:
    giver, taker, key = await with_points(harness, 100), await with_points(harness, 0), uuid7()
    for _ in range(2):
        assert (await give(harness, giver, taker, 40, key)).status_code == 201
        await execute(harness, "DELETE FROM idempotency_keys")
    assert (await balances(harness, taker))[0] == 40


async def test_what_cannot_be_given(harness: Harness) -> None:
    giver, taker = await with_points(harness, 9_000), await with_points(harness, 0)
    assert (await give(harness, giver, giver, 1)).status_code == 422
    assert (await give(harness, giver, member(ABSENT), 1)).status_code == 404
    assert (await give(harness, taker, giver, 1)).json()["missing_points"] == 1
    assert (await give(harness, giver, taker, 4_999)).status_code == 201
    refused = (await give(harness, giver, taker, 2)).json()
    assert (refused["code"], refused["left"]) == ("loyalty.transfer_limit", 1)
    await execute(harness, "UPDATE point_types SET transferable = false")
    assert (await give(harness, giver, taker, 1)).json()["code"] == "loyalty.not_transferable"


async def test_points_given_away_and_taken_back_later_are_owed_by_the_giver(
    harness: Harness,
) -> None:
    giver, taker = await with_points(harness, 0), await with_points(harness, 0)
    await harness.deliver(placed(giver), changed(giver, "delivered"))
    await give(harness, giver, taker, 129)
    await harness.deliver(changed(giver, "cancelled"))
    assert (await balances(harness, giver))[:3] == (0, 0, 129)
    assert (await balances(harness, taker))[0] == 129
    await proved(harness)


async def household(harness: Harness, *callers: Caller) -> dict[str, Any]:
    first, *others = callers
    answer = await post(harness, first, "/v1/households", {"name": "Home"})
    assert answer.status_code == 201, answer.text
    for other in others:
        answer = await post(harness, other, "/v1/households/joins", {"code": answer.json()["code"]})
        assert answer.status_code == 201, answer.text
    return answer.json()


async def test_nothing_is_given_to_a_household_or_to_one_that_is_closed(
    harness: Harness,
) -> None:
    giver, one = await with_points(harness, 100), await with_points(harness, 0)
    shared = Caller(subject=(await household(harness, one))["household_id"], role=Role.MEMBER)
    refused = await give(harness, giver, shared, 40)
    assert (refused.status_code, refused.json()["code"]) == (422, "loyalty.own_points")
    assert (await adjust(harness, shared, points=5)).status_code == 201
    await leave(harness, one)
    assert (await adjust(harness, shared, points=5)).status_code == 404
    assert [(await balances(harness, c))[0] for c in (giver, one)] == [100, 5]
    await proved(harness)


async def test_a_households_code_is_taken_as_people_type_it(harness: Harness) -> None:
    one, other = await with_points(harness, 0), await with_points(harness, 0)
    code = (await household(harness, one))["code"]
    answer = await post(harness, other, "/v1/households/joins", {"code": f" {code.lower()} "})
    assert answer.status_code == 201, answer.text


async def leave(harness: Harness, caller: Caller) -> Any:
    return await post(harness, caller, "/v1/households/departures")


async def test_a_household_has_one_wallet_and_each_their_own_tier(harness: Harness) -> None:
    one, other = await with_points(harness, 100), await with_points(harness, 50)
    await adjust(harness, other, points=1_200, point_type="growth")
    shared = await household(harness, one, other)
    assert shared["points"] == 150
    for caller, growth in ((one, 0), (other, 1_200)):
        shown = await wallet(harness, caller)
        assert (shown["points"], shown["growth_points"]) == (150, growth)
        assert (shown["member_id"], shown["household_id"]) == (
            caller.subject,
            shared["household_id"],
        )
    assert len(await harness.published(HouseholdJoined)) == 2
    await proved(harness)


async def test_who_earned_and_who_spent_what(harness: Harness) -> None:
    one, other = await with_points(harness, 100), await with_points(harness, 50)
    await household(harness, one, other)
    await adjust(harness, other, points=30)
    reward = await new_reward(harness, points=80)
    assert (await redeem(harness, one, reward)).json()["balance"] == 100
    assert (await redeem(harness, other, reward)).json()["balance"] == 20
    assert [e.member_id for e in await harness.published(PointsSpent)] == [
        one.member_id,
        other.member_id,
    ]
    shown = await read(harness, one, "/v1/households")
    assert [(who["earned"], who["spent"]) for who in shown["members"]] == [(0, 80), (30, 80)]
    [entry, *_] = (await wallet(harness, one))["recent"]
    assert (entry["kind"], entry["by_member_id"]) == ("spend", other.subject)
    await proved(harness)


async def test_who_leaves_takes_what_is_left_of_what_they_brought(harness: Harness) -> None:
    one, other = await with_points(harness, 100, valid_days=5), await with_points(harness, 50)
    await household(harness, one, other)
    await harness.deliver(placed(other))
    await redeem(harness, other, await new_reward(harness, points=80))
    assert (await leave(harness, other)).json()["points"] == 20
    assert (await balances(harness, other))[:3] == (50, 129, 0)
    await proved(harness)
    assert (await leave(harness, one)).json()["points"] == 0
    assert (await balances(harness, one))[:3] == (20, 0, 0)
    await proved(harness)
    assert (await leave(harness, one)).json()["code"] == "loyalty.no_household"
    assert len(await harness.published(HouseholdLeft)) == 2


async def test_a_returned_order_is_taken_back_wherever_its_points_have_gone(
    harness: Harness,
) -> None:
    one, other = await with_points(harness, 100), await with_points(harness, 50)
    await household(harness, one, other)
    await harness.deliver(placed(other), changed(other, "delivered"))
    body = {"member_id": one.subject, "points": 270, "lasts_s": 86_400}
    held = (await post(harness, CASHIER, "/v1/holds", body)).json()
    await leave(harness, other)  # what is held of their points stays
    await post(harness, CASHIER, f"/v1/holds/{held['hold_id']}/voids")
    await harness.deliver(changed(other, "cancelled"))
    assert (await balances(harness, one))[0] + (await balances(harness, other))[0] == 150
    await proved(harness)


async def test_a_refund_returns_to_who_spent_it(harness: Harness) -> None:
    one, other = await with_points(harness, 100), await with_points(harness, 50)
    await household(harness, one, other)
    await redeem(harness, one, await new_reward(harness, points=120))
    [entry, *_] = (await wallet(harness, one))["recent"]
    await leave(harness, other)
    path = f"/v1/loyalty/entries/{entry['entry_id']}/refunds"
    answer = await post(harness, CASHIER, path, {"reason": "returned"})
    assert answer.status_code == 201, answer.text
    total = [(await balances(harness, caller))[0] for caller in (one, other)]
    assert total == [120, 30]
    await proved(harness)


async def test_spending_at_once_never_overdraws_a_household(harness: Harness) -> None:
    one, other = await with_points(harness, 100), await with_points(harness, 50)
    await household(harness, one, other)
    reward = await new_reward(harness, points=40, stock=None)
    answers = await asyncio.gather(
        *(redeem(harness, caller, reward) for caller in (one, other) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 5
    assert (await wallet(harness, one))["points"] == 30
    await proved(harness)


async def test_coming_and_going_at_once(harness: Harness) -> None:
    callers = [await with_points(harness, 10) for _ in range(4)]
    shared = await household(harness, callers[0])
    code = {"code": shared["code"]}
    await asyncio.gather(
        *(post(harness, caller, "/v1/households/joins", code) for caller in callers[1:] * 2),
        leave(harness, callers[0]),
    )
    await proved(harness)
    [held] = await execute(
        harness, "SELECT sum(available)::bigint AS n FROM wallets WHERE point_type = 'points'"
    )
    assert held.n == 40


async def test_nobody_is_in_two_households(harness: Harness) -> None:
    one, other = await with_points(harness, 0), await with_points(harness, 0)
    await household(harness, one)
    code = {"code": (await household(harness, other))["code"]}
    refused = await post(harness, one, "/v1/households/joins", code)
    assert (refused.status_code, refused.json()["code"]) == (409, "loyalty.already_in_household")
    unknown = await post(harness, one, "/v1/households/joins", {"code": "NOBODYS"})
    assert unknown.json()["code"] == "loyalty.household_not_found"


async def test_a_full_household_takes_nobody(harness: Harness) -> None:
    shared = await household(harness, *[await with_points(harness, 0) for _ in range(8)])
    refused = await post(
        harness, await with_points(harness, 0), "/v1/households/joins", {"code": shared["code"]}
    )
    assert refused.json()["code"] == "loyalty.household_full"


async def test_a_merged_member_leaves_with_their_points(harness: Harness) -> None:
    guest, known, other = [await with_points(harness, points) for points in (10, 20, 30)]
    await household(harness, guest, other)
    await harness.deliver(merged(guest, known))
    assert (await balances(harness, known))[0] == 30
    assert (await balances(harness, other))[0] == 30
    await proved(harness)


async def test_a_guest_merged_into_a_member_of_a_household_brings_their_points(
    harness: Harness,
) -> None:
    guest, known, other = [await with_points(harness, points) for points in (10, 20, 30)]
    await household(harness, known, other)
    await harness.deliver(merged(guest, known))
    assert (await balances(harness, other))[0] == 60
    await leave(harness, known)
    assert (await balances(harness, known))[0] == 30
    await proved(harness)


async def test_the_database_refuses_points_beside_a_household(harness: Harness) -> None:
    one = await with_points(harness, 10)
    await household(harness, one)
    with pytest.raises(Exception, match="ck_wallets_shared"):
        await execute(harness, "UPDATE wallets SET available = 1 WHERE household_id IS NOT NULL")


async def much(harness: Harness, caller: Caller, asker: Caller) -> str:
    path = f"/v1/members/{caller.subject}/points/adjustments"
    answer = await post(harness, asker, path, {"points": 200_000, "reason": "a lawsuit"})
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting"), answer.text
    return str(answer.json()["adjustment_id"])


async def decide(harness: Harness, who: Caller, adjustment_id: str, what: str) -> Any:
    return await post(harness, who, f"/v1/loyalty/adjustments/{adjustment_id}/{what}")


async def test_a_decision_waits_for_the_wallet_before_it_holds_the_adjustment(
    harness: Harness,
) -> None:
    """As erasing the member does: neither ever holds what the other waits for."""
    caller, second = await with_points(harness, 0), admin()
    asked = await much(harness, caller, admin())
    lock = "SELECT FROM {} WHERE {} = :id FOR UPDATE NOWAIT"
    async with harness.transaction() as session:
        await session.execute(text(lock.format("wallets", "member_id")), {"id": caller.member_id})
        deciding = asyncio.create_task(decide(harness, second, asked, "approvals"))
        await until(partial(waits_for_a_lock, harness))
        row = lock.format("adjustments", "adjustment_id")
        await session.execute(text(row), {"id": UUID(asked)})
    assert (await deciding).status_code < 300


async def test_much_waits_for_a_second_person(harness: Harness) -> None:
    caller, asker, second = await with_points(harness, 0), admin(), admin()
    waiting = await much(harness, caller, asker)
    assert (await balances(harness, caller))[0] == 0
    listed = await read(harness, second, "/v1/loyalty/adjustments?state=waiting")
    assert [item["adjustment_id"] for item in listed["items"]] == [waiting]
    refused = await decide(harness, asker, waiting, "approvals")
    assert (refused.status_code, refused.json()["code"]) == (403, "loyalty.second_person_needed")
    made = (await decide(harness, second, waiting, "approvals")).json()
    assert (made["state"], made["decided_by"]) == ("approved", second.subject)
    assert (await balances(harness, caller))[0] == 200_000
    [entry] = await execute(
        harness,
        "SELECT actor, said FROM entries JOIN remarks ON entry_id = id WHERE points = 200000",
    )
    assert (entry.actor, entry.said) == (asker.subject, "a lawsuit")
    await proved(harness)


async def test_of_approval_and_rejection_one_wins(harness: Harness) -> None:
    caller, asker = await with_points(harness, 0), admin()
    waiting = await much(harness, caller, asker)
    answers = await asyncio.gather(
        *(decide(harness, admin(), waiting, what) for what in ("approvals", "rejections") * 3)
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    [won] = [answer.json()["state"] for answer in answers if answer.status_code == 201]
    assert (await balances(harness, caller))[0] == (200_000 if won == "approved" else 0)
    await proved(harness)


async def test_the_database_itself_wants_four_eyes(harness: Harness) -> None:
    await much(harness, await with_points(harness, 0), admin())
    with pytest.raises(Exception, match="ck_adjustments_four_eyes"):
        await execute(
            harness,
            "UPDATE adjustments SET state = 'approved', decided_by = requested_by,"
            " decided_at = now()",
        )


async def test_who_may_not_decide(harness: Harness) -> None:
    assert (await decide(harness, marketer(), str(ABSENT), "approvals")).status_code == 403
    assert (await decide(harness, admin(), str(ABSENT), "approvals")).status_code == 404
