"""Segments, for staff."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import Role, requires
from kit.bodies import Answer, Body, Key, Name
from kit.db import Tx
from kit.pages import CursorParameter, Limit, Page, page_of
from services.profile.actions.segments import SizedSegment, all_segments, create_segment
from services.profile.api.values import Document
from services.profile.rules.segments import Segment

router = Router(prefix="/v1/segments", tags=["Segments"])

Reads = requires(Role.AGENT, Role.MARKETER, Role.ANALYST, scope="segments:read")
Writes = requires(Role.MARKETER, scope="segments:write")


class SegmentBody(Body):
    """A new segment."""

    key: Key
    name: Name
    rule: Document = Field(
        description=(
            "`{all: [...]}`, `{any: [...]}` or `{not: ...}` of rules, or one of "
            "`{trait, op, value}`, `{trait, op: exists}`, `{tag}`, `{stage}`, `{standing}`, "
            "`{orders: count, op, value}`, `{orders: net_minor, currency, op, value}`; "
            "`op` is eq, ne, in, gt, gte, lt or lte."
        ),
        examples=[{"all": [{"tag": "vip"}, {"orders": "count", "op": "gte", "value": 3}]}],
    )


class SegmentAnswer(Answer):
    """A segment. While `ready` is false its members are still being found."""

    key: str
    name: str
    rule: Mapping[str, Any]
    built_in: bool
    ready: bool
    size: int


@router.get("", dependencies=[Reads])
async def list_segments(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[SegmentAnswer]:
    """All segments with their sizes: those built in, then those made here."""
    return page_of(await all_segments(tx), limit, cursor, _answer, _place, int, str)


@router.post("", status_code=201, dependencies=[Writes])
async def make_segment(body: SegmentBody, tx: Tx) -> SegmentAnswer:
    """Make a segment. Its members are found in the background."""
    segment = Segment(body.key, body.name, body.rule)
    return _answer(await create_segment(tx, segment, clock.now()))


def _place(sized: SizedSegment) -> tuple[int, str]:
    return int(not sized.built_in), sized.segment.key


def _answer(sized: SizedSegment) -> SegmentAnswer:
    return SegmentAnswer(
        key=sized.segment.key,
        name=sized.segment.name,
        rule=sized.segment.rule,
        built_in=sized.built_in,
        ready=sized.ready,
        size=sized.size,
    )
