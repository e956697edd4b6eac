"""Programmes move in: checked first, imported once, undone as a whole; the ledger ties to it."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest

from kit import clock
from kit.auth import Caller
from kit.testing import Harness, admin, agent, backend, member
from services.loyalty.events import PointsEarned, PointsImported, TierChanged
from services.loyalty.jobs import discard_imports
from services.loyalty.rules.imports.rows import ROWS, needed
from tests.loyalty.importing import (
    JSONL,
    checked,
    committed,
    errors,
    named,
    order,
    send,
    shown,
    work,
)
from tests.loyalty.members import (
    balances,
    execute,
    merged,
    placed,
    post,
    proved,
    read,
    with_points,
)

NEXT_YEAR = f"{clock.now().year + 1}-12-31"
BEYOND = "9999-12-31T23:59:59-12:00"
SOON = (clock.now() + timedelta(days=3)).isoformat()


async def test_balances_arrive_with_their_terms(harness: Harness) -> None:
    ann, bob = await named(harness, "C-1"), await named(harness, "C-2")
    found = await committed(
        harness,
        "balances",
        f"external_id,point_type,points,expires_at,available_at\n"
        f"C-1,points,1200,{NEXT_YEAR},\n"
        f"C-1,points,300,,\n"
        f"C-1,points,50,,{SOON}\n"
        f"C-1,growth,700,,\n"
        f"C-2,,-80,,\n",
    )
    assert (found["state"], found["accepted"], found["refused"]) == ("committed", 5, 0)
    assert await balances(harness, ann) == (1500, 50, 0, 700)
    assert await balances(harness, bob) == (0, 0, 80, 0)
    lots = await execute(harness, "SELECT original, due_at FROM lots ORDER BY original")
    assert [lot.original for lot in lots] == [50, 300, 700, 1200]
    assert lots[3].due_at.isoformat() == f"{clock.now().year + 2}-01-01T00:00:00+00:00"
    await proved(harness)


async def test_the_totals_tie_to_the_ledger(harness: Harness) -> None:
    await with_points(harness, 40)
    await named(harness, "C-1")
    found = await committed(
        harness, "balances", "external_id,points,reference\nC-1,100,a\nC-1,-30,b\nC-1,7,c\n"
    )
    totals = found["totals"]
    assert totals["file"] == totals["ledger"] == {"points": 77}
    assert totals["before"]["points"]["available"] == 40
    assert totals["after"]["points"] == {"available": 117, "pending": 0, "held": 0, "debt": 0}
    assert totals["moved_otherwise"] == {"points": 0, "growth": 0}


async def test_checking_changes_nothing_but_what_is_said_of_the_file(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    before = await balances(harness, ann)
    found = await checked(harness, "balances", "external_id,points\nC-1,100\n")
    assert (found["state"], found["accepted"]) == ("checked", 1)
    assert found["totals"]["file"] == {"points": 100}
    assert await balances(harness, ann) == before
    assert await execute(harness, "SELECT 1 FROM entries") == []
    assert await harness.published(PointsImported) == []


async def test_importing_is_quiet(harness: Harness) -> None:
    """Members are not congratulated on what they had."""
    ann = await named(harness, "C-1")
    file = "external_id,point_type,points\nC-1,points,100\nC-1,growth,5000\n"
    await committed(harness, "balances", file)
    assert await harness.published(PointsEarned) == []
    [said] = await harness.published(PointsImported)
    assert (str(said.member_id), said.points, said.state) == (ann.subject, 100, "available")
    assert {change.reason for change in await harness.published(TierChanged)} == {"imported"}


async def test_the_same_file_twice_is_one_import(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    file = "external_id,points\nC-1,100\n"
    first, again = await committed(harness, "balances", file), await send(harness, "balances", file)
    assert again.json()["import_id"] == first["import_id"]
    await work(harness)
    assert (await balances(harness, ann))[0] == 100


async def test_rows_of_another_file_that_tell_of_the_same_do_nothing(harness: Harness) -> None:
    ann, _ = await named(harness, "C-1"), await named(harness, "C-2")
    await committed(harness, "balances", "external_id,points\nC-1,100\n")
    found = await committed(
        harness, "balances", "external_id;points;point_type\r\nC-1;100;points\r\nC-2;5;points\r\n"
    )
    assert (found["accepted"], found["repeated"], found["refused"]) == (1, 1, 0)
    assert (await balances(harness, ann))[0] == 100


async def test_a_row_that_was_imported_with_other_values_is_refused(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    await committed(harness, "balances", "external_id,points\nC-1,100\n")
    found = await committed(harness, "balances", "external_id,points\nC-1,120\n")
    assert found["refused"] == 1
    assert await errors(harness, found["import_id"]) == [(2, "reference", "imported_otherwise")]
    assert (await balances(harness, ann))[0] == 100


async def test_the_same_programme_at_once_from_two_senders_counts_once(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    files = [f"external_id,points\nC-1,100\n{'x' * n and ','}\n" for n in (0, 1)]
    sent = await asyncio.gather(*(send(harness, "balances", file, commit=True) for file in files))
    assert [answer.status_code for answer in sent] == [202, 202]
    await asyncio.gather(*(work(harness) for _ in range(3)))
    assert (await balances(harness, ann))[0] == 100
    await proved(harness)


async def test_every_wrong_row_is_told_with_what_would_be_right(harness: Harness) -> None:
    await named(harness, "C-1")
    found = await checked(
        harness,
        "balances",
        "external_id,points,expires_at,available_at,member_id\n"
        "C-1,12.5,,,\n"
        "C-9,10,,,\n"
        "C-1,10,yesterday,,\n"
        "C-1,10,2020-01-01,,\n"
        ",10,,,\n"
        "C-1,10,2099-01-01,2099-06-01,\n"
        "C-1,-10,2099-01-01,,\n"
        "C-1,0,,,\n"
        "C-1,10,,,,too,many\n"
        "C-1,77,,,\n"
        '"C-1","77","","",""\n',
    )
    assert (found["accepted"], found["refused"]) == (1, 10)
    assert await errors(harness, found["import_id"]) == [
        (2, "points", "int_parsing"),
        (3, "external_id", "unknown_member"),
        (4, "expires_at", "datetime_from_date_parsing"),
        (5, "expires_at", "expired"),
        (6, None, "value_error"),
        (7, None, "value_error"),
        (8, None, "value_error"),
        (9, None, "value_error"),
        (10, None, "too_many_cells"),
        (12, "reference", "said_twice"),
    ]
    path = f"/v1/loyalty/imports/{found['import_id']}/errors.csv"
    async with harness.client(admin()) as client:
        file = (await client.get(path)).text.splitlines()
    assert file[0] == "row,column,code,detail"
    assert len(file) == 11
    assert "A whole number such as 1200" in file[1]
    assert "POST /v1/identify" in file[2]


@pytest.mark.parametrize(
    ("kind", "header", "row", "column", "code"),
    [
        ("balances", "points,expires_at", "5,9999-12-31", "expires_at", "value_error"),
        ("balances", "points,expires_at", f"5,{BEYOND}", "expires_at", "value_error"),
        ("checkins", "last_day,streak", "0001-01-05,100", "last_day", "greater_than_equal"),
    ],
)
async def test_moments_no_column_holds_are_told_and_hold_nothing_up(
    harness: Harness, kind: str, header: str, row: str, column: str, code: str
) -> None:
    caller = await with_points(harness, 0)
    found = await checked(harness, kind, f"member_id,{header}\n{caller.subject},{row}\n")
    assert await errors(harness, found["import_id"]) == [(2, column, code)]


async def test_no_line_of_json_holds_the_character_nul(harness: Harness) -> None:
    line = '{"external_id": "a\\u0000", "points": 5}\n'
    found = await checked(harness, "balances", line, media_type=JSONL)
    assert await errors(harness, found["import_id"]) == [(1, None, "nul_character")]


async def test_it_is_tomorrow_already_where_some_members_live(harness: Harness) -> None:
    caller = await with_points(harness, 0)
    for hours, refused in ((14, 0), (48, 1)):
        day = (clock.now() + timedelta(hours=hours)).date()
        rows = f"member_id,last_day,streak\n{caller.subject},{day},1\n"
        assert (await checked(harness, "checkins", rows))["refused"] == refused


async def test_refused_rows_are_left_out_only_when_one_says_so(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    found = await checked(harness, "balances", "external_id,points\nC-1,100\nC-9,5\n")
    path = f"/v1/loyalty/imports/{found['import_id']}/commits"
    refused = await post(harness, admin(), path, {})
    assert (refused.status_code, refused.json()["code"]) == (409, "loyalty.rows_refused")
    done = await order(harness, found["import_id"], "commits", skip_refused=True)
    assert (done["state"], done["accepted"], done["refused"]) == ("committed", 1, 1)
    assert (await balances(harness, ann))[0] == 100


async def test_a_merged_member_has_their_points_in_the_survivors_wallet(harness: Harness) -> None:
    ann, bob = await named(harness, "C-1"), await named(harness, "C-2")
    done = await committed(harness, "balances", "external_id,points\nC-1,100\n")
    await harness.deliver(merged(ann, bob))
    await committed(harness, "balances", "external_id,points,reference\nC-1,7,second\n")
    assert (await balances(harness, bob))[0] == 107
    await order(harness, done["import_id"], "reversals")
    assert (await balances(harness, bob))[0] == 7
    await proved(harness)


async def test_lines_of_json_say_the_same(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    lines = '{"external_id": "C-1", "points": 100}\n\n[1]\n{"external_id": "C-1", "pionts": 1}\nx\n'
    found = await committed(harness, "balances", lines, media_type=JSONL)
    assert found["accepted"] == 1
    assert await errors(harness, found["import_id"]) == [
        (3, None, "not_an_object"),
        (4, "points", "missing"),
        (4, "pionts", "extra_forbidden"),
        (5, None, "not_json"),
    ]
    assert (await balances(harness, ann))[0] == 100


@pytest.mark.parametrize(
    ("file", "detail"),
    [
        pytest.param("external_id,pionts\nC-1,1\n", "Unknown: 'pionts'", id="a misspelt column"),
        pytest.param("external_id\nC-1\n", "Missing: points", id="no points"),
        pytest.param("points\n1\n", "Missing: member_id or external_id", id="nobody's"),
        pytest.param("points,points,external_id\n1,1,C\n", "twice: points", id="a column twice"),
        pytest.param("external_id,points\n", "has no rows", id="only a header"),
        pytest.param("", "has no rows", id="nothing"),
        pytest.param('external_id,points\n"C-1,1\n', "opens a quote", id="a quote left open"),
        pytest.param("external_id,points\rC-1,1\r", "carriage return", id="lines of an old Mac"),
        pytest.param(
            "external_id,points\nC-1,1\rC-2,1\nC-3,1\n", "Row 2 ", id="two rows in one line"
        ),
        pytest.param(b"external_id,points\nC-\xff,1\n", "UTF-8", id="another encoding"),
        pytest.param(f"external_id,points\n{'C' * 20_000},1\n", "over 16384", id="an endless row"),
    ],
)
async def test_a_file_that_is_none_is_refused_at_once(
    harness: Harness, file: str | bytes, detail: str
) -> None:
    answer = await send(harness, "balances", file)
    assert answer.status_code == 422
    assert detail in answer.json()["detail"]
    assert await execute(harness, "SELECT 1 FROM imports") == []


async def test_quotes_within_cells_are_text_and_rows_keep_their_numbers(harness: Harness) -> None:
    """As spreadsheets and RFC 4180 read them: only at the beginning of a cell do they quote it."""
    await named(harness, "C-1")
    told = ['A 5" pizza', 'a 6" one', '"a ""box""\r\nof two"', "plain", '"x" y']
    lines = [f"C-1,{n},2026-01-0{n},{text}\n" for n, text in enumerate(told, 1)]
    content = "external_id,points,occurred_at,description\n" + "".join(lines)
    found = await committed(harness, "history", content)
    assert (found["rows"], found["accepted"]) == (5, 5), found
    kept = await execute(harness, "SELECT points, description FROM past_entries ORDER BY points")
    assert [row.description for row in kept] == [
        'A 5" pizza',
        'a 6" one',
        'a "box"\r\nof two',
        "plain",
        "x y",
    ]
    rows = await execute(harness, "SELECT row FROM import_rows ORDER BY row")
    assert [row.row for row in rows] == [2, 3, 4, 5, 6]


async def test_other_media_types_are_refused(harness: Harness) -> None:
    answer = await send(harness, "balances", "x", media_type="application/json")
    assert answer.status_code == 415


async def test_an_import_can_be_given_up_until_it_is_committed(harness: Harness) -> None:
    await named(harness, "C-1")
    found = await checked(harness, "balances", "external_id,points\nC-1,100\n")
    async with harness.client(admin()) as client:
        gone = await client.delete(f"/v1/loyalty/imports/{found['import_id']}")
    assert gone.json()["state"] == "discarded"
    late = await post(harness, admin(), f"/v1/loyalty/imports/{found['import_id']}/commits", {})
    assert (late.status_code, late.json()["code"]) == (409, "loyalty.import_state")
    assert await execute(harness, "SELECT 1 FROM import_chunks") == []


@pytest.mark.parametrize("caller", [agent(), member(), backend("points:write")])
async def test_only_admins_import(harness: Harness, caller: Caller) -> None:
    async with harness.client(caller, **{"Content-Type": "text/csv"}) as client:
        answer = await client.post("/v1/loyalty/imports?kind=tiers&programme=x", content=b"x")
        listed = await client.get("/v1/loyalty/imports")
    assert (answer.status_code, listed.status_code) == (403, 403)


async def test_a_file_of_many_chunks_is_imported_whole(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    rows = "".join(f'C-1,1,"lot ""{n}"",\nold"\n' for n in range(1200))
    found = await committed(harness, "balances", "\ufeffexternal_id,points,reference\n" + rows)
    assert (found["rows"], found["accepted"], found["reached"]) == (1200, 1200, 1201)
    assert (await balances(harness, ann))[0] == 1200
    listed = await read(harness, admin(), "/v1/loyalty/imports")
    assert [one["import_id"] for one in listed["items"]] == [found["import_id"]]
    assert (await shown(harness, found["import_id"]))["totals"]["ledger"] == {"points": 1200}


async def test_points_on_the_way_are_not_mixed_up_with_imported_ones(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    await committed(harness, "balances", "external_id,points\nC-1,100\n")
    await harness.deliver(placed(ann))
    assert (await balances(harness, ann))[:2] == (100, 129)
    await proved(harness)


async def test_a_file_that_nobody_commits_is_deleted(harness: Harness) -> None:
    await named(harness, "C-1")
    found = await checked(harness, "balances", "external_id,points\nC-1,100\n")
    for days, state, chunks in ((6, "checked", 1), (8, "discarded", 0)):
        async with harness.transaction() as session:
            await discard_imports(session, clock.now() + timedelta(days=days))
        assert (await shown(harness, found["import_id"]))["state"] == state
        assert len(await execute(harness, "SELECT 1 FROM import_chunks")) == chunks


def test_the_manual_lists_the_columns_there_are() -> None:
    lines = Path("docs/importing.md").read_text().splitlines()
    listed = {}
    for line in lines:
        if match := re.match(r"\| `(\w+)` \| (.*?) \|", line):
            told = match[2].partition(";")[0]
            listed[match[1]] = (
                set(re.findall(r"`(\w+)`", told)),
                set(re.findall(r"\*\*`(\w+)`\*\*", told)),
            )
    common = {"member_id", "external_id", "reference"}
    assert listed == {
        kind.value: (set(row.model_fields) - common, set(needed(kind)))
        for kind, row in ROWS.items()
    }
