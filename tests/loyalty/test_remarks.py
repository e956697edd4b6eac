"""What staff write about entries: kept beside the ledger, proved with it, and wiped without it."""

import pytest

from kit.testing import Harness, admin, analyst
from tests.loyalty.finances import added_up
from tests.loyalty.members import adjust, execute, proved, read, with_points


async def test_a_remark_is_read_where_its_entry_is(harness: Harness) -> None:
    mei = await with_points(harness, 50, reason="for the broken cup")
    [entry] = (await read(harness, mei, "/v1/points/history"))["items"]
    assert entry["reason"] == "for the broken cup"
    why = await read(harness, mei, f"/v1/points/history/{entry['entry_id']}/explanation")
    assert why["summary"] == "Our staff changed your points by +50: for the broken cup"
    wallet = await read(harness, mei, "/v1/wallet")
    assert "for the broken cup" in str(wallet["recent"])


async def test_the_same_words_leave_another_digest_each_time(harness: Harness) -> None:
    """Whoever guesses the words of one that was wiped cannot tell whether that was them."""
    mei = await with_points(harness, 50, reason="goodwill")
    await adjust(harness, mei, points=5, reason="goodwill")
    rows = await execute(harness, "SELECT reason FROM entries")
    assert len({row.reason for row in rows}) == len(rows) == 2


async def test_what_is_taken_away_has_its_remark_too(harness: Harness) -> None:
    mei = await with_points(harness, 80)
    taken = await adjust(harness, mei, points=-30, reason="a mistake")
    assert taken.status_code == 201, taken.text
    remarks = await execute(harness, "SELECT said FROM remarks ORDER BY said")
    assert [row.said for row in remarks] == ["a mistake", "goodwill"]
    await proved(harness)


async def test_nobody_changes_a_remark(harness: Harness) -> None:
    await with_points(harness, 50)
    with pytest.raises(Exception, match="append-only"):
        await execute(harness, "UPDATE remarks SET said = 'nothing'")


async def test_a_remark_that_was_changed_all_the_same_shows(harness: Harness) -> None:
    await with_points(harness, 50)
    await execute(harness, "ALTER TABLE remarks DISABLE TRIGGER append_only")
    await execute(harness, "UPDATE remarks SET said = 'for nothing'")
    found = await read(harness, analyst(), "/v1/loyalty/ledger/verify?whole=true")
    wrong = [check["claim"] for check in found["checks"] if check["contradictions"]]
    assert wrong == ["what somebody wrote about an entry is what they wrote"]


async def test_wiped_the_ledger_and_its_chain_stay_sound(harness: Harness) -> None:
    mei = await with_points(harness, 50, reason="ill since May")
    await added_up(harness)
    await execute(harness, "DELETE FROM remarks")
    [entry] = (await read(harness, mei, "/v1/points/history"))["items"]
    assert (entry["points"], entry["reason"]) == (50, None)
    await proved(harness)
    chain = await read(harness, admin(), "/v1/loyalty/ledger/chain")
    assert chain["sound"], chain
    assert chain["blocks"], chain
    assert (await adjust(harness, mei, points=1, reason="well again")).status_code == 201
