"""Paying with points: quoted, set aside, spent, given back; twice, at once, half-way."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import ABSENT, Harness, agent, backend, event, marketer, member, name_of
from services.loyalty.events import PointsHeld, PointsReleased, PointsSpent
from services.loyalty.jobs import SCHEDULE
from tests.loyalty.members import (
    PLACED,
    again,
    changed,
    execute,
    merged,
    new_reward,
    placed,
    post,
    proved,
    read,
    redeem,
    with_points,
)
from tests.loyalty.paying import (
    PAYMENTS,
    SHOP,
    cancel,
    confirm,
    paid,
    payment_of,
    quoted,
    set_terms,
    stands,
    try_to_pay,
    with_terms,
)
from tests.loyalty.programmes import programme, rule, run_programme
from tests.loyalty.promotions import new_code, new_series, order
from tests.loyalty.test_coupons import use
from tests.loyalty.test_sharing import household, leave
from tests.loyalty.test_velocity import set_limits, signed_in

EXPIRE = SCHEDULE[0]


async def code_for_all(harness: Harness) -> None:
    await new_code(harness, await new_series(harness, coupon_uses=None), "TEN-OFF")


async def use_code(harness: Harness, caller: Caller, order_id: str) -> httpx.Response:
    return await use(harness, order(caller, "TEN-OFF", order_id=order_id))


async def let_time_out(harness: Harness, payment: dict[str, Any]) -> None:
    past = clock.now() - timedelta(seconds=1)
    for table, due in (("holds", "expires_at"), ("wallets", "due_at")):
        await execute(
            harness,
            f"UPDATE {table} SET {due} = :past FROM (SELECT member_id AS owner FROM holds"
            " WHERE hold_id = CAST(:hold AS uuid)) AS it WHERE member_id = owner"
            + (" AND hold_id = CAST(:hold AS uuid)" if table == "holds" else ""),
            past=past,
            hold=payment["payment_id"],
        )


async def test_points_are_set_aside_and_spent_when_the_order_is_placed(harness: Harness) -> None:
    caller = await with_terms(harness)
    made = await paid(harness, caller, 300)
    assert (made["state"], made["discount_minor"], made["to_pay_minor"]) == ("held", 300, 12_600)
    assert await stands(harness, caller) == (700, 300)
    told = placed(caller, amount_minor=12_600)
    await harness.deliver(told, again(told))
    assert await stands(harness, caller) == (700, 0)
    assert (await payment_of(harness))["state"] == "paid"
    assert [e.points for e in await harness.published(PointsHeld)] == [300]
    assert [e.points for e in await harness.published(PointsSpent)] == [300]
    await proved(harness)


async def test_what_takes_points_off_is_rounded_down(harness: Harness) -> None:
    caller = await with_terms(harness, points=3, minor=1)
    made = await paid(harness, caller, 100)
    assert (made["discount_minor"], made["to_pay_minor"]) == (33, 12_867)


@pytest.mark.parametrize(
    ("points", "reason"),
    [(100, "too_few_points"), (250, "not_a_step"), (6_500, "too_many_points")],
)
async def test_points_that_do_not_fit_are_refused(
    harness: Harness, points: int, reason: str
) -> None:
    caller = await with_terms(harness, 10_000, least_points=200, step=100, most_percent=50)
    refused = await try_to_pay(harness, caller, points)
    assert (refused.status_code, refused.json()["reason"]) == (409, reason)
    assert [refused.json()[name] for name in ("least_points", "step", "most_points")] == [
        200,
        100,
        6_400,
    ]
    assert await stands(harness, caller) == (10_000, 0)


async def test_nobody_pays_with_more_than_they_have(harness: Harness) -> None:
    caller = await with_terms(harness, 100)
    refused = await try_to_pay(harness, caller, 101)
    assert (refused.status_code, refused.json()["missing_points"]) == (409, 1)


async def test_an_order_is_paid_once_by_key_and_by_order(harness: Harness) -> None:
    caller, key = await with_terms(harness), uuid7()
    made = await paid(harness, caller, 300, key=key)
    assert await paid(harness, caller, 300) == made
    await execute(harness, "DELETE FROM idempotency_keys")
    assert await paid(harness, caller, 300, key=key) == made
    other = await try_to_pay(harness, caller, 200)
    assert (other.status_code, other.json()["code"]) == (409, "loyalty.order_has_payment")
    await execute(harness, "DELETE FROM idempotency_keys")
    reused = await try_to_pay(harness, caller, 300, key=key, order_id="A-2")
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    assert await stands(harness, caller) == (700, 300)
    await proved(harness)


async def test_at_once_an_order_is_paid_once(harness: Harness) -> None:
    one, other = await with_terms(harness), await with_points(harness, 1_000)
    answers = await asyncio.gather(
        *(try_to_pay(harness, caller, 300) for caller in (one, other) * 4)
    )
    assert {answer.status_code for answer in answers} == {201, 409}
    assert len({a.json()["payment_id"] for a in answers if a.status_code == 201}) == 1
    assert sorted([await stands(harness, one), await stands(harness, other)]) == [
        (700, 300),
        (1_000, 0),
    ]
    await proved(harness)


async def test_at_once_no_more_is_paid_than_there_is(harness: Harness) -> None:
    caller = await with_terms(harness, 1_000)
    answers = await asyncio.gather(
        *(try_to_pay(harness, caller, 300, order_id=f"B-{n}") for n in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 3
    assert await stands(harness, caller) == (100, 900)
    await proved(harness)


async def test_a_payment_is_confirmed_before_the_order_is_told(harness: Harness) -> None:
    caller = await with_terms(harness)
    await paid(harness, caller, 300)
    answers = await asyncio.gather(
        confirm(harness), confirm(harness), harness.deliver(placed(caller, amount_minor=12_600))
    )
    assert [answer.json()["state"] for answer in answers[:2]] == ["paid", "paid"]
    assert (await confirm(harness)).json()["state"] == "paid"
    assert await stands(harness, caller) == (700, 0)
    assert len(await harness.published(PointsSpent)) == 1
    await proved(harness)


async def test_what_is_not_confirmed_in_time_goes_back(harness: Harness) -> None:
    caller = await with_terms(harness, lasts_s=60)
    payment = await paid(harness, caller, 300)
    await let_time_out(harness, payment)
    refused = await confirm(harness)
    assert (refused.status_code, refused.json()["code"]) == (409, "loyalty.payment_ended")
    assert refused.json()["state"] == "timed_out"
    await harness.run(EXPIRE)
    assert (await payment_of(harness))["state"] == "timed_out"
    assert await stands(harness, caller) == (1_000, 0)
    assert [e.points for e in await harness.published(PointsReleased)] == [300]
    await harness.deliver(placed(caller, amount_minor=12_600))
    assert await stands(harness, caller) == (1_000, 0)
    await proved(harness)


async def test_an_order_whose_payment_timed_out_is_paid_anew_by_anybody(harness: Harness) -> None:
    caller, other = await with_terms(harness), await with_points(harness, 1_000)
    await let_time_out(harness, await paid(harness, caller, 300))
    made = await paid(harness, other, 200)
    assert (await payment_of(harness))["payment_id"] == made["payment_id"]
    assert await stands(harness, caller) == (1_000, 0)
    assert await stands(harness, other) == (800, 200)
    await proved(harness)


@pytest.mark.parametrize("spent", [False, True], ids=["held", "spent"])
async def test_a_cancelled_payment_comes_back_whole_and_makes_way(
    harness: Harness, *, spent: bool
) -> None:
    caller = await with_terms(harness)
    await paid(harness, caller, 300)
    if spent:
        await confirm(harness)
    answers = await asyncio.gather(*(cancel(harness) for _ in range(4)))
    assert {a.json()["state"] for a in answers} == {"returned" if spent else "cancelled"}
    assert await stands(harness, caller) == (1_000, 0)
    assert (await confirm(harness)).status_code == 409
    await paid(harness, caller, 500)
    assert await stands(harness, caller) == (500, 500)
    await proved(harness)


async def test_confirmed_and_cancelled_at_once_end_in_nothing_paid(harness: Harness) -> None:
    caller = await with_terms(harness)
    await paid(harness, caller, 300)
    confirmed, cancelled = await asyncio.gather(confirm(harness), cancel(harness))
    assert cancelled.status_code == 200, cancelled.text
    assert confirmed.status_code in (200, 409)
    assert await stands(harness, caller) == (1_000, 0)
    await proved(harness)


async def test_an_order_that_was_cancelled_before_it_was_told_takes_nothing(
    harness: Harness,
) -> None:
    caller = await with_terms(harness)
    await paid(harness, caller, 300)
    await harness.deliver(changed(caller, "cancelled"))
    assert (await payment_of(harness))["state"] == "cancelled"
    await harness.deliver(placed(caller))
    assert await stands(harness, caller) == (1_000, 0)
    await proved(harness)


async def test_points_and_coupons_go_together_where_terms_say_so(harness: Harness) -> None:
    caller = await with_terms(harness, with_coupons=False)
    await paid(harness, caller, 300, order_id="C-1")
    await code_for_all(harness)
    refused = await use_code(harness, caller, "C-1")
    assert (refused.status_code, refused.json()["code"]) == (409, "loyalty.order_has_payment")
    first = await use_code(harness, caller, "C-2")
    assert first.status_code == 201, first.text
    assert (await quoted(harness, caller, 11_900, order_id="C-2"))["reason"] == "coupons"
    late = await try_to_pay(harness, caller, 300, order_id="C-2", amount_minor=11_900)
    assert (late.status_code, late.json()["reason"]) == (409, "coupons")
    await set_terms(harness, {"with_coupons": True})
    await paid(harness, caller, 300, order_id="C-2", amount_minor=11_900)
    both = await asyncio.gather(
        try_to_pay(harness, caller, 100, order_id="C-3"),
        use_code(harness, caller, "C-3"),
    )
    assert [answer.status_code for answer in both] == [201, 201]


async def test_points_and_coupons_at_once_where_only_one_goes(harness: Harness) -> None:
    caller = await with_terms(harness, with_coupons=False)
    await code_for_all(harness)
    for number in range(5):
        order_id = f"D-{number}"
        answers = await asyncio.gather(
            try_to_pay(harness, caller, 100, order_id=order_id),
            use_code(harness, caller, order_id),
        )
        assert sorted(answer.status_code for answer in answers) == [201, 409], order_id


async def test_the_pace_is_of_rewards_and_orders_together(harness: Harness) -> None:
    await set_limits(harness, hourly_redemptions=2)
    caller = await with_terms(harness)
    reward_id = await new_reward(harness, points=1)
    assert (await redeem(harness, caller, reward_id)).status_code == 201
    await paid(harness, caller, 100, order_id="E-1")
    refused = await try_to_pay(harness, caller, 100, order_id="E-2")
    assert (refused.status_code, refused.json()["code"]) == (429, "loyalty.too_many_redemptions")
    assert (await redeem(harness, caller, reward_id)).status_code == 429
    assert (await quoted(harness, caller))["reason"] == "too_many_redemptions"
    await cancel(harness, "E-1")
    await paid(harness, caller, 100, order_id="E-2")


async def test_a_new_device_pays_with_little(harness: Harness) -> None:
    caller = await with_terms(harness, 5_000)
    old = await signed_in(harness, caller, "phone-1", days_ago=30)
    new = await signed_in(harness, caller, "phone-2")
    for session_id in (new.session_id, None):
        refused = await try_to_pay(harness, caller, 1_001, session_id=session_id)
        assert (refused.status_code, refused.json()["code"]) == (403, "loyalty.step_up_required")
    assert (await quoted(harness, new))["points"] == 1_000
    assert (await quoted(harness, old))["points"] == 5_000
    await paid(harness, caller, 1_001, session_id=old.session_id)


async def test_a_merged_guests_payment_is_the_survivors(harness: Harness) -> None:
    guest, known = await with_terms(harness), await with_points(harness, 50)
    await paid(harness, guest, 300)
    await harness.deliver(merged(guest, known))
    assert (await payment_of(harness))["member_id"] == known.subject
    assert await paid(harness, guest, 300) == await payment_of(harness)
    await harness.deliver(placed(guest, amount_minor=12_600))
    assert await stands(harness, known) == (750, 0)
    await harness.deliver(changed(guest, "cancelled", amount_minor=12_600))
    assert await stands(harness, known) == (1_050, 0)
    [shown] = (await read(harness, known, PAYMENTS))["items"]
    assert (shown["state"], shown["returned_points"]) == ("returned", 300)
    await proved(harness)


async def test_a_household_pays_and_who_leaves_it_meanwhile(harness: Harness) -> None:
    await set_terms(harness)
    one, other = await with_points(harness, 500), await with_points(harness, 500)
    await household(harness, one, other)
    await paid(harness, one, 700)
    assert await stands(harness, other) == (300, 700)
    assert (await leave(harness, one)).is_success
    await harness.deliver(placed(one, amount_minor=12_200))
    assert (await payment_of(harness))["state"] == "paid"
    await proved(harness)
    await harness.deliver(changed(one, "cancelled", amount_minor=12_200))
    assert (await payment_of(harness))["returned_points"] == 700
    total = (await stands(harness, one))[0] + (await stands(harness, other))[0]
    assert total == 1_000
    await proved(harness)


async def test_what_is_paid_with_points_earns_none(harness: Harness) -> None:
    """Where a rule pays on the order before discounts, too: points are none."""
    await run_programme(
        harness,
        programme(
            rule(
                "order",
                trigger="profile.order.placed",
                earn={"points": 1, "per": 100, "discount": "before", "currency": "CNY"},
            )
        ),
    )
    caller = await with_terms(harness)
    await paid(harness, caller, 900)
    told = {**placed(caller, amount_minor=10_000).data, "discount_minor": 2_900}
    await harness.deliver(event(PLACED, told))
    assert await stands(harness, caller) == (100 + 120, 0)


async def test_the_history_names_the_order(harness: Harness) -> None:
    caller = await with_terms(harness)
    await paid(harness, caller, 300)
    await harness.deliver(placed(caller, amount_minor=12_600))
    await harness.deliver(changed(caller, "cancelled", amount_minor=12_600))
    items = (await read(harness, caller, "/v1/points/history"))["items"]
    told = {}
    for item in items:
        path = f"/v1/points/history/{item['entry_id']}/explanation"
        told[item["kind"]] = (await read(harness, caller, path))["summary"]
    assert told["hold"] == "300 points are set aside for the order A-1."
    assert told["capture"] == "300 points paid for a part of the order A-1."
    assert told["refund"].startswith("300 points that paid for the order A-1 came back.")


async def test_who_may(harness: Harness) -> None:
    caller = await with_terms(harness)
    for shopper in (caller, agent(), marketer(), backend("points:write")):
        answer = await post(harness, shopper, PAYMENTS, {})
        assert answer.status_code == 403, name_of(shopper)
    other = {"amount_minor": 1, "currency": "CNY", "member_id": member().subject}
    assert (await post(harness, caller, f"{PAYMENTS}/quotes", other)).status_code == 403
    nobody = await try_to_pay(harness, member(), 100)
    assert (nobody.status_code, nobody.json()["code"]) == (404, "loyalty.member_not_found")
    for path in ("confirmations", "cancellations"):
        absent = await post(harness, SHOP, f"{PAYMENTS}/{path}", {"order_id": str(ABSENT)})
        assert (absent.status_code, absent.json()["code"]) == (404, "loyalty.no_payment_on_order")


@pytest.mark.parametrize(
    ("change", "law"),
    [
        ("discount_minor = discount_minor + 1", "ck_payments_worth"),
        ("amount_minor = 299", "ck_payments_discount_minor"),
        ("points = 0, discount_minor = 1", "ck_payments_points"),
    ],
)
async def test_the_database_refuses(harness: Harness, change: str, law: str) -> None:
    caller = await with_terms(harness)
    await paid(harness, caller, 300)
    with pytest.raises(Exception, match=law):
        await execute(harness, f"UPDATE payments SET {change}")
