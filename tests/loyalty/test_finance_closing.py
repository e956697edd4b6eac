"""Closing a month by two people: both look at the journal, neither closes it alone."""

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

from kit import clock
from kit.auth import Caller
from kit.testing import Harness, admin, member
from tests.loyalty.finances import BASE, added_up, bought, declare, get, post_terms, seen
from tests.loyalty.members import execute, post, with_points

OCTOBER = "2026-10"


@pytest.fixture
async def at(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The clock, at a month's end that has something to close, and that takes two people."""
    now = [datetime(2026, 10, 5, 9, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    await declare(harness)
    await bought(harness, member())
    await added_up(harness)
    now[0] = datetime(2026, 11, 2, tzinfo=UTC)
    changed = await post_terms(harness, closing_by_two=True)
    assert changed.json()["closing_by_two"] is True, changed.text
    return now


async def closes(harness: Harness, caller: Caller, digest: str | None = None) -> httpx.Response:
    looked_at = await get(harness, f"/journal?period={OCTOBER}")
    shown = digest or looked_at.headers["ETag"].strip('"')
    body = {"period": OCTOBER, "digest": shown, "reason": "month end"}
    return await post(harness, caller, f"{BASE}/periods", body)


async def proposals(harness: Harness) -> list[tuple[str, str]]:
    found = (await seen(harness, "/proposals"))["items"]
    return [(one["period"], one["proposed_by"]) for one in found]


async def test_one_proposes_and_another_closes(harness: Harness, at: list[datetime]) -> None:
    mei, ivan = admin(), admin()
    first = await closes(harness, mei)
    assert (first.status_code, first.json()["proposed_by"]) == (202, mei.subject)
    assert await proposals(harness) == [(OCTOBER, mei.subject)]
    assert (await seen(harness, "/periods"))["items"] == []
    second = await closes(harness, ivan)
    assert second.status_code == 201, second.text
    closed = second.json()
    assert (closed["proposed_by"], closed["closed_by"]) == (mei.subject, ivan.subject)
    assert await proposals(harness) == []


async def test_nobody_is_two_people(harness: Harness, at: list[datetime]) -> None:
    mei = admin()
    answers = [await closes(harness, mei) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202] * 3
    assert len({answer.text for answer in answers}) == 1
    assert (await seen(harness, "/periods"))["items"] == []


async def test_of_a_journal_that_has_changed_the_first_look_counts_for_nothing(
    harness: Harness, at: list[datetime]
) -> None:
    mei, ivan = admin(), admin()
    before = (await closes(harness, mei)).json()["digest"]
    await declare(harness, valid_from="2026-10-02", value_minor="9")
    stale = await closes(harness, ivan, before)
    assert (stale.status_code, stale.json()["code"]) == (409, "loyalty.journal_changed")
    again = await closes(harness, ivan)
    assert again.status_code == 202, again.text
    assert await proposals(harness) == [(OCTOBER, ivan.subject)]
    assert (await closes(harness, mei)).status_code == 201


async def test_many_at_once_close_once_by_two_of_them(harness: Harness, at: list[datetime]) -> None:
    answers = await asyncio.gather(*(closes(harness, admin()) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 201, 201, 202]
    [row] = await execute(harness, "SELECT proposed_by, closed_by FROM finance_periods")
    assert row.proposed_by != row.closed_by


async def test_what_closed_once_answers_anybody_the_same(
    harness: Harness, at: list[datetime]
) -> None:
    mei, ivan = admin(), admin()
    await closes(harness, mei)
    closed = await closes(harness, ivan)
    assert (await closes(harness, mei)).json() == closed.json()


@pytest.mark.parametrize(
    ("proposed_by", "law"),
    [
        pytest.param("NULL, NULL", "two people close a period", id="by one"),
        pytest.param("'mei', now()", "ck_finance_periods_four_eyes", id="twice by one"),
        pytest.param("'ivan', NULL", "ck_finance_periods_proposed", id="nobody knows when"),
    ],
)
async def test_the_database_holds_to_two_people(
    harness: Harness, at: list[datetime], proposed_by: str, law: str
) -> None:
    statement = f"""
        INSERT INTO finance_periods
        SELECT DATE '2026-10-01', DATE '2026-10-31', 0, '', 0, '', 'mei', now(), {proposed_by}
    """
    with pytest.raises(Exception, match=law):
        await execute(harness, statement)


async def test_where_one_suffices_nothing_waits(harness: Harness, at: list[datetime]) -> None:
    await post_terms(harness, closing_by_two=False)
    await with_points(harness, 5)
    await added_up(harness)
    assert (await closes(harness, admin())).status_code == 201
    assert (await seen(harness, "/periods"))["items"][0]["proposed_by"] is None
