"""Leaderboards: final when the period is over everywhere, each place's prize once."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kit.auth import Caller
from kit.testing import Harness, marketer, member
from services.loyalty.actions.boards import settle_boards
from services.loyalty.events import LeaderboardWon
from services.loyalty.jobs import finish_boards
from services.loyalty.rules.boards import final_at, final_boards, prize_of
from services.loyalty.rules.missions import Goal, Mission, RankPrize, Recurrence
from services.loyalty.rules.prizes import Prize
from tests.loyalty.members import balances, execute, lives_in, merged, post, proved, read
from tests.loyalty.test_missions import new_mission, walk

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
FINAL = datetime(2026, 3, 9, 13, tzinfo=UTC)
STEPS = {
    "trigger": "activity.Walked",
    "target": 10,
    "measure": "sum",
    "field": "properties.steps",
}
PLACES = [
    {"up_to": 1, "prize": {"points": 500}},
    {"up_to": 3, "prize": {"points": 100, "growth_points": 7}},
]


async def new_board(harness: Harness, **changes: Any) -> str:
    """Steps of the week, as of February: the first gets 500 points, the next two 100."""
    about = {"recurrence": "weekly", "ranked": True, "rank_prizes": PLACES, **changes}
    mission_id = await new_mission(harness, STEPS, **about)
    made = "UPDATE missions SET created_at = '2026-02-20T00:00:00Z'"
    await execute(harness, made)
    return mission_id


async def walked(harness: Harness, *steps: int, at: datetime = MONDAY) -> list[Caller]:
    callers = [member() for _ in steps]
    for caller, number in zip(callers, steps, strict=True):
        await harness.deliver(lives_in(caller, "UTC"))
        if number:
            await walk(harness, caller, at, f"w-{caller.subject}-{at:%m%d}", n=number)
    return callers


async def finish(harness: Harness, at: datetime) -> None:
    """Run the job until it says that there is no more to do."""

    async def once() -> bool:
        async with harness.transaction() as session:
            return await finish_boards(session, at)

    while await once():
        pass


async def points(harness: Harness, callers: list[Caller]) -> list[int]:
    return [(await balances(harness, caller))[0] for caller in callers]


@pytest.mark.parametrize(
    ("steps", "won"),
    [
        pytest.param([30, 20, 15, 11], [500, 100, 100, 0], id="three places"),
        pytest.param([30, 30, 15, 11], [500, 500, 100, 0], id="two share the first"),
        pytest.param([30, 20, 15, 15], [500, 100, 100, 100], id="two share the last"),
        pytest.param([30, 0], [500, 0], id="who did nothing has no place"),
    ],
)
async def test_places_bring_their_prizes_once(harness: Harness, steps, won) -> None:
    mission_id = await new_board(harness, prize={"growth_points": 1})
    callers = await walked(harness, *steps)
    await finish(harness, FINAL - timedelta(seconds=1))
    assert sum(await points(harness, callers)) == 0
    await asyncio.gather(*(finish(harness, FINAL) for _ in range(3)))
    await finish(harness, FINAL + timedelta(days=1))
    assert await points(harness, callers) == won
    said = await harness.published(LeaderboardWon)
    assert sorted(e.points for e in said) == sorted(n for n in won if n)
    shown = await read(
        harness, callers[0], f"/v1/missions/{mission_id}/leaderboard?begins=2026-03-05"
    )
    assert (shown["begins"], shown["final"], shown["your_rank"]) == ("2026-03-02", True, 1)
    assert [place["score"] for place in shown["places"]] == [
        n for n, prize in zip(steps, won, strict=True) if prize
    ]
    assert [each["up_to"] for each in shown["prizes"]] == [1, 3]
    await proved(harness)


async def test_what_comes_after_the_end_moves_no_place(harness: Harness) -> None:
    mission_id = await new_board(harness)
    first, second = await walked(harness, 30, 20)
    await finish(harness, FINAL)
    await walk(harness, second, MONDAY + timedelta(days=1), "late", n=99)
    await finish(harness, FINAL + timedelta(hours=1))
    assert await points(harness, [first, second]) == [500, 100]
    path = f"/v1/missions/{mission_id}/leaderboard?begins=2026-03-02"
    shown = await read(harness, first, path)
    assert [place["score"] for place in shown["places"]] == [30, 20]


async def test_each_period_has_its_own_places(harness: Harness) -> None:
    await new_board(harness)
    [walker] = await walked(harness, 12)
    await walk(harness, walker, MONDAY + timedelta(days=7), "next", n=12)
    await finish(harness, FINAL)
    await finish(harness, FINAL + timedelta(days=7))
    assert await points(harness, [walker]) == [1000]


async def test_a_board_nobody_could_settle_for_a_while_is_settled_then(harness: Harness) -> None:
    await new_board(harness)
    [walker] = await walked(harness, 12)
    await finish(harness, FINAL + timedelta(days=30))
    assert await points(harness, [walker]) == [500]


async def test_a_mission_that_was_switched_off_gives_no_prizes(harness: Harness) -> None:
    mission_id = await new_board(harness)
    [walker] = await walked(harness, 12)
    async with harness.client(marketer()) as client:
        assert (
            await client.patch(f"/v1/missions/{mission_id}", json={"active": False})
        ).status_code == 200
    await finish(harness, FINAL)
    assert await points(harness, [walker]) == [0]


async def test_of_two_members_found_to_be_one_the_place_is_theirs(harness: Harness) -> None:
    await new_board(harness)
    guest, known, other = await walked(harness, 20, 15, 30)
    await harness.deliver(merged(guest, known))
    await finish(harness, FINAL)
    assert await points(harness, [known, other]) == [500, 100]


async def test_places_follow_a_member_merged_before_the_prizes_came(harness: Harness) -> None:
    await new_board(harness)
    guest, known, other = await walked(harness, 30, 15, 20)
    async with harness.transaction() as session:
        await settle_boards(session, FINAL)
    await harness.deliver(merged(guest, known))
    await finish(harness, FINAL)
    assert await points(harness, [known, other]) == [100, 100]
    await proved(harness)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ranked": False}, "set `ranked`"),
        ({"recurrence": "once"}, "set `ends_at`"),
        ({"rank_prizes": PLACES[::-1]}, "one after another"),
        ({"rank_prizes": [{"up_to": 0, "prize": {}}]}, "greater than or equal to 1"),
        ({"rank_prizes": [{"up_to": 1, "prize": {"badge": "none"}}]}, "no badge none"),
    ],
    ids=str,
)
async def test_prizes_that_make_no_sense_are_refused(harness: Harness, changes, says) -> None:
    text = {"en": "Steps"}
    body = {"name": text, "description": text, "goals": [STEPS], "prize": {"points": 1}}
    about = {"recurrence": "weekly", "ranked": True, "rank_prizes": PLACES, **changes}
    answer = await post(harness, marketer(), "/v1/missions", {**body, **about})
    assert answer.status_code == 422
    assert says in answer.text


def a_mission(**changes: Any) -> Mission:
    texts = {"en": "Steps"}
    about = {
        "mission_id": member().member_id,
        "name": texts,
        "description": texts,
        "goals": [Goal(trigger="activity.Walked", target=1)],
        "prize": Prize(points=1),
        "recurrence": Recurrence.WEEKLY,
        "ranked": True,
        "rank_prizes": [
            RankPrize(up_to=1, prize=Prize(points=9)),
            RankPrize(up_to=3, prize=Prize(points=3)),
        ],
    }
    return Mission(**{**about, **changes})


def test_a_place_brings_the_first_prize_that_reaches_it() -> None:
    found = [prize_of(rank, a_mission()) for rank in (1, 2, 3, 4)]
    assert [prize.points if prize else None for prize in found] == [9, 3, 3, None]


@pytest.mark.parametrize(
    ("changes", "begins", "final"),
    [
        pytest.param({}, date(2026, 3, 2), FINAL, id="when the last have left the week"),
        pytest.param(
            {"recurrence": Recurrence.ONCE, "ends_at": MONDAY}, date(1970, 1, 1),
            MONDAY + timedelta(hours=1), id="an hour after a mission's end",
        ),
        pytest.param(
            {"ends_at": MONDAY}, date(2026, 3, 2), MONDAY + timedelta(hours=1),
            id="also amid a period",
        ),
        pytest.param({"recurrence": Recurrence.ONCE}, date(1970, 1, 1), None, id="or never"),
    ],
)  # fmt: skip
def test_when_a_board_is_final(changes, begins: date, final: datetime | None) -> None:
    assert final_at(a_mission(**changes), begins) == final


def test_only_periods_since_the_mission_was_made_are_settled() -> None:
    made = datetime(2026, 3, 4, tzinfo=UTC)
    weekly, ended = a_mission(), a_mission(ends_at=datetime(2026, 3, 11, tzinfo=UTC))
    late = datetime(2026, 3, 25, tzinfo=UTC)
    assert final_boards(weekly, made, FINAL - timedelta(seconds=1)) == []
    assert final_boards(weekly, made, FINAL) == [date(2026, 3, 2)]
    assert len(final_boards(weekly, made, late)) == 3
    assert final_boards(ended, made, late) == [date(2026, 3, 2), date(2026, 3, 9)]
