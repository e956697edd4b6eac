"""Daily check-ins."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, agent, backend, marketer, member
from services.loyalty.actions.checkins import AlreadyCheckedIn, CheckedIn, check_in
from services.loyalty.events import CheckInRecorded, PointsEarned
from services.loyalty.rules.checkins import Card, signature
from services.loyalty.store.checkins import add_cards
from tests.loyalty.members import (
    balances,
    execute,
    lives_in,
    merged,
    post,
    proved,
    read,
    wallet,
)

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
    shown = (await wallet(harness, caller))["checkin"]
    assert (shown["done_today"], shown["streak"], shown["best"]) == (True, 1, 1)
    assert shown["next_at"] == body["next_at"]
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


async def key_of(harness: Harness, caller: Caller, *, ago: timedelta = 3 * DAY) -> dict[str, Any]:
    """A key the member's phone has had for some time."""
    answer = await post(harness, caller, "/v1/checkins/keys")
    assert answer.status_code == 201
    older = "UPDATE checkin_keys SET issued_at = issued_at - CAST(:ago AS interval)"
    await execute(harness, older, ago=ago)
    return answer.json()


async def check_in_offline(
    harness: Harness, caller: Caller, held: dict[str, Any], at: datetime, **changes: Any
) -> httpx.Response:
    """As a phone does that had no network at `at`."""
    key, moment = uuid7(), at.isoformat()
    signed = signature(bytes.fromhex(held["secret"]), caller.member_id, key, moment)
    body = {"checked_in_at": moment, "key_id": held["key_id"], "signature": signed, **changes}
    return await post(harness, caller, "/v1/checkins", body, key)


async def cards(harness: Harness, caller: Caller, **held: int) -> None:
    async with harness.transaction() as session:
        for card, count in held.items():
            await add_cards(session, caller.member_id, Card(card), count)


async def test_a_checkin_made_without_a_network_counts_for_its_day(harness: Harness) -> None:
    caller, now = member(), clock.now()
    held = await key_of(harness, caller)
    today = await post(harness, caller, "/v1/checkins")
    assert today.json()["streak"] == 1
    yesterday = await check_in_offline(harness, caller, held, now - DAY)
    assert (yesterday.status_code, yesterday.json()["streak"]) == (201, 1)
    assert (await wallet(harness, caller))["checkin"]["streak"] == 2
    assert yesterday.json()["next_at"] == today.json()["next_at"]
    again = await check_in_offline(harness, caller, held, now - DAY)
    assert (again.status_code, again.json()["code"]) == (409, "loyalty.already_checked_in")
    await proved(harness)


@pytest.mark.parametrize(
    ("ago", "had_for"),
    [
        pytest.param(timedelta(hours=80), 9 * DAY, id="too long ago"),
        pytest.param(timedelta(hours=30), timedelta(hours=1), id="before the key was there"),
        pytest.param(timedelta(hours=-2), 9 * DAY, id="in the future"),
    ],
)
async def test_a_phone_cannot_say_it_was_there_at_any_time(
    harness: Harness, ago: timedelta, had_for: timedelta
) -> None:
    caller = member()
    held = await key_of(harness, caller, ago=had_for)
    answer = await check_in_offline(harness, caller, held, clock.now() - ago)
    assert (answer.status_code, answer.json()["code"]) == (422, "loyalty.checkin_outside_window")


async def test_a_checkin_must_be_signed_by_a_phone_of_the_member(harness: Harness) -> None:
    caller, other, at = member(), member(), clock.now() - DAY
    held, others = await key_of(harness, caller), await key_of(harness, other)
    for answer in (
        await check_in_offline(harness, caller, held, at, signature="0" * 64),
        await check_in_offline(harness, caller, held, at, checked_in_at=clock.now().isoformat()),
        await check_in_offline(harness, caller, others, at),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "loyalty.checkin_not_signed")
    plain = await check_in_offline(harness, caller, held, at, checked_in_at="2026-03-02T08:00:00")
    assert plain.status_code == 422


