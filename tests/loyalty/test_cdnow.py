"""Real purchases: the CDNOW log through the real path, beside an independent calculation."""

from itertools import islice

import pandas as pd

from bench.purchases import (
    ALBUM_CDS,
    ALBUM_POINTS,
    ALBUMS_A_MONTH,
    EVERY_CANCELLED,
    PROGRAMME,
    THRESHOLDS,
    events,
    log,
    purchases,
)
from kit.testing import Harness
from tests.loyalty.members import execute, proved
from tests.loyalty.programmes import run_programme

SAMPLE = "CDNOW_sample.txt"
COLUMNS = ["customer", "sample", "date", "cds", "dollars"]


def expected() -> pd.DataFrame:
    """Points, growth points and tier of every customer, by pandas alone."""
    bought = pd.read_csv(log(SAMPLE), sep=r"\s+", names=COLUMNS, dtype=str)
    bought["cents"] = (bought.dollars.astype(float) * 100).round().astype(int)
    bought["cds"] = bought.cds.astype(int)
    bought = bought.sort_values("date", kind="stable").reset_index(drop=True)
    bought["points"] = bought.cents // 100
    bought["growth"] = (bought.cents + 50) // 100
    many = bought[bought.cds >= ALBUM_CDS]
    turn = many.groupby([many.customer, many.date.str[:6]]).cumcount()
    bought.loc[turn[turn < ALBUMS_A_MONTH].index, "points"] += ALBUM_POINTS
    kept = bought[(bought.index + 1) % EVERY_CANCELLED != 0]
    totals = kept.groupby("customer")[["points", "growth"]].sum()
    totals = totals.reindex(bought.customer.unique(), fill_value=0)
    bounds = [*THRESHOLDS.values(), float("inf")]
    totals["tier"] = pd.cut(totals.growth, bounds, right=False, labels=list(THRESHOLDS))
    return totals


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
    totals = expected()
    wanted = {
        members[customer]: (row.points, row.growth, row.tier)
        for customer, row in zip(totals.index, totals.itertuples(), strict=True)
    }
    assert len(wanted) == 2357
    assert found == wanted
    await proved(harness)
