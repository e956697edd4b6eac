"""Holds: authorized, captured in parts, voided, timing out; racing, repeated, merged meanwhile."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import ABSENT, Harness, admin, agent, backend, marketer, member, name_of
from services.loyalty.events import PointsHeld, PointsReleased, PointsSpent
from services.loyalty.jobs import SCHEDULE
from tests.loyalty.members import execute, merged, post, proved, read, wallet, with_points

EXPIRE = SCHEDULE[0]
CASHIER = backend("points:write", "points:read")


async def held(harness: Harness, caller: Caller, points: int, **changes: Any) -> dict[str, Any]:
    body = {"member_id": caller.subject, "points": points, "reference": "A-1", **changes}
    answer = await post(harness, CASHIER, "/v1/holds", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def capture(harness: Harness, hold: dict[str, Any], **body: Any) -> Any:
    return await post(harness, CASHIER, f"/v1/holds/{hold['hold_id']}/captures", body)


async def void(harness: Harness, hold: dict[str, Any]) -> Any:
    return await post(harness, CASHIER, f"/v1/holds/{hold['hold_id']}/voids")


async def stands(harness: Harness, caller: Caller) -> tuple[int, int]:
    """What a member has available, and what is held."""
    shown = await wallet(harness, caller)
    return shown["points"], shown["held"]


async def test_points_are_set_aside(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    hold = await held(harness, caller, 60)
    assert (hold["state"], hold["remaining"], hold["available"]) == ("open", 60, 40)
    assert await stands(harness, caller) == (40, 60)
    assert [(e.points, e.balance) for e in await harness.published(PointsHeld)] == [(60, 40)]
    refused = await post(harness, CASHIER, "/v1/holds", {"member_id": caller.subject, "points": 41})
    assert (refused.status_code, refused.json()["missing_points"]) == (409, 1)
    await proved(harness)


async def test_who_was_merged_is_charged_as_who_goes_on(harness: Harness) -> None:
    guest, known, key = await with_points(harness, 100), await with_points(harness, 0), uuid7()
    body = {"member_id": guest.subject, "points": 60}
    await harness.deliver(merged(guest, known))
    for _ in range(2):
        answer = await post(harness, CASHIER, "/v1/holds", body, key)
        assert (answer.status_code, answer.json()["member_id"]) == (201, known.subject)
        await execute(harness, "DELETE FROM idempotency_keys")
    assert await stands(harness, known) == (40, 60)


async def test_a_final_capture_gives_back_the_rest(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    answer = await capture(harness, await held(harness, caller, 60), points=45)
    assert answer.status_code == 201, answer.text
    captured = answer.json()
    assert (captured["state"], captured["captured"], captured["released"]) == ("captured", 45, 15)
    assert await stands(harness, caller) == (55, 0)
    assert [e.points for e in await harness.published(PointsSpent)] == [45]
    assert [e.points for e in await harness.published(PointsReleased)] == [15]
    await proved(harness)


async def test_a_hold_is_captured_in_parts(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    hold = await held(harness, caller, 60)
    for points, remaining in ((10, 50), (20, 30)):
        answer = await capture(harness, hold, points=points, final=False)
        assert (answer.json()["state"], answer.json()["remaining"]) == ("open", remaining)
    refused = await capture(harness, hold, points=31)
    assert (refused.status_code, refused.json()["code"]) == (409, "loyalty.hold_too_small")
    assert (await capture(harness, hold)).json()["captured"] == 60
    assert await stands(harness, caller) == (40, 0)
    await proved(harness)


async def test_a_voided_hold_returns_to_the_lots_it_came_from(harness: Harness) -> None:
    caller = await with_points(harness, 30, valid_days=5)
    await post_adjustment(harness, caller, 70)
    before = await lots(harness)
    hold = await held(harness, caller, 60)
    assert (await void(harness, hold)).json()["state"] == "voided"
    assert await lots(harness) == before
    again = await void(harness, hold)
    assert (again.status_code, again.json()["released"]) == (201, 60)
    refused = await capture(harness, hold)
    assert (refused.status_code, refused.json()["code"]) == (409, "loyalty.hold_ended")
    await proved(harness)


async def post_adjustment(harness: Harness, caller: Caller, points: int) -> None:
    path = f"/v1/members/{caller.subject}/points/adjustments"
    answer = await post(harness, admin(), path, {"points": points, "reason": "goodwill"})
    assert answer.status_code == 201, answer.text


async def lots(harness: Harness) -> list[Any]:
    return await execute(harness, "SELECT id, remaining, held, expired FROM lots ORDER BY id")


async def test_a_hold_ends_by_itself(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    hold = await held(harness, caller, 60, lasts_s=30)
    await harness.run(EXPIRE, at=clock.now() + timedelta(seconds=29))
    assert await stands(harness, caller) == (40, 60)
    await harness.run(EXPIRE, at=clock.now() + timedelta(seconds=31))
    assert await stands(harness, caller) == (100, 0)
    shown = await read(harness, CASHIER, f"/v1/holds/{hold['hold_id']}")
    assert (shown["state"], shown["released"]) == ("timed_out", 60)
    assert (await capture(harness, hold)).json()["state"] == "timed_out"
    await proved(harness)


async def test_looking_is_enough_to_end_a_hold_whose_time_is_out(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    await held(harness, caller, 60)
    for table, column in (("holds", "expires_at"), ("wallets", "due_at")):
        await execute(harness, f"UPDATE {table} SET {column} = now() - interval '1 second'")
    assert await stands(harness, caller) == (100, 0)
    await proved(harness)


async def test_what_is_held_does_not_expire(harness: Harness) -> None:
    caller = await with_points(harness, 100, valid_days=5)
    await held(harness, caller, 60, lasts_s=20 * 86_400)
    await harness.run(EXPIRE, at=clock.now() + timedelta(days=6))
    assert await stands(harness, caller) == (0, 60)
    await proved(harness)


@pytest.mark.parametrize(
    ("grace_days", "available"),
    [pytest.param(0, 0, id="go at once"), pytest.param(7, 60, id="have the grace allowed")],
)
async def test_points_that_expired_while_they_were_held(
    harness: Harness, grace_days: int, available: int
) -> None:
    await execute(harness, "UPDATE point_types SET grace_days = :days", days=grace_days)
    caller = await with_points(harness, 100, valid_days=5)
    await held(harness, caller, 60, lasts_s=20 * 86_400)
    await harness.run(EXPIRE, at=clock.now() + timedelta(days=21))
    assert await stands(harness, caller) == (available, 0)
    await proved(harness)
    await harness.run(EXPIRE, at=clock.now() + timedelta(days=30))
    assert await stands(harness, caller) == (0, 0)
    await proved(harness)


async def test_a_repeated_hold_and_capture_are_made_once_for_ever(harness: Harness) -> None:
    """The stored answers are forgotten after a while; the ledger's own claims never are."""
    caller = await with_points(harness, 100)
    key, body = uuid7(), {"member_id": caller.subject, "points": 60}
    first = (await post(harness, CASHIER, "/v1/holds", body, key)).json()
    await execute(harness, "DELETE FROM idempotency_keys")
    assert (await post(harness, CASHIER, "/v1/holds", body, key)).json() == first
    path = f"/v1/holds/{first['hold_id']}/captures"
    for _ in range(2):
        answer = await post(harness, CASHIER, path, {"points": 20, "final": False}, key)
        assert (answer.status_code, answer.json()["captured"]) == (201, 20)
        await execute(harness, "DELETE FROM idempotency_keys")
    assert await stands(harness, caller) == (40, 40)
    other = {**body, "member_id": (await with_points(harness, 100)).subject}
    assert (await post(harness, CASHIER, "/v1/holds", other, key)).status_code == 422


