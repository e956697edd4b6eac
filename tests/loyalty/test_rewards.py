"""Rewards: the catalogue and redeeming."""

import asyncio
from functools import partial
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import ABSENT, Harness, admin, agent, analyst, backend, marketer, member
from services.loyalty.actions.redeeming import Redeemed, redeem_rewards
from services.loyalty.events import PointsSpent, RewardRedeemed
from services.loyalty.rules.wishes import Wish
from tests.loyalty.costs import rows_read
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

WISHES = 64


async def patch(harness: Harness, caller: Caller, reward_id: object, body: Any) -> Any:
    async with harness.client(caller) as client:
        return await client.patch(f"/v1/rewards/{reward_id}", json=body)


async def insist(harness: Harness, caller: Caller, reward_id: str) -> httpx.Response:
    """Redeem as a phone does: with one key, again while the service is too busy."""
    key = uuid7()
    while (answer := await redeem(harness, caller, reward_id, key)).status_code in {503, 504}:
        pass
    return answer


async def test_redeeming_spends_points_and_is_told(harness: Harness) -> None:
    caller, reward_id = await with_points(harness, 100), await new_reward(harness)
    answer = await redeem(harness, caller, reward_id)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["reward_id"], body["points"], body["balance"]) == (reward_id, 80, 20)
    [redeemed] = await harness.published(RewardRedeemed)
    assert (str(redeemed.redemption_id), redeemed.balance) == (body["redemption_id"], 20)
    assert redeemed.name["ru"] == "Чашка чая"
    [spent] = await harness.published(PointsSpent)
    assert (spent.points, spent.source_id) == (80, body["redemption_id"])
    assert await balances(harness, caller) == (20, 0, 0, 0)
    await proved(harness)


async def test_a_retry_with_the_same_key_redeems_once(harness: Harness) -> None:
    caller, reward_id = await with_points(harness, 500), await new_reward(harness)
    key = uuid7()
    answers = await asyncio.gather(*(redeem(harness, caller, reward_id, key) for _ in range(5)))
    assert len({answer.content for answer in answers}) == 1
    assert await balances(harness, caller) == (420, 0, 0, 0)


async def test_a_phone_that_was_off_for_weeks_redeems_once(harness: Harness) -> None:
    """Stored answers are forgotten after days; the redemption remembers its key."""
    caller, reward_id = await with_points(harness, 500), await new_reward(harness)
    key = uuid7()
    first = await redeem(harness, caller, reward_id, key)
    await execute(harness, "DELETE FROM idempotency_keys")
    assert (await redeem(harness, caller, reward_id, key)).json() == first.json()
    assert len(await harness.published(RewardRedeemed)) == 1


async def test_a_refusal_is_replayed_with_its_key(harness: Harness) -> None:
    """The phone that retries later gets the answer it missed, not a surprise."""
    caller, reward_id, key = await with_points(harness, 1), await new_reward(harness), uuid7()
    assert (await redeem(harness, caller, reward_id, key)).status_code == 409
    await execute(harness, "UPDATE rewards SET points = 1")
    assert (await redeem(harness, caller, reward_id, key)).status_code == 409
    assert (await redeem(harness, caller, reward_id)).status_code == 201


async def test_redeeming_needs_a_key(harness: Harness) -> None:
    async with harness.client(member()) as client:
        answer = await client.post(f"/v1/rewards/{ABSENT}/redemptions")
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")