async def test_a_member_has_keys_for_a_few_phones(harness: Harness) -> None:
    caller = member()
    keys = [await key_of(harness, caller) for _ in range(6)]
    oldest = await check_in_offline(harness, caller, keys[0], clock.now() - DAY)
    newest = await check_in_offline(harness, caller, keys[-1], clock.now() - DAY)
    assert (oldest.status_code, newest.status_code) == (403, 201)


async def test_freeze_cards_cover_missed_days_by_themselves(harness: Harness) -> None:
    caller = member()
    await check_in_at(harness, caller, NOON)
    await cards(harness, caller, freeze=2)
    made = await check_in_at(harness, caller, NOON + 3 * DAY)
    assert (made.streak, len(made.frozen), made.freeze_cards) == (2, 2, 0)
    late = await check_in_at(harness, caller, NOON + 5 * DAY)
    assert (late.streak, late.frozen) == (1, [])


async def test_staff_see_the_streak_that_cards_keep(harness: Harness) -> None:
    caller = member()
    await harness.deliver(lives_in(caller, "UTC"))
    await check_in_at(harness, caller, clock.now() - 2 * DAY)
    path = f"/v1/members/{caller.subject}/wallet"
    assert (await read(harness, agent(), path))["checkin"]["streak"] == 0
    await cards(harness, caller, freeze=1)
    assert (await read(harness, agent(), path))["checkin"]["streak"] == 1


async def test_seven_days_bring_a_freeze_card_up_to_two(harness: Harness) -> None:
    caller = member()
    made = [await check_in_at(harness, caller, NOON + n * DAY) for n in range(21)]
    assert [made[n].freeze_cards for n in (5, 6, 13, 20)] == [0, 1, 2, 2]


async def test_a_makeup_card_joins_two_streaks(harness: Harness) -> None:
    caller, now = member(), clock.now()
    for ago in (4, 3, 1):
        await check_in_at(harness, caller, now - ago * DAY)
    await check_in_at(harness, caller, now)
    missed = {"day": (now - 2 * DAY).date().isoformat()}
    refused = await post(harness, caller, "/v1/checkins/makeups", missed)
    assert (refused.status_code, refused.json()["code"]) == (409, "loyalty.no_makeup_card")
    await cards(harness, caller, makeup=1)
    answers = await asyncio.gather(
        *(post(harness, caller, "/v1/checkins/makeups", missed) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 3
    [done] = [answer.json() for answer in answers if answer.status_code == 201]
    assert (done["streak"], done["makeup_cards"]) == (5, 0)
    assert (await wallet(harness, caller))["checkin"]["streak"] == 5


@pytest.mark.parametrize("ago", [0, 8, -1])
async def test_a_makeup_card_reaches_so_far(harness: Harness, ago: int) -> None:
    caller, day = member(), (clock.now() - ago * DAY).date()
    await cards(harness, caller, makeup=1)
    answer = await post(harness, caller, "/v1/checkins/makeups", {"day": day.isoformat()})
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.day_not_missed")


async def test_a_month_is_shown_as_masks(harness: Harness) -> None:
    caller = member()
    await check_in_at(harness, caller, NOON)
    await cards(harness, caller, freeze=1)
    await check_in_at(harness, caller, NOON + 2 * DAY)
    shown = await read(harness, caller, "/v1/checkins?month=2026-03")
    assert shown == {"month": "2026-03", "present": 0b1010, "made_up": 0, "frozen": 0b100}
    async with harness.client(caller) as client:
        assert (await client.get("/v1/checkins?month=2026-13")).status_code == 422


async def test_marketers_set_the_terms(harness: Harness) -> None:
    terms = {"freeze_every": 2, "most_freezes": 1, "makeup_days": 3, "window_s": 3600}
    for caller, status in ((member(), 403), (agent(), 403), (marketer(), 200)):
        async with harness.client(caller) as client:
            answer = await client.put("/v1/loyalty/checkin-terms", json=terms)
        assert answer.status_code == status
    caller = member()
    made = [await check_in_at(harness, caller, NOON + n * DAY) for n in range(2)]
    assert [item.freeze_cards for item in made] == [0, 1]
    assert await read(harness, marketer(), "/v1/loyalty/checkin-terms") == terms
