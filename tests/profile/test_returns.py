"""Lines of orders that come back, reported by the company's backend."""

import asyncio
from typing import Any

import pytest

from kit.testing import admin, backend, member
from services.profile.events import OrderChanged
from tests.profile.conftest import Profile
from tests.profile.test_orders import change, place

ITEMS = [
    {"sku": "tea-01", "quantity": 3, "amount_minor": 1000},
    {"sku": "cup-07", "quantity": 1, "amount_minor": 2000},
    {"sku": "tea-01", "quantity": 1, "amount_minor": 900},
]


async def placed(profile: Profile, **changes: Any) -> None:
    """An order of 4,500: lines of 3,900, less a discount, with shipping of 600."""
    mei = await profile.register()
    about = {"items": ITEMS, "amount_minor": 4500, "shipping_minor": 600, **changes}
    answer = await place(profile, mei, **about)
    assert answer.status_code == 201, answer.text


async def give_back(
    profile: Profile, return_id: str, *lines: dict[str, Any], order_id: str = "SO-1", by: Any = None
):
    path = f"/v1/orders/{order_id}/returns/{return_id}"
    body = {"lines": list(lines)}
    return await profile.call(by or profile.shop, "PUT", path, json=body)


def line(number: int, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"line": number, "quantity": quantity, **more}


async def told(profile: Profile) -> list[tuple[Any, ...]]:
    return [
        (e.return_id, e.status, e.refunded_minor, [(r.line, r.quantity) for r in e.returned])
        for e in await profile.harness.published(OrderChanged)
    ]


@pytest.mark.parametrize(
    ("caller", "status"),
    [(None, 401), (member(), 403), (admin(), 403), (backend("activities:write"), 403)],
    ids=["nobody", "a member", "an administrator", "another key"],
)
async def test_only_a_key_with_the_scope_reports_returns(profile, caller, status) -> None:
    await placed(profile)
    path, body = "/v1/orders/SO-1/returns/R-1", {"lines": [line(0)]}
    assert (await profile.call(caller, "PUT", path, json=body)).status_code == status
    assert await told(profile) == []


async def test_a_return_is_taken_said_and_counted(profile: Profile) -> None:
    await placed(profile)
    answer = await give_back(profile, "R-1", line(0, 2), {"sku": "cup-07", "quantity": 1})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["lines"] == [
        {"line": 0, "quantity": 2, "amount_minor": 666},
        {"line": 1, "quantity": 1, "amount_minor": 2000},
    ]
    assert (body["order"]["status"], body["order"]["refunded_minor"]) == (
        "partially_refunded",
        2666,
    )
    (event,) = await profile.harness.published(OrderChanged)
    assert (event.return_id, event.previous, event.refunded_minor) == ("R-1", "placed", 2666)
    assert [(r.line, r.sku, r.quantity, r.amount_minor) for r in event.returned] == [
        (0, "tea-01", 2, 666),
        (1, "cup-07", 1, 2000),
    ]


async def test_units_come_back_at_what_they_cost_to_the_last_minor_unit(profile: Profile) -> None:
    await placed(profile)
    amounts = [
        (await give_back(profile, f"R-{n}", line(0))).json()["lines"][0]["amount_minor"]
        for n in range(3)
    ]
    assert amounts == [333, 333, 334]


async def test_all_units_back_are_a_whole_refund_although_shipping_is_kept(profile) -> None:
    await placed(profile)
    await change(profile, "paid")
    await change(profile, "delivered")
    await give_back(profile, "R-1", line(0, 3), line(1))
    body = (await give_back(profile, "R-2", line(2))).json()
    assert (body["order"]["status"], body["order"]["refunded_minor"]) == ("refunded", 3900)
    assert [returned["quantity"] for returned in body["returned"]] == [3, 1, 1]
    shipping = await change(profile, "refunded")
    assert (shipping.status_code, shipping.json()["refunded_minor"]) == (200, 4500)


