"""Adding up the ledger for finance, and proving that the sums are what it says."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.ledger import PointType
from services.loyalty.store import chain, proofs
from services.loyalty.store.finance import adding, reading
from services.loyalty.store.finance.reading import AsOf

log = logging.getLogger(__name__)

PORTION = 5_000
"""Entries added up in one transaction."""

DRIFT = Gauge(
    "loyalty_finance_drift_points",
    "Points by which finance's sums differ from the ledger, when last compared. It must be 0.",
    ["point_type"],
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether the sums are what the ledger says, up to an entry."""

    as_of: AsOf
    drift_points: Mapping[str, int]

    @property
    def sound(self) -> bool:
        return not any(self.drift_points.values())


async def add_up_next(session: AsyncSession) -> bool:
    """Add up the next entries that are sealed; whether there are more.

    Nothing before what is sealed can still be committed, so no entry is missed or counted twice:
    the mark moves in the transaction that adds.
    """
    mark = await chain.mark(session, adding.MARK)
    sealed = await chain.reached(session, chain.SEALED)
    last = min(sealed, await chain.last_of_portion(session, mark.seq, PORTION))
    if last <= mark.seq:
        return False
    await proofs.take_time(session)
    await adding.add_up(session, mark.seq, last)
    mark.seq = last
    await chain.set_mark(session, mark)
    return last < sealed


async def compare_sums(session: AsyncSession) -> Comparison:
    """Compare the sums with the ledger, each day and movement by itself, and set the gauge."""
    await proofs.take_time(session)
    drift = dict.fromkeys(map(str, PointType), 0) | dict(await reading.drift(session))
    for point_type, points in drift.items():
        DRIFT.labels(point_type).set(points)
    found = Comparison(await reading.as_of(session), drift)
    if not found.sound:
        log.error("finance's sums differ from the ledger by %s points: rebuild them", drift)
    return found


async def add_up_anew(session: AsyncSession) -> None:
    """Forget all sums: the job makes them anew, from the first entry."""
    mark = await chain.mark(session, adding.MARK)
    await proofs.take_time(session)
    await adding.forget_sums(session)
    mark.seq = 0
    await chain.set_mark(session, mark)
