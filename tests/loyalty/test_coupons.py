"""Coupons: trying, using, giving back."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, admin, agent, analyst, backend, marketer, member
from services.loyalty.events import (
    CouponExpiring,
    CouponIssued,
    CouponRedeemed,
    CouponRolledBack,
)
from services.loyalty.jobs import SCHEDULE
from tests.loyalty.members import changed, execute, merged, placed, post, read
from tests.loyalty.promotions import (
    SHOP,
    in_segment,
    new_code,
    new_series,
    order,
    own_coupon,
    send_codes,
)

[LOADING] = [job for job in SCHEDULE if job.name == "loyalty.load_codes"]
[REMINDING] = [job for job in SCHEDULE if job.name == "loyalty.remind_of_coupons"]


async def use(harness: Harness, body: Any, key: Any = None) -> httpx.Response:
    """As a backend does: with one key, again while the service is too busy."""
    key, path = key or uuid7(), "/v1/coupons/redemptions"
    while (answer := await post(harness, SHOP, path, body, key)).status_code in {503, 504}:
        pass
    return answer


async def roll_back(harness: Harness, order_id: str) -> httpx.Response:
    return await post(harness, SHOP, "/v1/coupons/rollbacks", {"order_id": order_id})


async def uses(harness: Harness) -> list[int]:
    rows = await execute(harness, "SELECT uses FROM coupons ORDER BY code")
    return [row.uses for row in rows]


async def test_a_coupon_is_tried_used_and_given_back(harness: Harness) -> None:
    caller = member()
    code = await own_coupon(harness, caller, await new_series(harness))
    body = order(caller, code.lower())
    basket = {name: body[name] for name in ("amount_minor", "currency", "codes")}
    tried = await post(harness, caller, "/v1/coupons/validations", basket)
    assert tried.json()["discount_minor"] == 1_000
    assert (await uses(harness)) == [0]
    used = await use(harness, body)
    assert (used.status_code, used.json()["to_pay_minor"]) == (201, 11_000)
    assert (await uses(harness)) == [1]
    again = await post(harness, caller, "/v1/coupons/validations", basket)
    assert [item["reason"] for item in again.json()["coupons"]] == ["used_up"]
    back = await roll_back(harness, body["order_id"])
    assert (back.status_code, back.json()["rolled_back_at"] is not None) == (200, True)
    assert (await uses(harness)) == [0]
    [redeemed] = await harness.published(CouponRedeemed)
    [rolled_back] = await harness.published(CouponRolledBack)
    assert redeemed.order_id == rolled_back.order_id == body["order_id"]
    assert (redeemed.discount_minor, redeemed.coupon_ids) == (1_000, rolled_back.coupon_ids)


async def test_two_hundred_orders_racing_for_one_coupon_get_it_once(harness: Harness) -> None:
    code = await new_code(harness, await new_series(harness), "LAST-ONE")
    answers = await asyncio.gather(*(use(harness, order(member(), code)) for _ in range(200)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 199
    reasons = {
        answer.json()["coupons"][0]["reason"] for answer in answers if answer.status_code == 409
    }
    assert reasons == {"used_up"}
    assert await uses(harness) == [1]
    assert len(await harness.published(CouponRedeemed)) == 1


async def test_a_code_for_many_works_exactly_so_often(harness: Harness) -> None:
    series_id = await new_series(harness, coupon_uses=7, member_uses=1)
    code = await new_code(harness, series_id, "SPRING10")
    callers = [member() for _ in range(10)]
    answers = await asyncio.gather(
        *(use(harness, order(caller, code)) for caller in callers for _ in range(3))
    )
    assert sum(answer.status_code == 201 for answer in answers) == 7
    assert await uses(harness) == [7]
    rows = await execute(harness, "SELECT uses FROM coupon_member_uses")
    assert [row.uses for row in rows] == [1] * 7


async def test_an_order_sent_again_and_again_takes_its_coupon_once(harness: Harness) -> None:
    caller, series_id = member(), await new_series(harness, coupon_uses=None)
    body = order(caller, await new_code(harness, series_id, "SPRING10"))
    answers = await asyncio.gather(*(use(harness, body) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["discount_id"] for answer in answers}) == 1
    assert await uses(harness) == [1]


async def test_a_retry_after_the_answers_were_forgotten_uses_nothing_more(
    harness: Harness,
) -> None:
    """Not even when the order's coupons were given back in between."""
    caller, key = member(), uuid7()
    body = order(caller, await own_coupon(harness, caller, await new_series(harness)))
    first = await use(harness, body, key)
    await roll_back(harness, body["order_id"])
    await execute(harness, "DELETE FROM idempotency_keys")
    again = await use(harness, body, key)
    assert again.json()["discount_id"] == first.json()["discount_id"]
    assert again.json()["rolled_back_at"] is not None
    assert await uses(harness) == [0]


