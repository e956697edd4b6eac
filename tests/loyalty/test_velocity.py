"""What a thief of an account cannot do."""

from datetime import timedelta
from typing import Any

import pytest

from kit.auth import Caller, Role
from kit.ids import uuid7
from kit.testing import Harness, admin, analyst, example, marketer, member
from tests.loyalty.members import execute, new_reward, post, read, redeem, with_points
from tests.loyalty.test_sharing import give, household

DAY = timedelta(days=1)
LIMITS = "/v1/loyalty/velocity-limits"


async def set_limits(harness: Harness, **changes: Any) -> None:
    now = await read(harness, marketer(), LIMITS)
    async with harness.client(admin()) as client:
        answer = await client.put(LIMITS, json={**now, **changes})
    assert answer.status_code == 200, answer.text


async def signed_in(harness: Harness, caller: Caller, device: str, days_ago: int = 0) -> Caller:
    """The member in a session on a device."""
    session_id = str(uuid7())
    told = {"member_id": caller.subject, "session_id": session_id, "device_id": device}
    await harness.deliver(example("gateway.session.started.v1", **told))
    await execute(
        harness,
        "UPDATE devices SET first_seen_at = now() - CAST(:ago AS interval)"
        " WHERE session = :session",
        ago=days_ago * DAY,
        session=session_id,
    )
    return Caller(subject=caller.subject, role=Role.MEMBER, session_id=session_id)


async def test_redemptions_are_so_many_in_an_hour_and_a_day(harness: Harness) -> None:
    await set_limits(harness, hourly_redemptions=2, daily_redemptions=3)
    caller = await with_points(harness, 1_000)
    reward_id = await new_reward(harness, points=1, stock=None)
    answers = [await redeem(harness, caller, reward_id) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2].json()["code"] == "loyalty.too_many_redemptions"
    assert 3_000 <= int(answers[2].headers["Retry-After"]) <= 3_601
    earlier = "UPDATE redemptions SET redeemed_at = redeemed_at - interval '61 minutes'"
    await execute(harness, earlier)
    assert (await redeem(harness, caller, reward_id)).status_code == 201
    await execute(harness, earlier)
    refused = await redeem(harness, caller, reward_id)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 70_000


async def test_a_refusal_for_speed_is_not_kept_for_the_retry(harness: Harness) -> None:
    await set_limits(harness, hourly_redemptions=1)
    caller, key = await with_points(harness, 1_000), uuid7()
    reward_id = await new_reward(harness, points=1)
    await redeem(harness, caller, reward_id)
    assert (await redeem(harness, caller, reward_id, key)).status_code == 429
    await execute(harness, "UPDATE redemptions SET redeemed_at = redeemed_at - interval '2 hours'")
    assert (await redeem(harness, caller, reward_id, key)).status_code == 201


async def test_points_are_so_many_in_a_day(harness: Harness) -> None:
    await set_limits(harness, daily_points=100)
    caller = await with_points(harness, 1_000)
    reward_id = await new_reward(harness, points=60)
    answers = [await redeem(harness, caller, reward_id) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 429]


async def approved(harness: Harness, caller: Caller, device: str | None) -> None:
    told = {"member_id": caller.subject, "session_id": caller.session_id, "device_id": device}
    await harness.deliver(example("gateway.session.approved.v1", **told))


@pytest.mark.parametrize("device", ["phone-2", None], ids=["a device", "a session without one"])
async def test_a_code_lets_a_new_device_redeem_what_was_refused(
    harness: Harness, device: str | None
) -> None:
    owner = await with_points(harness, 5_000)
    await signed_in(harness, owner, "phone-1", days_ago=30)
    new = Caller(subject=owner.subject, role=Role.MEMBER, session_id=str(uuid7()))
    if device:
        new = await signed_in(harness, owner, device)
    reward_id, key = await new_reward(harness, points=1_001), uuid7()
    refused = await redeem(harness, new, reward_id, key)
    assert (refused.status_code, refused.json()["code"]) == (403, "loyalty.step_up_required")
    for _ in range(2):
        await approved(harness, new, device)
    assert (await redeem(harness, new, reward_id, key)).status_code == 201
    others = await signed_in(harness, owner, "phone-3")
    assert (await redeem(harness, others, reward_id)).status_code == 403


async def test_a_code_of_another_member_approves_nothing_of_ours(harness: Harness) -> None:
    owner, thief = await with_points(harness, 5_000), await with_points(harness, 1)
    await signed_in(harness, owner, "phone-1", days_ago=30)
    new = await signed_in(harness, owner, "phone-2")
    await approved(
        harness,
        Caller(subject=thief.subject, role=Role.MEMBER, session_id=new.session_id),
        "phone-2",
    )
    reward_id = await new_reward(harness, points=1_001)
    assert (await redeem(harness, new, reward_id)).status_code == 403


