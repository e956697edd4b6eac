"""Moving out: the file says what wallets show, and an import takes it as it is."""

import csv
import io
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from kit import clock
from kit.auth import Caller
from kit.testing import Harness, admin, agent, analyst, backend, marketer, member, name_of
from services.loyalty.api import exports
from tests.loyalty.importing import committed, named
from tests.loyalty.members import adjust, balances, execute, placed, proved, with_points
from tests.loyalty.test_holds import held
from tests.loyalty.test_sharing import household

PATH = "/v1/loyalty/exports/balances.csv"
SOON = (clock.now() + timedelta(days=3)).isoformat()
NEXT_YEAR = f"{clock.now().year + 1}-12-31"


async def exported(harness: Harness) -> str:
    async with harness.client(admin()) as client:
        answer = await client.get(PATH)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    return answer.text


def rows_of(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content)))


def sums(rows: list[dict[str, str]]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        found[row["external_id"] or row["member_id"], row["point_type"]] += int(row["points"])
    return found


async def test_what_was_imported_comes_out_again_with_its_terms(harness: Harness) -> None:
    await named(harness, "C-1")
    await named(harness, "C-2")
    told = (
        "external_id,point_type,points,expires_at,available_at\n"
        f"C-1,points,1200,{NEXT_YEAR},\n"
        "C-1,points,300,,\n"
        f"C-1,points,50,,{SOON}\n"
        "C-1,growth,700,,\n"
        "C-2,points,-80,,\n"
    )
    await committed(harness, "balances", told)
    rows = rows_of(await exported(harness))
    assert sums(rows) == {("C-1", "points"): 1550, ("C-1", "growth"): 700, ("C-2", "points"): -80}
    by_points = {int(row["points"]): row for row in rows}
    end = f"{clock.now().year + 2}-01-01T00:00:00+00:00"
    assert (by_points[1200]["expires_at"], by_points[1200]["available_at"]) == (end, "")
    assert (by_points[300]["expires_at"], by_points[50]["available_at"]) == ("", SOON)


async def test_an_import_takes_an_export_as_it_is(harness: Harness) -> None:
    mei, ivan = await with_points(harness, 90, valid_days=30), await named(harness, "C-9")
    await adjust(harness, mei, points=40, point_type="growth")
    await adjust(harness, ivan, points=7)
    content = await exported(harness)
    found = await committed(harness, "balances", content, programme="moved")
    assert (found["accepted"], found["refused"]) == (3, 0), found
    assert await balances(harness, mei) == (180, 0, 0, 80)
    assert await balances(harness, ivan) == (14, 0, 0, 0)
    again = await committed(harness, "balances", content + "\r\n", programme="moved")
    assert (again["accepted"], again["repeated"]) == (0, 3)
    await proved(harness)


@pytest.mark.parametrize("external_id", ["=HYPERLINK(1)", "+7 916 000", "-1", "@x", "'=quoted"])
async def test_no_name_is_a_formula_and_each_comes_back_as_it_was(
    harness: Harness, external_id: str
) -> None:
    """What a spreadsheet would run is shielded by an apostrophe, which an import takes off."""
    mei = await named(harness, external_id)
    await adjust(harness, mei, points=7)
    content = await exported(harness)
    [row] = rows_of(content)
    assert row["external_id"][0] == "'"
    found = await committed(harness, "balances", content, programme="moved")
    assert (found["accepted"], found["refused"]) == (1, 0), found
    assert (await balances(harness, mei))[0] == 14


async def test_held_points_are_in_it_and_undelivered_ones_are_not(harness: Harness) -> None:
    mei = await with_points(harness, 100)
    await held(harness, mei, 100)
    await harness.deliver(placed(mei))
    assert (await balances(harness, mei))[:2] == (0, 129)
    points = [row for row in rows_of(await exported(harness)) if row["point_type"] == "points"]
    assert [(row["member_id"], row["points"]) for row in points] == [(mei.subject, "100")]


async def test_a_household_s_points_are_its_longest_member_s(harness: Harness) -> None:
    ivan, mei = await with_points(harness, 50), await with_points(harness, 100)
    await household(harness, ivan, mei)
    assert sums(rows_of(await exported(harness))) == {(ivan.subject, "points"): 150}


async def test_portions_make_the_whole(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    callers = {(await with_points(harness, n)).subject: n for n in range(1, 8)}
    whole = await exported(harness)
    for portion in (1, 2, 3):
        monkeypatch.setattr(exports, "PORTION", portion)
        assert await exported(harness) == whole
    assert {row["member_id"]: int(row["points"]) for row in rows_of(whole)} == callers
    [(available,)] = await execute(harness, "SELECT sum(available) FROM wallets")
    assert sum(callers.values()) == available


@pytest.mark.parametrize(
    "caller", [member(), agent(), analyst(), marketer(), backend("points:read")], ids=name_of
)
async def test_all_balances_are_for_admins_alone(harness: Harness, caller: Caller) -> None:
    async with harness.client(caller) as client:
        answer: Any = await client.get(PATH)
    assert answer.status_code == 403
