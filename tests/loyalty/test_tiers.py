"""Tiers kept, lost, warned of and recomputed, as members and other services see it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from kit import clock
from kit.auth import Caller
from kit.scheduler import Job
from kit.testing import Harness, agent, example, marketer, member
from services.loyalty.events import TierAtRisk, TierChanged
from services.loyalty.jobs import SCHEDULE
from tests.loyalty.members import CHANGED, PLACED, execute, merged, post, proved, read, wallet
from tests.loyalty.programmes import NAME, live_programme, programme, rule, run_programme
from tests.loyalty.test_programme_life import VERSIONS, backtested, draft, publish

JOBS = {job.name: job for job in SCHEDULE}
REVIEW: Job = JOBS["loyalty.review_tiers"]
RECOMPUTE: Job = JOBS["loyalty.recompute_tiers"]
EACH = {"points": 1, "per": 1}
GROWTH = rule("g", trigger="profile.order.placed", point_type="growth", earn=EACH)


def levels(*thresholds: int, **benefits: Any) -> list[dict[str, Any]]:
    keys = ("normal", "silver", "gold", "platinum")
    return [
        {"key": key, "name": NAME, "threshold": threshold, "benefits": benefits}
        for key, threshold in zip(keys, thresholds, strict=False)
    ]


async def run_tiers(harness: Harness, *thresholds: int, **tiers: Any) -> None:
    document = {"levels": levels(*(thresholds or (0, 100, 500))), **tiers}
    await run_programme(harness, programme(GROWTH, tiers=document))


YEARLY = {"period_months": 12, "window_months": 12, "grace_days": 30, "soft_landing": True}


async def buys(
    harness: Harness, caller: Caller, amount: int, order: str = "A-1", at: datetime | None = None
) -> None:
    moment = (at or clock.now()).isoformat()
    about = {"order_id": order, "amount_minor": amount, "placed_at": moment}
    await harness.deliver(example(PLACED, member_id=caller.subject, **about))


async def returns(harness: Harness, caller: Caller, amount: int, order: str = "A-1") -> None:
    about = {"order_id": order, "amount_minor": amount, "status": "refunded"}
    refund = example(CHANGED, member_id=caller.subject, refunded_minor=amount, **about)
    await harness.deliver(refund)


async def tier(harness: Harness, caller: Caller) -> str:
    return (await wallet(harness, caller))["tier"]["key"]


async def changes(harness: Harness) -> list[tuple[str, str, str]]:
    return [(c.previous, c.tier, c.reason) for c in await harness.published(TierChanged)]


async def test_a_tier_is_held_warned_of_kept_in_grace_and_softly_lost(harness: Harness) -> None:
    await run_tiers(harness, **YEARLY)
    caller = member()
    await buys(harness, caller, 600)
    year = clock.now() + timedelta(days=366)
    seen = (await wallet(harness, caller))["tier"]
    assert (seen["key"], seen["keep"]["needs"], seen["keep"]["missing"]) == ("gold", 500, 0)
    for days, expected in ((-32, "gold"), (-20, "gold"), (1, "gold"), (32, "silver")):
        await harness.run(REVIEW, at=year + timedelta(days=days))
        assert await tier(harness, caller) == expected
    assert await changes(harness) == [("normal", "gold", "reached"), ("gold", "silver", "lapsed")]
    [risk] = await harness.published(TierAtRisk)
    assert (risk.tier, risk.projected, risk.missing) == ("gold", "silver", 500)
    assert risk.grace_until - risk.until == timedelta(days=30)
    await harness.run(REVIEW, at=year + timedelta(days=366 + 70))
    assert await tier(harness, caller) == "normal"
    [row] = await execute(harness, "SELECT tier_until, tier_review_at FROM members")
    assert tuple(row) == (None, None)


async def test_a_returned_order_takes_the_tier_that_rested_on_it(harness: Harness) -> None:
    await run_tiers(harness, **YEARLY)
    one, two = member(), member()
    for caller in (one, two):
        await buys(harness, caller, 600, f"A-{caller.subject}")
    await buys(harness, two, 700, f"B-{two.subject}")
    await returns(harness, one, 600, f"A-{one.subject}")
    await returns(harness, two, 600, f"A-{two.subject}")
    assert [await tier(harness, caller) for caller in (one, two)] == ["normal", "gold"]
    assert (await changes(harness))[-1] == ("gold", "normal", "reversed")
    await proved(harness)


async def test_what_left_the_window_no_longer_counts(harness: Harness) -> None:
    await run_tiers(harness, window_months=12)
    caller = member()
    await buys(harness, caller, 600)
    [row] = await execute(harness, "SELECT id FROM lots")
    later = clock.now() + timedelta(days=370)
    await execute(harness, "UPDATE members SET tier_review_at = now()")
    await harness.run(REVIEW, at=later)
    [kept] = await execute(harness, "SELECT tier FROM members")
    assert (kept.tier, row is None) == ("normal", False)


@pytest.mark.parametrize(
    ("basis", "thresholds", "reached"),
    [
        pytest.param({"basis": "spend", "currency": "CNY"}, (0, 900, 5000), "silver", id="spend"),
        pytest.param({"basis": "spend", "currency": "RUB"}, (0, 900, 5000), "normal", id="roubles"),
        pytest.param({"basis": "orders"}, (0, 2, 3), "silver", id="orders"),
    ],
)
async def test_orders_count_where_the_programme_says_so(
    harness: Harness, basis: dict[str, str], thresholds: tuple[int, ...], reached: str
) -> None:
    await run_tiers(harness, *thresholds, **basis)
    caller = member()
    await buys(harness, caller, 500, "A-1")
    assert await tier(harness, caller) == "normal"
    await buys(harness, caller, 400, "A-2")
    seen = (await wallet(harness, caller))["tier"]
    assert (seen["key"], seen["basis"]) == (reached, basis["basis"])
    await returns(harness, caller, 400, "A-2")
    assert await tier(harness, caller) == "normal"
    if reached == "silver":
        said = await harness.events(TierChanged.type)
        assert [event.causation_id is not None for event in said] == [True, True]


async def test_two_members_found_to_be_one_have_spent_together(harness: Harness) -> None:
    await run_tiers(harness, 0, 900, 5000, basis="spend", currency="CNY")
    guest, known = member(), member()
    await buys(harness, guest, 500, "A-1")
    await buys(harness, known, 400, "A-2")
    for _ in range(2):
        await harness.deliver(merged(guest, known))
    assert await tier(harness, known) == "silver"
    assert await changes(harness) == [("normal", "silver", "reached")]


async def test_who_goes_on_has_the_higher_tier_of_two(harness: Harness) -> None:
    await run_tiers(harness, **YEARLY)
    guest, known = member(), member()
    await buys(harness, guest, 600, "A-1")
    await buys(harness, known, 150, "A-2")
    await execute(harness, "UPDATE lots SET remaining = 0 WHERE point_type = 'growth'")
    await execute(harness, "UPDATE wallets SET available = 0 WHERE point_type = 'growth'")
    await harness.deliver(merged(guest, known))
    assert await tier(harness, known) == "gold"
    rows = await execute(
        harness,
        "SELECT tier, tier_until, tier_review_at FROM members WHERE merged_into IS NOT NULL",
    )
    assert [tuple(row) for row in rows] == [("normal", None, None)]


async def test_only_those_who_are_members_get_the_tiers_of_another_version(
    harness: Harness,
) -> None:
    await run_tiers(harness)
    caller, guest = member(), member()
    await buys(harness, guest, 50)
    await harness.deliver(merged(guest, caller))
    await post(harness, caller, "/v1/households", {"name": "Home"})
    renamed = [{**level, "key": f"new_{level['key']}"} for level in levels(0, 100)]
    version = await draft(harness, programme(GROWTH, tiers={"levels": renamed}))
    preview = await read(harness, agent(), f"{VERSIONS}/{version}/tiers")
    assert preview["moves"] == [{"before": "normal", "after": "new_normal", "members": 1}]
    await publish(harness, version)
    await harness.run(RECOMPUTE)
    assert [c.member_id for c in await harness.published(TierChanged)] == [caller.member_id]


async def test_spend_is_looked_at_again_when_the_period_ends(harness: Harness) -> None:
    await run_tiers(harness, 0, 900, basis="spend", currency="CNY", **YEARLY)
    caller = member()
    await buys(harness, caller, 1000)
    assert await tier(harness, caller) == "silver"
    for days in (340, 367, 400):
        await harness.run(REVIEW, at=clock.now() + timedelta(days=days))
    assert (await changes(harness))[-1] == ("silver", "normal", "lapsed")


async def test_benefits_travel_with_the_change(harness: Harness) -> None:
    document = {"levels": levels(0, 100, multiplier="1.5", priority_support=True)}
    await run_programme(harness, programme(GROWTH, tiers=document))
    await buys(harness, member(), 100)
    [change] = await harness.published(TierChanged)
    assert (change.benefits.multiplier, change.benefits.priority_support) == ("1.5", True)
    assert (change.name, change.until) == (NAME, None)


@pytest.mark.parametrize(
    ("lower", "after"),
    [
        pytest.param(True, ["normal", "silver"], id="up and down"),
        pytest.param(False, ["silver", "silver"], id="up at once, down in time"),
    ],
)
async def test_other_thresholds_are_previewed_and_then_recomputed(
    harness: Harness, *, lower: bool, after: list[str]
) -> None:
    await run_tiers(harness, 0, 100, 500, **YEARLY)
    low, high = member(), member()
    await buys(harness, low, 150, "A-1")
    await buys(harness, high, 450, "A-2")
    document = {"levels": levels(0, 300, 1000), **YEARLY}
    version = await draft(harness, programme(GROWTH, tiers=document))
    preview = await read(harness, agent(), f"{VERSIONS}/{version}/tiers")
    moves = [
        {"before": "silver", "after": "normal", "members": 1},
        {"before": "silver", "after": "silver", "members": 1},
    ]
    assert preview == {"members": 2, "complete": True, "moves": moves}
    assert (await backtested(harness, version))["report"]["tiers"] == moves
    await publish(harness, version, lower_tiers=lower)
    await harness.run(RECOMPUTE)
    assert [await tier(harness, caller) for caller in (low, high)] == after
    said = len(await harness.published(TierChanged))
    await harness.run(RECOMPUTE)
    assert len(await harness.published(TierChanged)) == said
    [row] = await execute(
        harness, "SELECT recomputed_after FROM programme_versions WHERE state = 'live'"
    )
    assert row.recomputed_after is None


async def test_a_version_with_the_same_tiers_recomputes_nothing(harness: Harness) -> None:
    body = await live_programme(harness)
    version = await draft(harness, {**body, "rules": []})
    await publish(harness, version)
    [row] = await execute(
        harness, "SELECT recomputed_after FROM programme_versions WHERE state = 'live'"
    )
    assert row.recomputed_after is None


async def test_recomputing_goes_through_all_members_in_portions(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.loyalty.jobs.REVIEWED", 2)
    await run_tiers(harness)
    callers = [member() for _ in range(5)]
    for number, caller in enumerate(callers):
        await buys(harness, caller, 60, f"A-{number}")
    version = await draft(harness, programme(GROWTH, tiers={"levels": levels(0, 50)}))
    await publish(harness, version)
    await harness.run(RECOMPUTE)
    assert {await tier(harness, caller) for caller in callers} == {"silver"}


async def test_a_merged_members_growth_raises_who_goes_on(harness: Harness) -> None:
    await run_tiers(harness, **YEARLY)
    guest, known = member(), member()
    await buys(harness, guest, 300, "A-1")
    await buys(harness, known, 300, "A-2")
    await harness.deliver(merged(guest, known))
    assert await tier(harness, known) == "gold"


async def test_the_tiers_are_named_in_the_members_language(harness: Harness) -> None:
    for language, name in (("en", "Gold"), ("zh-CN", "金卡会员"), ("ru", "Золотой")):
        listed = await read(harness, member(), "/v1/tiers", **{"Accept-Language": language})
        assert listed["items"][2]["name"] == name
        assert listed["items"][2]["benefits"]["priority_support"] is True


async def test_a_simulation_says_which_tier_it_would_give(harness: Harness) -> None:
    await run_tiers(harness)
    caller = member()
    await buys(harness, caller, 50)
    version = await draft(harness, programme(GROWTH, tiers={"levels": levels(0, 100, 500)}))
    about = {"amount_minor": 600, "currency": "CNY", "order_id": "X"}
    asked = {"member_id": caller.subject, "trigger": "profile.order.placed", "event": about}
    answer = await post(harness, marketer(), f"{VERSIONS}/{version}/simulations", asked)
    assert (answer.json()["tier"], answer.json()["growth_points"]) == ("gold", 650)
    assert await tier(harness, caller) == "normal"
