"""The depth of the catalogue: gates, cool-downs, pools of codes, gifts."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, agent, backend, marketer, member
from services.loyalty.events import CouponIssued, RewardFulfilled
from services.loyalty.jobs import SCHEDULE
from tests.loyalty.members import (
    balances,
    execute,
    new_reward,
    post,
    proved,
    read,
    redeem,
    with_points,
)
from tests.loyalty.promotions import in_segment, in_tier, new_series, send_codes

[LOADING] = [job for job in SCHEDULE if job.name == "loyalty.load_codes"]


async def offered(harness: Harness, caller: Caller) -> list[dict[str, Any]]:
    return (await read(harness, caller, "/v1/rewards"))["items"]


async def loaded(harness: Harness, load: dict[str, Any]) -> dict[str, Any]:
    await harness.run(LOADING)
    return await read(harness, marketer(), f"/v1/loyalty/code-loads/{load['load_id']}")


async def test_a_reward_for_a_tier_says_so_to_others(harness: Harness) -> None:
    caller, reward_id = await with_points(harness, 500), await new_reward(harness, tiers=["gold"])
    [item] = await offered(harness, caller)
    assert (item["can_redeem"], item["reason"], item["tiers"]) == (False, "tier", ["gold"])
    answer = await redeem(harness, caller, reward_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.not_for_tier")
    await in_tier(harness, caller, "gold")
    assert (await redeem(harness, caller, reward_id)).status_code == 201


async def test_a_reward_for_a_segment_is_hidden_from_others(harness: Harness) -> None:
    caller, reward_id = (
        await with_points(harness, 500),
        await new_reward(harness, segments=["silent", "vip"]),
    )
    assert await offered(harness, caller) == []
    assert (await redeem(harness, caller, reward_id)).status_code == 404
    await in_segment(harness, caller, "vip")
    assert [item["reward_id"] for item in await offered(harness, caller)] == [reward_id]
    assert (await redeem(harness, caller, reward_id)).status_code == 201


async def test_a_reward_is_had_within_its_time(harness: Harness) -> None:
    caller, now = await with_points(harness, 500), clock.now()
    later, hour = (now + timedelta(hours=2)).isoformat(), timedelta(hours=1)
    soon = await new_reward(harness, valid_from=(now + hour).isoformat(), valid_until=later)
    past = await new_reward(harness, valid_until=(now - hour).isoformat())
    [item] = await offered(harness, caller)
    assert (item["reward_id"], item["reason"]) == (soon, "not_yet")
    assert item["available_at"] is not None
    answer = await redeem(harness, caller, soon)
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.reward_not_now")
    assert (await redeem(harness, caller, past)).status_code == 404


async def test_a_reward_cools_down(harness: Harness) -> None:
    caller, reward_id = await with_points(harness, 500), await new_reward(harness, cooldown_s=3600)
    answers = await asyncio.gather(*(redeem(harness, caller, reward_id) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 3
    [item] = await offered(harness, caller)
    assert (item["reason"], item["available_at"] is not None) == ("cooling_down", True)
    await execute(
        harness, "UPDATE redemptions SET redeemed_at = redeemed_at - interval '61 minutes'"
    )
    assert (await redeem(harness, caller, reward_id)).status_code == 201


async def test_codes_of_a_file_go_out_one_to_each(harness: Harness) -> None:
    reward_id = await new_reward(harness, kind="code", stock=None, points=10)
    callers = [await with_points(harness, 10) for _ in range(12)]
    [empty] = await offered(harness, callers[0])
    assert (empty["reason"], empty["stock_state"]) == ("sold_out", "sold_out")
    codes = [f"partner-{n}" for n in range(10)]
    sent = await send_codes(harness, f"/v1/rewards/{reward_id}/codes", codes)
    assert sent.status_code == 202, sent.text
    done = await loaded(harness, sent.json())
    assert (done["added"], done["duplicates"], done["invalid"]) == (10, 0, 0)
    assert done["finished_at"] is not None
    answers = await asyncio.gather(*(redeem(harness, caller, reward_id) for caller in callers))
    given = [answer.json()["code"] for answer in answers if answer.status_code == 201]
    assert sorted(given) == codes
    refused = [answer.json()["code"] for answer in answers if answer.status_code != 201]
    assert refused == ["loyalty.sold_out"] * 2
    await proved(harness)


async def test_a_file_of_codes_says_what_was_wrong_with_it(harness: Harness) -> None:
    reward_id = await new_reward(harness, kind="code")
    lines = ["code", "A-1", "two words", "A-1", "", "A-2", "x" * 101]
    sent = await send_codes(harness, f"/v1/rewards/{reward_id}/codes", lines)
    done = await loaded(harness, sent.json())
    assert (done["added"], done["duplicates"], done["invalid"]) == (2, 1, 2)
    assert [error["line"] for error in done["errors"]] == [3, 7]


async def test_a_file_is_read_in_portions_whatever_stops_in_between(harness: Harness) -> None:
    """A portion that fails rolls back alone, and is read again."""
    reward_id = await new_reward(harness, kind="code")
    codes = [f"{n:019d}" for n in range(40_000)]
    sent = await send_codes(harness, f"/v1/rewards/{reward_id}/codes", codes)
    [chunks] = await execute(harness, "SELECT count(*) AS n FROM code_chunks")
    assert chunks.n >= 3

    async def killed() -> None:
        async with harness.transaction() as session:
            await LOADING.run(session, clock.now())
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await killed()
    assert await execute(harness, "SELECT 1 FROM reward_codes") == []
    done = await loaded(harness, sent.json())
    assert (done["added"], done["duplicates"]) == (40_000, 0)
    assert await execute(harness, "SELECT 1 FROM code_chunks") == []


async def test_a_file_that_is_no_text_is_refused(harness: Harness) -> None:
    reward_id = await new_reward(harness, kind="code")
    sent = await send_codes(harness, f"/v1/rewards/{reward_id}/codes", [], content=b"\xff\xfe\x00")
    assert (sent.status_code, sent.json()["code"]) == (422, "loyalty.not_text")
    sent = await send_codes(harness, f"/v1/rewards/{await new_reward(harness)}/codes", ["A-1"])
    assert (sent.status_code, sent.json()["code"]) == (404, "loyalty.reward_not_found")


async def test_codes_are_made_up_for_a_pool(harness: Harness) -> None:
    reward_id = await new_reward(harness, kind="code")
    body = {"count": 45_000, "prefix": "TEA-", "length": 12}
    path, key = f"/v1/rewards/{reward_id}/codes/generations", uuid7()
    caller = marketer()
    first, second = [await post(harness, caller, path, body, key) for _ in range(2)]
    assert (first.status_code, first.content) == (202, second.content)
    assert (await loaded(harness, first.json()))["added"] == 45_000
    [row] = await execute(harness, "SELECT count(DISTINCT code) AS n FROM reward_codes")
    assert row.n == 45_000


async def test_a_reward_may_be_a_coupon(harness: Harness) -> None:
    caller, series_id = await with_points(harness, 100), await new_series(harness)
    reward_id = await new_reward(harness, kind="coupon", series_id=series_id)
    code = (await redeem(harness, caller, reward_id)).json()["code"]
    [coupon] = (await read(harness, caller, "/v1/coupons"))["items"]
    assert (coupon["code"], coupon["state"]) == (code, "usable")
    [issued] = await harness.published(CouponIssued)
    assert (str(issued.member_id), str(issued.coupon_id)) == (caller.subject, coupon["coupon_id"])


@pytest.mark.parametrize("kind", ["freeze_card", "makeup_card"])
async def test_a_reward_may_be_a_card(harness: Harness, kind: str) -> None:
    caller, reward_id = await with_points(harness, 100), await new_reward(harness, kind=kind)
    assert (await redeem(harness, caller, reward_id)).status_code == 201
    [row] = await execute(harness, "SELECT freezes, makeups FROM checkin_cards")
    assert (row.freezes, row.makeups) == ((1, 0) if kind == "freeze_card" else (0, 1))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"kind": "coupon"}, "series_id"),
        ({"series_id": "0198c0de-0000-7000-8000-000000000001"}, "series_id"),
        ({"valid_from": "2026-03-02T00:00:00Z", "valid_until": "2026-03-01T00:00:00Z"}, "after"),
    ],
)
async def test_a_reward_that_is_not_whole_is_refused(
    harness: Harness, body: dict[str, Any], said: str
) -> None:
    texts = {"name": {"en": "Tea"}, "description": {"en": "Tea"}, "points": 1}
    answer = await post(harness, marketer(), "/v1/rewards", {**texts, **body})
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("caller", [member(), agent(), backend("rewards:read")])
async def test_only_marketers_fill_pools(harness: Harness, caller: Caller) -> None:
    for path in ("codes", "codes/generations"):
        answer = await post(harness, caller, f"/v1/rewards/{uuid7()}/{path}", {"count": 5})
        assert answer.status_code == 403


async def test_members_see_their_codes_and_staff_do_not(harness: Harness) -> None:
    reward_id = await new_reward(harness, kind="code", points=10)
    sent = await send_codes(harness, f"/v1/rewards/{reward_id}/codes", ["SECRET"])
    await loaded(harness, sent.json())
    caller = await with_points(harness, 10)
    await redeem(harness, caller, reward_id)
    [own] = (await read(harness, caller, "/v1/redemptions"))["items"]
    [seen] = (await read(harness, agent(), "/v1/redemptions"))["items"]
    assert (own["code"], seen["code"]) == ("SECRET", None)
    assert await balances(harness, caller) == (0, 0, 0, 0)


async def test_a_gift_goes_its_way_and_its_member_is_told(harness: Harness) -> None:
    caller, reward_id = await with_points(harness, 100), await new_reward(harness, kind="physical")
    bought = (await redeem(harness, caller, reward_id)).json()
    assert bought["fulfilment"] == "requested"
    open_ = "/v1/redemptions?fulfilment=requested&fulfilment=packed"
    [waiting] = (await read(harness, agent(), open_))["items"]
    assert (waiting["member_id"], waiting["redemption_id"]) == (
        caller.subject,
        bought["redemption_id"],
    )
    for step, tracking in (("packed", None), ("shipped", "SF 12"), ("delivered", None)):
        answer = await move(harness, bought, step, tracking=tracking)
        assert answer.status_code == 200, answer.text
    again = await move(harness, bought, "delivered")
    assert (again.status_code, again.json()["tracking"]) == (200, "SF 12")
    told = [item.fulfilment for item in await harness.published(RewardFulfilled)]
    assert told == ["packed", "shipped", "delivered"]
    assert (await read(harness, agent(), open_))["items"] == []


async def test_a_cancelled_gift_gives_points_and_stock_back_once(harness: Harness) -> None:
    caller = await with_points(harness, 100, valid_days=30)
    reward_id = await new_reward(harness, kind="physical", member_limit=1)
    bought = (await redeem(harness, caller, reward_id)).json()
    before = await balances(harness, caller)
    answers = await asyncio.gather(*(move(harness, bought, "cancelled") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert (before[0], (await balances(harness, caller))[0]) == (20, 100)
    [row] = await execute(harness, "SELECT stock FROM rewards")
    assert row.stock == 5
    assert len(await harness.published(RewardFulfilled)) == 1
    assert (await redeem(harness, caller, reward_id)).status_code == 201
    await proved(harness)


@pytest.mark.parametrize("step", ["requested", "packed", "cancelled"])
async def test_a_gift_that_has_come_goes_nowhere(harness: Harness, step: str) -> None:
    caller, reward_id = await with_points(harness, 100), await new_reward(harness, kind="physical")
    bought = (await redeem(harness, caller, reward_id)).json()
    await move(harness, bought, "delivered")
    answer = await move(harness, bought, step)
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.wrong_fulfilment_step")


async def test_a_code_that_was_seen_is_not_taken_back(harness: Harness) -> None:
    reward_id = await new_reward(harness, kind="code", points=10)
    sent = await send_codes(harness, f"/v1/rewards/{reward_id}/codes", ["SECRET"])
    await loaded(harness, sent.json())
    bought = (await redeem(harness, await with_points(harness, 10), reward_id)).json()
    assert (await move(harness, bought, "cancelled")).status_code == 409


async def test_a_redemption_nobody_made_goes_nowhere(harness: Harness) -> None:
    answer = await move(harness, {"redemption_id": uuid7()}, "packed")
    assert (answer.status_code, answer.json()["code"]) == (404, "loyalty.redemption_not_found")
    for caller in (member(), backend("rewards:read")):
        async with harness.client(caller) as client:
            answer = await client.patch(f"/v1/redemptions/{uuid7()}", json={"fulfilment": "packed"})
        assert answer.status_code == 403


async def move(harness: Harness, bought: dict[str, Any], step: str, **body: Any) -> Any:
    async with harness.client(agent()) as client:
        path = f"/v1/redemptions/{bought['redemption_id']}"
        return await client.patch(path, json={"fulfilment": step, **body})
