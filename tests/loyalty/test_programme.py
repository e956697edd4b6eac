"""Occasions decided on by the programme that runs: once, within caps, budgets and trials."""

import asyncio
from typing import Any

import orjson
import pytest

from kit.auth import Caller
from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, event, example, member
from services.loyalty.actions.versions import chosen
from tests.loyalty.members import (
    answered,
    balances,
    execute,
    lives_in,
    merged,
    placed,
    proved,
    registered,
)
from tests.loyalty.programmes import NAME, programme, rule, run_programme


def shared(caller: Caller, times: int = 1, at: str = "2026-03-02T10:00:00Z", **of: Any) -> Event:
    """Tracked shares of something with properties `of`."""
    activity = {"kind": "track", "name": "Shared", "occurred_at": at, "properties": of}
    activities = [{**activity, "activity_id": str(uuid7())} for _ in range(times)]
    return example(
        "profile.activity.tracked.v1",
        member_id=caller.subject,
        activities=activities,
        received_at=at,
    )


def in_segment(caller: Caller, segment: str, at: str, *, entered: bool = True) -> Event:
    kind = "entered" if entered else "exited"
    return example(
        f"profile.segment.{kind}.v1", member_id=caller.subject, segment=segment, changed_at=at
    )


async def points(harness: Harness, caller: Caller) -> int:
    return (await balances(harness, caller))[0]


async def test_rules_ask_what_is_known_of_the_member(harness: Harness) -> None:
    vip = {"field": "member.segments", "op": "eq", "value": "vip"}
    russian = {"field": "member.language", "op": "eq", "value": "ru"}
    tagged = {"field": "member.tags", "op": "eq", "value": "press"}
    await run_programme(
        harness, programme(rule("v", when=vip), rule("r", when=russian), rule("t", when=tagged))
    )
    caller = member()
    await harness.deliver(shared(caller))
    assert await points(harness, caller) == 0
    about = {"language": "ru", "tags": ["press", "x"], "updated_at": "2026-03-03T00:00:00Z"}
    await harness.deliver(
        in_segment(caller, "vip", "2026-03-02T00:00:00Z"),
        example("profile.member.updated.v1", member_id=caller.subject, **about),
    )
    await harness.deliver(shared(caller))
    assert await points(harness, caller) == 30


async def test_segments_told_out_of_order_end_the_same(harness: Harness) -> None:
    vip = {"field": "member.segments", "op": "eq", "value": "vip"}
    await run_programme(harness, programme(rule(when=vip)))
    caller = member()
    late = in_segment(caller, "vip", "2026-03-02T00:00:00Z")
    await harness.deliver(in_segment(caller, "vip", "2026-03-03T00:00:00Z", entered=False))
    await harness.deliver(late, event(late.type, late.data))
    await harness.deliver(shared(caller))
    assert await points(harness, caller) == 0


async def test_any_event_can_be_a_trigger(harness: Harness) -> None:
    resolved = rule("patience", trigger="feedback.ticket.resolved")
    complete = rule(
        "complete",
        trigger="profile.member.updated",
        when={"field": "event.phone", "op": "exists"},
        caps=[{"times": 1, "per": "ever"}],
    )
    await run_programme(harness, programme(resolved, complete))
    caller = member()
    await harness.deliver(example("feedback.ticket.resolved.v1", member_id=caller.subject))
    for day in (3, 4):
        at = f"2026-03-0{day}T00:00:00Z"
        updated = example("profile.member.updated.v1", member_id=caller.subject, updated_at=at)
        await harness.deliver(updated)
    assert await points(harness, caller) == 20


async def test_nothing_personal_is_kept_of_an_event(harness: Harness) -> None:
    caller = member()
    await harness.deliver(
        example("profile.member.updated.v1", member_id=caller.subject, phone=None),
        answered(caller, comment="My name is Mei."),
    )
    rows = await execute(harness, "SELECT trigger, event FROM occasions ORDER BY trigger")
    kept = {row.trigger: row.event for row in rows}
    assert kept["feedback.survey.answered"]["comment"] is True
    assert kept["profile.member.updated"]["email"] is True
    assert "phone" not in kept["profile.member.updated"]
    assert "mei" not in orjson.dumps(list(kept.values())).decode().lower()


async def test_what_no_rule_speaks_of_is_kept_and_costs_no_wallet(harness: Harness) -> None:
    caller = member()
    heard = shared(caller, times=3)
    await harness.deliver(heard, event(heard.type, heard.data))
    rows = await execute(harness, "SELECT trigger, version, outcomes, points FROM occasions")
    assert [tuple(row) for row in rows] == [("activity.Shared", None, None, 0)] * 3
    assert await execute(harness, "SELECT 1 FROM wallets") == []


async def test_a_rule_made_later_pays_nothing_told_before(harness: Harness) -> None:
    await run_programme(harness, programme(rule("b", trigger="activity.Other")))
    caller = member()
    heard, order = shared(caller), placed(caller)
    await harness.deliver(heard, order)
    await run_programme(
        harness,
        programme(rule(), rule("o", trigger="profile.order.placed", earn={"points": 5})),
    )
    await harness.deliver(event(heard.type, heard.data), event(order.type, order.data))
    assert await points(harness, caller) == 0


