"""Codes that earn: claiming them once, and what nobody gets by trying."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, admin, agent, analyst, backend, marketer, member
from services.loyalty.api import codes
from services.loyalty.events import CodeClaimed
from services.loyalty.jobs import SCHEDULE
from tests.loyalty.claims import CODES, MANY, claim, claimable, refused, tries
from tests.loyalty.members import (
    balances,
    execute,
    post,
    proved,
    read,
    with_points,
)
from tests.loyalty.promotions import (
    SHOP,
    in_segment,
    in_tier,
    new_code,
    new_series,
    order,
    own_coupon,
    send_codes,
)
from tests.loyalty.test_velocity import set_limits

[LOADING] = [job for job in SCHEDULE if job.name == "loyalty.load_codes"]


async def test_a_code_is_claimed_once_and_earns(harness: Harness) -> None:
    caller = await with_points(harness, 0)
    code = await new_code(harness, await claimable(harness), "SUMMER-2026")
    answer = await claim(harness, caller, f" {code.lower()} ")
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["points"], body["pending_points"], body["balance"]) == (50, 0, 50)
    assert (body["series"], body["name"], body["prize"]["points"]) == (
        "summer-poster",
        "Summer poster",
        50,
    )
    assert body["summary"] == "“Summer poster”: 50 points."
    assert await refused(harness, caller, code) == (409, "claimed")
    assert await refused(harness, member(), code) == (409, "used_up")
    assert (await balances(harness, caller))[0] == 50
    [said] = await harness.published(CodeClaimed)
    assert (str(said.claim_id), said.points, said.nth) == (body["claim_id"], 50, 1)
    assert code not in said.model_dump_json()
    [listed] = (await read(harness, caller, CODES, **{"Accept-Language": "ru"}))["items"]
    assert (listed["claim_id"], listed["name"]) == (body["claim_id"], "Летний плакат")
    await proved(harness)


async def test_two_hundred_members_racing_for_one_code_get_it_once(harness: Harness) -> None:
    await new_code(harness, await claimable(harness), "LAST-ONE")
    callers = [member() for _ in range(200)]
    answers = await asyncio.gather(*(claim(harness, each, "LAST-ONE") for each in callers))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 199
    assert {answer.json()["reason"] for answer in answers if answer.status_code == 409} == {
        "used_up"
    }
    rows = await execute(
        harness, "SELECT number, uses FROM code_claims JOIN coupons USING (coupon_id)"
    )
    assert [tuple(row) for row in rows] == [(1, 1)]
    [paid] = await execute(harness, "SELECT sum(points) AS points FROM entries")
    assert paid.points == 50
    assert len(await harness.published(CodeClaimed)) == 1
    await proved(harness)


async def test_one_member_claiming_two_hundred_times_at_once_has_what_one_may(
    harness: Harness,
) -> None:
    caller = await with_points(harness, 0)
    await new_code(harness, await claimable(harness, coupon_uses=None, member_uses=3), "TILL")
    answers = await asyncio.gather(*(claim(harness, caller, "TILL") for _ in range(200)))
    assert Counter(answer.status_code for answer in answers) == {201: 3, 409: 197}
    assert (await balances(harness, caller))[0] == 150
    assert sorted(said.nth for said in await harness.published(CodeClaimed)) == [1, 2, 3]
    assert await tries(harness) == []
    await proved(harness)


async def test_a_code_for_many_works_exactly_so_often(harness: Harness) -> None:
    await new_code(harness, await claimable(harness, coupon_uses=7, member_uses=1), "SPRING")
    callers = [member() for _ in range(20)]
    answers = await asyncio.gather(
        *(claim(harness, caller, "SPRING") for caller in callers for _ in range(2))
    )
    assert sum(answer.status_code == 201 for answer in answers) == 7
    rows = await execute(harness, "SELECT number, member_id FROM code_claims ORDER BY number")
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert len({row.member_id for row in rows}) == 7
    await proved(harness)


async def test_the_same_key_is_the_same_claim_long_after(harness: Harness) -> None:
    """Also when the stored answers are forgotten; and never another's, or of another code."""
    caller, key = member(), uuid7()
    series_id = await claimable(harness, member_uses=5)
    for code in ("CAP-1", "CAP-2"):
        await new_code(harness, series_id, code)
    first = await claim(harness, caller, "CAP-1", key)
    await execute(harness, "DELETE FROM idempotency_keys")
    again = await claim(harness, caller, "cap-1", key)
    assert (again.status_code, again.json()) == (201, first.json())
    for who, code in ((caller, "CAP-2"), (member(), "CAP-1"), (member(), "CAP-2")):
        await execute(harness, "DELETE FROM idempotency_keys")
        answer = await claim(harness, who, code, key)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert (await balances(harness, caller))[0] == 50