async def test_an_order_changes_its_coupons_by_giving_them_back_first(harness: Harness) -> None:
    caller, series_id = member(), await new_series(harness)
    one, other = [await own_coupon(harness, caller, series_id) for _ in range(2)]
    body = order(caller, one)
    await use(harness, body)
    answer = await use(harness, {**body, "codes": [other]})
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.order_has_coupons")
    await roll_back(harness, body["order_id"])
    assert (await use(harness, {**body, "codes": [other]})).status_code == 201
    assert sorted(await uses(harness)) == [0, 1]


async def test_coupons_are_given_back_once(harness: Harness) -> None:
    caller = member()
    series_id = await new_series(harness, coupon_uses=3)
    code = await new_code(harness, series_id, "SPRING10")
    orders = [order(caller, code) for _ in range(2)]
    for body in orders:
        await use(harness, body)
    await asyncio.gather(*(roll_back(harness, orders[0]["order_id"]) for _ in range(8)))
    assert await uses(harness) == [1]
    assert len(await harness.published(CouponRolledBack)) == 1


async def test_a_refused_coupon_takes_no_other_with_it(harness: Harness) -> None:
    caller = member()
    good = await own_coupon(harness, caller, await new_series(harness))
    answer = await use(harness, order(caller, good, "NOPE"))
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.coupons_refused")
    assert answer.json()["coupons"] == [{"code": "NOPE", "reason": "unknown", "missing_minor": 0}]
    assert await uses(harness) == [0]
    assert await execute(harness, "SELECT 1 FROM order_discounts") == []


async def test_an_order_takes_several_coupons_or_none(harness: Harness) -> None:
    caller = member()
    amount = await own_coupon(harness, caller, await new_series(harness, priority=1))
    half = {"kind": "percent", "percent": 50, "amount_minor": None, "priority": 2}
    share = await own_coupon(harness, caller, await new_series(harness, **half))
    answer = await use(harness, order(caller, share, amount))
    assert answer.json()["discount_minor"] == 1_000 + 5_500
    assert await uses(harness) == [1, 1]


async def test_nobody_uses_or_learns_of_anothers_coupon(harness: Harness) -> None:
    owner, thief = member(), member()
    code = await own_coupon(harness, owner, await new_series(harness))
    answer = await use(harness, order(thief, code))
    assert [item["reason"] for item in answer.json()["coupons"]] == ["unknown"]
    assert (await read(harness, thief, "/v1/coupons"))["items"] == []


async def test_a_cancelled_order_gives_its_coupon_back(harness: Harness) -> None:
    caller = member()
    back = await own_coupon(harness, caller, await new_series(harness))
    gone = await own_coupon(harness, caller, await new_series(harness, returns_with_order=False))
    for order_id, code in (("SO-1", back), ("SO-2", gone)):
        await use(harness, order(caller, code, order_id=order_id))
        await harness.deliver(placed(caller, order_id), changed(caller, "cancelled", order_id))
    rows = await execute(harness, "SELECT code, uses FROM coupons")
    assert {row.code: row.uses for row in rows} == {back: 0, gone: 1}
    await harness.deliver(changed(caller, "refunded", "SO-1"))
    assert len(await harness.published(CouponRolledBack)) == 1


async def test_nobody_is_reminded_of_a_coupon_whose_series_has_ended(harness: Harness) -> None:
    await own_coupon(harness, member(), await new_series(harness, valid_days=2))
    await execute(harness, "UPDATE coupon_series SET valid_until = now()")
    await harness.run(REMINDING)
    assert await harness.published(CouponExpiring) == []


