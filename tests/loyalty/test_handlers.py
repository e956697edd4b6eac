"""What is heard: delivered twice, shuffled, racing, poisoned."""

import asyncio
import itertools
import random
from typing import Any

import pytest
from pydantic import ValidationError

from kit import clock
from kit.db import is_passing, is_too_slow
from kit.events import Event, Payload
from kit.ids import uuid7
from kit.testing import Harness, member
from services.loyalty.events import PointsActivated, PointsEarned, PointsReversed, TierChanged
from services.loyalty.rules.ledger import LARGEST
from tests.loyalty.members import (
    again,
    answered,
    balances,
    changed,
    execute,
    lives_in,
    placed,
    proved,
    read,
    registered,
    reviewed,
    wallet,
)


async def said(harness: Harness, *kinds: type[Payload]) -> list[int]:
    return [payload.points for kind in kinds for payload in await harness.published(kind)]  # type: ignore[attr-defined]


async def test_a_registration_is_welcomed_once(harness: Harness) -> None:
    caller = member()
    heard = registered(caller)
    await harness.deliver(heard, heard)
    await harness.deliver(heard, again(heard))
    assert await balances(harness, caller) == (100, 0, 0, 0)
    [earned] = await harness.published(PointsEarned)
    assert (earned.points, earned.state, earned.balance) == (100, "available", 100)
    assert (earned.rule, earned.source_type, earned.source_id) == (
        "welcome",
        "account",
        caller.subject,
    )


async def test_what_is_said_names_the_event_it_was_caused_by(harness: Harness) -> None:
    heard = [placed(member(), order_id=f"A-{n}", amount_minor=100_000) for n in range(3)]
    await harness.deliver(*heard)
    for kind in (PointsEarned, TierChanged):
        causes = {e.subject: e.causation_id for e in await harness.events(kind.type)}
        assert causes == {e.subject: str(e.id) for e in heard}


async def test_an_orders_points_wait_for_delivery_and_growth_points_do_not(
    harness: Harness,
) -> None:
    caller = member()
    await harness.deliver(placed(caller))
    assert await balances(harness, caller) == (0, 129, 0, 129)
    await harness.deliver(changed(caller, "paid"), changed(caller, "shipped"))
    assert await balances(harness, caller) == (0, 129, 0, 129)
    await harness.deliver(changed(caller, "delivered"))
    assert await balances(harness, caller) == (129, 0, 0, 129)
    [earned] = await harness.published(PointsEarned)
    assert (earned.state, earned.balance, earned.expires_at) == ("pending", 0, None)
    [activated] = await harness.published(PointsActivated)
    assert (activated.points, activated.balance) == (129, 129)


@pytest.mark.parametrize(
    ("story", "left"),
    [
        pytest.param([("cancelled", 0)], (0, 0, 0, 0), id="cancelled before delivery"),
        pytest.param([("delivered", 0), ("refunded", 12_900)], (0, 0, 0, 0), id="returned"),
        pytest.param(
            [("partially_refunded", 3_000)], (0, 99, 0, 99), id="a part refunded while pending"
        ),
        pytest.param(
            [("delivered", 0), ("partially_refunded", 3_000), ("partially_refunded", 6_450)],
            (65, 0, 0, 65),
            id="refunded in parts",
        ),
        pytest.param(
            [("partially_refunded", 3_000), ("delivered", 3_000)],
            (99, 0, 0, 99),
            id="a part refunded, the rest delivered",
        ),
    ],
)
async def test_refunds_take_back_their_share(
    harness: Harness, story: list[tuple[str, int]], left: tuple[int, int, int, int]
) -> None:
    caller = member()
    await harness.deliver(placed(caller))
    for status, refunded_minor in story:
        await harness.deliver(changed(caller, status, refunded_minor=refunded_minor))
    assert await balances(harness, caller) == left
    await proved(harness)


async def test_taking_back_is_said_with_its_reason(harness: Harness) -> None:
    caller = member()
    await harness.deliver(placed(caller), changed(caller, "delivered"))
    await harness.deliver(changed(caller, "partially_refunded", refunded_minor=4_300))
    await harness.deliver(changed(caller, "cancelled", refunded_minor=4_300))
    reversals = await harness.published(PointsReversed)
    assert [(r.points, r.balance, r.reason) for r in reversals] == [
        (43, 86, "order_refunded"),
        (86, 0, "order_undone"),
    ]


STORY = [
    ("placed", {}),
    ("delivered", {}),
    ("partially_refunded", {"refunded_minor": 3_000}),
    ("partially_refunded", {"refunded_minor": 6_450}),
]