@pytest.mark.parametrize("round_", range(5))
async def test_of_capture_void_and_time_out_one_wins(harness: Harness, round_: int) -> None:
    caller = await with_points(harness, 100)
    hold = await held(harness, caller, 60, lasts_s=30)
    late = clock.now() + timedelta(seconds=31)
    rivals = [
        capture(harness, hold, points=45),
        void(harness, hold),
        harness.run(EXPIRE, at=late),
        capture(harness, hold),
    ]
    answers = await asyncio.gather(*rivals[round_ % 4 :], *rivals[: round_ % 4])
    assert all(answer is None or answer.status_code in (201, 409) for answer in answers)
    shown = await read(harness, CASHIER, f"/v1/holds/{hold['hold_id']}")
    assert shown["captured"] in (0, 45, 60)
    assert shown["remaining"] == 0
    assert await stands(harness, caller) == (100 - shown["captured"], 0)
    await proved(harness)


async def test_racing_holds_never_hold_more_than_there_is(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    body = {"member_id": caller.subject, "points": 30}
    answers = await asyncio.gather(*(post(harness, CASHIER, "/v1/holds", body) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 5
    assert await stands(harness, caller) == (10, 90)
    await proved(harness)


async def test_a_merged_guests_hold_goes_on(harness: Harness) -> None:
    guest, known = await with_points(harness, 100), await with_points(harness, 5)
    hold = await held(harness, guest, 60)
    await harness.deliver(merged(guest, known))
    assert await stands(harness, known) == (45, 60)
    await proved(harness)
    captured = (await capture(harness, hold, points=50)).json()
    assert (captured["member_id"], captured["captured"]) == (known.subject, 50)
    assert await stands(harness, known) == (55, 0)
    await proved(harness)


async def test_a_members_holds_are_listed(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    made = [await held(harness, caller, points) for points in (10, 20, 30)]
    path = f"/v1/members/{caller.subject}/holds"
    first = await read(harness, CASHIER, f"{path}?limit=2")
    rest = await read(harness, CASHIER, f"{path}?cursor={first['next_cursor']}")
    listed = [hold["hold_id"] for hold in (*first["items"], *rest["items"])]
    assert listed == [hold["hold_id"] for hold in reversed(made)]


@pytest.mark.parametrize(
    "caller", [member(), agent(), marketer(), backend("points:read")], ids=name_of
)
async def test_who_may_not_hold_points(harness: Harness, caller: Caller) -> None:
    someone = await with_points(harness, 100)
    body = {"member_id": someone.subject, "points": 30}
    assert (await post(harness, caller, "/v1/holds", body)).status_code == 403


async def test_nobody_holds_what_is_absent(harness: Harness) -> None:
    body = {"member_id": str(ABSENT), "points": 30}
    assert (await post(harness, CASHIER, "/v1/holds", body)).status_code == 404
    assert (await capture(harness, {"hold_id": ABSENT})).status_code == 404
    assert (await void(harness, {"hold_id": ABSENT})).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"points": 0}, "points", id="no points"),
        pytest.param({"lasts_s": 1}, "lasts_s", id="too short"),
        pytest.param({"note": "x"}, "note", id="an unknown field"),
    ],
)
async def test_a_wrong_hold_names_its_field(
    harness: Harness, body: dict[str, Any], field: str
) -> None:
    about = {"member_id": str(ABSENT), "points": 30, **body}
    answer = await post(harness, CASHIER, "/v1/holds", about)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
