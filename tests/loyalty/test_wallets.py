"""Wallets, histories and adjustments, as members and staff meet them."""

from datetime import timedelta
from typing import Any

import pytest

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import ABSENT, Harness, admin, agent, analyst, backend, marketer, member
from services.loyalty.events import PointsEarned, PointsReversed
from services.loyalty.rules.ledger import LARGEST
from tests.loyalty.members import (
    adjust,
    answered,
    balances,
    changed,
    execute,
    make_due,
    placed,
    post,
    proved,
    read,
    registered,
    reviewed,
    wallet,
    with_points,
)


async def test_a_new_members_wallet_is_empty_and_normal(harness: Harness) -> None:
    held = await wallet(harness, member())
    assert (held["points"], held["pending"], held["debt"], held["version"]) == (0, 0, 0, 0)
    tier = held["tier"]
    assert (tier["key"], tier["name"], tier["reached_at"], tier["value"]) == (
        "normal",
        "Member",
        None,
        0,
    )
    assert (tier["next"]["key"], tier["next"]["threshold"]) == ("silver", 1000)
    assert (tier["missing"], tier["progress"], tier["keep"]) == (1000, 0.0, None)
    assert (held["expiring"], held["recent"]) == ([], [])
    shown = held["checkin"]
    assert (shown["done_today"], shown["streak"], shown["next_at"]) == (False, 0, None)


async def test_a_wallet_shows_everything_its_screen_needs(harness: Harness) -> None:
    caller = member()
    await harness.deliver(registered(caller), placed(caller, amount_minor=300_000))
    held = await wallet(harness, caller)
    assert (held["points"], held["pending"], held["growth_points"]) == (100, 3000, 3000)
    tier = held["tier"]
    assert (tier["key"], tier["next"]["key"]) == ("silver", "gold")
    assert (tier["missing"], tier["progress"]) == (2000, 0.5)
    [expiring] = held["expiring"]
    assert expiring["points"] == 100
    assert [(e["rule"], e["points"], e["available"]) for e in held["recent"]] == [
        ("order", 3000, 100),
        ("welcome", 100, 100),
    ]


async def test_what_expires_next_is_summed_by_moment_soonest_first(harness: Harness) -> None:
    caller = await with_points(harness, 40, valid_days=30)
    for points, days in ((10, 5), (20, 5), (30, 90), (50, None), (5, 200)):
        await adjust(harness, caller, points=points, valid_days=days)
    days = "UPDATE lots SET due_at = date_trunc('day', due_at) WHERE due_at IS NOT NULL"
    await execute(harness, days)
    held = await wallet(harness, caller)
    assert [item["points"] for item in held["expiring"]] == [30, 40, 30]


async def test_a_phone_that_has_the_newest_wallet_gets_nothing_again(harness: Harness) -> None:
    caller = await with_points(harness, 10)
    async with harness.client(caller) as client:
        first = await client.get("/v1/wallet")
        known = {"If-None-Match": first.headers["ETag"]}
        second = await client.get("/v1/wallet", headers=known)
        assert (second.status_code, second.content) == (304, b"")
        await adjust(harness, caller, points=1)
        third = await client.get("/v1/wallet", headers=known)
    assert (third.status_code, third.json()["points"]) == (200, 11)


async def test_a_wallet_is_settled_by_looking_at_it(harness: Harness) -> None:
    caller = await with_points(harness, 40, valid_days=30)
    await adjust(harness, caller, points=7)
    await make_due(harness, clock.now() - timedelta(hours=1))
    held = await wallet(harness, caller)
    assert (held["points"], held["expiring"]) == (7, [])
    assert held["recent"][0]["kind"] == "expire"
    await proved(harness)


async def test_history_is_settled_by_looking_at_it(harness: Harness) -> None:
    caller = await with_points(harness, 40, valid_days=30)
    await make_due(harness, clock.now() - timedelta(hours=1))
    entries = (await read(harness, caller, "/v1/points/history"))["items"]
    assert [(e["kind"], e["points"], e["available"]) for e in entries] == [
        ("expire", -40, 0),
        ("adjust", 40, 40),
    ]


async def test_history_pages_join_without_gaps_or_repeats(harness: Harness) -> None:
    caller = member()
    await harness.deliver(*(placed(caller, f"A-{n}", 100 * n) for n in range(1, 8)))
    seen: list[int] = []
    path = "/v1/points/history?limit=3"
    while path:
        page = await read(harness, caller, path)
        seen += [entry["points"] for entry in page["items"]]
        cursor = page["next_cursor"]
        path = f"/v1/points/history?limit=3&cursor={cursor}" if cursor else ""
    assert seen == [7, 6, 5, 4, 3, 2, 1]