async def test_a_decision_is_kept_with_what_each_rule_said(harness: Harness) -> None:
    strict = {"all": [{"field": "event.properties.stars", "op": "gte", "value": 4}]}
    body = programme(
        rule("loose", caps=[{"times": 1, "per": "week"}]),
        rule("strict", when=strict),
    )
    version = await run_programme(harness, body)
    caller = member()
    await harness.deliver(shared(caller, times=2, stars=3))
    first, second = await execute(
        harness, "SELECT version, points, outcomes FROM occasions ORDER BY id"
    )
    assert (first.version, first.points, second.points) == (version, 10, 0)
    assert [(o["rule"], o["verdict"]) for o in second.outcomes] == [
        ("loose", "capped"),
        ("strict", "failed"),
    ]
    assert second.outcomes[0]["limit"] == {"unit": "times", "per": "week", "used": 1, "most": 1}
    assert second.outcomes[1]["place"] == "when.all[0]"
    entries = await execute(harness, "SELECT id, points FROM entries ORDER BY version")
    kept = [first.outcomes[0]["entry_id"], second.outcomes[0]["entry_id"]]
    assert [(str(e.id), e.points) for e in entries] == [(kept[0], 10), (kept[1], 0)]


async def test_weeks_begin_where_the_member_lives(harness: Harness) -> None:
    await run_programme(harness, programme(rule(caps=[{"times": 1, "per": "week"}])))
    caller = member()
    await harness.deliver(lives_in(caller, "Asia/Shanghai"))
    sunday, monday = "2026-03-01T15:59:00Z", "2026-03-01T16:01:00Z"
    await harness.deliver(shared(caller, 2, at=sunday), shared(caller, 2, at=monday))
    assert await points(harness, caller) == 20


async def test_a_budget_is_never_exceeded_however_many_ask_at_once(harness: Harness) -> None:
    body = programme(
        rule(campaign="spring"),
        campaigns={"spring": {"name": NAME, "budget_points": 55}},
    )
    await run_programme(harness, body)
    await execute(harness, "INSERT INTO budgets (budget, ceiling) VALUES ('campaign:spring', 55)")
    callers = [member() for _ in range(10)]
    await asyncio.gather(*(harness.deliver(shared(caller)) for caller in callers))
    paid = [await points(harness, caller) for caller in callers]
    assert sorted(paid) == [0, 0, 0, 0, 5, 10, 10, 10, 10, 10]
    [budget] = await execute(harness, "SELECT used FROM budgets")
    assert budget.used == 55
    await proved(harness)


async def test_a_merged_members_caps_go_on(harness: Harness) -> None:
    await run_programme(harness, programme(rule(caps=[{"times": 3, "per": "ever"}])))
    guest, known = member(), member()
    await harness.deliver(shared(guest, 2), shared(known))
    await harness.deliver(merged(guest, known))
    await harness.deliver(shared(known, 2), shared(guest))
    assert await points(harness, known) == 30


def members_by_lot(version: int, share: int, count: int) -> tuple[list[Caller], list[Caller]]:
    """Members a trial chooses, and members it does not."""
    inside: list[Caller] = []
    outside: list[Caller] = []
    while len(inside) < count or len(outside) < count:
        caller = member()
        (inside if chosen(caller.member_id, version) < share else outside).append(caller)
    return inside[:count], outside[:count]


async def test_a_trial_pays_its_share_of_the_members(harness: Harness) -> None:
    await run_programme(harness, programme(rule()))
    trial = await run_programme(
        harness, programme(rule(earn={"points": 70})), state="trial", share=30, ceiling=10_000
    )
    inside, outside = members_by_lot(trial, 30, 3)
    await harness.deliver(*map(shared, [*inside, *outside]))
    assert [await points(harness, c) for c in [*inside, *outside]] == [70, 70, 70, 10, 10, 10]
    [row] = await execute(harness, "SELECT issued FROM programme_versions WHERE state = 'trial'")
    assert row.issued == 210


async def test_a_trial_ends_before_it_exceeds_its_ceiling(harness: Harness) -> None:
    await run_programme(harness, programme(rule()))
    body = programme(rule(earn={"points": 70}, caps=[{"times": 5, "per": "day"}]))
    trial = await run_programme(harness, body, state="trial", share=30, ceiling=150)
    inside, _ = members_by_lot(trial, 30, 3)
    for caller in inside:
        await harness.deliver(shared(caller))
    assert [await points(harness, caller) for caller in inside] == [70, 70, 10]
    [row] = await execute(
        harness,
        "SELECT state, retired_because, issued FROM programme_versions WHERE version = :v",
        v=trial,
    )
    assert tuple(row) == ("retired", "budget", 140)
    versions = await execute(harness, "SELECT version FROM occasions ORDER BY id")
    assert [row.version for row in versions] == [trial, trial, trial - 1]


def test_a_lot_is_the_members_for_good_and_shares_are_met() -> None:
    ids = [uuid7() for _ in range(4000)]
    assert [chosen(i, 7) for i in ids] == [chosen(i, 7) for i in ids]
    among = sum(chosen(i, 7) < 25 for i in ids) / len(ids)
    assert 0.2 < among < 0.3
    both = sum(chosen(i, 7) < 25 and chosen(i, 8) < 25 for i in ids) / len(ids)
    assert 0.03 < both < 0.1


async def test_a_published_document_stays_as_it_is(harness: Harness) -> None:
    with pytest.raises(Exception, match="has been published"):
        await execute(harness, "UPDATE programme_versions SET body = '{}'")


async def test_a_registration_earns_by_the_default_programme(harness: Harness) -> None:
    caller = member()
    await harness.deliver(registered(caller))
    [row] = await execute(harness, "SELECT trigger, version, points FROM occasions")
    assert tuple(row) == ("gateway.account.registered", 1, 100)