async def test_a_coupon_ends_with_its_series(harness: Harness) -> None:
    await own_coupon(harness, member(), await new_series(harness, valid_days=2))
    [row] = await execute(
        harness,
        "UPDATE coupon_series SET valid_until = now() + interval '1 hour' RETURNING valid_until",
    )
    await harness.run(REMINDING)
    [ending] = await harness.published(CouponExpiring)
    assert ending.valid_until == row.valid_until


async def test_a_personal_coupon_is_told_shown_and_ends(harness: Harness) -> None:
    caller, series_id = member(), await new_series(harness, valid_days=2)
    code = await own_coupon(harness, caller, series_id)
    [issued] = await harness.published(CouponIssued)
    assert (str(issued.member_id), issued.name["zh-CN"]) == (caller.subject, "满100减10")
    [shown] = (await read(harness, caller, "/v1/coupons", **{"Accept-Language": "ru"}))["items"]
    assert (shown["code"], shown["name"], shown["state"]) == (code, "10 от 100", "usable")
    await harness.run(REMINDING)
    await harness.run(REMINDING)
    [ending] = await harness.published(CouponExpiring)
    assert ending.coupon_id == issued.coupon_id
    await execute(harness, "UPDATE coupons SET valid_until = now()")
    assert (await read(harness, caller, "/v1/coupons"))["items"] == []
    [shown] = (await read(harness, caller, "/v1/coupons?ended=true"))["items"]
    assert shown["state"] == "ended"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ("UPDATE coupons SET valid_until = now() - interval '1 s'", "ended"),
        ("UPDATE coupon_series SET valid_until = now() - interval '1 s'", "ended"),
        ("UPDATE coupons SET uses = 1", "used_up"),
        ("UPDATE coupons SET revoked_at = now()", "revoked"),
        ("UPDATE coupon_series SET active = false", "revoked"),
        ("UPDATE coupon_series SET valid_from = now() + interval '1 day'", "not_yet"),
    ],
)
async def test_a_list_holds_what_works_or_will_and_another_the_rest(
    harness: Harness, change: str, state: str
) -> None:
    caller = member()
    await own_coupon(harness, caller, await new_series(harness))
    await execute(harness, change)
    living = (await read(harness, caller, "/v1/coupons"))["items"]
    ended = (await read(harness, caller, "/v1/coupons?ended=true"))["items"]
    assert [coupon["state"] for coupon in living] == [state] * (state == "not_yet")
    assert [coupon["state"] for coupon in ended] == [state] * (state != "not_yet")
    path = f"/v1/members/{caller.subject}/coupons"
    assert len((await read(harness, agent(), path))["items"]) == 1


async def test_a_segments_coupon_is_unknown_to_others(harness: Harness) -> None:
    caller = member()
    series_id = await new_series(harness, segments=["silent"])
    code = await new_code(harness, series_id, "COME-BACK")
    assert (await use(harness, order(caller, code))).status_code == 409
    await in_segment(harness, caller, "silent")
    assert (await use(harness, order(caller, code))).status_code == 201


async def test_coupons_follow_a_merged_member(harness: Harness) -> None:
    guest, known = member(), member()
    code = await own_coupon(harness, guest, await new_series(harness))
    await harness.deliver(merged(guest, known))
    assert (await use(harness, order(known, code))).status_code == 201


async def test_coupons_are_made_of_a_file_and_made_up(harness: Harness) -> None:
    series_id = await new_series(harness)
    path = f"/v1/coupons/series/{series_id}/codes"
    assert (await send_codes(harness, path, ["paper-1", "paper-2", "no"])).status_code == 202
    made = await post(harness, marketer(), f"{path}/generations", {"count": 3, "prefix": "WEB-"})
    assert made.status_code == 202
    await harness.run(LOADING)
    listed = (await read(harness, agent(), f"/v1/coupons/series/{series_id}/coupons"))["items"]
    codes = sorted(item["code"] for item in listed)
    assert codes[:2] == ["PAPER-1", "PAPER-2"]
    assert [code[:4] for code in codes[2:]] == ["WEB-"] * 3
    assert (await use(harness, order(member(), "paper-1"))).status_code == 201


