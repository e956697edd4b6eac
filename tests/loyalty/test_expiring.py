"""Until when points can be spent: policies, reminders, extensions, and the sweep over the day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit import clock
from kit.auth import Caller
from kit.scheduler import Job
from kit.testing import ABSENT, Harness, admin, agent, analyst, member, name_of
from services.loyalty.events import PointsExpired, PointsExpiring
from services.loyalty.jobs import SCHEDULE
from services.loyalty.rules.expiry import due_after, end_of, idle_after
from services.loyalty.rules.ledger import Expiry, Period, Policy, Terms
from tests.loyalty.members import (
    adjust,
    balances,
    execute,
    new_reward,
    post,
    proved,
    redeem,
    wallet,
    with_points,
)

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def job(name: str) -> Job:
    [found] = [each for each in SCHEDULE if each.name == f"loyalty.{name}"]
    return found


@pytest.mark.parametrize(
    ("period", "moment", "expected"),
    [
        (Period.MONTH, datetime(2026, 12, 31, 23, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (Period.MONTH, datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        (Period.QUARTER, NOON, datetime(2026, 4, 1, tzinfo=UTC)),
        (Period.QUARTER, datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (Period.YEAR, NOON, datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_period_ends_where_the_next_begins(
    period: Period, moment: datetime, expected: datetime
) -> None:
    assert end_of(period, moment) == expected


@pytest.mark.parametrize(
    ("terms", "policy", "expected"),
    [
        pytest.param(Terms(), Policy(), None, id="never, as earned"),
        pytest.param(Terms(valid_days=7), Policy(), NOON + 7 * DAY, id="after days, as earned"),
        pytest.param(
            Terms(valid_days=365),
            Policy(expiry=Expiry.PERIOD_END, period=Period.MONTH),
            datetime(2027, 4, 1, tzinfo=UTC),
            id="at the end of the month in which it would",
        ),
        pytest.param(
            Terms(),
            Policy(expiry=Expiry.PERIOD_END, period=Period.YEAR),
            datetime(2027, 1, 1, tzinfo=UTC),
            id="at the end of this year",
        ),
        pytest.param(
            Terms(valid_days=365, valid_until=NOON + DAY), Policy(), NOON + DAY, id="on a fixed day"
        ),
        pytest.param(
            Terms(), Policy(expiry=Expiry.INACTIVITY, inactivity_days=90), None, id="when idle"
        ),
    ],
)
def test_when_points_expire(terms: Terms, policy: Policy, expected: datetime | None) -> None:
    assert due_after(NOON, terms, policy) == expected


def test_idle_time_ends_with_a_day() -> None:
    assert idle_after(NOON, 90) == datetime(2026, 6, 1, tzinfo=UTC)


async def set_policy(harness: Harness, **changes: Any) -> Any:
    async with harness.client(admin()) as client:
        return await client.patch("/v1/loyalty/point-types/points", json=changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"expiry": "period_end"},
        {"expiry": "inactivity", "period": "month"},
        {"period": "month"},
        {"inactivity_days": 5},
    ],
)
async def test_what_does_not_go_together_is_refused(
    harness: Harness, changes: dict[str, Any]
) -> None:
    refused = await set_policy(harness, **changes)
    assert (refused.status_code, refused.json()["code"]) == (422, "loyalty.wrong_expiry")


async def test_points_expire_when_a_period_ends_and_the_sweep_takes_the_day(
    harness: Harness,
) -> None:
    assert (await set_policy(harness, expiry="period_end", period="month")).status_code == 200
    callers = [await with_points(harness, 10) for _ in range(6)]
    end = end_of(Period.MONTH, clock.now())
    assert await execute(harness, "SELECT DISTINCT due_at FROM lots") == [(end,)]
    [sweeps] = await execute(
        harness, "SELECT count(DISTINCT sweep_s) AS n, min(sweep_s) AS first FROM lots"
    )
    assert sweeps.n > 1
    assert sweeps.first >= end.timestamp()
    await harness.run(job("expire_points"), at=end + timedelta(hours=24))
    assert len(await harness.published(PointsExpired)) == len(callers)
    await proved(harness)


async def test_what_expires_at_one_moment_is_told_once(harness: Harness) -> None:
    await set_policy(harness, expiry="period_end", period="month")
    caller, other = await with_points(harness, 10), await with_points(harness, 7)
    for points in (20, 30):
        await adjust(harness, caller, points=points)
    end = end_of(Period.MONTH, clock.now())
    await adjust(harness, caller, points=5, valid_days=1)
    earlier = clock.now() + timedelta(hours=20)
    soonest = "UPDATE lots SET due_at = :at WHERE member_id = :id AND original = 5"
    await execute(harness, soonest, at=earlier, id=caller.member_id)
    await execute(harness, "UPDATE wallets SET due_at = :at", at=earlier)
    await harness.run(job("expire_points"), at=end + timedelta(hours=24))
    told = await harness.published(PointsExpired)
    assert sorted((e.member_id, e.expired_at, e.points, e.balance) for e in told) == sorted(
        [
            (caller.member_id, earlier, 5, 60),
            (caller.member_id, end, 60, 0),
            (other.member_id, end, 7, 0),
        ]
    )
    await proved(harness)


async def test_before_the_sweep_comes_by_looking_settles(harness: Harness) -> None:
    await set_policy(harness, expiry="period_end", period="month")
    caller = await with_points(harness, 10)
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    for table in ("lots", "wallets"):
        await execute(harness, f"UPDATE {table} SET due_at = :at", at=midnight)
    assert (await balances(harness, caller))[0] == 0
    await proved(harness)


async def test_idle_members_points_expire_and_active_members_do_not(harness: Harness) -> None:
    await set_policy(harness, expiry="inactivity", inactivity_days=90)
    idle, active = await with_points(harness, 100), await with_points(harness, 100)
    reward = await new_reward(harness, points=10)
    for column in ("idle_at", "due_at"):
        await execute(harness, f"UPDATE wallets SET {column} = {column} - interval '60 days'")
    await redeem(harness, active, reward)
    await harness.run(job("expire_points"), at=clock.now() + 40 * DAY)
    assert [e.member_id for e in await harness.published(PointsExpired)] == [idle.member_id]
    assert (await balances(harness, active))[0] == 90
    await proved(harness)
    await harness.run(job("expire_points"), at=clock.now() + 100 * DAY)
    assert (await balances(harness, active))[0] == 0
    await proved(harness)


async def test_members_are_reminded_of_a_day_once_for_each_notice(harness: Harness) -> None:
    caller = await with_points(harness, 30, valid_days=20)
    await adjust(harness, caller, points=5, valid_days=20)
    await adjust(harness, caller, points=7, valid_days=60)
    for _ in range(2):
        await harness.run(job("remind_of_points"))
    [month] = await harness.published(PointsExpiring)
    assert (month.points, month.balance, month.days_before) == (35, 42, 30)
    assert month.member_id == caller.member_id
    await harness.run(job("remind_of_points"), at=clock.now() + 14 * DAY)
    week = (await harness.published(PointsExpiring))[-1]
    assert (week.points, week.days_before) == (35, 7)
    assert len(await harness.published(PointsExpiring)) == 2


async def test_every_member_of_a_household_is_reminded(harness: Harness) -> None:
    one, other = await with_points(harness, 30, valid_days=20), await with_points(harness, 0)
    made = await post(harness, one, "/v1/households", {"name": "Home"})
    await post(harness, other, "/v1/households/joins", {"code": made.json()["code"]})
    await harness.run(job("remind_of_points"))
    told = {e.member_id for e in await harness.published(PointsExpiring)}
    assert told == {one.member_id, other.member_id}


async def extend(harness: Harness, caller: Caller, until: datetime, by: Caller) -> Any:
    body = {"until": until.isoformat(), "reason": "the shop was closed"}
    return await post(harness, by, f"/v1/members/{caller.subject}/points/extensions", body)


async def test_staff_let_points_last_longer(harness: Harness) -> None:
    caller = await with_points(harness, 30, valid_days=5)
    await adjust(harness, caller, points=7, valid_days=50)
    later = clock.now() + 30 * DAY
    answer = await extend(harness, caller, later, agent())
    assert (answer.status_code, answer.json()) == (201, {"points": 30})
    shown = await wallet(harness, caller)
    assert [item["points"] for item in shown["expiring"]] == [30, 7]
    assert (shown["recent"][0]["kind"], shown["recent"][0]["reason"]) == (
        "extend",
        "the shop was closed",
    )
    await harness.run(job("expire_points"), at=clock.now() + 10 * DAY)
    assert (await balances(harness, caller))[0] == 37
    await proved(harness)
    await harness.run(job("expire_points"), at=clock.now() + 31 * DAY)
    assert (await balances(harness, caller))[0] == 7
    await proved(harness)


async def test_points_are_not_extended_into_the_past(harness: Harness) -> None:
    caller = await with_points(harness, 30, valid_days=5)
    refused = await extend(harness, caller, clock.now() - DAY, agent())
    assert (refused.status_code, refused.json()["code"]) == (422, "loyalty.not_later")


@pytest.mark.parametrize("caller", [member(), analyst()], ids=name_of)
async def test_who_may_not_extend(harness: Harness, caller: Caller) -> None:
    assert (await extend(harness, member(ABSENT), clock.now() + DAY, caller)).status_code == 403
