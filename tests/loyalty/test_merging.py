"""Two members found to be one: each day and each thing they did counts once."""

import asyncio
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from kit import clock
from kit.auth import Caller
from kit.testing import Harness, member, until
from services.loyalty.events import MissionCompleted
from services.loyalty.jobs import gather_points
from services.loyalty.rules.checkins import CheckIn, CheckInKind, joined
from tests.loyalty.costs import rows_read
from tests.loyalty.finances import added_up
from tests.loyalty.members import (
    again,
    answered,
    balances,
    changed,
    execute,
    lives_in,
    merged,
    placed,
    proved,
    read,
    registered,
    reviewed,
    waits_for_a_lock,
)
from tests.loyalty.test_checkins import DAY, NOON, check_in_at
from tests.loyalty.test_draws import chance, enter, new_draw
from tests.loyalty.test_missions import new_mission, walk

FIRST = date(2026, 3, 1)
PRESENT, MADE_UP, FROZEN = CheckInKind


async def there(harness: Harness, caller: Caller, *days: int) -> None:
    for day in days:
        await check_in_at(harness, caller, NOON + day * DAY)


@pytest.mark.parametrize(
    ("guests", "own", "points", "streak"),
    [
        pytest.param([0], [0], 5, 1, id="one day of both counts once"),
        pytest.param([0, 1, 2], [2], 20, 3, id="the better of two check-ins stays"),
        pytest.param([2], [0, 1, 2], 20, 3, id="whosever it was"),
        pytest.param([0, 1], [2, 3], 20, 4, id="days of one after the other's are one streak"),
        pytest.param([0, 2], [1, 3], 20, 4, id="also where they alternate"),
    ],
)
async def test_a_day_counts_once(
    harness: Harness, guests: list[int], own: list[int], points: int, streak: int
) -> None:
    """5, 5, 10 points for the 1st, 2nd and 3rd day of a streak, as it was when they came."""
    guest, known = member(), member()
    await harness.deliver(lives_in(guest, "UTC"), lives_in(known, "UTC"))
    await there(harness, guest, *guests)
    await there(harness, known, *own)
    for _ in range(2):
        await harness.deliver(merged(guest, known))
    held, _, debt, growth = await balances(harness, known)
    assert (held, debt, growth) == (points, 0, len({*guests, *own}))
    last = NOON + DAY * max(*guests, *own)
    again = await check_in_at(harness, known, last + DAY)
    assert again.streak == streak + 1
    await proved(harness)


async def test_a_day_whose_points_are_spent_is_owed_not_paid_twice(harness: Harness) -> None:
    guest, known = member(), member()
    await there(harness, guest, 0)
    await there(harness, known, 0)
    await execute(harness, "UPDATE point_types SET clawback = 'allow_debt'")
    await harness.deliver(merged(guest, known))
    assert sum((await balances(harness, known))[:1]) == 5
    said = (await read(harness, known, "/v1/points/history"))["items"]
    assert sum(entry["points"] for entry in said if entry["kind"] != "transfer") <= 5


days = st.dictionaries(
    st.integers(0, 12).map(lambda n: FIRST + timedelta(days=n)), st.sampled_from(CheckInKind)
)


@given(days, days)
def test_joined_checkins_have_every_day_once_and_the_streaks_of_all(one, other) -> None:
    pair = [[CheckIn(day, 1, kind) for day, kind in sorted(m.items())] for m in (one, other)]
    both = joined(*pair)
    assert [item.day for item in both] == sorted({*one, *other})
    assert [(i.day, i.streak) for i in both] == [(i.day, i.streak) for i in joined(*pair[::-1])]
    assert joined(both, pair[1]) == both
    for before, after in pairwise(both):
        follows = after.day == before.day + DAY
        grows = after.kind is not FROZEN
        assert after.streak == (before.streak + grows if follows else 1)


async def test_what_both_did_for_a_mission_is_added_up_and_completes_it(harness: Harness) -> None:
    guest, known = member(), member()
    await new_mission(harness)
    await harness.deliver(reviewed(guest, "r-1", "r-2"), reviewed(known, "r-1"))
    for _ in range(2):
        await harness.deliver(merged(guest, known))
    [completed] = await harness.published(MissionCompleted)
    assert str(completed.member_id) == known.subject
    assert await execute(
        harness, "SELECT 1 FROM mission_progress WHERE member_id = :id", id=guest.member_id
    ) == []  # fmt: skip


async def test_days_of_a_mission_on_which_both_were_there_count_once(harness: Harness) -> None:
    guest, known = member(), member()
    await new_mission(harness, {"trigger": "activity.Walked", "target": 3, "measure": "days"})
    for who, names in ((guest, ["a", "b"]), (known, ["c", "d"])):
        for day, name in enumerate(names):
            await walk(harness, who, NOON + (day + (who is known)) * DAY, name)
    await harness.deliver(merged(guest, known))
    [(counts,)] = await execute(harness, "SELECT counts FROM mission_progress")
    assert counts == [3]


