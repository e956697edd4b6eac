"""Codes for orders, too, are not found by trying; and nobody waits for typing the wrong one."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx

from kit import clock
from kit.auth import Caller
from kit.testing import Harness, member
from tests.loyalty.claims import claim, claimable, tries
from tests.loyalty.members import execute, post
from tests.loyalty.promotions import SHOP, in_segment, new_code, new_series, order, own_coupon
from tests.loyalty.test_velocity import set_limits

WRONG = "loyalty.too_many_wrong_codes"


async def tried(harness: Harness, caller: Caller, *codes: str, **more: Any) -> httpx.Response:
    """As an app does: again while the service is too busy."""
    basket = {"amount_minor": 12_000, "currency": "CNY", "codes": codes, **more}
    path = "/v1/coupons/validations"
    while (answer := await post(harness, caller, path, basket)).status_code in {503, 504}:
        pass
    return answer


async def test_codes_for_orders_cannot_be_found_by_trying(harness: Harness) -> None:
    """The tries of one member at once are counted one after the other; then the right one fails."""
    caller, other = member(), member()
    code = await new_code(harness, await new_series(harness), "RIGHT1")
    answers = await asyncio.gather(*(tried(harness, caller, f"GUESS{n}") for n in range(100)))
    assert Counter(answer.status_code for answer in answers) == {200: 10, 429: 90}
    right = await tried(harness, caller, code)
    assert (right.status_code, right.json()["code"]) == (429, WRONG)
    assert 3_000 < int(right.headers["Retry-After"]) <= 3_601
    assert (await tried(harness, other, code)).json()["valid"]
    await execute(
        harness,
        "UPDATE wrong_codes SET tried_at = ARRAY("
        "SELECT moment - interval '1 hour' FROM unnest(tried_at) AS moment)",
    )
    assert (await tried(harness, caller, code)).json()["valid"]
    await tried(harness, caller, "GUESS0")
    assert await tries(harness) == [1]


async def test_many_codes_on_one_order_are_as_many_tries(harness: Harness) -> None:
    """Those that would be too many are counted, and of none of them anything is said."""
    caller = member()
    code = await new_code(harness, await new_series(harness), "RIGHT1")
    eight = await tried(harness, caller, *(f"GUESS{n}" for n in range(8)))
    assert eight.status_code == 200
    more = await tried(harness, caller, code, "GUESS8", "GUESS9", "GUESS10")
    assert (more.status_code, more.json()["code"]) == (429, WRONG)
    assert await tries(harness) == [11]
    assert (await tried(harness, caller, code)).status_code == 429


async def test_a_basket_that_is_tried_again_and_again_is_no_guessing(harness: Harness) -> None:
    caller = member()
    for n in range(12):
        answer = await tried(harness, caller, "mistyped", amount_minor=1_000 + n)
        assert (answer.status_code, answer.json()["valid"]) == (200, False)
    assert await tries(harness) == [1]


async def test_codes_that_somebody_has_are_no_guesses(harness: Harness) -> None:
    """Ended ones, their own that work no more, others', and what is for another segment."""
    caller, other = member(), member()
    past = (clock.now() - timedelta(days=1)).isoformat()
    await set_limits(harness, hourly_wrong_codes=1)
    series: dict[str, dict[str, Any]] = {
        "ENDED": {"valid_until": past},
        "FOR-VIPS": {"segments": ["vip"]},
        "SWITCHED-OFF": {"active": False},
    }
    for code, terms in series.items():
        await new_code(harness, await new_series(harness, **terms), code)
    await new_code(harness, await claimable(harness), "POSTER")
    vips = await new_series(harness, segments=["vip"])
    await in_segment(harness, other, "vip")
    theirs, own = await own_coupon(harness, other, vips), await own_coupon(harness, caller, vips)
    for code in (*series, "POSTER", theirs, own):
        answer = await tried(harness, caller, code)
        assert (answer.status_code, answer.json()["valid"]) == (200, False), code
    assert await tries(harness) == []


async def test_codes_to_claim_and_codes_for_orders_count_together(harness: Harness) -> None:
    caller = member()
    await set_limits(harness, hourly_wrong_codes=2)
    assert (await tried(harness, caller, "GUESS1")).status_code == 200
    assert (await claim(harness, caller, "GUESS1")).status_code == 404
    assert await tries(harness) == [1]
    assert (await claim(harness, caller, "GUESS2")).status_code == 404
    assert (await tried(harness, caller, "GUESS3")).status_code == 429
    assert (await claim(harness, caller, "GUESS3")).status_code == 429


async def test_what_a_backend_tries_is_not_held_against_its_members(harness: Harness) -> None:
    """It is trusted to have its own limits; and an order that is paid uses what works."""
    caller = member()
    await set_limits(harness, hourly_wrong_codes=1)
    code = await new_code(harness, await new_series(harness), "RIGHT1")
    for n in range(3):
        answer = await tried(harness, SHOP, f"GUESS{n}", member_id=caller.subject)
        assert answer.status_code == 200
    assert await tries(harness) == []
    await tried(harness, caller, "GUESS")
    assert (await tried(harness, caller, code)).status_code == 429
    assert (await tried(harness, SHOP, code, member_id=caller.subject)).json()["valid"]
    used = await post(harness, SHOP, "/v1/coupons/redemptions", order(caller, code))
    assert used.status_code == 201
