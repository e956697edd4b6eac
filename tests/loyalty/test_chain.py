"""The chain over the ledger: what is sealed, and that changing it shows."""

from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.exc import DBAPIError

from kit import clock
from kit.ids import uuid7
from kit.testing import Harness, analyst
from services.loyalty.actions.adjustments import Adjustment, adjust_points
from services.loyalty.events import LedgerSealed
from services.loyalty.rules.ledger import PointType
from tests.loyalty.members import adjust, execute, read, with_points
from tests.loyalty.test_ledger import damage, job, seal, with_a_history


async def chain(harness: Harness, after: int = 0) -> dict[str, Any]:
    return await read(harness, analyst(), f"/v1/loyalty/ledger/chain?after={after}")


async def test_entries_are_sealed_in_a_chain_of_blocks(harness: Harness) -> None:
    await with_a_history(harness)
    await seal(harness)
    first = await chain(harness)
    assert (first["sound"], first["blocks"], first["broken_at"]) == (True, 1, None)
    await with_points(harness, 5)
    await seal(harness)
    second = await chain(harness)
    [total] = await execute(harness, "SELECT count(*) AS n FROM entries")
    assert (second["blocks"], second["entries"]) == (2, total.n)
    told = await harness.published(LedgerSealed)
    assert [each.hash for each in told] == [first["head"], second["head"]]
    assert (await chain(harness, after=1))["head"] == second["head"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET reason = 'another' WHERE seq = (SELECT max(seq) FROM entries)",
        "UPDATE postings SET amount = -amount",
        "UPDATE lot_moves SET points = points - 1",
        "DELETE FROM entries WHERE seq = (SELECT min(seq) FROM entries)",
        "UPDATE ledger_blocks SET hash = sha256('forged')",
        "UPDATE ledger_blocks SET previous_hash = sha256('forged')",
        "DELETE FROM ledger_blocks WHERE number = 1",
    ],
)
async def test_tampering_with_what_is_sealed_shows(harness: Harness, statement: str) -> None:
    await with_a_history(harness)
    await seal(harness)
    await with_points(harness, 5)
    await seal(harness)
    await damage(harness, statement)
    found = await chain(harness)
    assert (found["sound"], found["broken_at"] is not None) == (False, True)


async def test_what_is_broken_stays_so_however_much_else_is_sound(harness: Harness) -> None:
    await with_a_history(harness)
    await seal(harness)
    await damage(harness, "UPDATE postings SET amount = -amount")
    await with_points(harness, 5)
    await seal(harness)
    assert not (await chain(harness))["sound"]
    assert (await chain(harness, after=2))["sound"]
    assert REGISTRY.get_sample_value("loyalty_ledger_broken_blocks") == 1


async def test_what_is_not_committed_yet_is_sealed_later(harness: Harness) -> None:
    """A number is drawn before its transaction commits: nothing is sealed around it."""
    caller, other = await with_points(harness, 5), await with_points(harness, 5)
    await seal(harness)
    async with harness.transaction() as slow:
        await adjust_points(slow, caller.member_id, adjustment(3), clock.now())
        assert (await adjust(harness, other, points=4)).status_code == 201
        for _ in range(6):
            await harness.run(job("seal_ledger"))
        assert (await chain(harness))["blocks"] == 1
    await seal(harness)
    [total] = await execute(harness, "SELECT count(*) AS n FROM entries")
    found = await chain(harness)
    assert (found["sound"], found["entries"]) == (True, total.n)


def adjustment(points: int) -> Adjustment:
    return Adjustment(
        key=uuid7(),
        point_type=PointType.POINTS,
        points=points,
        valid_days=None,
        reason="goodwill",
        actor="test",
    )


async def test_blocks_are_append_only(harness: Harness) -> None:
    await with_a_history(harness)
    await seal(harness)
    with pytest.raises(DBAPIError, match="append-only"):
        await execute(harness, "UPDATE ledger_blocks SET entries = 0")
