"""A screen that was drawn before is shown as long as it is right, whoever wrote meanwhile.

Nothing is told when something is written, here or by another replica: each reading asks. So every
change of these tests could as well be another process's.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from kit import clock
from kit.auth import Caller
from kit.testing import Harness, marketer, member
from services.loyalty.actions import screens as looking
from services.loyalty.api import screens
from tests.loyalty.members import (
    adjust,
    execute,
    lives_in,
    merged,
    new_reward,
    placed,
    post,
    read,
    redeem,
    wallet,
    with_points,
)
from tests.loyalty.programmes import live_programme, run_programme
from tests.loyalty.promotions import in_segment, in_tier
from tests.loyalty.test_erasing import erase, erased
from tests.loyalty.test_holds import held, void
from tests.loyalty.test_missions import claim, new_mission, walk
from tests.loyalty.test_offers import new_offer, take
from tests.loyalty.test_sharing import household, leave
from tests.loyalty.test_tiers import buys, run_tiers

DAY = timedelta(days=1)
WALK = {"trigger": "activity.Walked", "target": 2}
Change = Callable[[Harness, Caller], Awaitable[Any]]


@pytest.fixture(autouse=True)
def nothing_is_known() -> None:
    forget()


def forget() -> None:
    """Be a process that has drawn nothing."""
    screens._DRAWN.clear()
    looking._usual.clear()


async def shown(harness: Harness, caller: Caller, **headers: str) -> dict[str, Any]:
    """The screen, after what was drawn before, which is what a process that drew nothing shows."""
    seen: dict[str, Any] = await read(harness, caller, "/v1/wallet", **headers)
    kept = dict(screens._DRAWN), [*looking._usual]
    forget()
    assert await read(harness, caller, "/v1/wallet", **headers) == seen
    screens._DRAWN.update(kept[0])
    looking._usual[:] = kept[1]
    return seen


async def publish_names(harness: Harness, _: Caller) -> None:
    body = await live_programme(harness)
    for level in body["tiers"]["levels"]:
        level["name"] = {"en": "Another"}
    await run_programme(harness, body)


async def count_spend(harness: Harness, _: Caller) -> None:
    await run_tiers(harness, 0, 900, basis="spend", currency="CNY")


async def share(harness: Harness, caller: Caller) -> None:
    await household(harness, caller, await with_points(harness, 70))


async def rename(harness: Harness, _: Caller) -> None:
    await execute(harness, """UPDATE rewards SET name = '{"en": "Coffee"}'""")


async def award(harness: Harness, caller: Caller) -> None:
    texts = {"name": {"en": "Hero"}, "description": {"en": "Of all."}}
    await post(harness, marketer(), "/v1/loyalty/badges", {**texts, "badge": "hero"})
    given = "INSERT INTO member_badges (member_id, badge, source, awarded_at)"
    values = "VALUES (:member_id, 'hero', 'test', now())"
    await execute(harness, f"{given} {values}", member_id=caller.member_id)


async def absorb(harness: Harness, caller: Caller) -> None:
    await harness.deliver(merged(await with_points(harness, 30), caller))


CHANGES: dict[str, Change] = {
    "points": lambda harness, caller: adjust(harness, caller, points=1),
    "pending points": lambda harness, caller: harness.deliver(placed(caller)),
    "a tier": lambda harness, caller: in_tier(harness, caller, "gold"),
    "a segment": lambda harness, caller: in_segment(harness, caller, "vip"),
    "a hold": lambda harness, caller: held(harness, caller, 10),
    "a household": share,
    "a move": lambda harness, caller: harness.deliver(lives_in(caller, "Asia/Tokyo", LATER)),
    "a merge": absorb,
    "an erasure": lambda harness, caller: erase(harness, erased(caller)),
    "a check-in": lambda harness, caller: post(harness, caller, "/v1/checkins"),
    "a step of a mission": lambda harness, caller: walk(harness, caller, clock.now(), "a"),
    "a reward": lambda harness, _: new_reward(harness, points=10),
    "a reward's name": rename,
    "a mission": lambda harness, _: new_mission(harness, WALK),
    "an offer": lambda harness, _: new_offer(harness),
    "a badge": award,
    "a programme": publish_names,
    "a programme that counts otherwise": count_spend,
}
LATER = "2026-03-05T08:00:00Z"


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_what_is_written_is_shown(harness: Harness, change: Change) -> None:
    caller = await with_points(harness, 500)
    await new_reward(harness)
    await new_mission(harness, WALK)
    await new_offer(harness, segments=["vip"])
    before = await shown(harness, caller)
    assert await shown(harness, caller) == before
    await change(harness, caller)
    assert await shown(harness, caller) != before


async def test_all_that_follows_one_another_is_shown(harness: Harness) -> None:
    """What came back to what it was is shown so, too."""
    caller, other = await with_points(harness, 500), await with_points(harness, 5)
    reward_id = await new_reward(harness, stock=12)
    mission_id = await new_mission(harness, {**WALK, "target": 1})
    offer_id = await new_offer(harness)
    hold = await held(harness, caller, 100)
    seen = [await shown(harness, caller)]
    for step in (
        lambda: void(harness, hold),
        lambda: redeem(harness, caller, reward_id),
        lambda: walk(harness, caller, clock.now(), "a"),
        lambda: claim(harness, caller, mission_id),
        lambda: take(harness, caller, offer_id),
        lambda: household(harness, caller, other),
        lambda: adjust(harness, other, points=5),
        lambda: leave(harness, caller),
    ):
        await step()
        seen.append(await shown(harness, caller))
    assert [one["points"] for one in seen][:3] == [400, 500, 420]
    assert all(one != other for one, other in pairwise(seen))


async def test_each_language_has_its_own(harness: Harness) -> None:
    caller = await with_points(harness, 100)
    await new_reward(harness)
    names = []
    for language in ("en", "zh-CN", "ru", "en"):
        seen = await shown(harness, caller, **{"Accept-Language": language})
        names.append(seen["rewards"][0]["name"])
    assert names == ["A cup of tea", "一杯茶", "Чашка чая", "A cup of tea"]


async def test_nobody_is_shown_anothers(harness: Harness) -> None:
    callers = [await with_points(harness, points) for points in (1, 2, 0)] + [member()]
    for _ in range(2):
        seen = [await shown(harness, caller) for caller in callers]
        assert [UUID(one["member_id"]) for one in seen] == [one.member_id for one in callers]
        assert [one["points"] for one in seen] == [1, 2, 0, 0]


async def test_who_looks_at_once_with_many_is_shown_theirs(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was drawn may be forgotten while its member is being looked at."""
    monkeypatch.setattr(screens, "REMEMBERED", 1)
    callers = [await with_points(harness, points) for points in range(1, 5)]
    for _ in range(3):
        seen = await asyncio.gather(*(wallet(harness, caller) for caller in callers))
        assert [one["points"] for one in seen] == [1, 2, 3, 4]
    assert len(screens._DRAWN) == 1


