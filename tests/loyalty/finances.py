"""Steps the tests of finance share."""

from typing import Any

from kit.scheduler import Job
from kit.testing import Harness, until
from services.loyalty.jobs import SCHEDULE
from tests.loyalty.members import execute


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

    await until(sealed, within_s=60)
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
        "finance_lots",
    )
    return {
        name: sorted(map(tuple, await execute(harness, f"SELECT * FROM {name}")), key=str)
        for name in named
    }
