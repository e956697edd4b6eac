"""The wallet screen: everything on it, small, and never read for nothing."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, marketer, member
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.screens import look, screen_of, settled
from services.loyalty.rules.checkins import Card
from services.loyalty.rules.ledger import Claim, Memo, PointType, Source, Terms, WalletKey
from services.loyalty.rules.screens import NAME_BYTES, clipped
from services.loyalty.store.checkins import add_cards
from services.loyalty.store.screens import maturing
from tests.loyalty.costs import rows_read
from tests.loyalty.members import (
    adjust,
    execute,
    new_reward,
    placed,
    post,
    read,
    redeem,
    registered,
    wallet,
    with_points,
)
from tests.loyalty.promotions import in_segment, new_series, own_coupon
from tests.loyalty.test_missions import claim, new_mission, walk
from tests.loyalty.test_offers import new_offer, take

DAY = timedelta(days=1)
WALK = {"trigger": "activity.Walked", "target": 1}


async def test_one_call_shows_the_whole_screen(harness: Harness) -> None:
    caller = member()
    await harness.deliver(registered(caller), placed(caller, amount_minor=30_000))
    cheap, dear = await new_reward(harness, points=60), await new_reward(harness, points=500)
    mission_id = await new_mission(harness, WALK)
    await walk(harness, caller, clock.now(), "a")
    code = await own_coupon(harness, caller, await new_series(harness, valid_days=5))
    offer_id = await new_offer(harness, occasion="vip")
    await post(harness, caller, "/v1/checkins")
    shown = await read(harness, caller, "/v1/wallet", **{"Accept-Language": "ru"})
    assert (shown["points"], shown["pending"], shown["growth_points"]) == (105, 300, 301)
    assert [
        (r["reward_id"], r["can_redeem"], r["reason"], r["missing_points"])
        for r in shown["rewards"]
    ] == [
        (cheap, True, None, 0),
        (dear, False, "insufficient_points", 395),
    ]
    assert shown["rewards"][0]["name"] == "Чашка чая"
    [mission] = shown["missions"]
    assert (mission["mission_id"], mission["claimable"], mission["prize"]["points"]) == (
        mission_id,
        True,
        50,
    )
    [coupon] = shown["coupons"]
    assert (coupon["code"], coupon["name"], coupon["amount_minor"]) == (code, "10 от 100", 1_000)
    [offer] = shown["offers"]
    assert (offer["offer_id"], offer["occasion"]) == (offer_id, "vip")
    checkin = shown["checkin"]
    today = clock.now()
    assert (checkin["streak"], checkin["best"], checkin["month"]) == (1, 1, f"{today:%Y-%m}")
    assert checkin["present"] == 1 << (today.day - 1)
    assert (shown["referral"]["invited"], len(shown["referral"]["code"])) == (0, 8)
    assert len(shown["expiring"]) == 2
    assert [step["action"] for step in shown["actions"]] == [
        "claim_mission",
        "take_offer",
        "redeem_reward",
        "invite",
    ]
    for step in shown["actions"][:3]:
        assert (await post(harness, caller, step["path"])).status_code == 201


async def test_the_next_three_moments_points_arrive_are_shown(harness: Harness) -> None:
    caller = await with_points(harness, 10)
    now = clock.now()
    async with harness.transaction() as session:
        book = await open_book(session, {caller.member_id}, now)
        for days in (9, 3, 5, 3, 7):
            claim_ = Claim(Source("test", str(uuid7())), "r", "earn")
            key = WalletKey(caller.member_id, PointType.POINTS)
            book.earn(key, days, Terms(pending_days=days), Memo(claim=claim_, at=now))
        await close_book(session, book)
    shown = (await wallet(harness, caller))["maturing"]
    assert [item["points"] for item in shown] == [6, 5, 7]


async def tag(harness: Harness, caller: Caller) -> str:
    async with harness.client(caller) as client:
        return (await client.get("/v1/wallet")).headers["ETag"]


async def test_whatever_it_shows_changes_the_tag_and_nothing_else_does(harness: Harness) -> None:
    caller = await with_points(harness, 500)
    reward_id = await new_reward(harness, stock=11)
    mission_id = await new_mission(harness, WALK)
    offer_id = await new_offer(harness)

    async def edit_reward() -> None:
        async with harness.client(marketer()) as client:
            await client.patch(f"/v1/rewards/{reward_id}", json={"points": 70})

    async def give_card() -> None:
        async with harness.transaction() as session:
            await add_cards(session, caller.member_id, Card.MAKEUP, 1)

    changes = [
        lambda: adjust(harness, caller, points=1),
        lambda: post(harness, caller, "/v1/checkins"),
        edit_reward,
        lambda: redeem(harness, caller, reward_id),
        lambda: walk(harness, caller, clock.now(), "a"),
        lambda: claim(harness, caller, mission_id),
        lambda: take(harness, caller, offer_id),
        give_card,
        lambda: in_segment(harness, caller, "vip"),
    ]
    await new_offer(harness, segments=["vip"])
    tags = [await tag(harness, caller)]
    for change in changes:
        assert await tag(harness, caller) == tags[-1]
        await change()
        tags.append(await tag(harness, caller))
    tags.append(await issue_and_tag(harness, caller))
    assert len(set(tags)) == len(tags)


async def test_what_time_alone_changes_is_shown_when_it_has(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written: a day begins, a cool-down ends, a reward opens, an offer closes."""
    caller, now = await with_points(harness, 500), clock.now()
    cool = await new_reward(harness, points=10, cooldown_s=600)
    await new_reward(harness, points=20, valid_from=(now + timedelta(minutes=20)).isoformat())
    await new_offer(harness, valid_until=(now + timedelta(minutes=30)).isoformat())
    await post(harness, caller, "/v1/checkins")
    assert (await redeem(harness, caller, cool)).status_code == 201

    async def at(moment: datetime) -> tuple[list[str | None], int]:
        with monkeypatch.context() as later:
            later.setattr(clock, "now", lambda: moment)
            shown = await wallet(harness, caller)
        assert shown["checkin"]["done_today"] == (moment < tomorrow)
        return [reward["reason"] for reward in shown["rewards"]], len(shown["offers"])

    tomorrow = (now + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    minute = timedelta(minutes=1)
    assert await at(now) == (["cooling_down", "not_yet"], 1)
    assert await at(now + minute) == (["cooling_down", "not_yet"], 1)
    assert await at(now + 11 * minute) == ([None, "not_yet"], 1)
    assert await at(now + 21 * minute) == ([None, None], 1)
    assert await at(now + 31 * minute) == ([None, None], 0)
    assert await at(tomorrow + 31 * minute) == ([None, None], 0)


async def issue_and_tag(harness: Harness, caller: Caller) -> str:
    await own_coupon(harness, caller, await new_series(harness))
    return await tag(harness, caller)


async def test_at_its_fullest_it_is_under_15_kb(harness: Harness) -> None:
    caller, name = member(), "🏆" * 5_000
    await earn_most(harness, caller)
    texts = {"name": {"zh-CN": name, "en": name, "ru": name}, "description": {"en": name}}
    until = (clock.now() + 300 * DAY).isoformat()
    for n in range(12):
        gates = {"valid_until": until, "points": 10**9 - n, "cooldown_s": 10**6}
        reward_id = await new_reward(harness, **{**texts, **gates, "kind": "physical"})
    assert (await redeem(harness, caller, reward_id)).status_code == 201
    badge = "b" * 64
    await post(harness, marketer(), "/v1/loyalty/badges", {**texts, "badge": badge})
    prize = {"points": 10**9, "growth_points": 10**9, "freeze_cards": 31, "badge": badge}
    for _ in range(7):
        goals = [{"trigger": "activity.Walked", "target": 10**12 - 1} for _ in range(10)]
        await new_mission(harness, *goals, **texts, prize=prize, ends_at=until)
        terms = {"amount_minor": 10**9, "minimum_spend_minor": 10**12, "valid_until": until}
        await own_coupon(harness, caller, await new_series(harness, **texts, **terms))
        await new_offer(harness, **texts, prize=prize, valid_until=until, occasion="limited_time")
    await walk(harness, caller, clock.now(), "a")
    taken = (await read(harness, caller, "/v1/offers"))["items"][0]["offer_id"]
    assert (await take(harness, caller, taken)).status_code == 201
    await earn_most(harness, caller)
    await post(harness, caller, "/v1/checkins")
    async with harness.client(caller) as client:
        answer = await client.get("/v1/wallet")
    shown = answer.json()
    lists = ("rewards", "missions", "coupons", "offers", "badges", "recent", "expiring")
    assert [len(shown[name]) for name in lists] == [10, 5, 5, 3, 1, 5, 3]
    assert len(answer.content) < 15_000, {k: len(orjson.dumps(v)) for k, v in shown.items()}


async def earn_most(harness: Harness, caller: Caller) -> None:
    """Six entries with texts as long as can be."""
    now = clock.now()
    async with harness.transaction() as session:
        book = await open_book(session, {caller.member_id}, now)
        for days in range(6):
            source = Source("🏆" * 64, f"{uuid7()}{'🏆' * 90}")
            memo = Memo(claim=Claim(source, "🏆" * 64, "earn"), at=now, reason="🏆" * 120)
            terms = Terms(valid_days=3650 - days)
            book.earn(WalletKey(caller.member_id, PointType.POINTS), 10**12, terms, memo)
        await close_book(session, book)


async def earn_many(
    harness: Harness, member_id: UUID, entries: int, *, pending_days: int = 9
) -> None:
    """So many entries of 7 points, every fifth on its way."""
    now = clock.now()
    key = WalletKey(member_id, PointType.POINTS)
    async with harness.transaction() as session:
        book = await open_book(session, {member_id}, now)
        for n in range(entries):
            claim_ = Claim(Source("test", f"{member_id}:{n}"), "r", "earn")
            terms = Terms(valid_days=300, pending_days=0 if n % 5 else pending_days)
            book.earn(key, 7, terms, Memo(claim=claim_, at=now))
        await close_book(session, book)
    spread = """
        UPDATE lots SET due_at = due_at + place.n * interval '1 minute'
        FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM lots) AS place
        WHERE lots.id = place.id AND member_id = :member_id
    """
    await execute(harness, spread, member_id=member_id)


async def see(session: AsyncSession, member_id: UUID) -> None:
    now = clock.now()
    await screen_of(session, await settled(session, await look(session, member_id, now), now), now)


async def test_it_costs_the_same_at_ten_and_ten_thousand_entries(harness: Harness) -> None:
    few, many = member(), member()
    for caller, entries in ((few, 10), (many, 10_000)):
        await earn_many(harness, caller.member_id, entries)
    await execute(harness, "ANALYZE lots, entries, wallets")
    costs = [
        await rows_read(harness, partial(see, member_id=caller.member_id)) for caller in (few, many)
    ]
    assert costs[1] <= costs[0] + 40, costs


async def test_points_on_their_way_are_found_without_reading_all_others(harness: Harness) -> None:
    many = member()
    await earn_many(harness, many.member_id, 1_000, pending_days=0)
    await execute(harness, "ANALYZE lots")
    asked = maturing(many.member_id, 3)
    async with harness.transaction() as session:
        explained = text(f"EXPLAIN (ANALYZE, COSTS OFF) {asked.query.text}")
        plan = "\n".join((await session.execute(explained, dict(asked.given))).scalars())
    assert "Rows Removed by Filter" not in plan, plan


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Tea", "Tea"),
        ("茶" * 32, "茶" * 32),
        ("茶" * 33, "茶" * 31 + "…"),
        ("🏆" * 25, "🏆" * 23 + "…"),
        ("a" * 97, "a" * 93 + "…"),
    ],
)
def test_a_name_is_cut_between_characters(name: str, shown: str) -> None:
    assert clipped(name) == shown
    assert len(clipped(name).encode()) <= NAME_BYTES