async def test_points_are_gone_the_moment_they_expire(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, now = await with_points(harness, 50), clock.now()
    ends = now + timedelta(minutes=5)
    await execute(harness, "UPDATE lots SET due_at = :at", at=ends)
    of_points = "UPDATE wallets SET due_at = :at WHERE point_type = 'points'"
    await execute(harness, of_points, at=ends)
    points = []
    for minutes in (0, 4, 5, 6):
        at(monkeypatch, now + timedelta(minutes=minutes))
        points.append((await shown(harness, caller))["points"])
    assert points == [50, 50, 0, 0]


async def test_a_day_begins_where_the_member_lives(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was read last lives elsewhere; a move counts from the moment it is known."""
    noon = datetime.fromisoformat("2026-07-31T12:00:00+00:00")
    east, west = await with_points(harness, 0), await with_points(harness, 0)
    at(monkeypatch, noon)
    moved = "2026-07-01T00:00:00Z"
    await harness.deliver(lives_in(east, "Pacific/Kiritimati", moved))
    await harness.deliver(lives_in(west, "Pacific/Pago_Pago", moved))
    months = []
    for hours in (-3, 0, 22, 23):
        at(monkeypatch, noon + timedelta(hours=hours))
        months.append(
            [(await shown(harness, caller))["checkin"]["month"][-1] for caller in (east, west)]
        )
    assert months == [["7", "7"], ["8", "7"], ["8", "7"], ["8", "8"]]
    await harness.deliver(lives_in(west, "Pacific/Kiritimati", "2026-07-02T00:00:00Z"))
    at(monkeypatch, noon)
    assert (await shown(harness, west))["checkin"]["month"][-1] == "8"


async def test_who_lives_elsewhere_than_most_is_asked_about_their_own_month(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime.fromisoformat("2026-07-31T12:00:00+00:00")
    east, west = await with_points(harness, 0), await with_points(harness, 0)
    await harness.deliver(lives_in(east, "Pacific/Kiritimati", LATER))
    await harness.deliver(lives_in(west, "Pacific/Pago_Pago", LATER))
    at(monkeypatch, noon - DAY)
    assert (await post(harness, west, "/v1/checkins")).status_code == 201
    await read(harness, west, "/v1/referral")  # the code, for which all would be read again
    at(monkeypatch, noon)
    assert (await wallet(harness, east))["checkin"]["month"] == "2026-08"
    checkin = (await wallet(harness, west))["checkin"]
    assert (checkin["month"], checkin["present"]) == ("2026-07", 1 << 29)


async def test_tiers_by_orders_count_each_order(harness: Harness) -> None:
    await run_tiers(harness, 0, 900, basis="spend", currency="CNY")
    caller, values = member(), []
    for number in range(3):
        values.append((await shown(harness, caller))["tier"]["value"])
        await buys(harness, caller, 300, f"A-{number}")
    assert values == [0, 300, 600]


async def test_what_leaves_the_window_is_not_counted_on(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await run_tiers(harness, 0, 900, basis="spend", currency="CNY", window_months=1)
    caller, now = member(), clock.now()
    await buys(harness, caller, 300)
    assert (await shown(harness, caller))["tier"]["value"] == 300
    at(monkeypatch, now + 40 * DAY)
    assert (await shown(harness, caller))["tier"]["value"] == 0


async def test_offers_behind_many_that_are_for_others_are_found(harness: Harness) -> None:
    """More are asked for than are read at once; then nothing is kept."""
    caller = await with_points(harness, 1)
    await new_offer(harness, priority=0)
    [(offer,)] = await execute(harness, "SELECT to_jsonb(offers) FROM offers")
    await execute(
        harness,
        """
        INSERT INTO offers SELECT (jsonb_populate_record(NULL::offers, to_jsonb(known)
            || jsonb_build_object('offer_id', gen_random_uuid(), 'tiers', ARRAY['platinum']))).*
        FROM offers AS known, generate_series(1, 60)
        """,
    )
    await execute(harness, "UPDATE offers SET priority = 1 WHERE tiers = '{}'")
    for _ in range(2):
        seen = await shown(harness, caller)
        assert [one["offer_id"] for one in seen["offers"]] == [offer["offer_id"]]
    await execute(harness, """UPDATE offers SET name = '{"en": "Another"}' WHERE tiers = '{}'""")
    assert [one["name"] for one in (await shown(harness, caller))["offers"]] == ["Another"]
    assert (await take(harness, caller, offer["offer_id"])).status_code == 201
    assert (await shown(harness, caller))["offers"] == []


async def test_who_has_the_newest_is_sent_nothing(harness: Harness) -> None:
    caller = await with_points(harness, 10)
    async with harness.client(caller) as client:
        tag = (await client.get("/v1/wallet")).headers["ETag"]
        known = {"If-None-Match": tag}
        assert (await client.get("/v1/wallet", headers=known)).status_code == 304
        forget()
        assert (await client.get("/v1/wallet", headers=known)).status_code == 304
        await adjust(harness, caller, points=1)
        assert (await client.get("/v1/wallet", headers=known)).status_code == 200


async def test_a_screen_is_asked_for_in_one_statement(harness: Harness) -> None:
    """Also where it must be drawn: where most members live, this one is thought to live."""
    caller, other = await with_points(harness, 10), await with_points(harness, 20)
    await shown(harness, other)
    for who in (other, caller):
        await read(harness, who, "/v1/referral")
    with harness.statements() as seen:
        for who in (caller, caller, other):
            await read(harness, who, "/v1/wallet")
    assert len(seen) == 3


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)