async def test_a_new_device_redeems_little_until_it_is_approved(harness: Harness) -> None:
    owner = await with_points(harness, 5_000)
    old = await signed_in(harness, owner, "phone-1", days_ago=30)
    new = await signed_in(harness, owner, "phone-2")
    small, large = await new_reward(harness, points=1_000), await new_reward(harness, points=1_001)
    refused = await redeem(harness, new, large)
    assert (refused.status_code, refused.json()["code"]) == (403, "loyalty.step_up_required")
    assert (await redeem(harness, new, small)).status_code == 201
    assert (await redeem(harness, old, large)).status_code == 201
    shown = (await read(harness, old, "/v1/redemptions/devices"))["items"]
    [other] = [device for device in shown if not device["is_this"]]
    assert sorted((d["is_this"], d["trusted"]) for d in shown) == [(False, False), (True, True)]
    assert (await approve(harness, new, other["device"])).status_code == 403
    assert (await approve(harness, old, other["device"])).status_code == 204
    assert (await redeem(harness, new, large)).status_code == 201


async def test_a_device_is_new_for_a_day(harness: Harness) -> None:
    owner = await with_points(harness, 5_000)
    await signed_in(harness, owner, "phone-1", days_ago=30)
    caller = await signed_in(harness, owner, "phone-2", days_ago=2)
    assert (
        await redeem(harness, caller, await new_reward(harness, points=2_000))
    ).status_code == 201


async def test_the_first_device_of_all_needs_no_approval(harness: Harness) -> None:
    owner = await with_points(harness, 5_000)
    caller = await signed_in(harness, owner, "phone-1")
    assert (
        await redeem(harness, caller, await new_reward(harness, points=2_000))
    ).status_code == 201


async def test_a_session_nobody_told_of_is_a_new_device(harness: Harness) -> None:
    owner = await with_points(harness, 5_000)
    await signed_in(harness, owner, "phone-1", days_ago=30)
    answer = await redeem(harness, owner, await new_reward(harness, points=2_000))
    assert answer.json()["code"] == "loyalty.step_up_required"


async def test_a_new_device_gives_little_away_however_often(harness: Harness) -> None:
    owner, thief = await with_points(harness, 5_000), await with_points(harness, 0)
    old = await signed_in(harness, owner, "phone-1", days_ago=30)
    new = await signed_in(harness, owner, "phone-2")
    answers = [await give(harness, new, thief, points) for points in (600, 400, 1)]
    assert [answer.status_code for answer in answers] == [201, 201, 403]
    assert answers[2].json()["code"] == "loyalty.step_up_required"
    assert (await give(harness, old, thief, 1_001)).status_code == 201


async def test_a_new_device_lets_nobody_share_its_members_points(harness: Harness) -> None:
    owner, thief = await with_points(harness, 5_000), await with_points(harness, 0)
    old = await signed_in(harness, owner, "phone-1", days_ago=30)
    new = await signed_in(harness, owner, "phone-2")
    theirs = await household(harness, thief)
    for path, body in (("", {"name": "Home"}), ("/joins", {"code": theirs["code"]})):
        refused = await post(harness, new, f"/v1/households{path}", body)
        assert (refused.status_code, refused.json()["code"]) == (403, "loyalty.step_up_required")
    founded = await household(harness, old)
    assert founded["code"]
    shown = [(await read(harness, each, "/v1/households"))["code"] for each in (new, old)]
    assert shown == [None, founded["code"]]


async def test_nobody_approves_a_device_that_is_not_theirs(harness: Harness) -> None:
    thief, owner = await with_points(harness, 0), await with_points(harness, 5_000)
    await signed_in(harness, owner, "phone-1", days_ago=30)
    await signed_in(harness, owner, "phone-2")
    device = (await read(harness, owner, "/v1/redemptions/devices"))["items"][0]["device"]
    caller = await signed_in(harness, thief, "phone-9", days_ago=30)
    answer = await approve(harness, caller, device)
    assert (answer.status_code, answer.json()["code"]) == (404, "loyalty.device_not_found")


@pytest.mark.parametrize(
    ("caller", "status"), [(member(), 403), (marketer(), 403), (analyst(), 403)]
)
async def test_only_admins_set_limits(harness: Harness, caller: Caller, status: int) -> None:
    async with harness.client(caller) as client:
        assert (await client.put(LIMITS, json={})).status_code == status


async def approve(harness: Harness, caller: Caller, device: str) -> Any:
    async with harness.client(caller) as client:
        return await client.put(f"/v1/redemptions/devices/{device}/approval")
