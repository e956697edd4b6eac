"""Draws: luck that can be checked, and prizes that do not run over."""

import asyncio
import hashlib
import hmac
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, agent, backend, marketer, member
from services.loyalty.events import DrawWon
from services.loyalty.rules.draws import TICKETS, DrawPrize, prize_of, ticket
from services.loyalty.rules.prizes import Prize
from tests.loyalty.members import balances, execute, lives_in, post, proved, read, with_points

DAY = timedelta(days=1)


def chance(key: str, odds: int, points: int = 50, **changes: Any) -> dict[str, Any]:
    names = {"en": key, "zh-CN": "奖", "ru": "Приз"}
    return {"key": key, "name": names, "odds": odds, "prize": {"points": points}, **changes}


async def new_draw(harness: Harness, *prizes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Half of the tickets win 50 points."""
    body = {
        "name": {"en": "Wheel", "zh-CN": "转盘", "ru": "Колесо"},
        "description": {"en": "Spin.", "zh-CN": "转。", "ru": "Крутите."},
        "prizes": list(prizes) or [chance("small", 500_000)],
        "closes_at": (clock.now() + DAY).isoformat(),
        "daily_entries": None,
        **changes,
    }
    answer = await post(harness, marketer(), "/v1/draws", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def enter(harness: Harness, caller: Caller, draw: dict[str, Any], key: Any = None) -> Any:
    return await post(harness, caller, f"/v1/draws/{draw['draw_id']}/entries", key=key)


async def close(harness: Harness, draw: dict[str, Any]) -> None:
    """Let the draw have closed: only a superuser's hand can move what was published."""
    for statement in (
        "ALTER TABLE draws DISABLE TRIGGER frozen",
        f"UPDATE draws SET closes_at = now() WHERE draw_id = '{draw['draw_id']}'",
        "ALTER TABLE draws ENABLE TRIGGER frozen",
    ):
        await execute(harness, statement)


async def test_anybody_can_check_a_draw_once_it_has_closed(harness: Harness) -> None:
    draw = await new_draw(harness, chance("grand", 10_000, 500), chance("small", 400_000))
    callers = [await with_points(harness, 0) for _ in range(4)]
    answers = await asyncio.gather(
        *(enter(harness, caller, draw) for caller in callers for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {201}
    audit = f"/v1/draws/{draw['draw_id']}/audit"
    assert (await read(harness, callers[0], audit))["seed"] is None
    await close(harness, draw)
    shown = await read(harness, member(), audit)
    seed = bytes.fromhex(shown["seed"])
    assert hashlib.sha256(seed).hexdigest() == draw["commitment"] == shown["commitment"]
    assert [entry["number"] for entry in shown["items"]] == list(range(1, 41))
    for entry in shown["items"]:
        said = f"{draw['draw_id']}:{entry['number']}:{entry['key']}".encode()
        digest = hmac.new(seed, said, "sha256").digest()
        assert int.from_bytes(digest[:8], "big") % 1_000_000 == entry["ticket"]
        won = "grand" if entry["ticket"] < 10_000 else "small"
        assert entry["prize"] == (won if entry["ticket"] < 410_000 else None)
    assert {entry["key"] for entry in shown["items"]} == {a.json()["key"] for a in answers}
    closed = await enter(harness, callers[0], draw)
    assert (closed.status_code, closed.json()["code"]) == (409, "loyalty.draw_not_open")
    await proved(harness)


async def test_an_entry_is_paid_for_and_wins_once(harness: Harness) -> None:
    caller, draw = (
        await with_points(harness, 100),
        await new_draw(harness, chance("sure", TICKETS), entry_points=30),
    )
    key = uuid7()
    answers = [await enter(harness, caller, draw, key) for _ in range(2)]
    await execute(harness, "DELETE FROM idempotency_keys")
    answers.append(await enter(harness, caller, draw, key))
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["balance"] == 120
    assert await balances(harness, caller) == (120, 0, 0, 0)
    [won] = await harness.published(DrawWon)
    assert (won.prize, won.points) == ("sure", 50)
    poor = await with_points(harness, 29)
    refused = await enter(harness, poor, draw)
    assert (refused.status_code, refused.json()["code"]) == (409, "loyalty.insufficient_points")
    assert len(await execute(harness, "SELECT 1 FROM draw_entries")) == 1
    await proved(harness)


async def test_of_a_prize_no_more_are_won_than_there_are(harness: Harness) -> None:
    draw = await new_draw(harness, chance("rare", TICKETS, stock=3))
    callers = [await with_points(harness, 0) for _ in range(30)]
    answers = await asyncio.gather(*(enter(harness, caller, draw) for caller in callers))
    prizes = [answer.json()["prize"] for answer in answers]
    assert (prizes.count("rare"), prizes.count(None)) == (3, 27)
    assert len(await harness.published(DrawWon)) == 3


async def test_a_member_has_so_many_entries_a_day(harness: Harness) -> None:
    caller, draw = await with_points(harness, 0), await new_draw(harness, daily_entries=2)
    answers = await asyncio.gather(*(enter(harness, caller, draw) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 3
    [shown] = (await read(harness, caller, "/v1/draws"))["items"]
    assert (shown["entries_left"], shown["commitment"]) == (0, draw["commitment"])
    assert [(prize["key"], prize["odds"]) for prize in shown["prizes"]] == [("small", 500_000)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE draws SET seed = 'other'::bytea, commitment = encode(sha256('other'), 'hex')",
        "UPDATE draws SET prizes = '[]'",
        "UPDATE draws SET closes_at = closes_at + interval '1 day'",
        "UPDATE draws SET entries = 0",
        "UPDATE draw_entries SET ticket = 0",
        "DELETE FROM draw_entries",
        "UPDATE draws SET commitment = 'other'",
    ],
)
async def test_nobody_changes_what_was_published(harness: Harness, change: str) -> None:
    caller, draw = await with_points(harness, 0), await new_draw(harness)
    await enter(harness, caller, draw)
    with pytest.raises(DBAPIError):
        await execute(harness, change)


async def test_a_draw_for_a_tier_is_hidden_from_others(harness: Harness) -> None:
    caller, draw = await with_points(harness, 0), await new_draw(harness, tiers=["gold"])
    assert (await read(harness, caller, "/v1/draws"))["items"] == []
    answer = await enter(harness, caller, draw)
    assert (answer.status_code, answer.json()["code"]) == (404, "loyalty.draw_not_found")


async def test_a_stopped_draw_takes_no_entries_and_keeps_its_secret(harness: Harness) -> None:
    caller, draw = await with_points(harness, 0), await new_draw(harness)
    stopped = await post(harness, marketer(), f"/v1/draws/{draw['draw_id']}/stops")
    assert stopped.json()["active"] is False
    assert (await enter(harness, caller, draw)).status_code == 409
    audit = await read(harness, agent(), f"/v1/draws/{draw['draw_id']}/audit")
    assert audit["seed"] is None


async def test_a_member_nobody_spoke_of_may_enter(harness: Harness) -> None:
    assert (await enter(harness, member(), await new_draw(harness))).status_code == 201


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"prizes": [chance("a", 600_000), chance("b", 500_000)]}, "odds"),
        ({"prizes": [chance("a", 1), chance("a", 1)]}, "key"),
        ({"prizes": []}, "prizes"),
        ({"opens_at": "2100-01-01T00:00:00Z"}, "after"),
    ],
)
async def test_a_wrong_draw_is_refused(harness: Harness, changes: Any, said: str) -> None:
    body = {
        "name": {"en": "x"},
        "description": {"en": "x"},
        "prizes": [chance("a", 1)],
        "closes_at": "2099-01-01T00:00:00Z",
        **changes,
    }
    answer = await post(harness, marketer(), "/v1/draws", body)
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize("caller", [member(), agent(), backend("draws:write")])
async def test_only_marketers_make_draws(harness: Harness, caller: Caller) -> None:
    assert (await post(harness, caller, "/v1/draws", {})).status_code == 403
    assert (await post(harness, caller, f"/v1/draws/{uuid7()}/stops")).status_code == 403