async def test_entries_of_a_draw_follow_the_member(harness: Harness) -> None:
    guest, known = member(), member()
    await harness.deliver(lives_in(guest, "UTC"), lives_in(known, "UTC"))
    draw = await new_draw(harness, chance("small", 1_000_000), daily_entries=2)
    assert (await enter(harness, guest, draw)).status_code == 201
    await harness.deliver(merged(guest, known))
    assert (await balances(harness, known))[0] == 50
    assert (await enter(harness, known, draw)).status_code == 201
    assert (await enter(harness, known, draw)).status_code == 409
    [shown] = (await read(harness, known, "/v1/draws"))["items"]
    assert shown["entries_left"] == 0


async def test_a_merged_members_points_days_and_orders_go_on(harness: Harness) -> None:
    guest, known = member(), member()
    await harness.deliver(placed(guest), reviewed(guest), registered(known))
    await harness.deliver(merged(guest, known))
    await harness.deliver(again(merged(guest, known)))
    assert await balances(harness, guest) == (0, 0, 0, 0)
    assert await balances(harness, known) == (130, 129, 0, 129)
    await harness.deliver(changed(known, "delivered"))
    await harness.deliver(changed(known, "partially_refunded", refunded_minor=6_450))
    assert await balances(harness, known) == (195, 0, 0, 65)
    await proved(harness)


async def test_what_a_merged_member_did_late_counts_for_who_goes_on(harness: Harness) -> None:
    guest, known = member(), member()
    await harness.deliver(merged(guest, known))
    await harness.deliver(placed(guest), answered(guest), reviewed(guest))
    assert await balances(harness, guest) == (0, 0, 0, 0)
    assert await balances(harness, known) == (50, 129, 0, 129)


async def test_merges_in_a_row_end_at_the_last(harness: Harness) -> None:
    first, second, third = member(), member(), member()
    await harness.deliver(registered(first))
    await harness.deliver(merged(first, second))
    await harness.deliver(merged(second, third))
    await harness.deliver(answered(first), answered(second))
    assert await balances(harness, third) == (140, 0, 0, 0)
    await proved(harness)


async def test_a_guest_merged_away_who_gets_an_account_goes_on_for_both(harness: Harness) -> None:
    guest, device = member(), member()
    await harness.deliver(answered(guest), merged(guest, device), placed(device))
    await harness.deliver(merged(device, guest), registered(guest), answered(device))
    assert await balances(harness, device) == (0, 0, 0, 0)
    assert await balances(harness, guest) == (140, 129, 0, 129)
    assert not await finds_strays(harness)
    await proved(harness)


async def test_merges_of_a_batch_lock_all_their_wallets_in_the_one_order(
    harness: Harness,
) -> None:
    """Whoever comes first waits for the lowest wallet, and holds none above it meanwhile."""
    low, *others = sorted((member() for _ in range(4)), key=lambda one: one.member_id)
    await harness.deliver(*(lives_in(caller, "UTC") for caller in (low, *others)))
    lock = "SELECT FROM wallets WHERE member_id = :id FOR UPDATE NOWAIT"
    batch = [merged(others[2], others[1]), merged(others[0], low)]
    async with harness.transaction() as session:
        await session.execute(text(lock), {"id": low.member_id})
        delivering = asyncio.create_task(harness.deliver(*batch))
        await until(partial(waits_for_a_lock, harness))
        for each in others:
            await session.execute(text(lock), {"id": each.member_id})
    await delivering
    await proved(harness)


async def test_looking_for_strays_costs_the_same_however_many_were_ever_merged(
    harness: Harness,
) -> None:
    costs = []
    for merges in (2, 40):
        for _ in range(merges):
            guest, known = member(), member()
            await harness.deliver(answered(guest), merged(guest, known))
        await added_up(harness)
        while await finds_strays(harness):
            pass
        costs.append(await rows_read(harness, lambda session: gather_points(session, clock.now())))
    assert costs[1] <= costs[0] + 30, costs


async def finds_strays(harness: Harness) -> bool:
    """Whether the job finds something to gather."""
    async with harness.transaction() as session:
        return await gather_points(session, clock.now())


async def test_a_merged_member_described_later_goes_on_alone(harness: Harness) -> None:
    guest, known = member(), member()
    before, after = (lives_in(guest, "UTC", at=f"2026-03-01T08:00:0{n}Z") for n in (0, 2))
    await harness.deliver(merged(guest, known), before, answered(guest))
    await harness.deliver(after, answered(guest))
    assert (await balances(harness, known))[0] == (await balances(harness, guest))[0] == 20