async def test_codes_are_refused_with_a_reason(harness: Harness) -> None:
    caller, day = member(), timedelta(days=1)
    await set_limits(harness, hourly_wrong_codes=None)
    soon, over = (clock.now() + day).isoformat(), (clock.now() - day).isoformat()
    terms: dict[str, Any] = {
        "early": {"valid_from": soon},
        "late": {"valid_until": over},
        "gold": {"tiers": ["gold"]},
        "vips": {"segments": ["vip"]},
        "off": {"active": False},
    }
    for key, changes in terms.items():
        await new_code(harness, await claimable(harness, key, **changes), f"CODE-{key}")
    await new_code(harness, await new_series(harness), "CHECKOUT")
    assert {key: await refused(harness, caller, f"CODE-{key}") for key in terms} == {
        "early": (409, "not_yet"),
        "late": (409, "ended"),
        "gold": (409, "tier"),
        "vips": (404, None),
        "off": (404, None),
    }
    assert await refused(harness, caller, "CHECKOUT") == (409, "for_orders")
    unknown = await claim(harness, caller, "NO-SUCH-CODE")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "loyalty.unknown_code")
    tier = (await claim(harness, caller, "CODE-gold")).json()
    assert (tier["code"], tier["tiers"]) == ("loyalty.code_refused", ["gold"])
    await in_tier(harness, caller, "gold")
    await in_segment(harness, caller, "vip")
    for code in ("CODE-gold", "CODE-vips"):
        assert (await claim(harness, caller, code)).status_code == 201


async def test_a_personal_code_is_its_members_alone(harness: Harness) -> None:
    caller = member()
    code = await own_coupon(harness, caller, await claimable(harness))
    [shown] = (await read(harness, caller, "/v1/coupons"))["items"]
    assert (shown["kind"], shown["code"]) == ("claim", code)
    assert (await claim(harness, member(), code)).status_code == 404
    assert (await claim(harness, caller, code)).status_code == 201


async def test_codes_come_of_a_file_or_are_made_up(harness: Harness) -> None:
    series_id = await claimable(harness, "receipts")
    path = f"/v1/coupons/series/{series_id}/codes"
    assert (await send_codes(harness, path, ["receipt-1", "receipt-2"])).status_code == 202
    made = await post(harness, marketer(), f"{path}/generations", {"count": 2, "prefix": "WEB-"})
    assert made.status_code == 202
    await harness.run(LOADING)
    caller = await with_points(harness, 0)
    for row in await execute(harness, "SELECT code FROM coupons"):
        assert (await claim(harness, caller, row.code)).status_code == 201
    assert (await balances(harness, caller))[0] == 200


