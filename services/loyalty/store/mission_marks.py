"""Marks: what has counted towards a mission's goal, each thing once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.missions import Mark
from services.loyalty.store.missions import Progress, advance

_MARK = text("""
    INSERT INTO mission_marks
        (mission_id, member_id, begins, goal, source_type, source_id, amount)
    SELECT * FROM unnest(CAST(:mission_ids AS uuid[]), CAST(:member_ids AS uuid[]),
        CAST(:begins AS date[]), CAST(:goals AS integer[]), CAST(:source_types AS text[]),
        CAST(:source_ids AS text[]), CAST(:amounts AS bigint[]))
    ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT DO NOTHING RETURNING mission_id, member_id, begins, goal, amount
""")

_UNMARK = text("""
    WITH gone AS (
        DELETE FROM mission_marks AS mark USING mission_progress AS kept
        WHERE mark.source_type = :source_type AND mark.source_id = ANY(:source_ids)
            AND kept.mission_id = mark.mission_id AND kept.member_id = mark.member_id
            AND kept.begins = mark.begins AND kept.completed_at IS NULL
        RETURNING mark.mission_id, mark.member_id, mark.begins, mark.goal, mark.amount
    )
    SELECT gone.*, jsonb_array_length(goals) AS size FROM gone JOIN missions USING (mission_id)
""")


async def mark(session: AsyncSession, marks: Sequence[Mark]) -> list[tuple[Any, ...]]:
    """Write marks; of those not written before: mission, member, beginning, goal, amount."""
    names = ("mission_ids", "member_ids", "begins", "goals", "source_types", "source_ids")
    columns = map(list, zip(*marks, strict=True))
    given = dict(zip((*names, "amounts"), columns, strict=True))
    return [tuple(row) for row in await session.execute(_MARK, given)]


async def unmark(
    session: AsyncSession, source_type: str, source_ids: Collection[str]
) -> list[Progress]:
    """Let what some sources added to missions not completed yet not have been."""
    given = {"source_type": source_type, "source_ids": list(source_ids)}
    sums: dict[tuple[UUID, UUID, date, int], int] = defaultdict(int)
    sizes = {}
    for row in await session.execute(_UNMARK, given):
        sums[row.mission_id, row.member_id, row.begins, row.goal] -= row.amount
        sizes[row.mission_id] = row.size
    return await advance(session, sums, sizes)
