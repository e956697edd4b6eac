"""Offers to some members, at some moments."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, agent, backend, example, marketer, member
from services.loyalty.events import OfferClaimed
from tests.loyalty.members import balances, execute, lives_in, merged, placed, post, proved, read
from tests.loyalty.promotions import in_segment, in_tier, new_series


async def new_offer(harness: Harness, **changes: Any) -> str:
    """50 points for anybody."""
    body = {
        "name": {"en": "A present", "zh-CN": "一份礼物", "ru": "Подарок"},
        "description": {"en": "For you.", "zh-CN": "送给你。", "ru": "Вам."},
        "occasion": "general",
        "prize": {"points": 50},
        **changes,
    }
    answer = await post(harness, marketer(), "/v1/offers", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["offer_id"]


async def seen(harness: Harness, caller: Caller) -> list[str]:
    return [item["offer_id"] for item in (await read(harness, caller, "/v1/offers"))["items"]]


async def take(harness: Harness, caller: Caller, offer_id: str) -> Any:
    while (answer := await post(harness, caller, f"/v1/offers/{offer_id}/claims")).status_code in {
        503,
        504,
    }:
        pass
    return answer


async def test_an_offer_is_taken_once(harness: Harness) -> None:
    caller, offer_id = member(), await new_offer(harness)
    [shown] = (await read(harness, caller, "/v1/offers", **{"Accept-Language": "zh"}))["items"]
    assert (shown["name"], shown["occasion"], shown["left"]) == ("一份礼物", "general", None)
    answers = await asyncio.gather(*(take(harness, caller, offer_id) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert await balances(harness, caller) == (50, 0, 0, 0)
    assert await seen(harness, caller) == []
    [claimed] = await harness.published(OfferClaimed)
    assert str(claimed.offer_id) == offer_id
    await proved(harness)


async def test_of_a_limited_offer_no_more_are_taken_than_there_are(harness: Harness) -> None:
    offer_id = await new_offer(harness, occasion="limited_time", claim_limit=5)
    answers = await asyncio.gather(*(take(harness, member(), offer_id) for _ in range(40)))
    taken = [answer for answer in answers if answer.status_code == 201]
    assert len(taken) == 5
    assert {a.json()["code"] for a in answers if a.status_code != 201} <= {
        "loyalty.offer_gone",
        "loyalty.offer_not_found",
    }
    [row] = await execute(harness, "SELECT claimed FROM offers")
    assert row.claimed == 5
    [paid] = await execute(harness, "SELECT count(*) AS n FROM entries WHERE kind = 'earn'")
    assert paid.n == 5


async def test_a_new_members_offer_ends_with_the_first_order(harness: Harness) -> None:
    caller = member()
    offer_id = await new_offer(harness, occasion="new_member", before_first_order=True)
    assert await seen(harness, caller) == [offer_id]
    await harness.deliver(placed(caller))
    assert await seen(harness, caller) == []
    answer = await take(harness, caller, offer_id)
    assert (answer.status_code, answer.json()["code"]) == (404, "loyalty.offer_not_found")


async def test_a_new_members_offer_ends_after_days(harness: Harness) -> None:
    caller = member()
    await new_offer(harness, occasion="new_member", enrolled_days=7)
    await harness.deliver(lives_in(caller, "UTC"))
    assert len(await seen(harness, caller)) == 1
    await execute(harness, "UPDATE members SET enrolled_at = enrolled_at - interval '8 days'")
    assert await seen(harness, caller) == []


async def test_a_vips_offer_is_for_their_tier(harness: Harness) -> None:
    caller, offer_id = member(), await new_offer(harness, occasion="vip", tiers=["gold"])
    assert await seen(harness, caller) == []
    await harness.deliver(lives_in(caller, "UTC"))
    await in_tier(harness, caller, "gold")
    assert await seen(harness, caller) == [offer_id]


async def test_who_fell_silent_is_won_back(harness: Harness) -> None:
    caller, offer_id = member(), await new_offer(harness, occasion="win_back", stages=["silent"])
    await harness.deliver(lives_in(caller, "UTC"))
    assert await seen(harness, caller) == []
    told = {"member_id": caller.subject, "stage": "silent", "updated_at": "2026-04-01T08:00:00Z"}
    await harness.deliver(example("profile.member.updated.v1", **told))
    assert await seen(harness, caller) == [offer_id]


async def test_a_segments_offer_is_theirs_and_gives_a_coupon(harness: Harness) -> None:
    caller, other = member(), member()
    prize = {"series_id": await new_series(harness, valid_days=7)}
    offer_id = await new_offer(harness, segments=["vip"], prize=prize)
    await in_segment(harness, caller, "vip")
    assert (await seen(harness, other), await seen(harness, caller)) == ([], [offer_id])
    assert (await take(harness, caller, offer_id)).status_code == 201
    assert len((await read(harness, caller, "/v1/coupons"))["items"]) == 1


async def test_an_offer_is_taken_within_its_time(harness: Harness) -> None:
    now, caller = clock.now(), member()
    await new_offer(harness, valid_from=(now + timedelta(hours=1)).isoformat())
    await new_offer(harness, valid_until=(now - timedelta(hours=1)).isoformat())
    later = await new_offer(harness, valid_until=(now + timedelta(hours=1)).isoformat())
    assert await seen(harness, caller) == [later]


async def test_merging_wins_no_second_present(harness: Harness) -> None:
    guest, known, offer_id = member(), member(), await new_offer(harness)
    await take(harness, guest, offer_id)
    await harness.deliver(merged(guest, known))
    assert await seen(harness, known) == []
    await take(harness, known, offer_id)
    assert (await balances(harness, known))[0] == 50


async def test_staff_keep_offers(harness: Harness) -> None:
    offer_id = await new_offer(harness)
    async with harness.client(marketer()) as client:
        answer = await client.patch(f"/v1/offers/{offer_id}", json={"active": False})
        assert (answer.status_code, answer.json()["active"]) == (200, False)
        assert (await client.patch(f"/v1/offers/{uuid7()}", json={})).status_code == 404
    [kept] = (await read(harness, agent(), "/v1/offers"))["items"]
    assert kept["name"]["ru"] == "Подарок"
    for caller in (member(), agent(), backend("offers:read")):
        assert (await post(harness, caller, "/v1/offers", {})).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"prize": {"points": 0}}, {"occasion": "birthday"}, {"stages": ["asleep"]}, {"price": 1}],
)
async def test_a_wrong_offer_is_refused(harness: Harness, wrong: Any) -> None:
    body = {
        "name": {"en": "x"},
        "description": {"en": "x"},
        "occasion": "general",
        "prize": {"points": 1},
        **wrong,
    }
    answer = await post(harness, marketer(), "/v1/offers", body)
    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.text