async def test_too_few_points_are_refused_with_how_many_are_missing(harness: Harness) -> None:
    caller, reward_id = await with_points(harness, 50), await new_reward(harness)
    answer = await redeem(harness, caller, reward_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.insufficient_points")
    assert (answer.json()["available"], answer.json()["missing_points"]) == (50, 30)
    assert await execute(harness, "SELECT 1 FROM redemptions") == []


async def test_two_hundred_members_racing_for_the_last_one_get_one(harness: Harness) -> None:
    reward_id = await new_reward(harness, stock=1)
    callers = [await with_points(harness, 80) for _ in range(200)]
    answers = await asyncio.gather(*(insist(harness, caller, reward_id) for caller in callers))
    codes = [answer.json().get("code") for answer in answers if answer.status_code != 201]
    assert codes == ["loyalty.sold_out"] * 199
    [row] = await execute(harness, "SELECT stock FROM rewards")
    assert row.stock == 0
    assert len(await harness.published(RewardRedeemed)) == 1
    await proved(harness)


async def test_a_member_racing_against_themselves_spends_only_what_they_have(
    harness: Harness,
) -> None:
    caller, reward_id = await with_points(harness, 200), await new_reward(harness, stock=None)
    answers = await asyncio.gather(*(redeem(harness, caller, reward_id) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 8
    assert await balances(harness, caller) == (40, 0, 0, 0)
    await proved(harness)


async def test_wishes_decided_together_each_see_what_those_before_left(harness: Harness) -> None:
    """Points, stock, limits, haste and codes, within one transaction."""
    rich, poor = await with_points(harness, 1_000), await with_points(harness, 100)
    few = UUID(await new_reward(harness, points=60, stock=2))
    once = UUID(await new_reward(harness, points=10, member_limit=1, stock=None))
    cool = UUID(await new_reward(harness, points=10, cooldown_s=60, stock=None))
    code = UUID(await new_reward(harness, points=10, kind="code", stock=None))
    await execute(
        harness,
        "INSERT INTO reward_codes (reward_id, code) VALUES (:id, 'A'), (:id, 'B')",
        id=code,
    )
    wanted = [(poor, few), (poor, few), (rich, few), (rich, few), (rich, once), (rich, once)]
    wanted += [(poor, once), (rich, cool), (rich, cool), (poor, code), (rich, code), (rich, code)]
    wanted += [(rich, ABSENT)]
    wishes = [Wish(caller.member_id, reward_id, uuid7()) for caller, reward_id in wanted]
    async with harness.transaction() as session:
        outcomes = await redeem_rewards(session, wishes, clock.now())
    assert [getattr(each, "code", "granted") for each in outcomes] == [
        "granted",
        "loyalty.insufficient_points",
        "granted",
        "loyalty.sold_out",
        "granted",
        "loyalty.limit_reached",
        "granted",
        "granted",
        "loyalty.cooling_down",
        "granted",
        "granted",
        "loyalty.sold_out",
        "loyalty.reward_not_found",
    ]
    kept = await execute(harness, "SELECT code, redemption_id FROM reward_codes ORDER BY code")
    redeemed = await execute(
        harness, "SELECT code, redemption_id FROM redemptions WHERE code IS NOT NULL ORDER BY code"
    )
    assert [row.code for row in kept] == ["A", "B"]
    assert [tuple(row) for row in kept] == [tuple(row) for row in redeemed]
    assert [row.stock for row in await execute(harness, "SELECT stock FROM rewards")].count(0) == 1
    assert (await balances(harness, poor))[0] == 100 - 60 - 10 - 10
    assert len(await harness.published(RewardRedeemed)) == 7
    await proved(harness)


async def redeem_many(session: AsyncSession, member_id: UUID, reward_id: UUID) -> None:
    """Decide on many wishes and grant them, and undo it."""
    async with session.begin_nested() as undone:
        wishes = [Wish(member_id, reward_id, uuid7()) for _ in range(WISHES)]
        outcomes = await redeem_rewards(session, wishes, clock.now())
        assert [each for each in outcomes if not isinstance(each, Redeemed)] == []
        await undone.rollback()


async def test_redeeming_costs_the_same_however_much_others_have_redeemed(
    harness: Harness,
) -> None:
    caller, reward_id = (
        await with_points(harness, WISHES),
        await new_reward(harness, points=1, stock=None),
    )
    no_limits = "hourly_redemptions = NULL, daily_redemptions = NULL"
    await execute(harness, f"UPDATE velocity_limits SET {no_limits}")
    step = partial(redeem_many, member_id=caller.member_id, reward_id=UUID(reward_id))
    await execute(harness, "ANALYZE redemptions")
    alone = await rows_read(harness, step)
    await execute(
        harness,
        """
        INSERT INTO redemptions (redemption_id, member_id, reward_id, key, points, redeemed_at)
        SELECT gen_random_uuid(), gen_random_uuid(), :reward_id, gen_random_uuid(), 1, now()
        FROM generate_series(1, 3000)
    """,
        reward_id=UUID(reward_id),
    )
    await execute(harness, "ANALYZE redemptions")
    assert await rows_read(harness, step) <= alone + WISHES  # the end of an index, for each


async def test_haste_counts_within_one_transaction(harness: Harness) -> None:
    caller = await with_points(harness, 1_000)
    reward_id = UUID(await new_reward(harness, points=1, stock=None))
    await execute(harness, "UPDATE velocity_limits SET hourly_redemptions = 3, daily_points = 2")
    wishes = [Wish(caller.member_id, reward_id, uuid7()) for _ in range(4)]
    async with harness.transaction() as session:
        outcomes = await redeem_rewards(session, wishes, clock.now())
    codes = [getattr(each, "code", "granted") for each in outcomes]
    assert codes == ["granted"] * 2 + ["loyalty.too_many_redemptions"] * 2
    assert (await balances(harness, caller))[0] == 998


async def test_forty_racing_for_thirty_codes_get_each_another(harness: Harness) -> None:
    reward_id = await new_reward(harness, points=1, kind="code", stock=None)
    await execute(
        harness,
        "INSERT INTO reward_codes (reward_id, code)"
        " SELECT CAST(:id AS uuid), 'C' || n FROM generate_series(1, 30) AS n",
        id=reward_id,
    )
    callers = [await with_points(harness, 10) for _ in range(40)]
    answers = await asyncio.gather(*(insist(harness, caller, reward_id) for caller in callers))
    got = [answer.json()["code"] for answer in answers if answer.status_code == 201]
    assert len(set(got)) == len(got) == 30
    refused = [answer.json()["code"] for answer in answers if answer.status_code != 201]
    assert refused == ["loyalty.sold_out"] * 10
    await proved(harness)


async def test_a_member_has_a_limited_reward_only_so_often(harness: Harness) -> None:
    caller = await with_points(harness, 1000)
    reward_id = await new_reward(harness, member_limit=2)
    answers = await asyncio.gather(*(redeem(harness, caller, reward_id) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 3
    codes = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert codes == {"loyalty.limit_reached"}


@pytest.mark.parametrize("absent", ["unknown", "inactive"])
async def test_a_reward_that_is_not_offered_is_not_found(harness: Harness, absent: str) -> None:
    caller = await with_points(harness, 100)
    reward_id = await new_reward(harness, active=False) if absent == "inactive" else uuid7()
    answer = await redeem(harness, caller, str(reward_id))
    assert (answer.status_code, answer.json()["code"]) == (404, "loyalty.reward_not_found")


async def test_the_catalogue_says_what_a_member_can_have_and_why_not(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    cheap = await new_reward(harness, points=60, member_limit=1)
    await new_reward(harness, points=70, stock=0)
    await new_reward(harness, points=80)
    await new_reward(harness, points=150, stock=None)
    await new_reward(harness, points=10, active=False)
    await redeem(harness, caller, cheap)
    items = (await read(harness, caller, "/v1/rewards"))["items"]
    assert [(i["points"], i["can_redeem"], i["reason"], i["missing_points"]) for i in items] == [
        (60, False, "limit_reached", 20),
        (70, False, "sold_out", 30),
        (80, False, "insufficient_points", 40),
        (150, False, "insufficient_points", 110),
    ]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("zh-CN", "一杯茶"),
        ("ru-RU, en;q=0.5", "Чашка чая"),
        ("fr", "A cup of tea"),
        ("", "A cup of tea"),
    ],
)
async def test_the_catalogue_speaks_the_members_language(
    harness: Harness, asked: str, name: str
) -> None:
    await new_reward(harness)
    items = (await read(harness, member(), "/v1/rewards", **{"Accept-Language": asked}))["items"]
    assert items[0]["name"] == name


async def test_the_catalogue_pages_join(harness: Harness) -> None:
    for points in (30, 10, 20, 20, 40):
        await new_reward(harness, points=points)
    caller, seen, cursor = member(), [], ""
    while cursor is not None:
        page = await read(harness, caller, f"/v1/rewards?limit=2{cursor and '&cursor=' + cursor}")
        seen += [item["points"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [10, 20, 20, 30, 40]


async def test_an_unchanged_catalogue_is_not_sent_again(harness: Harness) -> None:
    await new_reward(harness)
    async with harness.client(member()) as client:
        first = await client.get("/v1/rewards")
        second = await client.get("/v1/rewards", headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 304


async def test_staff_see_every_reward_in_every_language(harness: Harness) -> None:
    await new_reward(harness, active=False)
    for caller in (agent(), marketer(), analyst(), admin(), backend("rewards:read")):
        [item] = (await read(harness, caller, "/v1/rewards"))["items"]
        assert (item["stock"], item["active"], item["name"]["zh-CN"]) == (5, False, "一杯茶")


async def test_a_reward_is_changed_where_it_is_told_to(harness: Harness) -> None:
    reward_id = await new_reward(harness, member_limit=3)
    answer = await patch(harness, marketer(), reward_id, {"points": 90, "stock": None})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["points"], body["stock"], body["member_limit"]) == (90, None, 3)
    assert body["name"]["en"] == "A cup of tea"


async def test_a_redemption_keeps_what_it_cost(harness: Harness) -> None:
    caller, reward_id = await with_points(harness, 100), await new_reward(harness)
    await redeem(harness, caller, reward_id)
    await patch(harness, marketer(), reward_id, {"points": 5})
    [item] = (await read(harness, caller, "/v1/redemptions"))["items"]
    assert (item["reward_id"], item["points"], item["name"]) == (reward_id, 80, "A cup of tea")


async def test_members_see_only_their_own_redemptions(harness: Harness) -> None:
    caller, reward_id = await with_points(harness, 300), await new_reward(harness)
    for _ in range(3):
        await redeem(harness, caller, reward_id)
    page = await read(harness, caller, "/v1/redemptions?limit=2")
    rest = await read(harness, caller, f"/v1/redemptions?cursor={page['next_cursor']}")
    ids = [item["redemption_id"] for item in page["items"] + rest["items"]]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 3
    assert (await read(harness, member(), "/v1/redemptions"))["items"] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"points": 0}, "points", id="free"),
        pytest.param({"points": -5}, "points", id="a negative price"),
        pytest.param({"points": 10**9 + 1}, "points", id="a price beyond bounds"),
        pytest.param({"stock": -1}, "stock", id="a negative stock"),
        pytest.param({"stock": 1.5}, "stock", id="half of one"),
        pytest.param({"member_limit": 0}, "member_limit", id="a limit of none"),
        pytest.param({"name": {}}, "name", id="no name"),
        pytest.param({"name": {"fr": "Thé"}}, "name.fr", id="an unknown language"),
        pytest.param({"name": None}, "name", id="a name of null"),
        pytest.param({"active": None}, "active", id="neither active nor not"),
        pytest.param({"price": 5}, "price", id="an unknown field"),
    ],
)
@pytest.mark.parametrize("way", ["POST", "PATCH"])
async def test_a_wrong_reward_names_its_field(
    harness: Harness, way: str, changes: dict[str, Any], field: str
) -> None:
    if way == "PATCH":
        answer = await patch(harness, marketer(), await new_reward(harness), changes)
    else:
        texts = {"name": {"en": "Tea"}, "description": {"en": "Tea"}}
        answer = await post(harness, marketer(), "/v1/rewards", {**texts, "points": 1, **changes})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_a_reward_that_is_not_there_cannot_be_changed(harness: Harness) -> None:
    answer = await patch(harness, marketer(), uuid7(), {"points": 5})
    assert (answer.status_code, answer.json()["code"]) == (404, "loyalty.reward_not_found")


@pytest.mark.parametrize("caller", [member(), agent(), analyst(), backend("rewards:read")])
async def test_only_marketers_keep_the_catalogue(harness: Harness, caller: Caller) -> None:
    assert (await post(harness, caller, "/v1/rewards", {})).status_code == 403
    assert (await patch(harness, caller, uuid7(), {})).status_code == 403


@pytest.mark.parametrize("caller", [agent(), admin(), backend("rewards:write")])
async def test_only_members_redeem(harness: Harness, caller: Caller) -> None:
    assert (await redeem(harness, caller, str(uuid7()))).status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/rewards"),
        ("POST", "/v1/rewards"),
        ("PATCH", f"/v1/rewards/{ABSENT}"),
        ("POST", f"/v1/rewards/{ABSENT}/redemptions"),
        ("GET", "/v1/redemptions"),
    ],
)
async def test_nobody_gets_in_without_a_token(harness: Harness, method: str, path: str) -> None:
    async with harness.client() as client:
        answer = await client.request(method, path, json={})
    assert answer.status_code == 401