def test_tickets_fall_as_their_odds() -> None:
    """Of 20,000 tickets of one seed as many win as should, within five standard deviations."""
    prizes = [
        DrawPrize(key=key, name={}, odds=odds, prize=Prize())
        for key, odds in (("a", 100_000), ("b", 300_000))
    ]
    draw_id, seed = UUID(int=7), b"s" * 32
    keys = [UUID(int=n) for n in range(20_000)]
    won = [prize_of(ticket(seed, draw_id, n, key), prizes) for n, key in enumerate(keys, 1)]
    names = [prize.key if prize else None for prize in won]
    assert abs(names.count("a") - 2_000) < 5 * 43
    assert abs(names.count("b") - 6_000) < 5 * 65


@pytest.mark.parametrize(
    ("drawn", "won"), [(0, "a"), (9, "a"), (10, "b"), (29, "b"), (30, None), (999_999, None)]
)
def test_prizes_lie_side_by_side(drawn: int, won: str | None) -> None:
    prizes = [DrawPrize(key=k, name={}, odds=o, prize=Prize()) for k, o in (("a", 10), ("b", 20))]
    found = prize_of(drawn, prizes)
    assert (found.key if found else None) == won


async def test_days_are_the_members_own(harness: Harness) -> None:
    caller = member()
    await harness.deliver(lives_in(caller, "Pacific/Kiritimati"))
    draw = await new_draw(harness, daily_entries=1)
    assert (await enter(harness, caller, draw)).status_code == 201
    [row] = await execute(harness, "SELECT day FROM draw_entries")
    assert row.day == (clock.now() + timedelta(hours=14)).date()
