"""Tracing a number of a report to the entries behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.store.finance import reading

PORTION = 5_000
"""Entries read at once in search of those behind a number."""
PORTIONS = 20
"""Of these at most for one page: what is rare in a long time is found over several."""


@dataclass(frozen=True, slots=True)
class Found:
    """Entries, and the number after which others may follow; None: there are no more."""

    entries: Sequence[Any]
    reached: int | None


async def entries_behind(
    session: AsyncSession, behind: reading.Behind, after: int, limit: int
) -> Found:
    """Up to `limit` of the entries behind a number of a roll-forward, after one of them."""
    found: list[Any] = []
    spans = await reading.spans(session, behind, after)
    for turn, (begins, ends) in enumerate(_portions(spans, after)):
        if turn == PORTIONS:
            return Found(found, begins)
        found += await reading.entries(session, behind, begins, ends, limit + 1 - len(found))
        if len(found) > limit:
            return Found(found[:limit], found[limit - 1].seq)
    return Found(found, None)


def _portions(spans: Sequence[tuple[int, int]], after: int) -> Iterator[tuple[int, int]]:
    """Numbers to be read, a portion at a time, each once: after one, up to another."""
    for first, last in spans:
        after = max(after, first - 1)
        while after < last:
            ends = min(after + PORTION, last)
            yield after, ends
            after = ends
