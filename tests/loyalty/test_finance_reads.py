"""What finance reads, how much of it, and whom it counts."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.ids import uuid7
from kit.testing import Harness, admin, agent, backend, member
from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.finance import tracing
from services.loyalty.rules.finance.movements import Movement
from services.loyalty.rules.ledger import Claim, Memo, PointType, Source, Terms, WalletKey
from services.loyalty.store import chain
from services.loyalty.store.finance.reading import Behind
from services.loyalty.store.sharing import stays
from tests.loyalty.costs import rows_read
from tests.loyalty.finances import BASE, added_up, bought, get, post_terms, seen
from tests.loyalty.importing import committed, named
from tests.loyalty.members import (
    adjust,
    balances,
    execute,
    merged,
    new_reward,
    post,
    read,
    redeem,
    with_points,
)
from tests.loyalty.test_sharing import household, leave


async def earn_many(harness: Harness, entries: int) -> None:
    """As many entries, of as many members as a hundredth of them."""
    for _ in range(entries // 100):
        await earn_for(harness, member().member_id, 100)


async def earn_for(harness: Harness, member_id: UUID, entries: int) -> None:
    now, key = clock.now(), WalletKey(member_id, PointType.POINTS)
    async with harness.transaction() as session:
        book = await open_book(session, {member_id}, now)
        for _ in range(entries):
            claim = Claim(Source("test", str(uuid7())), "r", "earn")
            book.earn(key, 7, Terms(), Memo(claim=claim, at=now))
        await close_book(session, book)


async def test_a_portion_costs_the_same_however_many_entries_wait(harness: Harness) -> None:
    """No vacuum has seen the entries yet, as in a ledger that grows all the time."""

    async def next_portion(session: AsyncSession) -> Any:
        return await chain.last_of_portion(session, 0, 20)

    await earn_many(harness, 500)
    few = await rows_read(harness, next_portion)
    await earn_many(harness, 3_000)
    many = await rows_read(harness, next_portion)
    assert many <= few + 50, (few, many)


async def test_the_entries_of_a_day_are_found_without_those_before_and_after(
    harness: Harness, at: list[datetime]
) -> None:
    await earn_many(harness, 1_000)
    at[0] += timedelta(days=1)
    await adjust(harness, await with_points(harness, 0), points=5)
    at[0] += timedelta(days=1)
    await earn_many(harness, 1_000)
    await added_up(harness)
    behind = Behind("points", [Movement.ADJUSTED], at[0].date().replace(day=1), at[0].date())

    async def found(session: AsyncSession) -> Any:
        entries = await tracing.entries_behind(session, behind, 0, 50)
        assert [entry.points for entry in entries.entries] == [5]
        assert entries.reached is None
        return entries

    assert await rows_read(harness, found) < 100


async def test_what_is_rare_is_found_over_several_pages(
    harness: Harness, at: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages without anything lead on to those with something, and each entry is in one."""
    monkeypatch.setattr(tracing, "PORTION", 7)
    monkeypatch.setattr(tracing, "PORTIONS", 2)
    first, last = await with_points(harness, 1), await with_points(harness, 0)
    await earn_many(harness, 100)
    await adjust(harness, last, points=2)
    await added_up(harness)
    path = "/entries?from=2026-10-01&until=2026-10-31&movement=adjusted&limit=1"
    answers = [await seen(harness, path)]
    while cursor := answers[-1]["next_cursor"]:
        answers.append(await seen(harness, f"{path}&cursor={cursor}"))
    items = [item for answer in answers for item in answer["items"]]
    assert [(item["points"], item["member_id"]) for item in items] == [
        (1, first.subject),
        (2, last.subject),
    ]
    assert len(answers) > 5


async def test_a_report_reads_the_sums_once(harness: Harness) -> None:
    for path in ("/breakage", "/roll-forward?from=2026-01-01&until=2026-01-31", "/costs?%s"):
        with harness.statements() as sent:
            await seen(harness, path.replace("%s", "from=2026-01-01&until=2026-01-31"))
        assert sum("FROM finance_months" in statement for statement in sent) <= 1, path


@pytest.mark.parametrize(
    "path",
    [
        "/liability?on=0001-01-15",
        "/breakage?on=0001-01-01",
        "/roll-forward?from=0001-01-01&until=2026-10-01",
        "/activity?from=1969-12-31&until=2026-10-01",
    ],
)
async def test_a_day_before_there_were_computers_is_refused(harness: Harness, path: str) -> None:
    answer = await get(harness, path)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) in (
        (422, "on"),
        (422, "from"),
        (400, "on"),
        (400, "from"),
    )


async def test_points_said_to_be_as_old_as_the_calendar_can_be_reported_on(
    harness: Harness, at: list[datetime]
) -> None:
    """West of Greenwich the year 1 of UTC begins in the year before it, which has no date here."""
    await post_terms(harness, time_zone="America/New_York")
    await named(harness, "C-1")
    content = "external_id,points,earned_at\nC-1,1200,0001-01-01T00:00:00+00:00\n"
    assert (await committed(harness, "balances", content))["accepted"] == 1
    await added_up(harness)
    [cohort] = (await seen(harness, "/liability"))["items"][0]["cohorts"]
    assert (cohort["cohort"], cohort["points"]["outstanding"]) == ("1970-01-01", 1200)
    assert (await seen(harness, "/breakage"))["cohorts"] == []


