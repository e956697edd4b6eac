"""Rules on what loyalty itself said, and on birthdays; no rule pays for its own result."""

from typing import Any

from kit.auth import Caller
from kit.events import Event, Payload
from kit.testing import Harness, example, marketer, member
from services.loyalty.actions import following
from services.loyalty.events import BadgeAwarded, MissionCompleted, RewardRedeemed, TierChanged
from tests.loyalty.members import (
    balances,
    execute,
    lives_in,
    merged,
    new_reward,
    post,
    proved,
    read,
    redeem,
    reviewed,
    with_points,
)
from tests.loyalty.programmes import NAME, programme, rule, run_programme

TIER, MISSION = "loyalty.tier.changed", "loyalty.mission.completed"
REDEEMED = "loyalty.reward.redeemed"
GROWTH = {"point_type": "growth"}


async def hear_own(harness: Harness, *kinds: type[Payload]) -> list[Event]:
    """Deliver what loyalty has said of these kinds and not heard yet, until it says no more."""
    heard: list[Event] = []
    names = [kind.type for kind in kinds]
    while True:
        rows = await execute(
            harness,
            "SELECT body FROM outbox WHERE type = ANY(:names) AND NOT EXISTS"
            " (SELECT FROM inbox WHERE event_id = outbox.id) ORDER BY seq",
            names=names,
        )
        said = [Event.decode(row.body) for row in rows]
        if not said:
            return heard
        heard += said
        await harness.deliver(*said)


def levels(*thresholds: int) -> dict[str, Any]:
    keys = ["normal", *(f"level-{n}" for n in range(1, len(thresholds)))]
    pairs = zip(keys, thresholds, strict=True)
    return {"levels": [{"key": key, "name": NAME, "threshold": least} for key, least in pairs]}


async def new_mission(harness: Harness, **changes: Any) -> None:
    goals = [{"trigger": "activity.Product Reviewed", "target": 1}]
    body = {"name": NAME, "description": NAME, "goals": goals, "prize": {"points": 5}, **changes}
    answer = await post(harness, marketer(), "/v1/missions", body)
    assert answer.status_code == 201, answer.text


def birthday(caller: Caller, year: int = 2026) -> Event:
    return example("profile.member.birthday.v1", member_id=caller.subject, year=year)


async def test_a_mission_completed_pays_each_mission_once(harness: Harness) -> None:
    await run_programme(harness, programme(rule("bonus", trigger=MISSION)))
    for _ in range(2):
        await new_mission(harness, claimed_by_itself=True)
    caller = member()
    await harness.deliver(reviewed(caller))
    [one, *others] = await hear_own(harness, MissionCompleted)
    assert len(others) == 1
    await harness.deliver(one, *others)
    assert (await balances(harness, caller))[0] == 2 * 5 + 2 * 10
    await proved(harness)


async def test_a_tier_and_a_badge_pay(harness: Harness) -> None:
    badge = {"badge": "fan", "name": NAME, "description": NAME}
    assert (await post(harness, marketer(), "/v1/loyalty/badges", badge)).status_code == 201
    await new_mission(harness, prize={"badge": "fan", "growth_points": 50}, claimed_by_itself=True)
    reached = {"field": "event.reason", "op": "eq", "value": "reached"}
    written = programme(
        rule("tier", trigger=TIER, when=reached, earn={"points": 100}),
        rule("badge", trigger="loyalty.badge.awarded", earn={"points": 7}),
        tiers=levels(0, 50),
    )
    await run_programme(harness, written)
    caller = member()
    await harness.deliver(reviewed(caller))
    await hear_own(harness, TierChanged, BadgeAwarded, MissionCompleted)
    points, *_, growth = await balances(harness, caller)
    assert (points, growth) == (107, 50)


async def test_a_rule_does_not_pay_for_its_own_result(harness: Harness) -> None:
    """A new tier brings growth points, and these the next tier: once, and no further."""
    again = rule("again", trigger=TIER, **GROWTH, earn={"points": 100})
    start = rule("start", **GROWTH, earn={"points": 100})
    await run_programme(harness, programme(start, again, tiers=levels(0, 100, 200, 300, 400)))
    caller = member()
    await harness.deliver(shared(caller))
    heard = await hear_own(harness, TierChanged)
    assert [event.data["tier"] for event in heard] == ["level-1", "level-2"]
    assert (await balances(harness, caller))[3] == 200
    [newest, *_] = (await read(harness, caller, "/v1/points/occasions"))["items"]
    path = f"/v1/points/history/{newest['occasion_id']}/explanation"
    said = await read(harness, caller, path)
    assert "gives no points for what it led to itself" in said["summary"]


