"""Orders and their status, reported by the company's backend."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from kit.ids import uuid7
from kit.testing import admin, backend, member
from services.profile.events import OrderChanged, OrderPlaced
from services.profile.rules.orders import LARGEST_AMOUNT
from tests.profile.conftest import Profile, alias, track


def order(member_id: UUID, **changes: Any) -> dict[str, Any]:
    return {
        "order_id": "SO-1",
        "member_id": str(member_id),
        "items": [{"sku": "tea-01", "quantity": 2, "amount_minor": 12900}],
        "amount_minor": 12900,
        "currency": "CNY",
        "placed_at": "2026-03-02T10:00:00Z",
        **changes,
    }


async def place(profile: Profile, member_id: UUID, **changes: Any):
    body = order(member_id, **changes)
    return await profile.call(profile.shop, "POST", "/v1/orders", json=body)


async def change(profile: Profile, status: str, order_id: str = "SO-1", **body: Any):
    path = f"/v1/orders/{order_id}/status"
    return await profile.call(profile.shop, "PUT", path, json={"status": status, **body})


@pytest.mark.parametrize(
    ("caller", "status"),
    [(None, 401), (member(), 403), (admin(), 403), (backend("activities:write"), 403)],
    ids=["nobody", "a member", "an administrator", "another key"],
)
async def test_only_a_key_with_the_scope_reports_orders(profile, caller, status) -> None:
    mei = await profile.register()
    answer = await profile.call(caller, "POST", "/v1/orders", json=order(mei))
    assert answer.status_code == status
    path, body = "/v1/orders/SO-1/status", {"status": "paid"}
    assert (await profile.call(caller, "PUT", path, json=body)).status_code == status
    assert await profile.harness.published(OrderPlaced) == []


async def test_an_order_is_taken_said_and_counted(profile: Profile) -> None:
    mei = await profile.register()
    parts = {"discount_minor": 2000, "tax_minor": 700, "shipping_minor": 600}
    answer = await place(profile, mei, **parts)
    assert answer.status_code == 201
    body = answer.json()
    assert (body["status"], body["refunded_minor"], body["member_id"]) == ("placed", 0, str(mei))
    (placed,) = await profile.harness.published(OrderPlaced)
    assert (placed.order_id, placed.member_id, placed.amount_minor) == ("SO-1", mei, 12900)
    assert {name: getattr(placed, name) for name in parts} == parts
    assert placed.items[0].sku == "tea-01"
    shown = await profile.shown(mei)
    assert (shown["order_count"], shown["net_minor"]) == (1, {"CNY": 12900})
    assert shown["last_active_at"] == "2026-03-02T10:00:00Z"


async def test_the_same_order_again_has_the_same_answer_and_one_effect(profile: Profile) -> None:
    mei = await profile.register()
    answers = await asyncio.gather(*(place(profile, mei) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(await profile.harness.published(OrderPlaced)) == 1


@pytest.mark.parametrize(
    "difference",
    [
        {"amount_minor": 1},
        {"discount_minor": 1},
        {"currency": "USD"},
        {"items": []},
        {"placed_at": "2026-03-03T10:00:00Z"},
    ],
    ids=str,
)
async def test_another_order_of_the_same_id_conflicts(profile: Profile, difference) -> None:
    mei = await profile.register()
    await place(profile, mei)
    answer = await place(profile, mei, **difference)
    assert (answer.status_code, answer.json()["code"]) == (409, "profile.order_exists")


async def test_another_members_order_of_the_same_id_conflicts(profile: Profile) -> None:
    await place(profile, await profile.register())
    answer = await place(profile, await profile.register())
    assert (answer.status_code, answer.json()["code"]) == (409, "profile.order_exists")


async def test_an_order_of_an_unknown_member_is_refused_clearly(profile: Profile) -> None:
    answer = await place(profile, uuid7())
    assert (answer.status_code, answer.json()["code"]) == (422, "profile.unknown_member")
    assert await profile.created() == []


async def test_an_order_of_an_absorbed_member_is_the_survivors(profile: Profile) -> None:
    mei = await profile.register()
    await profile.send(track(userId="shop-42"))
    (shop,) = set(await profile.created()) - {mei}
    await place(profile, shop)
    await profile.send(alias(previousId="shop-42", userId=str(mei)))
    again = await place(profile, shop)
    assert (again.status_code, again.json()["member_id"]) == (201, str(mei))
    assert (await place(profile, shop, order_id="SO-2")).json()["member_id"] == str(mei)
    assert (await change(profile, "paid")).json()["member_id"] == str(mei)
    assert (await profile.shown(mei))["order_count"] == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount_minor": -1}, "amount_minor"),
        ({"tax_minor": 12000, "shipping_minor": 901}, "shipping_minor"),
        ({"tax_minor": 12901}, "shipping_minor"),
        ({"discount_minor": -1}, "discount_minor"),
        ({"amount_minor": LARGEST_AMOUNT + 1}, "amount_minor"),
        ({"amount_minor": 2**63}, "amount_minor"),
        ({"amount_minor": 12.5}, "amount_minor"),
        ({"amount_minor": "12900"}, "amount_minor"),
        ({"amount_minor": True}, "amount_minor"),
        ({"currency": "cny"}, "currency"),
        ({"currency": "XXX"}, "currency"),
        ({"currency": "GOLD"}, "currency"),
        ({"member_id": "mei"}, "member_id"),
        ({"order_id": ""}, "order_id"),
        ({"order_id": "a/b"}, "order_id"),
        ({"order_id": "x" * 101}, "order_id"),
        ({"placed_at": "2026-03-02T10:00:00"}, "placed_at"),
        ({"placed_at": "2999-01-01T00:00:00Z"}, "placed_at"),
        ({"items": [{"sku": "x", "quantity": 0, "amount_minor": 1}]}, "items[0].quantity"),
        ({"items": [{"sku": "", "quantity": 1, "amount_minor": 1}]}, "items[0].sku"),
        ({"items": [{"sku": "a\0", "quantity": 1, "amount_minor": 1}]}, "items[0].sku"),
        ({"items": [{"quantity": 1, "amount_minor": 1}]}, "items[0].sku"),
        ({"discount": 5}, "discount"),
    ],
    ids=str,
)
async def test_bad_orders_are_refused_by_field(profile: Profile, wrong, field) -> None:
    body = order(await profile.register()) | wrong
    answer = await profile.call(profile.shop, "POST", "/v1/orders", json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_an_order_is_followed_to_delivery(profile: Profile) -> None:
    mei = await profile.register()
    await place(profile, mei)
    for status in ("paid", "shipped", "delivered"):
        answer = await change(profile, status, changed_at="2026-03-04T10:00:00Z")
        assert (answer.status_code, answer.json()["status"]) == (200, status)
    told = await profile.harness.published(OrderChanged)
    assert [(event.previous, event.status) for event in told] == [
        ("placed", "paid"),
        ("paid", "shipped"),
        ("shipped", "delivered"),
    ]
    assert {(event.member_id, event.amount_minor) for event in told} == {(mei, 12900)}


async def test_a_change_reported_again_changes_nothing_also_later(profile: Profile) -> None:
    await place(profile, await profile.register())
    await asyncio.gather(*(change(profile, "paid") for _ in range(5)))
    await change(profile, "shipped")
    late = await change(profile, "paid")
    assert (late.status_code, late.json()["status"]) == (200, "shipped")
    assert len(await profile.harness.published(OrderChanged)) == 2


async def test_a_change_that_does_not_fit_says_what_would(profile: Profile) -> None:
    await place(profile, await profile.register())
    await change(profile, "delivered")
    answer = await change(profile, "shipped")
    assert answer.status_code == 409
    body = answer.json()
    assert body["code"] == "profile.order_status_not_allowed"
    assert body["allowed"] == ["partially_refunded", "refunded"]


async def test_partial_refunds_add_up_to_a_whole_one(profile: Profile) -> None:
    mei = await profile.register()
    await place(profile, mei)
    await change(profile, "paid")
    for total in (900, 900, 2900):
        answer = await change(profile, "partially_refunded", refunded_minor=total)
        assert (answer.status_code, answer.json()["refunded_minor"]) == (200, total)
    assert (await profile.shown(mei))["net_minor"] == {"CNY": 10000}
    assert (await change(profile, "refunded")).json()["refunded_minor"] == 12900
    told = await profile.harness.published(OrderChanged)
    assert [event.refunded_minor for event in told] == [0, 900, 2900, 12900]
    assert (await profile.shown(mei))["net_minor"] == {"CNY": 0}


@pytest.mark.parametrize("total", [12900, 12901])
async def test_a_partial_refund_is_less_than_the_order(profile: Profile, total: int) -> None:
    await place(profile, await profile.register())
    await change(profile, "paid")
    answer = await change(profile, "partially_refunded", refunded_minor=total)
    assert answer.status_code == 409


async def test_a_cancelled_order_does_not_count(profile: Profile) -> None:
    mei = await profile.register()
    await place(profile, mei)
    await change(profile, "cancelled")
    shown = await profile.shown(mei)
    assert (shown["order_count"], shown["net_minor"]) == (0, {})


async def test_a_change_of_an_unknown_order_is_not_found(profile: Profile) -> None:
    answer = await change(profile, "paid", order_id="SO-404")
    assert (answer.status_code, answer.json()["code"]) == (404, "profile.order_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {"status": "placed"},
        {"status": "lost"},
        {},
        {"status": "paid", "refunded_minor": 0},
        {"status": "paid", "changed_at": "2999-01-01T00:00:00Z"},
        {"status": "paid", "note": "x"},
    ],
    ids=str,
)
async def test_bad_changes_are_refused(profile: Profile, body) -> None:
    await place(profile, await profile.register())
    path = "/v1/orders/SO-1/status"
    assert (await profile.call(profile.shop, "PUT", path, json=body)).status_code == 422


async def test_racing_refunds_never_exceed_the_order(profile: Profile) -> None:
    await place(profile, await profile.register())
    await change(profile, "paid")
    await asyncio.gather(
        *(change(profile, "partially_refunded", refunded_minor=n * 1000) for n in range(1, 8)),
        change(profile, "refunded"),
    )
    totals = [event.refunded_minor for event in await profile.harness.published(OrderChanged)]
    assert totals == sorted(totals)
    assert totals[-1] == 12900


async def test_an_order_while_its_member_is_absorbed_ends_with_the_survivor(profile) -> None:
    mei = await profile.register()
    await profile.send(track(userId="shop-42"))
    (shop,) = set(await profile.created()) - {mei}
    answers = await asyncio.gather(
        *(place(profile, shop, order_id=f"SO-{n}") for n in range(6)),
        profile.send(alias(previousId="shop-42", userId=str(mei))),
    )
    assert {answer.status_code for answer in answers[:-1]} == {201}
    assert (await profile.shown(mei))["order_count"] == 6