async def test_a_revoked_coupon_works_no_more(harness: Harness) -> None:
    caller = member()
    code = await own_coupon(harness, caller, await new_series(harness))
    [kept] = (await read(harness, agent(), f"/v1/coupons/lookup?code={code}"))["items"]
    revoke = f"/v1/coupons/{kept['coupon_id']}/revocations"
    assert (await post(harness, marketer(), revoke)).json()["revoked"] is True
    answer = await use(harness, order(caller, code))
    assert [item["reason"] for item in answer.json()["coupons"]] == ["revoked"]


async def test_terms_change_for_coupons_out_there_too(harness: Harness) -> None:
    caller, series_id = member(), await new_series(harness)
    code = await own_coupon(harness, caller, series_id)
    async with harness.client(marketer()) as client:
        path, ended = f"/v1/coupons/series/{series_id}", clock.now() - timedelta(hours=1)
        answer = await client.patch(path, json={"valid_until": ended.isoformat()})
        assert answer.status_code == 200, answer.text
        assert answer.json()["minimum_spend_minor"] == 10_000
    answer = await use(harness, order(caller, code))
    assert [item["reason"] for item in answer.json()["coupons"]] == ["ended"]


async def test_a_code_is_made_once(harness: Harness) -> None:
    series_id = await new_series(harness)
    await new_code(harness, series_id, "SPRING10")
    path = f"/v1/coupons/series/{series_id}/coupons"
    answer = await post(harness, marketer(), path, {"code": "spring10"})
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.code_taken")


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        pytest.param({"percent": 5}, "percent", id="a percentage of the kind amount"),
        pytest.param({"amount_minor": None}, "amount_minor", id="no amount"),
        pytest.param({"currency": None}, "currency", id="an amount of no currency"),
        pytest.param({"currency": "yuan"}, "currency", id="no currency code"),
        pytest.param({"coupon_uses": 0}, "coupon_uses", id="of no use"),
        pytest.param({"typo": 1}, "typo", id="an unknown field"),
    ],
)
async def test_wrong_terms_are_refused(harness: Harness, terms: Any, said: str) -> None:
    body = {
        "name": {"en": "x"},
        "description": {"en": "x"},
        "kind": "amount",
        "amount_minor": 1,
        "currency": "CNY",
        **terms,
    }
    answer = await post(harness, marketer(), "/v1/coupons/series", body)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("caller", [member(), agent(), admin(), backend("coupons:read")])
async def test_only_a_shop_uses_coupons(harness: Harness, caller: Caller) -> None:
    for path in ("/v1/coupons/redemptions", "/v1/coupons/rollbacks"):
        assert (await post(harness, caller, path, order(caller, "A"))).status_code == 403


@pytest.mark.parametrize("caller", [member(), agent(), analyst(), SHOP])
async def test_only_marketers_make_coupons(harness: Harness, caller: Caller) -> None:
    assert (await post(harness, caller, "/v1/coupons/series", {})).status_code == 403
    series = f"/v1/coupons/series/{uuid7()}"
    assert (await post(harness, caller, f"{series}/coupons", {})).status_code == 403
    assert (await post(harness, caller, f"{series}/codes/generations", {})).status_code == 403
    assert (await post(harness, caller, f"/v1/coupons/{uuid7()}/revocations")).status_code == 403


async def test_an_order_without_coupons_has_none_to_give_back(harness: Harness) -> None:
    answer = await roll_back(harness, "SO-404")
    assert (answer.status_code, answer.json()["code"]) == (404, "loyalty.no_coupons_on_order")


async def test_a_member_tries_coupons_on_an_order_of_their_own(harness: Harness) -> None:
    basket = {"amount_minor": 1, "currency": "CNY", "codes": ["A"], "member_id": str(uuid7())}
    assert (await post(harness, member(), "/v1/coupons/validations", basket)).status_code == 403
    assert (await post(harness, SHOP, "/v1/coupons/validations", basket)).status_code == 200
