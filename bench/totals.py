"""What the CDNOW purchases come to, by pandas alone: nothing of the service is in it."""

from collections.abc import Mapping

import pandas as pd

from bench.purchases import (
    ALBUM_CDS,
    ALBUM_POINTS,
    ALBUMS_A_MONTH,
    EVERY_CANCELLED,
    EVERY_RETURNED,
    THRESHOLDS,
    log,
)

_LAST = ["date", "cds", "dollars"]


def expected(
    name: str, *, returns: bool = False, thresholds: Mapping[str, int] = THRESHOLDS
) -> pd.DataFrame:
    """Points, growth points and tier of every customer, of a log, after cancellations.

    `returns`: of some purchases one CD has come back.
    """
    raw = pd.read_csv(log(name), sep=r"\s+", dtype=str, header=None)
    raw = raw[raw[raw.columns[-1]].str.fullmatch(r"[\d.]+", na=False)]
    bought = raw.iloc[:, [0, -3, -2, -1]].set_axis(["customer", *_LAST], axis=1)
    bought["cents"] = (bought.dollars.astype(float) * 100).round().astype(int)
    bought["cds"] = bought.cds.astype(int)
    bought = bought.sort_values("date", kind="stable").reset_index(drop=True)
    bought["base"] = bought.cents // 100
    bought["growth"] = (bought.cents + 50) // 100
    bought["albums"] = 0
    many = bought[bought.cds >= ALBUM_CDS]
    turn = many.groupby([many.customer, many.date.str[:6]]).cumcount()
    bought.loc[turn[turn < ALBUMS_A_MONTH].index, "albums"] = ALBUM_POINTS
    number = bought.index + 1
    kept = bought[number % EVERY_CANCELLED != 0]
    if returns:
        back = kept.index[((kept.index + 1) % EVERY_RETURNED == 0) & (kept.cds > 1)]
        for column in ("base", "growth", "albums"):
            kept.loc[back, column] -= kept.loc[back, column] // kept.loc[back, "cds"]
    totals = kept.assign(points=kept.base + kept.albums)
    totals = totals.groupby("customer")[["points", "growth"]].sum()
    totals = totals.reindex(bought.customer.unique(), fill_value=0)
    bounds = [*thresholds.values(), float("inf")]
    totals["tier"] = pd.cut(totals.growth, bounds, right=False, labels=list(thresholds))
    return totals
