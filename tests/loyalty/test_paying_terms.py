"""The terms by which points pay for orders, and what they say an order would take."""

import pytest

from kit.testing import Harness, admin, marketer, member
from tests.loyalty.members import execute, read, with_points
from tests.loyalty.paying import (
    PAYMENTS,
    SHOP,
    TERMS,
    USUAL,
    paid,
    quoted,
    set_terms,
    stands,
    try_to_pay,
    with_terms,
)


async def test_without_terms_points_pay_for_nothing(harness: Harness) -> None:
    caller = await with_points(harness, 1_000)
    assert (await quoted(harness, caller))["reason"] == "off"
    refused = await try_to_pay(harness, caller, 100)
    assert (refused.status_code, refused.json()["code"]) == (409, "loyalty.payment_refused")
    assert refused.json()["reason"] == "off"


async def test_a_quote_says_how_much_and_holds_nothing(harness: Harness) -> None:
    caller = await with_terms(harness, 1_050, least_points=200, step=100, most_percent=5)
    shown = await quoted(harness, caller)
    assert (shown["points"], shown["discount_minor"], shown["to_pay_minor"]) == (600, 600, 12_300)
    assert (shown["available"], shown["least_points"], shown["step"]) == (1_050, 200, 100)
    assert (shown["reason"], shown["summary"]) == (None, "")
    assert await stands(harness, caller) == (1_050, 0)
    assert await quoted(harness, SHOP, member_id=caller.subject) == shown


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("en", "You need 50 more points to pay with points."),
        ("zh-CN", "还差 50 积分即可抵现。"),
        ("ru", "Для оплаты баллами не хватает: 50 баллов."),
    ],
)
async def test_a_quote_says_why_not(harness: Harness, language: str, summary: str) -> None:
    caller = await with_terms(harness, 150, least_points=200)
    body = {"amount_minor": 12_900, "currency": "CNY"}
    async with harness.client(caller, **{"Accept-Language": language}) as client:
        answer = await client.post(f"{PAYMENTS}/quotes", json=body)
    assert (answer.json()["reason"], answer.json()["summary"]) == ("insufficient_points", summary)


async def test_somebody_loyalty_has_not_heard_of_has_nothing(harness: Harness) -> None:
    await set_terms(harness)
    assert (await quoted(harness, member()))["available"] == 0
    assert await execute(harness, "SELECT FROM members") == []


async def test_terms_are_for_administrators_and_whole(harness: Harness) -> None:
    async with harness.client(marketer()) as client:
        assert (await client.put(TERMS, json={"currencies": []})).status_code == 403
    async with harness.client(admin()) as client:
        twice = await client.put(TERMS, json={"currencies": [USUAL, USUAL]})
        assert twice.status_code == 422
        for wrong in ({"points": 0}, {"most_percent": 101}, {"step": 0}, {"minor": "1"}):
            answer = await client.put(TERMS, json={"currencies": [{**USUAL, **wrong}]})
            assert answer.status_code == 422, wrong
    await set_terms(harness, {}, {"currency": "USD", "points": 500, "minor": 100})
    shown = await read(harness, marketer(), TERMS)
    assert [each["currency"] for each in shown["currencies"]] == ["CNY", "USD"]
    await set_terms(harness, {"currency": "USD"})
    shown = await read(harness, marketer(), TERMS)
    assert [each["currency"] for each in shown["currencies"]] == ["USD"]


async def test_other_terms_leave_what_was_paid(harness: Harness) -> None:
    caller = await with_terms(harness)
    made = await paid(harness, caller, 300)
    await set_terms(harness, {"minor": 50})
    assert await paid(harness, caller, 300) == made
