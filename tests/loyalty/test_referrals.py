"""Referrals, and the ways of making them up."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, agent, analyst, example, marketer, member, until
from services.loyalty.events import ReferralAccepted, ReferralRejected, ReferralRewarded
from services.loyalty.jobs import SCHEDULE
from tests.loyalty.members import (
    balances,
    changed,
    execute,
    lives_in,
    merged,
    placed,
    proved,
    read,
    registered,
)

[SETTLING] = [job for job in SCHEDULE if job.name == "loyalty.reward_referrals"]
DAY = timedelta(days=1)


async def code_of(harness: Harness, caller: Caller) -> str:
    return (await read(harness, caller, "/v1/referral"))["code"]


async def accept(harness: Harness, friend: Caller, code: str, address: str = "") -> Any:
    headers = {"Idempotency-Key": str(uuid7()), "X-Forwarded-For": address}
    async with harness.client(friend, **headers) as client:
        return await client.post("/v1/referral/acceptances", json={"code": code})


async def on_device(harness: Harness, caller: Caller, device: str) -> None:
    started = {"session_id": str(uuid7()), "device_id": device, "member_id": caller.subject}
    await harness.deliver(example("gateway.session.started.v1", **started))


async def buys(harness: Harness, friend: Caller, status: str = "delivered", **about: Any) -> None:
    order_id = f"F-{friend.subject}"
    told = {"changed_at": clock.now().isoformat(), "amount_minor": 12_900, **about}
    await harness.deliver(placed(friend, order_id, told["amount_minor"]))
    await harness.deliver(changed(friend, status, order_id, **told))


async def after(harness: Harness, days: float) -> None:
    """The jobs of some days later."""
    at = clock.now() + days * DAY
    await execute(harness, "UPDATE referrals SET look_at = :at WHERE look_at > :at", at=at)
    await harness.run(SETTLING, at)


async def states(harness: Harness) -> list[tuple[str, str | None]]:
    rows = await execute(harness, "SELECT state, reason FROM referrals ORDER BY accepted_at")
    return [(row.state, row.reason) for row in rows]


async def referred(harness: Harness) -> tuple[Caller, Caller]:
    referrer, friend = member(), member()
    answer = await accept(harness, friend, await code_of(harness, referrer))
    assert (answer.status_code, answer.json()["state"]) == (201, "pending")
    return referrer, friend


async def test_both_are_rewarded_when_the_return_window_has_passed(harness: Harness) -> None:
    referrer, friend = await referred(harness)
    await after(harness, 1)
    await buys(harness, friend)
    await after(harness, 14)
    assert (await balances(harness, referrer))[0] == 0
    assert (await read(harness, referrer, "/v1/referral"))["pending"] == 1
    await after(harness, 16)
    await after(harness, 16)
    assert (await balances(harness, referrer))[0] == 200
    assert (await balances(harness, friend))[0] == 129 + 100
    said = await harness.published(ReferralRewarded)
    assert sorted((item.part, item.points) for item in said) == [("friend", 100), ("referrer", 200)]
    shown = await read(harness, referrer, "/v1/referral")
    assert (shown["invited"], shown["pending"], shown["rewarded"]) == (1, 0, 1)
    assert len(await harness.published(ReferralAccepted)) == 1
    await proved(harness)


async def test_an_order_that_never_comes_is_not_awaited_for_ever(harness: Harness) -> None:
    _, friend = await referred(harness)
    await buys(harness, friend, "shipped")
    await after(harness, 89)
    assert await states(harness) == [("pending", None)]
    await after(harness, 91)
    assert await states(harness) == [("lapsed", None)]


async def test_many_are_rewarded_without_standing_in_a_circle(harness: Harness) -> None:
    """Whoever waits for one wallet holds no later one."""
    low, _, _, high = people = sorted((member() for _ in range(4)), key=lambda c: c.subject)
    await harness.deliver(*(lives_in(caller, "UTC") for caller in people))
    for referrer, friend in (people[2:], people[:2]):
        assert (await accept(harness, friend, await code_of(harness, referrer))).json()
        await buys(harness, friend)
    lock = text("SELECT FROM wallets WHERE member_id = :id FOR UPDATE NOWAIT")
    async with harness.transaction() as session:
        await session.execute(lock, {"id": low.member_id})
        rewarding = asyncio.ensure_future(after(harness, 16))
        await until(partial(is_waiting, harness))
        await session.execute(lock, {"id": high.member_id})
    await rewarding
    assert await states(harness) == [("rewarded", None)] * 2


async def is_waiting(harness: Harness) -> bool:
    """Whether anybody waits for a lock in this database."""
    found = await execute(
        harness,
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event_type = 'Lock'",
    )
    return bool(found)


@pytest.mark.parametrize(
    ("status", "about"),
    [
        pytest.param("cancelled", {}, id="cancelled"),
        pytest.param("refunded", {"refunded_minor": 12_900}, id="returned"),
        pytest.param("partially_refunded", {"refunded_minor": 9_000}, id="mostly returned"),
        pytest.param("delivered", {"amount_minor": 4_900}, id="too small"),
        pytest.param("shipped", {}, id="not delivered"),
    ],
)
async def test_an_order_that_does_not_stand_earns_nothing(
    harness: Harness, status: str, about: dict[str, int]
) -> None:
    referrer, friend = await referred(harness)
    if status == "partially_refunded":
        await buys(harness, friend)
        order_id = f"F-{friend.subject}"
        await harness.deliver(changed(friend, status, order_id, **about))
    else:
        await buys(harness, friend, status, **about)
    await after(harness, 60)
    assert (await balances(harness, referrer))[0] == 0
    assert await states(harness) == [("pending", None)]


async def test_settling_at_once_in_many_places_rewards_once(harness: Harness) -> None:
    referrer, friend = await referred(harness)
    await buys(harness, friend)
    later = clock.now() + 16 * DAY
    await asyncio.gather(*(harness.run(SETTLING, later) for _ in range(5)))
    assert (await balances(harness, referrer))[0] == 200


async def test_nobody_brings_themselves(harness: Harness) -> None:
    caller = member()
    answer = await accept(harness, caller, await code_of(harness, caller))
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.own_referral_code")


async def test_nobody_brings_themselves_as_another(harness: Harness) -> None:
    """A guest with a code that turns out to be the same person."""
    referrer, friend = await referred(harness)
    await harness.deliver(merged(referrer, friend))
    assert await states(harness) == []
    answer = await accept(harness, friend, await code_of(harness, friend))
    assert answer.json()["code"] == "loyalty.own_referral_code"


async def test_a_friend_on_the_same_device_earns_nothing(harness: Harness) -> None:
    referrer, friend = member(), member()
    await on_device(harness, referrer, "phone-1")
    await on_device(harness, friend, "phone-1")
    answer = await accept(harness, friend, await code_of(harness, referrer))
    assert answer.json()["state"] == "rejected"
    assert await states(harness) == [("rejected", "same_device")]
    [said] = await harness.published(ReferralRejected)
    assert (str(said.member_id), said.reason) == (referrer.subject, "same_device")


async def test_a_device_that_is_seen_later_counts_too(harness: Harness) -> None:
    referrer, friend = await referred(harness)
    await buys(harness, friend)
    await on_device(harness, referrer, "phone-1")
    await on_device(harness, friend, "phone-1")
    await after(harness, 16)
    assert (await balances(harness, referrer))[0] == 0
    assert await states(harness) == [("rejected", "same_device")]


async def test_a_device_brings_one_friend(harness: Harness) -> None:
    code = await code_of(harness, member())
    for friend in (member(), member()):
        await on_device(harness, friend, "phone-2")
        await accept(harness, friend, code)
    assert await states(harness) == [("pending", None), ("rejected", "device_brought_before")]


async def test_of_one_network_only_so_many_are_taken_in_a_day(harness: Harness) -> None:
    code = await code_of(harness, member())
    for n in range(5):
        await accept(harness, member(), code, f"2001:db8::{n}")
    await accept(harness, member(), code, "203.0.113.9")
    reasons = [reason for _, reason in await states(harness)]
    assert reasons == [None] * 3 + ["network_limit"] * 2 + [None]


async def test_two_members_do_not_bring_each_other(harness: Harness) -> None:
    referrer, friend = await referred(harness)
    answer = await accept(harness, referrer, await code_of(harness, friend))
    assert answer.json()["state"] == "rejected"
    assert (await states(harness))[1] == ("rejected", "circle")


async def test_a_referrer_is_rewarded_only_so_often(harness: Harness) -> None:
    terms = await read(harness, marketer(), "/v1/loyalty/referral-terms")
    async with harness.client(marketer()) as client:
        answer = await client.put("/v1/loyalty/referral-terms", json={**terms, "most_rewarded": 1})
        assert answer.status_code == 200, answer.text
    referrer = member()
    code = await code_of(harness, referrer)
    for friend in (member(), member()):
        await accept(harness, friend, code)
        await buys(harness, friend)
        await after(harness, 16)
    assert [reason for _, reason in await states(harness)] == [None, "too_many"]
    assert (await balances(harness, referrer))[0] == 200


async def test_only_a_new_member_is_brought(harness: Harness) -> None:
    referrer, friend, late = member(), member(), member()
    code = await code_of(harness, referrer)
    await harness.deliver(placed(friend))
    answer = await accept(harness, friend, code)
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.not_a_new_member")
    await harness.deliver(registered(late))
    await execute(harness, "UPDATE members SET enrolled_at = enrolled_at - interval '15 days'")
    assert (await accept(harness, late, code)).status_code == 409


async def test_who_brought_one_is_named_once(harness: Harness) -> None:
    referrer, friend = await referred(harness)
    again = await accept(harness, friend, (await code_of(harness, referrer)).lower())
    assert again.status_code == 201
    other = await accept(harness, friend, await code_of(harness, member()))
    assert (other.status_code, other.json()["code"]) == (409, "loyalty.already_referred")
    assert len(await harness.published(ReferralAccepted)) == 1


async def test_a_code_of_nobody_is_unknown(harness: Harness) -> None:
    answer = await accept(harness, member(), "NOBODY")
    assert (answer.status_code, answer.json()["code"]) == (404, "loyalty.unknown_referral_code")


async def test_a_code_may_come_with_the_registration(harness: Harness) -> None:
    referrer, friend, other = member(), member(), member()
    event = "gateway.account.registered.v1"
    code = await code_of(harness, referrer)
    await harness.deliver(
        example(event, member_id=friend.subject, referral_code=code),
        example(event, member_id=other.subject, referral_code="NOBODY"),
    )
    assert await states(harness) == [("pending", None)]
    assert (await balances(harness, other))[0] == 100


async def test_a_friend_who_never_orders_lapses(harness: Harness) -> None:
    await referred(harness)
    await after(harness, 91)
    assert await states(harness) == [("lapsed", None)]


async def test_staff_set_the_terms(harness: Harness) -> None:
    terms = await read(harness, analyst(), "/v1/loyalty/referral-terms")
    assert (terms["referrer_prize"]["points"], terms["return_days"]) == (200, 15)
    for caller, status in ((member(), 403), (agent(), 403), (marketer(), 200)):
        async with harness.client(caller) as client:
            answer = await client.put("/v1/loyalty/referral-terms", json=terms)
        assert answer.status_code == status
