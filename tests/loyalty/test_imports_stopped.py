"""An import that keeps failing is stopped: others go on, and nothing it has done is lost."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY

from kit.testing import Harness, admin
from services.loyalty.actions.importing.running import count_stopped
from services.loyalty.rules.imports import RETRIES, retry_after
from tests.loyalty.importing import checked, named, order, send, shown, work
from tests.loyalty.members import balances, execute, post, proved

UNLUCKY = 13
FILE = "external_id,points,reference\n" + "".join(f"C-1,1,R-{n}\n" for n in range(500))
FILE += f"C-1,{UNLUCKY},R-500\n"
"""One more row than a chunk has."""


pytestmark = pytest.mark.usefixtures("_mended")


@pytest.fixture
async def _mended(harness: Harness) -> AsyncIterator[None]:
    yield
    await mend(harness)


async def spoil(harness: Harness, points: int = UNLUCKY) -> None:
    """Let the database refuse what no import has said would be refused."""
    check = f"CHECK (points <> {points}) NOT VALID"
    await execute(harness, f"ALTER TABLE entries ADD CONSTRAINT unlucky {check}")


async def mend(harness: Harness) -> None:
    await execute(harness, "ALTER TABLE entries DROP CONSTRAINT IF EXISTS unlucky")


async def keep_failing(harness: Harness, import_id: str) -> dict[str, Any]:
    """Let the time of each retry come; the import."""
    for _ in RETRIES:
        assert (await shown(harness, import_id))["retry_at"]
        await execute(harness, "UPDATE imports SET retry_at = now() WHERE retry_at IS NOT NULL")
        await work(harness)
    return await shown(harness, import_id)


async def ready(harness: Harness) -> str:
    """An import that was checked while nothing was wrong."""
    await named(harness, "C-2")
    found = await checked(harness, "balances", FILE)
    assert (found["state"], found["accepted"], found["failures"]) == ("checked", 501, 0)
    return str(found["import_id"])


async def stopped(harness: Harness) -> str:
    """An import that was stopped while its second chunk was committed."""
    import_id = await ready(harness)
    await spoil(harness)
    begun = await order(harness, import_id, "commits", skip_refused=True)
    assert (begun["state"], begun["failures"], begun["accepted"]) == ("committing", 1, 500)
    found = await keep_failing(harness, import_id)
    assert (found["state"], found["stopped_while"]) == ("stopped", "committing")
    assert (found["failures"], found["failed_with"]) == (len(RETRIES) + 1, "IntegrityError")
    return import_id


async def test_those_behind_an_import_that_fails_go_on(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    import_id = await stopped(harness)
    behind = await checked(harness, "balances", "external_id,points\nC-2,7\n", commit="true")
    assert behind["state"] == "committed"
    assert (await balances(harness, ann))[0] == 500
    assert (await shown(harness, import_id))["accepted"] == 500
    await proved(harness)


async def test_operators_see_how_many_are_stopped_until_somebody_sees_to_them(
    harness: Harness,
) -> None:
    async def counted() -> float | None:
        async with harness.transaction() as session:
            await count_stopped(session)
        return REGISTRY.get_sample_value("loyalty_stopped_imports")

    await named(harness, "C-1")
    assert await counted() == 0
    import_id = await stopped(harness)
    assert await counted() == 1
    await mend(harness)
    await order(harness, import_id, "commits", skip_refused=True)
    assert await counted() == 0


async def test_those_behind_need_not_wait_for_its_last_try(harness: Harness) -> None:
    await named(harness, "C-1")
    import_id = await ready(harness)
    await spoil(harness)
    assert (await order(harness, import_id, "commits", skip_refused=True))["failures"] == 1
    behind = await checked(harness, "balances", "external_id,points\nC-2,7\n", commit="true")
    assert behind["state"] == "committed"


async def test_a_stopped_commit_goes_on_where_it_was(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    import_id = await stopped(harness)
    await mend(harness)
    done = await order(harness, import_id, "commits", skip_refused=True)
    assert (done["state"], done["accepted"], done["failures"]) == ("committed", 501, 0)
    assert (done["stopped_while"], done["failed_with"], done["retry_at"]) == (None, None, None)
    assert done["totals"]["file"] == done["totals"]["ledger"] == {"points": 500 + UNLUCKY}
    assert (await balances(harness, ann))[0] == 500 + UNLUCKY
    await proved(harness)


async def test_a_stopped_commit_is_undone(harness: Harness) -> None:
    """Also while what made it fail is there still."""
    ann = await named(harness, "C-1")
    import_id = await stopped(harness)
    undone = await order(harness, import_id, "reversals")
    assert (undone["state"], undone["accepted"]) == ("undone", 0)
    assert await balances(harness, ann) == (0, 0, 0, 0)
    assert await execute(harness, "SELECT 1 FROM import_chunks") == []
    await mend(harness)
    again = await send(harness, "balances", FILE)
    assert again.json()["import_id"] != import_id, "what was undone may come again"
    await proved(harness)


async def test_a_stopped_undoing_goes_on_where_it_was(harness: Harness) -> None:
    ann = await named(harness, "C-1")
    import_id = await ready(harness)
    await order(harness, import_id, "commits", skip_refused=True)
    await spoil(harness, -UNLUCKY)
    assert (await order(harness, import_id, "reversals"))["failures"] == 1
    found = await keep_failing(harness, import_id)
    assert (found["state"], found["stopped_while"]) == ("stopped", "undoing")
    assert (await balances(harness, ann))[0] == UNLUCKY
    await mend(harness)
    assert (await order(harness, import_id, "reversals"))["state"] == "undone"
    assert await balances(harness, ann) == (0, 0, 0, 0)
    await proved(harness)


async def test_one_that_fails_when_it_is_checked_goes_on_when_it_is_sent_again(
    harness: Harness,
) -> None:
    await spoil(harness)
    await named(harness, "C-1")
    begun = await checked(harness, "balances", FILE)
    assert (begun["state"], begun["failures"]) == ("checking", 1)
    import_id = begun["import_id"]
    assert (await keep_failing(harness, import_id))["stopped_while"] == "checking"
    for refused in ("commits", "reversals"):
        answer = await post(harness, admin(), f"/v1/loyalty/imports/{import_id}/{refused}", {})
        assert (answer.status_code, answer.json()["state"]) == (409, "stopped")
    await mend(harness)
    again = await checked(harness, "balances", FILE)
    assert (again["import_id"], again["state"], again["accepted"]) == (import_id, "checked", 501)


async def test_one_that_fails_when_it_is_checked_is_given_up(harness: Harness) -> None:
    await spoil(harness)
    await named(harness, "C-1")
    import_id = (await checked(harness, "balances", FILE))["import_id"]
    await keep_failing(harness, import_id)
    async with harness.client(admin()) as client:
        answer = await client.delete(f"/v1/loyalty/imports/{import_id}")
    assert (answer.status_code, answer.json()["state"]) == (200, "discarded")
    assert await execute(harness, "SELECT 1 FROM import_chunks") == []


def test_retries_come_later_and_later_and_end() -> None:
    waits = [retry_after(failures) for failures in range(1, len(RETRIES) + 2)]
    assert waits[-1] is None
    assert waits[:-1] == sorted(wait for wait in waits if wait)
    assert all(wait and wait > timedelta(0) for wait in waits[:-1])