@pytest.mark.parametrize("sequence", list(itertools.permutations(range(4))), ids=str)
async def test_an_orders_events_end_the_same_in_any_sequence(
    harness: Harness, sequence: tuple[int, ...]
) -> None:
    caller = member()
    events = [
        placed(caller) if status == "placed" else changed(caller, status, **about)
        for status, about in STORY
    ]
    for n in sequence:
        await harness.deliver(events[n], again(events[n]))
    assert await balances(harness, caller) == (65, 0, 0, 65)
    await proved(harness)


@pytest.mark.parametrize("seed", range(8))
async def test_a_storm_of_events_ends_as_a_calm_day_would(harness: Harness, seed: int) -> None:
    chance = random.Random(seed)
    callers = [member() for _ in range(5)]
    events = []
    for caller in callers:
        order = f"A-{caller.subject}"
        statuses = chance.sample(["paid", "shipped", "delivered", "partially_refunded"], 3)
        events += [registered(caller), placed(caller, order)]
        events += [changed(caller, status, order, refunded_minor=2_580) for status in statuses]
        events += [reviewed(caller, "one"), reviewed(caller, "two")]
    storm = [*events, *chance.sample(events, 10), *map(again, chance.sample(events, 10))]
    chance.shuffle(storm)
    batches = [storm[n : n + 7] for n in range(0, len(storm), 7)]
    await asyncio.gather(*(deliver_in_the_end(harness, *batch) for batch in batches))
    for caller in callers:
        own = [e for e in events if e.subject == caller.subject]
        delivered = any(e.data.get("status") == "delivered" for e in own)
        kept = 129 - 129 * 2_580 // 12_900
        points, pending = (160 + kept, 0) if delivered else (160, kept)
        assert await balances(harness, caller) == (points, pending, 0, kept)
    await proved(harness)


async def deliver_in_the_end(harness: Harness, *events: Event) -> None:
    """Deliver as the consumer does: again when it was a victim, or waited too long for others."""
    while True:
        try:
            return await harness.deliver(*events)
        except Exception as error:
            if not (is_passing(error) or is_too_slow(error)):
                raise


async def test_orders_of_a_batch_are_paid_in_the_order_they_are_told(harness: Harness) -> None:
    """Whatever their ids: after an outage many come at once, and a cap pays the first of them."""
    caller = member()
    told = ["Z-1", "A-2", "M-3", "A-1"]
    heard = [placed(caller, order_id=order_id) for order_id in told]
    await harness.deliver(*heard, placed(caller, order_id="A-0"), again(heard[0]))
    rows = await read(harness, caller, "/v1/points/history")
    paid = [row["source_id"] for row in sorted(rows["items"], key=lambda row: row["version"])]
    assert paid == [*told, "A-0"]
    await proved(harness)


async def test_racing_deliveries_of_one_fact_pay_once(harness: Harness) -> None:
    caller = member()
    heard = registered(caller)
    await asyncio.gather(*(harness.deliver(again(heard)) for _ in range(8)))
    assert await balances(harness, caller) == (100, 0, 0, 0)
    await proved(harness)


async def test_racing_events_respect_the_daily_cap(harness: Harness) -> None:
    caller = member()
    await asyncio.gather(*(harness.deliver(answered(caller)) for _ in range(8)))
    assert await balances(harness, caller) == (60, 0, 0, 0)
    assert await said(harness, PointsEarned) == [20, 20, 20]


async def test_a_cap_counts_within_a_batch_and_across_batches(harness: Harness) -> None:
    caller = member()
    await harness.deliver(reviewed(caller, "a", "b"), reviewed(caller, "c"))
    await harness.deliver(reviewed(caller, "d"))
    assert await balances(harness, caller) == (90, 0, 0, 0)


async def test_what_earned_nothing_earns_nothing_another_day(harness: Harness) -> None:
    caller = member()
    await harness.deliver(reviewed(caller, "a", "b", "c", "d"))
    await harness.deliver(reviewed(caller, "d", received_at="2026-03-05T10:00:00Z"))
    assert await balances(harness, caller) == (90, 0, 0, 0)


async def test_a_caps_day_is_the_members_own(harness: Harness) -> None:
    caller = member()
    await harness.deliver(lives_in(caller, "Asia/Shanghai"))
    before = [answered(caller, answered_at="2026-03-02T15:59:00Z") for _ in range(4)]
    after = [answered(caller, answered_at="2026-03-02T16:01:00Z") for _ in range(4)]
    await harness.deliver(*before, *after)
    assert await balances(harness, caller) == (120, 0, 0, 0)


async def test_two_members_may_use_the_same_activity_id(harness: Harness) -> None:
    """A phone makes these ids, so one member could otherwise use up another's."""
    one, two = member(), member()
    await harness.deliver(reviewed(one, "same"), reviewed(two, "same"))
    assert (await balances(harness, one))[0] == (await balances(harness, two))[0] == 30