async def test_growth_points_have_a_history_of_their_own(harness: Harness) -> None:
    caller = member()
    await harness.deliver(registered(caller), placed(caller))
    entries = (await read(harness, caller, "/v1/points/history?point_type=growth"))["items"]
    assert [(e["rule"], e["points"]) for e in entries] == [("order_growth", 129)]


async def test_a_history_explains_itself(harness: Harness) -> None:
    caller = member()
    await harness.deliver(placed(caller), changed(caller, "delivered"))
    await harness.deliver(changed(caller, "partially_refunded", refunded_minor=4_300))
    entries = (await read(harness, caller, "/v1/points/history"))["items"]
    assert [(e["kind"], e["points"], e["source_id"], e["reason"]) for e in entries] == [
        ("reverse", -43, "A-1", "order_refunded"),
        ("activate", 129, "A-1", None),
        ("earn", 129, "A-1", None),
    ]


async def test_what_a_cap_cut_off_is_in_the_history(harness: Harness) -> None:
    caller = member()
    await harness.deliver(*(answered(caller) for _ in range(4)))
    entries = (await read(harness, caller, "/v1/points/history"))["items"]
    assert [entry["points"] for entry in entries] == [0, 20, 20, 20]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "point_type=gold",
        "cursor=nonsense",
        "cursor=W10",  # []
        "cursor=WzEsMl0",  # [1,2]
        "cursor=WyJ4Il0",  # ["x"]
        "cursor=WzFlMzAwXQ",  # [1e300]
    ],
)
async def test_a_history_asked_for_wrongly_says_so(harness: Harness, query: str) -> None:
    async with harness.client(member()) as client:
        answer = await client.get(f"/v1/points/history?{query}")
    assert answer.status_code == 422
    assert answer.json()["code"] in ("invalid", "bad_cursor")


async def test_staff_see_a_members_wallet_as_the_member_does(harness: Harness) -> None:
    caller = member()
    await harness.deliver(registered(caller), placed(caller), reviewed(caller))
    own = await wallet(harness, caller)
    path = f"/v1/members/{caller.subject}/wallet"
    for staff in (agent(), marketer(), analyst(), admin(), backend("points:read")):
        seen = await read(harness, staff, path)
        seen.pop("checkin")  # the member's has the calendar too
        assert seen == {name: own[name] for name in seen}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/wallet"),
        ("GET", "/v1/points/history"),
        ("GET", f"/v1/members/{ABSENT}/wallet"),
        ("POST", f"/v1/members/{ABSENT}/points/adjustments"),
        ("GET", "/v1/loyalty/ledger/verify"),
    ],
)
async def test_nobody_gets_in_without_a_token(harness: Harness, method: str, path: str) -> None:
    async with harness.client() as client:
        answer = await client.request(method, path, json={})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("caller", "path"),
    [
        pytest.param(agent(), "/v1/wallet", id="staff have no wallet"),
        pytest.param(backend("points:read"), "/v1/points/history", id="nor has a backend"),
        pytest.param(member(), f"/v1/members/{ABSENT}/wallet", id="members see only their own"),
        pytest.param(backend("orders:read"), f"/v1/members/{ABSENT}/wallet", id="another scope"),
        pytest.param(member(), "/v1/loyalty/ledger/verify", id="proving is for staff"),
        pytest.param(agent(), "/v1/loyalty/ledger/verify", id="and for few of them"),
    ],
)
async def test_what_is_not_allowed(harness: Harness, caller: Caller, path: str) -> None:
    async with harness.client(caller) as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_a_wallet_of_nobody_is_not_found(harness: Harness) -> None:
    async with harness.client(agent()) as client:
        answer = await client.get(f"/v1/members/{ABSENT}/wallet")
    assert (answer.status_code, answer.json()["code"]) == (404, "loyalty.member_not_found")


