"""What a campaign brought, beside members it never paid."""

import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from scipy import stats

from kit import clock
from kit.ids import uuid7
from kit.testing import Harness, analyst, member
from services.loyalty.rules.finance.comparing import (
    Finding,
    Group,
    compare,
    quantile,
    returned,
)
from services.loyalty.rules.programme.holding import (
    held_out,
    lot_of,
    salt_of_campaign,
    salt_of_trial,
)
from tests.loyalty.finances import added_up, declare, post_terms
from tests.loyalty.members import execute, placed
from tests.loyalty.programmes import NAME, programme, rule, run_programme

BASE = "/v1/loyalty/finance/returns"


def group(spends: list[int]) -> Group:
    return Group(
        members=len(spends),
        buyers=sum(spend > 0 for spend in spends),
        orders=sum(spend > 0 for spend in spends),
        spend_minor=sum(spends),
        squares=sum(spend * spend for spend in spends),
    )


def spends(seed: int, members: int, mean: float) -> list[int]:
    """Half of the members buy, for amounts as skewed as real ones."""
    chance = random.Random(seed)
    return [
        round(chance.lognormvariate(math.log(mean), 0.8)) if chance.random() < 0.5 else 0
        for _ in range(members)
    ]


@pytest.mark.parametrize("probability", [0.75, 0.9, 0.975, 0.995, 0.9995])
@pytest.mark.parametrize("freedom", [30, 99, 1000, 10**6])
def test_the_quantile_is_student_s(probability: float, freedom: float) -> None:
    expected = float(stats.t.ppf(probability, freedom))
    assert quantile(probability, freedom) == pytest.approx(expected, abs=1e-3)


def test_the_interval_is_welch_s() -> None:
    one, other = spends(1, 900, 6000), spends(2, 300, 5000)
    found = compare(group(one), group(other), 0.95)
    expected = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-4)


def test_where_nothing_was_done_a_difference_is_found_as_often_as_chance_says() -> None:
    """200 trials of nothing at 95 %: about ten find something, whichever the seed."""
    findings = [
        compare(group(spends(n, 400, 6000)), group(spends(n + 999, 400, 6000)), 0.95).finding
        for n in range(200)
    ]
    wrong = sum(finding is not Finding.NO_DIFFERENCE_SHOWN for finding in findings)
    assert 2 <= wrong <= 22


def test_an_effect_larger_than_the_least_detectable_is_found() -> None:
    found = compare(group(spends(3, 4000, 9000)), group(spends(4, 1000, 6000)), 0.95)
    assert (found.finding, found.least_detectable < found.difference) == (Finding.MORE, True)
    back = compare(group(spends(4, 1000, 6000)), group(spends(3, 4000, 9000)), 0.95)
    assert back.finding is Finding.LESS


@pytest.mark.parametrize(("treated", "other"), [(5000, 99), (99, 5000), (0, 0), (1, 5000)], ids=str)
def test_of_too_few_members_nothing_is_claimed(treated: int, other: int) -> None:
    found = compare(group(spends(5, treated, 90_000)), group(spends(6, other, 10)), 0.95)
    assert found.finding is Finding.TOO_SMALL


def test_of_too_few_buyers_nothing_is_claimed() -> None:
    few = group([0] * 5000 + [9_000_000] * 29)
    assert compare(few, group(spends(6, 5000, 10)), 0.95).finding is Finding.TOO_SMALL


def test_a_return_is_what_all_the_treated_brought_less_the_cost() -> None:
    treated = group([1000] * 200)
    found = returned(compare(treated, group([900] * 200), 0.95), treated, 0.5, 4000)
    assert (found.incremental_minor, found.net_minor, found.ratio) == (10_000, 6000, 1.5)


def test_a_hold_out_is_about_as_large_as_asked_and_each_campaign_s_own() -> None:
    members = [uuid7() for _ in range(20_000)]
    one = {m for m in members if held_out(m, "november", 20)}
    other = {m for m in members if held_out(m, "december", 20)}
    assert 3_600 < len(one) < 4_400
    assert 600 < len(one & other) < 1_000  # chance alone: 800