@pytest.mark.parametrize("portion", [2, 3, 5_000])
async def test_codes_go_to_the_printer_as_a_file(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    """What was made up, claimed or withdrawn; and the file is one that another series takes."""
    monkeypatch.setattr(codes, "PORTION", portion)
    series_id, caller = await claimable(harness, "receipts"), member()
    for number in range(3):
        await new_code(harness, series_id, f"PAPER-{number}")
    own = await own_coupon(harness, caller, series_id)
    await claim(harness, caller, "PAPER-1")
    async with harness.client(marketer()) as client:
        answer = await client.get(f"/v1/coupons/series/{series_id}/codes.csv")
        absent = await client.get(f"/v1/coupons/series/{uuid7()}/codes.csv")
    assert (answer.status_code, absent.status_code) == (200, 404)
    assert answer.headers["content-disposition"] == 'attachment; filename="receipts.csv"'
    assert answer.text.splitlines() == [
        "code,member_id,uses,most_uses,valid_until,revoked",
        "PAPER-0,,0,1,,false",
        "PAPER-1,,1,1,,false",
        "PAPER-2,,0,1,,false",
        f"{own},{caller.subject},0,1,,false",
    ]
    await execute(harness, "DELETE FROM code_claims")
    await execute(harness, "DELETE FROM coupons")
    path = f"/v1/coupons/series/{await claimable(harness, 'again')}/codes"
    assert (await send_codes(harness, path, [], answer.content)).status_code == 202
    await harness.run(LOADING)
    assert len(await execute(harness, "SELECT 1 FROM coupons")) == 4


async def test_a_withdrawn_code_earns_nothing_more(harness: Harness) -> None:
    code = await new_code(harness, await claimable(harness, **MANY), "LEAKED")
    assert (await claim(harness, member(), code)).status_code == 201
    [kept] = (await read(harness, agent(), f"/v1/coupons/lookup?code={code}"))["items"]
    await post(harness, marketer(), f"/v1/coupons/{kept['coupon_id']}/revocations")
    assert await refused(harness, member(), code) == (409, "revoked")


async def test_codes_to_claim_take_nothing_off_an_order(harness: Harness) -> None:
    caller = member()
    code = await new_code(harness, await claimable(harness), "SUMMER-2026")
    answer = await post(harness, SHOP, "/v1/coupons/redemptions", order(caller, code))
    assert [each["reason"] for each in answer.json()["coupons"]] == ["unknown"]
    assert (await claim(harness, caller, code)).status_code == 201


async def test_codes_cannot_be_found_by_trying(harness: Harness) -> None:
    """The tries of one member at once are counted one after the other; then the right one fails."""
    caller, other = member(), member()
    code = await new_code(harness, await claimable(harness, **MANY), "RIGHT-ONE")
    guesses = [claim(harness, caller, f"GUESS-{n}") for n in range(200)]
    answers = await asyncio.gather(*guesses)
    assert Counter(answer.status_code for answer in answers) == {404: 10, 429: 190}
    waits = [int(each.headers["Retry-After"]) for each in answers if each.status_code == 429]
    assert all(3_000 < wait <= 3_601 for wait in waits)
    right = await claim(harness, caller, code, key := uuid7())
    assert (right.status_code, right.json()["code"]) == (429, "loyalty.too_many_wrong_codes")
    assert (await claim(harness, other, code)).status_code == 201
    await execute(
        harness,
        "UPDATE wrong_codes SET tried_at = ARRAY("
        "SELECT moment - interval '1 hour' FROM unnest(tried_at) AS moment)",
    )
    assert (await claim(harness, caller, code, key)).status_code == 201
    assert (await claim(harness, caller, "GUESS-AGAIN")).status_code == 404
    assert await tries(harness) == [1]


async def test_a_wrong_try_counts_once_however_often_it_is_sent(harness: Harness) -> None:
    caller, key = member(), uuid7()
    first = await claim(harness, caller, "WRONG", key)
    again = await claim(harness, caller, "WRONG", key)
    assert (first.content, again.headers["Idempotent-Replayed"]) == (again.content, "true")
    assert await tries(harness) == [1]


async def test_the_number_of_wrong_codes_is_set_by_administrators(harness: Harness) -> None:
    await set_limits(harness, hourly_wrong_codes=2)
    caller = member()
    answers = [await claim(harness, caller, f"WRONG-{n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    await set_limits(harness, hourly_wrong_codes=None)
    assert (await claim(harness, caller, "WRONG")).status_code == 404


async def test_staff_see_who_claimed(harness: Harness) -> None:
    series_id = await claimable(harness)
    callers = [member(), member()]
    for number, caller in enumerate(callers):
        await new_code(harness, series_id, f"CAP-{number}")
        await claim(harness, caller, f"CAP-{number}")
    path = f"/v1/coupons/series/{series_id}/claims"
    newest, oldest = (await read(harness, agent(), path))["items"]
    assert (newest["member_id"], oldest["member_id"]) == (callers[1].subject, callers[0].subject)
    assert (await read(harness, agent(), f"{path}?code=cap-0"))["items"] == [oldest]
    first = await read(harness, backend("coupons:read"), f"{path}?limit=1")
    assert first["items"] == [newest]
    rest = await read(harness, agent(), f"{path}?limit=1&cursor={first['next_cursor']}")
    assert (rest["items"], rest["next_cursor"]) == ([oldest], None)
    async with harness.client(agent()) as client:
        absent = f"/v1/coupons/series/{uuid7()}/claims"
        assert (await client.get(absent)).status_code == 404


@pytest.mark.parametrize("caller", [agent(), admin(), analyst(), backend("points:write")])
async def test_members_alone_claim(harness: Harness, caller: Caller) -> None:
    assert (await claim(harness, caller, "POSTER")).status_code == 403
    async with harness.client(member()) as client:
        assert (await client.post(CODES, json={"code": "POSTER"})).status_code == 400
        path = f"/v1/coupons/series/{uuid7()}/claims"
        assert (await client.get(path)).status_code == 403


@pytest.mark.parametrize("code", ["", " ", "x" * 65, None, 7, "НЕТ", "\0"])
async def test_what_can_be_no_code_is_no_fault_of_ours(harness: Harness, code: Any) -> None:
    answer = await post(harness, member(), CODES, {"code": code})
    assert answer.status_code in {404, 422}, answer.text
