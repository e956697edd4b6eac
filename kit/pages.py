"""Lists: keyset pages. A cursor is opaque to callers and never an offset; there are no totals.

Most lists read `limit + 1` rows behind the cursor's place and give them to `page`. What a rule in
Python picks from is read with `sifted`; what is at hand whole, such as settings, with `page_of`.
"""

import base64
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import orjson
from fastapi import Query
from pydantic import BaseModel

from kit.problems import Unprocessable

MOST = 200
SIFTED_AT_ONCE = 50

Item = TypeVar("Item")
Row = TypeVar("Row")
Position = TypeVar("Position")

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many items at most.")]
CursorParameter = Annotated[
    str | None,
    Query(alias="cursor", max_length=512, description="`next_cursor` of the page before."),
]


class BadCursor(Unprocessable):
    code = "bad_cursor"
    title = "Not a cursor of this list"


class Page(BaseModel, Generic[Item]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[Item]
    next_cursor: str | None = None


def time_or_none(value: str | None) -> datetime | None:
    """The kind of a cursor's value that is a time, or null where the column may be."""
    return None if value is None else datetime.fromisoformat(value)


def encode_cursor(*values: UUID | datetime | str | float | None) -> str:
    """An opaque cursor holding the sort key of a page's last item."""
    return base64.urlsafe_b64encode(orjson.dumps(values, default=str)).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: Callable[[Any], Any]) -> tuple[Any, ...]:
    """The values of a cursor, each read by its kind (`UUID`, `datetime.fromisoformat`, `int`)."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return tuple(_read(kind, value) for kind, value in zip(kinds, values, strict=True))
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise BadCursor("Take `cursor` unchanged from the page before, or leave it out.") from None


def _read(kind: Callable[[Any], Any], value: Any) -> Any:
    """A cursor's value. We never wrote a time without its zone, nor what no column can hold."""
    read = kind(value)
    foreign = (
        (isinstance(read, datetime) and read.tzinfo is None)
        or (isinstance(read, int) and not -(2**63) <= read < 2**63)
        or (isinstance(read, str) and (read != value or "\x00" in read))
    )
    if foreign:
        raise ValueError(value)
    return read


def page(
    rows: Sequence[Row],
    limit: int,
    item: Callable[[Row], Item],
    key: Callable[[Row], tuple[Any, ...]],
) -> Page[Item]:
    """A page of `limit` items from up to `limit + 1` rows.

    The extra row only tells that there is more.
    """
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(
        items=[item(row) for row in shown],
        next_cursor=encode_cursor(*key(shown[-1])) if more else None,
    )


def page_of(
    whole: Iterable[Row],
    limit: int,
    cursor: str | None,
    item: Callable[[Row], Item],
    key: Callable[[Row], tuple[Any, ...]],
    *kinds: Callable[[Any], Any],
) -> Page[Item]:
    """A page of what is at hand whole and short, in the order of `key`, of values of `kinds`."""
    rows = sorted(whole, key=key)
    if cursor:
        after = decode_cursor(cursor, *kinds)
        rows = [row for row in rows if key(row) > after]
    return page(rows[: limit + 1], limit, item, key)


async def sifted(
    read: Callable[[Position | None, int], Awaitable[Sequence[Row]]],
    admits: Callable[[Row], bool],
    position: Callable[[Row], Position],
    after: Position | None,
    wanted: int,
) -> list[Row]:
    """The first `wanted` rows behind `after` that are admitted, reading on until they are found."""
    at_once = max(wanted, SIFTED_AT_ONCE)
    found: list[Row] = []
    while len(found) < wanted:
        rows = await read(after, at_once)
        found += filter(admits, rows)
        if len(rows) < at_once:
            break
        after = position(rows[-1])
    return found[:wanted]