async def test_every_later_change_says_what_has_come_back(profile: Profile) -> None:
    await placed(profile)
    await change(profile, "paid")
    await give_back(profile, "R-1", line(2))
    await change(profile, "delivered")
    await change(profile, "partially_refunded", refunded_minor=1000)
    assert await told(profile) == [
        (None, "paid", 0, []),
        ("R-1", "partially_refunded", 900, [(2, 1)]),
        (None, "delivered", 900, [(2, 1)]),
        (None, "partially_refunded", 1000, [(2, 1)]),
    ]


async def test_the_same_return_again_has_one_effect(profile: Profile) -> None:
    await placed(profile)
    answers = await asyncio.gather(*(give_back(profile, "R-1", line(0, 2)) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    await give_back(profile, "R-2", line(1))
    late = await give_back(profile, "R-1", line(0, 2))
    assert late.json()["lines"] == answers[0].json()["lines"]
    assert len(await told(profile)) == 2


async def test_another_return_of_the_same_id_conflicts(profile: Profile) -> None:
    await placed(profile)
    await give_back(profile, "R-1", line(0))
    answer = await give_back(profile, "R-1", line(0, 2))
    assert (answer.status_code, answer.json()["code"]) == (409, "profile.return_exists")


@pytest.mark.parametrize(
    ("lines", "field", "says"),
    [
        ([line(0, 4)], "lines[0].quantity", "3 of 3"),
        ([line(1), line(0, 5)], "lines[1].quantity", "3 of 3"),
        ([line(3)], "lines[0].line", "3 lines"),
        ([line(1), line(1)], "lines[1]", "twice"),
        ([{"sku": "tea-01", "quantity": 1}], "lines[0].sku", "0, 2"),
        ([{"sku": "tea-99", "quantity": 1}], "lines[0].sku", "tea-99"),
        ([line(1, amount_minor=4501)], "lines[0].amount_minor", "4500 of 4500"),
    ],
    ids=str,
)
async def test_what_the_order_has_not_does_not_come_back(profile, lines, field, says) -> None:
    await placed(profile)
    answer = await give_back(profile, "R-1", *lines)
    assert (answer.status_code, answer.json()["code"]) == (409, "profile.over_returned")
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert says in error["detail"]
    assert await told(profile) == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"lines": []},
        {"lines": [{"quantity": 1}]},
        {"lines": [{"line": 0, "sku": "tea-01", "quantity": 1}]},
        {"lines": [line(0, 0)]},
        {"lines": [line(-1)]},
        {"lines": [line(0, amount_minor=-1)]},
        {"lines": [line(0, reason="broken")]},
        {"lines": [line(0)], "returned_at": "2999-01-01T00:00:00Z"},
    ],
    ids=str,
)
async def test_bad_returns_are_refused(profile: Profile, body) -> None:
    await placed(profile)
    path = "/v1/orders/SO-1/returns/R-1"
    assert (await profile.call(profile.shop, "PUT", path, json=body)).status_code == 422


async def test_a_return_of_an_unknown_order_is_not_found(profile: Profile) -> None:
    answer = await give_back(profile, "R-1", line(0), order_id="SO-404")
    assert (answer.status_code, answer.json()["code"]) == (404, "profile.order_not_found")


async def test_racing_returns_never_take_more_than_was_ordered(profile: Profile) -> None:
    await placed(profile)
    answers = await asyncio.gather(*(give_back(profile, f"R-{n}", line(0)) for n in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [409] * 5
    assert (await told(profile))[-1][1:] == ("partially_refunded", 1000, [(0, 3)])


async def test_a_discount_over_the_whole_order_leaves_no_more_than_was_paid(profile) -> None:
    await placed(profile, amount_minor=3000, shipping_minor=0)
    await give_back(profile, "R-1", line(1))
    body = (await give_back(profile, "R-2", line(0, 3), line(2))).json()
    assert [made["amount_minor"] for made in body["lines"]] == [1000, 0]
    assert (body["order"]["status"], body["order"]["refunded_minor"]) == ("refunded", 3000)
