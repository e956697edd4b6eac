"""Daily check-ins."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, agent, backend, member
from services.loyalty.actions.checkins import AlreadyCheckedIn, CheckedIn, check_in
from services.loyalty.events import CheckInRecorded, PointsEarned
from tests.loyalty.members import balances, lives_in, merged, post, proved, wallet

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def check_in_at(harness: Harness, caller: Caller, now: datetime) -> CheckedIn:
    async with harness.transaction() as session:
        return await check_in(session, caller.member_id, now)


async def test_a_checkin_pays_and_is_told(harness: Harness) -> None:
    caller = member()
    answer = await post(harness, caller, "/v1/checkins")
    assert answer.status_code == 201
    body = answer.json()
    assert (body["streak"], body["points"], body["balance"]) == (1, 5, 5)
    [recorded] = await harness.published(CheckInRecorded)
    assert (recorded.day.isoformat(), recorded.streak, recorded.points) == (body["day"], 1, 5)
    [earned] = await harness.published(PointsEarned)
    assert (earned.rule, earned.source_id) == ("checkin", f"{caller.subject}:{body['day']}")
    assert (await wallet(harness, caller))["checkin"] == {
        "done_today": True,
        "streak": 1,
        "next_at": body["next_at"],
    }
    assert await balances(harness, caller) == (5, 0, 0, 1)


async def test_the_same_key_gives_the_same_answer(harness: Harness) -> None:
    caller, key = member(), uuid7()
    first, second = [await post(harness, caller, "/v1/checkins", key=key) for _ in range(2)]
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert second.headers["Idempotent-Replayed"] == "true"


async def test_a_second_checkin_of_a_day_says_when_the_next_may_be(harness: Harness) -> None:
    caller = member()
    first = await post(harness, caller, "/v1/checkins")
    second = await post(harness, caller, "/v1/checkins")
    assert (second.status_code, second.json()["code"]) == (409, "loyalty.already_checked_in")
    assert second.json()["next_at"] == first.json()["next_at"]


async def test_a_phone_tapped_ten_times_at_once_checks_in_once(harness: Harness) -> None:
    caller = member()
    answers = await asyncio.gather(*(post(harness, caller, "/v1/checkins") for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    assert await balances(harness, caller) == (5, 0, 0, 1)
    await proved(harness)


async def test_a_streak_pays_by_its_day_and_begins_again(harness: Harness) -> None:
    caller = member()
    made = [await check_in_at(harness, caller, NOON + n * DAY) for n in range(8)]
    assert [item.points for item in made] == [5, 5, 10, 10, 15, 15, 30, 5]
    late = await check_in_at(harness, caller, NOON + 10 * DAY)
    assert (late.streak, late.points) == (1, 5)


@pytest.mark.parametrize(
    ("time_zone", "moments", "streaks"),
    [
        pytest.param(
            "Asia/Shanghai",
            ["2026-03-02T15:59:00Z", "2026-03-02T16:01:00Z"],
            [1, 2],
            id="midnight is the member's own",
        ),
        pytest.param(
            "America/New_York",
            ["2026-03-08T04:59:00Z", "2026-03-08T05:01:00Z", "2026-03-09T04:01:00Z"],
            [1, 2, 3],
            id="a day of 23 hours counts as one",
        ),
        pytest.param(
            "America/New_York",
            ["2026-11-01T04:01:00Z", "2026-11-02T04:59:00Z", "2026-11-02T05:01:00Z"],
            [1, None, 2],
            id="a day of 25 hours counts as one",
        ),
        pytest.param(
            "Pacific/Apia",
            ["2011-12-30T09:59:00Z", "2011-12-30T10:01:00Z"],
            [1, 1],
            id="a day that was skipped ends a streak",
        ),
    ],
)
async def test_days_are_those_of_the_members_calendar(
    harness: Harness, time_zone: str, moments: list[str], streaks: list[int | None]
) -> None:
    caller = member()
    await harness.deliver(lives_in(caller, time_zone))
    for moment, streak in zip(moments, streaks, strict=True):
        if streak is None:
            with pytest.raises(AlreadyCheckedIn):
                await check_in_at(harness, caller, datetime.fromisoformat(moment))
        else:
            made = await check_in_at(harness, caller, datetime.fromisoformat(moment))
            assert made.streak == streak


async def test_moving_west_wins_no_second_checkin(harness: Harness) -> None:
    caller = member()
    await harness.deliver(lives_in(caller, "Pacific/Auckland"))
    await check_in_at(harness, caller, NOON)
    await harness.deliver(lives_in(caller, "America/Los_Angeles", at="2026-03-02T13:00:00Z"))
    with pytest.raises(AlreadyCheckedIn):
        await check_in_at(harness, caller, NOON + timedelta(hours=10))


async def test_merging_wins_no_second_checkin(harness: Harness) -> None:
    guest, known = member(), member()
    await check_in_at(harness, guest, NOON)
    await harness.deliver(merged(guest, known))
    with pytest.raises(AlreadyCheckedIn):
        await check_in_at(harness, known, NOON)
    assert (await check_in_at(harness, known, NOON + DAY)).streak == 2


async def test_a_checkin_needs_a_key(harness: Harness) -> None:
    async with harness.client(member()) as client:
        answer = await client.post("/v1/checkins")
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")


async def test_a_checkin_needs_a_member(harness: Harness) -> None:
    async with harness.client() as client:
        assert (await client.post("/v1/checkins")).status_code == 401
    for caller in (agent(), backend("points:write")):
        assert (await post(harness, caller, "/v1/checkins")).status_code == 403