async def test_two_rules_do_not_pay_for_one_another_for_ever(harness: Harness) -> None:
    """Missions that begin with a tier, and tiers that come of missions."""
    for n in range(1, 5):
        where = {"tier": f"level-{n}"}
        goals = [{"trigger": TIER, "target": 1, "where": where}]
        await new_mission(harness, goals=goals, prize={"points": 1}, claimed_by_itself=True)
    rise = rule("rise", trigger=MISSION, **GROWTH, earn={"points": 100})
    start = rule("start", **GROWTH, earn={"points": 100})
    await run_programme(harness, programme(start, rise, tiers=levels(0, 100, 200, 300, 400)))
    caller = member()
    await harness.deliver(shared(caller))
    heard = await hear_own(harness, TierChanged, MissionCompleted)
    tiers = [event.data["tier"] for event in heard if event.type == TierChanged.type]
    assert tiers == ["level-1", "level-2"]
    assert (await balances(harness, caller))[3] == 200


async def test_a_chain_of_many_rules_ends(harness: Harness, monkeypatch) -> None:
    monkeypatch.setattr(following, "MOST_LINKS", 2)
    rises = [
        rule(f"rise-{n}", trigger=TIER, **GROWTH, earn={"points": 100},
             when={"field": "event.tier", "op": "eq", "value": f"level-{n}"})
        for n in range(1, 5)
    ]  # fmt: skip
    start = rule("start", **GROWTH, earn={"points": 100})
    await run_programme(harness, programme(start, *rises, tiers=levels(0, 100, 200, 300, 400)))
    caller = member()
    await harness.deliver(shared(caller))
    heard = await hear_own(harness, TierChanged)
    assert [event.data["tier"] for event in heard] == ["level-1", "level-2", "level-3"]


async def test_a_birthday_pays_the_gift_of_the_members_tier_once_a_year(harness: Harness) -> None:
    tiers = levels(0, 30)
    tiers["levels"][0]["benefits"] = {"birthday_points": 50}
    tiers["levels"][1]["benefits"] = {"birthday_points": 500}
    written = programme(rule("start", **GROWTH, earn={"points": 30}), tiers=tiers)
    await run_programme(harness, written)
    ann, bob = member(), member()
    await harness.deliver(shared(bob))
    await harness.deliver(birthday(ann), birthday(bob))
    await harness.deliver(birthday(ann), birthday(bob))
    assert [(await balances(harness, who))[0] for who in (ann, bob)] == [50, 500]
    await harness.deliver(birthday(ann, 2027))
    assert (await balances(harness, ann))[0] == 100
    [entry, *_] = (await read(harness, bob, "/v1/points/history"))["items"]
    path = f"/v1/points/history/{entry['entry_id']}/explanation"
    for language, says in (("zh-CN", "生日礼"), ("en", "Birthday gift"), ("ru", "Подарок")):
        said = await read(harness, bob, path, **{"Accept-Language": language})
        assert says in said["summary"]
    await proved(harness)


async def test_a_birthday_may_have_rules_of_its_own(harness: Harness) -> None:
    known = {"field": "member.anonymous", "op": "eq", "value": False}
    rules = rule("cake", trigger="profile.member.birthday", when=known, earn={"points": 25})
    await run_programme(harness, programme(rules))
    ann, heir = member(), member()
    await harness.deliver(lives_in(ann, "UTC"), lives_in(heir, "UTC"), merged(ann, heir))
    await harness.deliver(birthday(ann))
    assert (await balances(harness, heir))[0] == 25


def shared(caller: Caller) -> Event:
    event = reviewed(caller)
    event.data["activities"][0]["name"] = "Shared"
    return event


async def test_what_nothing_heeds_is_kept_and_begins_no_chain(harness: Harness) -> None:
    callers = [await with_points(harness, 100) for _ in range(3)]
    reward_id = await new_reward(harness, points=10)
    for caller in callers:
        await redeem(harness, caller, reward_id)
    heard = await hear_own(harness, RewardRedeemed)
    await harness.deliver(*heard)
    kept = await execute(harness, "SELECT member_id FROM occasions WHERE trigger = :t", t=REDEEMED)
    assert {row.member_id for row in kept} == {caller.member_id for caller in callers}
    assert len(kept) == len(heard) == 3
    assert await execute(harness, "SELECT 1 FROM chains") == []


async def test_a_redemption_is_counted_by_a_mission_that_heeds_it(harness: Harness) -> None:
    await new_mission(harness, goals=[{"trigger": REDEEMED, "target": 2}], claimed_by_itself=True)
    caller, reward_id = await with_points(harness, 100), await new_reward(harness, points=10)
    for _ in range(2):
        await redeem(harness, caller, reward_id)
    heard = await hear_own(harness, RewardRedeemed)
    [completed] = await harness.published(MissionCompleted)
    assert completed.member_id == caller.member_id
    assert (await balances(harness, caller))[0] == 100 - 2 * 10 + 5
    links = await execute(harness, "SELECT event_id FROM chains")
    assert {row.event_id for row in links} == {event.id for event in heard}