async def test_the_database_draws_the_same_lots(harness: Harness) -> None:
    members = [uuid7() for _ in range(200)]
    for salt in (salt_of_campaign("november"), salt_of_trial(7)):
        rows = await execute(
            harness,
            "SELECT member_id, crc32(uuid_send(member_id) || :salt) % 100 AS lot"
            " FROM unnest(CAST(:members AS uuid[])) AS member_id",
            salt=salt,
            members=members,
        )
        assert {row.member_id: row.lot for row in rows} == {m: lot_of(m, salt) for m in members}


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    now = [datetime(2026, 11, 20, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


async def ask(harness: Harness, query: str) -> httpx.Response:
    async with harness.client(analyst()) as client:
        return await client.get(f"{BASE}?{query}")


def november(**campaign: Any) -> dict[str, Any]:
    paid = rule(
        "double",
        trigger="profile.order.placed",
        earn={"points": 1, "per": 100},
        campaign="november",
    )
    about = {"name": NAME, "from": "2026-11-01T00:00:00Z", "until": "2026-12-01T00:00:00Z"}
    return programme(paid, campaigns={"november": {**about, **campaign}})


async def published(harness: Harness, body: dict[str, Any], state: str = "live", **of: Any) -> int:
    version = await run_programme(harness, body, state, **of)
    await execute(
        harness,
        "UPDATE programme_versions SET published_at = '2026-10-20' WHERE version = :version",
        version=version,
    )
    return version


async def shopping(harness: Harness, treated_minor: int, held_out_minor: int) -> list[UUID]:
    """260 members, each with an order: those a hold-out of 50 % leaves buy for more."""
    members = [member() for _ in range(260)]
    orders = []
    for number, caller in enumerate(members):
        out = held_out(caller.member_id, "november", 50)
        amount = (held_out_minor if out else treated_minor) + number % 7
        order = placed(caller, f"H-{number}", amount)
        order.data["placed_at"] = "2026-11-11T08:00:00Z"
        orders.append(order)
    await harness.deliver(*orders)
    await execute(harness, "UPDATE members SET enrolled_at = '2026-10-01'")
    return [caller.member_id for caller in members]


async def test_who_is_held_out_is_never_paid_and_told_so(
    harness: Harness, at: list[datetime]
) -> None:
    await published(harness, november(hold_out=50))
    members = await shopping(harness, 10_000, 10_000)
    rows = await execute(
        harness, "SELECT DISTINCT member_id FROM entries WHERE rule = 'double' AND points > 0"
    )
    paid = {row.member_id for row in rows}
    assert paid == {m for m in members if not held_out(m, "november", 50)}
    one = next(m for m in members if m not in paid)
    [(occasion,)] = await execute(harness, "SELECT id FROM occasions WHERE member_id = :m", m=one)
    async with harness.client(member(one), **{"Accept-Language": "zh-CN"}) as client:
        said = (await client.get(f"/v1/points/history/{occasion}/explanation")).json()
    assert said["reasons"][0]["verdict"] == "held_out"
    assert "仅面向部分会员" in said["reasons"][0]["text"]


async def test_a_campaign_that_brought_more_says_so_with_its_cost(
    harness: Harness, at: list[datetime]
) -> None:
    await declare(harness)
    await published(harness, november(hold_out=50))
    members = await shopping(harness, 15_000, 10_000)
    await added_up(harness)
    answer = await ask(harness, "campaign=november&margin=0.4")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    out = sum(held_out(m, "november", 50) for m in members)
    assert (found["held_out"]["members"], found["treated"]["members"]) == (out, 260 - out)
    assert found["finding"] == "more"
    assert 4_990 < float(found["uplift_per_member_minor"]) < 5_010
    assert found["cost_points"] == 150 * (260 - out)
    assert found["cost_minor"] == 225 * (260 - out)
    treated = 260 - out
    assert abs(found["incremental_minor"] - 2_000 * treated) < 5 * treated
    assert found["net_minor"] == found["incremental_minor"] - found["cost_minor"]
    foreign = (await ask(harness, "campaign=november&currency=EUR")).json()
    assert (foreign["finding"], foreign["treated"]["orders"]) == ("too_small", 0)


async def test_points_cost_what_they_are_worth_on_the_last_day_where_the_books_are_kept(
    harness: Harness, at: list[datetime]
) -> None:
    """The campaign ends at midnight in Greenwich, on the morning of the next day in Shanghai."""
    await declare(harness)
    await declare(harness, valid_from="2026-11-16", value_minor="3")
    await post_terms(harness, time_zone="Asia/Shanghai")
    await published(harness, november(hold_out=50, until="2026-11-15T23:00:00Z"))
    await shopping(harness, 10_000, 10_000)
    found = (await ask(harness, "campaign=november")).json()
    assert found["cost_minor"] == 3 * found["cost_points"] > 0


async def test_returned_and_cancelled_orders_are_no_spend(
    harness: Harness, at: list[datetime]
) -> None:
    await declare(harness)
    await published(harness, november(hold_out=50))
    await shopping(harness, 10_000, 10_000)
    before = (await ask(harness, "campaign=november")).json()
    await execute(harness, "UPDATE orders SET undone = true WHERE order_id = 'H-0'")
    await execute(harness, "UPDATE orders SET refunded_minor = 4000 WHERE order_id = 'H-7'")
    await execute(
        harness, "UPDATE orders SET placed_at = '2026-10-31 23:59:59Z' WHERE order_id = 'H-14'"
    )
    after = (await ask(harness, "campaign=november")).json()

    def spend(found: Any) -> int:
        return int(found["treated"]["spend_minor"] + found["held_out"]["spend_minor"])

    assert spend(before) - spend(after) == 10_000 + 4_000 + 10_000


async def test_a_trial_is_compared_with_the_live_version(
    harness: Harness, at: list[datetime]
) -> None:
    await declare(harness)
    await published(harness, november())
    dearer = november()
    dearer["rules"][0]["earn"] = {"points": 3, "per": 100}
    version = await published(harness, dearer, "trial", share=50, ceiling=10**9)
    members = await shopping(harness, 10_000, 10_000)
    found = (await ask(harness, f"version={version}")).json()
    tried = sum(lot_of(m, salt_of_trial(version)) < 50 for m in members)
    assert found["treated"]["members"] == tried
    assert abs(float(found["uplift_per_member_minor"])) < 3
    assert found["cost_points"] == 200 * tried


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "malformed"),
        ("campaign=november&version=1", 400, "malformed"),
        ("campaign=december", 404, "loyalty.campaign_not_found"),
        ("campaign=november", 409, "loyalty.not_comparable"),
        ("version=1", 409, "loyalty.not_comparable"),
        ("version=99", 404, "loyalty.version_not_found"),
    ],
)
async def test_what_cannot_be_compared_is_refused(
    harness: Harness, at: list[datetime], query: str, status: int, code: str
) -> None:
    await declare(harness)
    await published(harness, november())
    answer = await ask(harness, query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_campaign_that_has_not_begun_is_not_compared(
    harness: Harness, at: list[datetime]
) -> None:
    await declare(harness)
    await published(harness, november(hold_out=10))
    at[0] = datetime(2026, 10, 25, tzinfo=UTC)
    assert "begins only" in (await ask(harness, "campaign=november")).json()["detail"]
    at[0] += timedelta(days=30)
    assert (await ask(harness, "campaign=november")).status_code == 200