async def test_who_was_a_guest_and_who_shares_a_wallet_count_as_one_who_is_active(
    harness: Harness, at: list[datetime]
) -> None:
    guest, known, other = member(), member(), member()
    await bought(harness, guest, "F-1")
    await bought(harness, known, "F-2")
    await harness.deliver(merged(guest, known))
    await household(harness, known, other)
    await added_up(harness)
    found = await seen(harness, "/activity?from=2026-10-01&until=2026-10-31")
    assert (found["earning"], found["active"]) == (1, 1)
    assert (found["holding"], found["holding_active"]) == (1, 1)


async def costs_of(harness: Harness, reward: str) -> tuple[int, int | None]:
    await added_up(harness)
    shown = (await seen(harness, "/costs?from=2026-10-01&until=2026-10-05"))["rewards"]
    [found] = [each for each in shown if each["item"] == reward]
    return found["times"], found["cost_minor"]


async def cancel(harness: Harness, redemption_id: str) -> None:
    async with harness.client(agent()) as client:
        path = f"/v1/redemptions/{redemption_id}"
        answer = await client.patch(path, json={"fulfilment": "cancelled"})
    assert answer.status_code == 200, answer.text


async def with_cost(harness: Harness) -> str:
    reward = await new_reward(harness, kind="physical")
    cost = {"reward_id": reward, "valid_from": "2026-10-01", "cost_minor": 700, "currency": "CNY"}
    assert (await post(harness, admin(), f"{BASE}/reward-costs", cost)).status_code == 201
    return reward


async def test_a_gift_given_back_in_parts_costs_nothing_in_the_end(
    harness: Harness, at: list[datetime]
) -> None:
    """A part of the points came back before: the rest comes when it is cancelled."""
    caller, reward = await with_points(harness, 100), await with_cost(harness)
    bought_one = (await redeem(harness, caller, reward)).json()
    assert await costs_of(harness, reward) == (1, 700)
    [(entry,)] = await execute(harness, "SELECT id FROM entries WHERE kind = 'spend'")
    body = {"points": 30, "reason": "a chipped cup"}
    answer = await post(
        harness, backend("points:write"), f"/v1/loyalty/entries/{entry}/refunds", body
    )
    assert answer.status_code == 201, answer.text
    assert await costs_of(harness, reward) == (1, 700)
    await cancel(harness, bought_one["redemption_id"])
    assert await costs_of(harness, reward) == (0, 0)


async def test_a_gift_whose_points_come_back_to_several_wallets_costs_nothing(
    harness: Harness, at: list[datetime]
) -> None:
    """One of the household has left since, with a lot of theirs: two entries give back."""
    one, other = await with_points(harness, 50, valid_days=5), await with_points(harness, 50)
    await household(harness, one, other)
    reward = await with_cost(harness)
    bought_one = (await redeem(harness, other, reward)).json()
    await leave(harness, one)
    await cancel(harness, bought_one["redemption_id"])
    refunds = await execute(harness, "SELECT points FROM entries WHERE kind = 'refund'")
    assert sorted(row.points for row in refunds) == [30, 50]
    assert await costs_of(harness, reward) == (0, 0)


async def test_what_members_of_a_household_earned_is_not_counted_anew(harness: Harness) -> None:
    one, other = await with_points(harness, 0), await with_points(harness, 0)
    shared = (await household(harness, one, other))["household_id"]
    for _ in range(60):
        await adjust(harness, one, points=3)

    async def told() -> list[tuple[int, int]]:
        shown = await read(harness, one, "/v1/households")
        return [(stay["earned"], stay["spent"]) for stay in shown["members"]]

    before = await told()
    assert before == [(180, 0), (0, 0)]
    await added_up(harness)
    assert await told() == before
    await redeem(harness, other, await new_reward(harness))
    assert await told() == [(180, 0), (0, 80)]
    assert (await leave(harness, one)).status_code == 201
    await added_up(harness)
    assert {tuple(row) for row in await execute(harness, STAYS)} == {(180, 0), (0, 80)}
    assert (await balances(harness, other))[0] + (await balances(harness, one))[0] == 100
    assert UUID(shared)


async def test_a_busy_household_is_shown_without_reading_all_it_did(harness: Harness) -> None:
    one = await with_points(harness, 0)
    shared = UUID((await household(harness, one))["household_id"])

    async def look(session: AsyncSession) -> Any:
        return await stays(session, shared)

    costs = []
    for entries in (5, 300):
        await earn_for(harness, one.member_id, entries)
        await added_up(harness)
        costs.append(await rows_read(harness, look))
    assert costs[1] <= costs[0] + 30, costs


STAYS = "SELECT earned, spent FROM finance_stays"
