"""What callers get wrong is refused with a word of what would be right, and is never our error."""

from typing import Any

import httpx
import pytest

from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, agent, marketer
from tests.loyalty.members import post, read, with_points
from tests.loyalty.programmes import programme, rule

TEXTS = {"en": "x"}
NAMED = {"name": TEXTS, "description": TEXTS}
LATE, EARLY = "2027-01-01T00:00:00Z", "2026-01-01T00:00:00Z"
BEYOND = "9999-12-31T23:59:59-12:00"
GOAL = {"trigger": "activity.Shared", "target": 1}
PRIZE = {"prize": {"points": 1}}


async def send(
    harness: Harness, caller: Caller, method: str, path: str, body: Any = None
) -> httpx.Response:
    async with harness.client(caller, **{"Idempotency-Key": str(uuid7())}) as client:
        return await client.request(method, path, json=body)


@pytest.mark.parametrize(
    ("path", "body", "end"),
    [
        ("/v1/rewards", {"points": 5, "valid_from": LATE}, "valid_until"),
        ("/v1/offers", {"occasion": "vip", **PRIZE, "valid_from": LATE}, "valid_until"),
        ("/v1/missions", {"goals": [GOAL], **PRIZE, "starts_at": LATE}, "ends_at"),
        ("/v1/coupons/series", {"kind": "shipping", "valid_from": LATE}, "valid_until"),
    ],
)
async def test_nothing_ends_before_it_begins(
    harness: Harness, path: str, body: dict[str, Any], end: str
) -> None:
    made = (await post(harness, marketer(), path, {**NAMED, **body})).json()
    made_id = next(value for name, value in made.items() if name.endswith("_id") and value)
    refused = await send(harness, marketer(), "PATCH", f"{path}/{made_id}", {end: EARLY})
    assert (refused.status_code, refused.json()["code"]) == (422, "loyalty.wrong_period")
    assert "2027-01-01T00:00:00Z" in refused.json()["detail"]
    absent = await send(harness, marketer(), "PATCH", f"{path}/{uuid7()}", {end: EARLY})
    assert absent.status_code == 404


async def test_a_reward_is_a_coupon_of_a_series_there_is(harness: Harness) -> None:
    body = {**NAMED, "points": 5, "kind": "coupon", "series_id": str(uuid7())}
    refused = await post(harness, marketer(), "/v1/rewards", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "loyalty.bad_prize")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/missions", {**NAMED, **PRIZE, "goals": [{**GOAL, "where": {"a": "\0"}}]}),
        ("POST", "/v1/loyalty/badges", {**NAMED, "badge": "b", "icon": "\0"}),
        ("POST", "/v1/coupons/series", {**NAMED, "kind": "gift", "gift": "a\0"}),
        ("GET", "/v1/coupons/lookup?code=%00a", None),
        (
            "POST",
            "/v1/programme/versions",
            {"document": programme(rule(when={"field": "event.x", "op": "eq", "value": "\0"}))},
        ),
    ],
)
async def test_no_text_holds_the_character_nul(
    harness: Harness, method: str, path: str, body: Any
) -> None:
    refused = await send(harness, marketer(), method, path, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "nul_character")


async def test_a_moment_is_in_a_year_that_can_be_written(harness: Harness) -> None:
    caller = await with_points(harness, 5)
    path = f"/v1/members/{caller.subject}/points/extensions"
    refused = await post(harness, agent(), path, {"until": BEYOND, "reason": "x"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "until"
    last = {"until": "9999-12-31T23:59:59Z", "reason": "x"}
    assert (await post(harness, agent(), path, last)).status_code == 201
    assert (await read(harness, caller, "/v1/checkins?month=9999-12"))["present"] == 0


@pytest.mark.parametrize(
    ("amount", "status"),
    [
        pytest.param("lots", 200, id="a text, which is no amount"),
        pytest.param(None, 200, id="nothing"),
        pytest.param(10**15, 422, id="more than a wallet holds"),
        pytest.param(10**30, 422, id="more than any column holds"),
    ],
)
async def test_what_is_imagined_may_be_impossible(
    harness: Harness, amount: Any, status: int
) -> None:
    caller = await with_points(harness, 0)
    paying = rule(trigger="profile.order.placed", earn={"points": 10**9, "per": 1})
    made = await post(
        harness, marketer(), "/v1/programme/versions", {"document": programme(paying)}
    )
    answer = await post(
        harness,
        marketer(),
        f"/v1/programme/versions/{made.json()['version']}/simulations",
        {
            "member_id": caller.subject,
            "trigger": "profile.order.placed",
            "event": {"amount_minor": amount},
        },
    )
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["outcomes"][0]["place"] == "earn.amount"
    else:
        assert answer.json()["code"] == "loyalty.not_to_be_decided"


async def test_a_prize_that_is_not_there_is_named_with_where_to_make_it(harness: Harness) -> None:
    body = {**NAMED, "goals": [GOAL], "prize": {"badge": "nope"}}
    refused = await post(harness, marketer(), "/v1/missions", body)
    assert "POST /v1/loyalty/badges" in refused.json()["detail"]
