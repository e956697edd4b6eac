"""Codes that earn: the terms of their series, and what the database refuses."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from kit.testing import Harness, marketer, member
from tests.loyalty.claims import MANY, POSTER, claim, claimable
from tests.loyalty.members import (
    execute,
    post,
)
from tests.loyalty.promotions import (
    new_code,
)


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        pytest.param({"key": None}, "key", id="no key"),
        pytest.param({"key": "No Key"}, "key", id="no word"),
        pytest.param({"amount_minor": 5, "currency": "CNY"}, "amount_minor", id="an amount"),
        pytest.param({"currency": "CNY"}, "currency", id="a currency"),
        pytest.param({"exclusive": True}, "exclusive", id="of an order"),
        pytest.param({"minimum_spend_minor": 1, "currency": "CNY"}, "currency", id="a spend"),
        pytest.param({"coupon_uses": None}, "member_uses", id="for ever again"),
        pytest.param({"prize": {"badge": "none"}}, "badge", id="a badge that is not there"),
        pytest.param({"prize": {"points": -1}}, "points", id="less than nothing"),
    ],
)
async def test_wrong_terms_are_refused(harness: Harness, terms: Any, said: str) -> None:
    body = {"name": POSTER, "description": POSTER, "kind": "claim", "key": "poster", **terms}
    answer = await post(harness, marketer(), "/v1/coupons/series", body)
    assert answer.status_code == 422, answer.text
    assert said in answer.text


async def test_a_prize_is_of_codes_to_claim_and_gives_no_further_one(harness: Harness) -> None:
    first = await claimable(harness)
    body = {"name": POSTER, "description": POSTER, "kind": "claim", "key": "again"}
    again = {**body, "prize": {"series_id": first}}
    answer = await post(harness, marketer(), "/v1/coupons/series", again)
    assert (answer.status_code, answer.json()["code"]) == (422, "loyalty.bad_prize")
    gift = {**body, "kind": "shipping", "key": None, "prize": {"points": 1}}
    assert (await post(harness, marketer(), "/v1/coupons/series", gift)).status_code == 422
    taken = {**body, "key": "summer-poster"}
    answer = await post(harness, marketer(), "/v1/coupons/series", taken)
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.series_key_taken")


async def test_terms_change_within_what_goes_together(harness: Harness) -> None:
    series_id = await claimable(harness, **MANY)
    path = f"/v1/coupons/series/{series_id}"
    async with harness.client(marketer()) as client:
        for changes in ({"member_uses": None}, {"stacking_group": "a"}):
            answer = await client.patch(path, json=changes)
            assert (answer.status_code, answer.json()["code"]) == (422, "loyalty.wrong_terms")
        answer = await client.patch(path, json={"member_uses": 2, "tiers": ["gold"]})
    assert (answer.status_code, answer.json()["member_uses"]) == (200, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE coupons SET uses = uses + 1",
        "UPDATE code_claims SET number = 1 WHERE number = 2",
        "UPDATE code_claims SET key = (SELECT key FROM code_claims WHERE number = 1)",
        "UPDATE code_claims SET points = -1",
        "UPDATE code_claims SET pending_points = points + 1",
        "UPDATE coupon_series SET key = NULL",
        "UPDATE coupon_series SET kind = 'shipping'",
        "UPDATE coupon_series SET member_uses = NULL",
        "UPDATE coupon_series SET currency = 'CNY'",
        "UPDATE coupon_member_uses SET uses = 2",
    ],
)
async def test_the_database_refuses_what_must_not_be(harness: Harness, statement: str) -> None:
    await new_code(harness, await claimable(harness, coupon_uses=2, member_uses=1), "TWICE")
    for _ in range(2):
        assert (await claim(harness, member(), "TWICE")).status_code == 201
    with pytest.raises(IntegrityError):
        await execute(harness, statement)
