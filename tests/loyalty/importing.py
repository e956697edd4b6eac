"""Steps the tests of imports share."""

from typing import Any

import httpx

from kit import clock
from kit.auth import Caller
from kit.testing import Harness, admin, example, member
from services.loyalty.actions.importing.running import advance_import
from tests.loyalty.members import lives_in, post, read

CSV = "text/csv"
JSONL = "application/x-ndjson"


async def named(harness: Harness, external_id: str) -> Caller:
    """A member the company knows by an id of its own."""
    caller = member()
    identified = example(
        "profile.member.identified.v1", member_id=caller.subject, external_id=external_id
    )
    await harness.deliver(lives_in(caller, "UTC"), identified)
    return caller


async def send(
    harness: Harness, kind: str, content: str | bytes, *, media_type: str = CSV, **query: Any
) -> httpx.Response:
    """Send a file."""
    path = "/v1/loyalty/imports"
    query = {"kind": kind, "programme": "stamps", **query}
    async with harness.client(admin(), **{"Content-Type": media_type}) as client:
        body = content.encode() if isinstance(content, str) else content
        return await client.post(path, params=query, content=body)


async def work(harness: Harness) -> None:
    """Do all that imports have to do, a portion in each transaction."""
    busy = True
    while busy:
        async with harness.transaction() as session:
            busy = await advance_import(session, clock.now())


async def checked(harness: Harness, kind: str, content: str, **query: Any) -> dict[str, Any]:
    """Send a file and have it checked; the import."""
    answer = await send(harness, kind, content, **query)
    assert answer.status_code == 202, answer.text
    await work(harness)
    return await shown(harness, answer.json()["import_id"])


async def committed(harness: Harness, kind: str, content: str, **query: Any) -> dict[str, Any]:
    """Send a file, have it checked, and then imported."""
    found = await checked(harness, kind, content, **query)
    return await order(harness, found["import_id"], "commits", skip_refused=True)


async def order(harness: Harness, import_id: str, what: str, **body: Any) -> dict[str, Any]:
    """Order a commit or a reversal, and have it done; the import."""
    answer = await post(harness, admin(), f"/v1/loyalty/imports/{import_id}/{what}", body or None)
    assert answer.status_code == 202, answer.text
    await work(harness)
    return await shown(harness, import_id)


async def shown(harness: Harness, import_id: str) -> dict[str, Any]:
    return await read(harness, admin(), f"/v1/loyalty/imports/{import_id}")


async def errors(harness: Harness, import_id: str) -> list[tuple[int, str | None, str]]:
    """Row, column and code of each error."""
    page = await read(harness, admin(), f"/v1/loyalty/imports/{import_id}/errors")
    return [(e["row"], e["column"], e["code"]) for row in page["items"] for e in row["errors"]]
