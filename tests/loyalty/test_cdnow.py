"""Real purchases: the CDNOW log through the real path, beside an independent calculation."""

from itertools import islice

from bench.purchases import PROGRAMME, events, purchases
from bench.totals import expected
from kit.testing import Harness
from tests.loyalty.members import execute, proved
from tests.loyalty.programmes import run_programme

SAMPLE = "CDNOW_sample.txt"


async def test_every_purchase_of_the_sample_comes_to_what_pandas_says(harness: Harness) -> None:
    """2,357 customers, 6,919 purchases, every tenth of them cancelled, told once and again."""
    await run_programme(harness, PROGRAMME)
    told = events(SAMPLE)
    while batch := list(islice(told, 256)):
        await harness.deliver(*batch, *batch[:16])
    members = {p.customer: p.member_id for p in purchases(SAMPLE)}
    rows = await execute(
        harness,
        """
        SELECT member_id, tier,
            sum(available) FILTER (WHERE point_type = 'points') AS points,
            sum(available) FILTER (WHERE point_type = 'growth') AS growth
        FROM wallets JOIN members USING (member_id) GROUP BY member_id, tier
        """,
    )
    found = {row.member_id: (row.points, row.growth, row.tier) for row in rows}
    totals = expected(SAMPLE)
    wanted = {
        members[customer]: (row.points, row.growth, row.tier)
        for customer, row in zip(totals.index, totals.itertuples(), strict=True)
    }
    assert len(wanted) == 2357
    assert found == wanted
    await proved(harness)
