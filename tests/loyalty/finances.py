"""Steps the tests of finance share."""

import csv
import io
from typing import Any

import httpx

from kit import clock
from kit.auth import Caller
from kit.scheduler import Job
from kit.testing import Harness, admin, analyst, until
from services.loyalty.jobs import SCHEDULE
from tests.loyalty.members import changed, execute, lives_in, placed, post, read


def job(name: str) -> Job:
    return next(each for each in SCHEDULE if each.name == f"loyalty.{name}")


async def added_up(harness: Harness) -> None:
    """Seal what has been written and add it up. Sealing waits for everybody on the server."""

    async def sealed() -> bool:
        await harness.run(job("seal_ledger"))
        [(all_is,)] = await execute(
            harness,
            "SELECT coalesce((SELECT max(seq) FROM entries), 0)"
            " <= (SELECT seq FROM ledger_marks WHERE name = 'sealed')",
        )
        return bool(all_is)

    await until(sealed, within_s=120)
    await harness.run(job("add_up_finance"))


async def sums(harness: Harness, *tables: str) -> dict[str, list[Any]]:
    """All that was added up."""
    named = tables or (
        "finance_days",
        "finance_months",
        "finance_rules",
        "finance_rewards",
        "finance_sales",
        "finance_members",
        "finance_stays",
        "finance_lots",
    )
    return {
        name: sorted(map(tuple, await execute(harness, f"SELECT * FROM {name}")), key=str)
        for name in named
    }


BASE = "/v1/loyalty/finance"


async def get(harness: Harness, path: str, **headers: str) -> httpx.Response:
    async with harness.client(analyst(), **headers) as client:
        return await client.get(f"{BASE}{path}")


async def seen(harness: Harness, path: str) -> Any:
    return await read(harness, analyst(), f"{BASE}{path}")


async def declare(harness: Harness, **changes: Any) -> httpx.Response:
    body = {
        "valid_from": "2026-10-01",
        "value_minor": "1.5",
        "currency": "CNY",
        "reason": "A tea for 80 points.",
        **changes,
    }
    return await post(harness, admin(), f"{BASE}/point-values", body)


async def bought(harness: Harness, caller: Caller, order_id: str = "F-1") -> None:
    """An order of 129.00 that pays 129 points, delivered."""
    at = clock.now().isoformat()
    placing = placed(caller, order_id)
    placing.data["placed_at"] = at
    await harness.deliver(lives_in(caller, "UTC"), placing)
    await harness.deliver(changed(caller, "delivered", order_id, changed_at=at))


async def lines(harness: Harness, period: str) -> list[dict[str, str]]:
    answer = await get(harness, f"/journal?period={period}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


async def close(harness: Harness, period: str, **changes: Any) -> httpx.Response:
    digest = (await get(harness, f"/journal?period={period}")).headers["ETag"].strip('"')
    body = {"period": period, "digest": digest, "reason": "month end", **changes}
    return await post(harness, admin(), f"{BASE}/periods", body)


def booked(found: list[dict[str, str]], account: str) -> int:
    ours = [line for line in found if line["account"] == account]
    return sum(int(line["debit_minor"]) - int(line["credit_minor"]) for line in ours)


async def post_terms(harness: Harness, **changes: Any) -> httpx.Response:
    async with harness.client(admin()) as client:
        return await client.patch(f"{BASE}/terms", json=changes)