async def test_only_tracked_activities_that_a_rule_names_pay(harness: Harness) -> None:
    caller = member()
    activity = {"activity_id": "a", "name": "Product Reviewed", "occurred_at": "2026-03-02T10:00Z"}
    page = {**activity, "kind": "page"}
    other = {**activity, "kind": "track", "name": "Product Viewed"}
    await harness.deliver(reviewed(caller, activities=[page, other]))
    assert await balances(harness, caller) == (0, 0, 0, 0)
    assert await execute(harness, "SELECT 1 FROM wallets") == []


async def test_growth_points_raise_the_tier_at_once(harness: Harness) -> None:
    caller = member()
    await harness.deliver(placed(caller, "A-1", 99_900))
    assert await harness.published(TierChanged) == []
    await harness.deliver(placed(caller, "A-2", 100), placed(caller, "A-3", 400_000))
    [change] = await harness.published(TierChanged)
    assert (change.previous, change.tier, change.growth_points) == ("normal", "gold", 5000)
    assert (await wallet(harness, caller))["tier"]["key"] == "gold"


async def test_a_cancelled_order_gives_its_tier_back(harness: Harness) -> None:
    caller = member()
    await harness.deliver(placed(caller, amount_minor=500_000))
    await harness.deliver(changed(caller, "cancelled", amount_minor=500_000))
    tiers = [(c.previous, c.tier) for c in await harness.published(TierChanged)]
    assert tiers == [("normal", "gold"), ("gold", "normal")]
    await proved(harness)


async def test_the_newest_description_of_a_member_wins(harness: Harness) -> None:
    caller = member()
    newer = lives_in(caller, "Asia/Tokyo", at="2026-03-03T00:00:00Z")
    older = lives_in(caller, "Europe/Moscow", at="2026-03-02T00:00:00Z")
    await harness.deliver(newer, older)
    await harness.deliver(again(older))
    [row] = await execute(harness, "SELECT time_zone FROM members")
    assert row.time_zone == "Asia/Tokyo"


async def test_an_unknown_time_zone_is_taken_for_utc(harness: Harness) -> None:
    await harness.deliver(lives_in(member(), "Mars/Olympus_Mons"))
    [row] = await execute(harness, "SELECT time_zone FROM members")
    assert row.time_zone == "UTC"


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param({"amount_minor": -1}, id="a negative amount"),
        pytest.param({"amount_minor": "much"}, id="an amount that is no number"),
        pytest.param({"member_id": "nobody"}, id="a member id that is none"),
        pytest.param({"placed_at": None}, id="no time"),
    ],
)
async def test_a_poisonous_event_changes_nothing(harness: Harness, damage: dict[str, Any]) -> None:
    caller = member()
    poison = placed(caller)
    poison.data.update(damage)
    with pytest.raises(ValidationError):
        await harness.deliver(registered(caller), poison)
    assert await balances(harness, caller) == (0, 0, 0, 0)


async def test_an_order_beyond_all_bounds_is_refused_whole(harness: Harness) -> None:
    caller = member()
    await harness.deliver(placed(caller, "A-1"))
    with pytest.raises(ValueError, match="exceed"):
        await harness.deliver(placed(caller, "A-2", LARGEST * 100))
    assert await balances(harness, caller) == (0, 129, 0, 129)
    await proved(harness)


async def test_a_batch_takes_one_statement_for_each_table(harness: Harness) -> None:
    """However many events: the number of statements does not grow with the batch."""
    counts = [await statements(harness, size) for size in (2, 200)]
    assert counts[0] == counts[1] < 25


async def statements(harness: Harness, size: int) -> int:
    events = [placed(member(), order_id=str(uuid7())) for _ in range(size)]
    with harness.statements() as sent:
        await harness.deliver(*events)
    return len(sent)


async def test_a_batch_of_orders_locks_wallets_and_asks_what_runs_once(harness: Harness) -> None:
    members = [member() for _ in range(3)]
    await harness.deliver(*(placed(one, order_id=str(uuid7())) for one in members))
    with harness.statements() as sent:
        await harness.deliver(*(placed(one, order_id=str(uuid7())) for one in members))
    assert sum("FOR UPDATE OF wallets" in statement for statement in sent) == 1
    assert sum("FROM programme_versions" in statement for statement in sent) == 1


async def test_entries_are_recorded_when_written_and_dated_when_they_happened(
    harness: Harness,
) -> None:
    await harness.deliver(placed(member()))
    for row in await execute(harness, "SELECT occurred_at, recorded_at FROM entries"):
        assert row.occurred_at.isoformat() == "2026-03-02T10:00:00+00:00"
        assert (clock.now() - row.recorded_at).total_seconds() < 60