async def test_an_adjustment_is_written_with_who_did_it_and_why(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    answer = await adjust(harness, caller, points=-30, reason="a mistake in the shop")
    assert answer.status_code == 201
    assert (answer.json()["points"], answer.json()["available"]) == (-30, 70)
    written = "SELECT actor, said FROM entries JOIN remarks ON entry_id = id WHERE points < 0"
    [row] = await execute(harness, written)
    assert (bool(row.actor), row.said) == (True, "a mistake in the shop")
    [earned] = await harness.published(PointsEarned)
    assert (earned.points, earned.rule, earned.balance) == (100, "adjustment", 100)
    [reversal] = await harness.published(PointsReversed)
    assert (reversal.points, reversal.reason) == (30, "adjust")


async def test_what_a_person_wrote_of_an_entry_is_said_to_nobody(harness: Harness) -> None:
    """Words about a member stay where erasing the member reaches them, and go to no webhook."""
    caller = await with_points(harness, 100, reason="her mother is ill")
    await adjust(harness, caller, points=-30, reason="her mother is well")
    said = "SELECT string_agg(encode(body, 'escape'), '') FROM outbox"
    [(letters,)] = await execute(harness, said)
    assert "loyalty.points.reversed" in letters
    assert "her mother" not in letters


async def test_an_adjustment_repeated_with_its_key_is_done_once(harness: Harness) -> None:
    caller = await with_points(harness, 0)
    path, key = f"/v1/members/{caller.subject}/points/adjustments", uuid7()
    body, by = {"points": 50, "reason": "goodwill"}, admin()
    first, second = [await post(harness, by, path, body, key) for _ in range(2)]
    assert first.content == second.content
    assert second.headers["Idempotent-Replayed"] == "true"
    assert await balances(harness, caller) == (50, 0, 0, 0)


async def test_an_adjustment_repeated_after_weeks_is_refused(harness: Harness) -> None:
    caller = await with_points(harness, 0)
    path, key = f"/v1/members/{caller.subject}/points/adjustments", uuid7()
    body, by = {"points": 50, "reason": "goodwill"}, admin()
    await post(harness, by, path, body, key)
    await execute(harness, "DELETE FROM idempotency_keys")
    answer = await post(harness, by, path, body, key)
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.already_adjusted")
    assert await balances(harness, caller) == (50, 0, 0, 0)


async def test_an_adjustment_needs_a_key(harness: Harness) -> None:
    async with harness.client(admin()) as client:
        answer = await client.post(
            f"/v1/members/{ABSENT}/points/adjustments", json={"points": 1, "reason": "x"}
        )
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")


@pytest.mark.parametrize("caller", [member(), agent(), marketer(), analyst(), backend("all")])
async def test_only_an_admin_adjusts_points(harness: Harness, caller: Caller) -> None:
    path = f"/v1/members/{ABSENT}/points/adjustments"
    answer = await post(harness, caller, path, {"points": 1, "reason": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"points": 1}, "reason", id="no reason"),
        pytest.param({"points": 1, "reason": " "}, "reason", id="an empty reason"),
        pytest.param({"points": 0, "reason": "x"}, "points", id="nothing to adjust"),
        pytest.param({"points": 10**9 + 1, "reason": "x"}, "points", id="too many at once"),
        pytest.param({"points": 1.5, "reason": "x"}, "points", id="half a point"),
        pytest.param({"points": "1", "reason": "x"}, "points", id="points in words"),
        pytest.param({"points": 1, "reason": "x", "debt": 1}, "debt", id="an unknown field"),
        pytest.param(
            {"points": 1, "reason": "x", "point_type": "gold"}, "point_type", id="unknown points"
        ),
        pytest.param({"points": 1, "reason": "x", "valid_days": 0}, "valid_days", id="no validity"),
    ],
)
async def test_a_wrong_adjustment_names_its_field(
    harness: Harness, body: dict[str, Any], field: str
) -> None:
    caller = await with_points(harness, 0)
    path = f"/v1/members/{caller.subject}/points/adjustments"
    answer = await post(harness, admin(), path, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_no_adjustment_takes_more_than_there_is(harness: Harness) -> None:
    caller = await with_points(harness, 20)
    answer = await adjust(harness, caller, points=-50)
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.insufficient_points")
    assert (answer.json()["available"], answer.json()["missing_points"]) == (20, 30)
    assert await balances(harness, caller) == (20, 0, 0, 0)


async def test_no_balance_grows_beyond_what_every_reader_can_hold(harness: Harness) -> None:
    caller = await with_points(harness, 1)
    await execute(
        harness, "UPDATE wallets SET available = :n WHERE point_type = 'points'", n=LARGEST
    )
    answer = await adjust(harness, caller, points=1)
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.points_overflow")


async def test_nobody_unknown_is_given_points(harness: Harness) -> None:
    answer = await adjust(harness, member(), points=5)
    assert (answer.status_code, answer.json()["code"]) == (404, "loyalty.member_not_found")


async def test_growth_points_can_be_adjusted_and_move_the_tier(harness: Harness) -> None:
    caller = await with_points(harness, 0)
    await adjust(harness, caller, points=5000, point_type="growth")
    assert (await wallet(harness, caller))["tier"]["key"] == "gold"
    await adjust(harness, caller, points=-4500, point_type="growth")
    assert (await wallet(harness, caller))["tier"]["key"] == "normal"
    await proved(harness)


async def test_tiers_are_listed_from_the_lowest(harness: Harness) -> None:
    listed = await read(harness, member(), "/v1/tiers")
    assert [tier["key"] for tier in listed["items"]] == ["normal", "silver", "gold", "platinum"]
