"""The chain of blocks, and marks of how far jobs have come in the ledger."""

# ruff: noqa: S608

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from services.loyalty import tables
from services.loyalty.rules.chain import Block, Content
from services.loyalty.tables import LedgerBlock, LedgerMark

SEALED = "sealed"
PROVED = "proved"
GATHERED = "gathered"
"""Up to where nothing is left of what merged members got."""

_CONTENT = """
    SELECT seq, jsonb_build_array(seq, id, member_id, by_member_id, point_type, version, kind,
        source_type, source_id, rule, leg, points, available, pending, held, debt, actor, reason,
        reverses, extract(epoch FROM occurred_at), extract(epoch FROM recorded_at),
        (SELECT jsonb_agg(jsonb_build_array(account, amount) ORDER BY account COLLATE "C")
            FROM postings WHERE entry_id = entries.id),
        (SELECT jsonb_agg(jsonb_build_array(lot_id, points, held) ORDER BY lot_id)
            FROM lot_moves WHERE entry_id = entries.id)
    )::text AS line
    FROM entries
"""

_NEXT = text(f"""
    SELECT max(seq) AS last_seq, count(*) AS entries,
        sha256(convert_to(coalesce(string_agg(line, chr(10) ORDER BY seq), ''), 'UTF8')) AS digest
    FROM ({_CONTENT} WHERE seq > :after AND seq <= :until ORDER BY seq LIMIT :limit) AS written
""")

_CANDIDATE = text("""
    SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('entries', 'seq')), 0) AS seq
""")

_LAST = text("""
    SELECT max(seq) FROM (
        SELECT seq FROM entries WHERE seq > :after ORDER BY seq LIMIT :limit
    ) AS portion
""")

_CLOCK = text("""
    SELECT pg_current_xact_id()::text::bigint AS own,
        pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest
""")


async def mark(session: AsyncSession, name: str) -> LedgerMark:
    """How far a job has come; nobody else moves the mark meanwhile."""
    found = await session.get(LedgerMark, name, populate_existing=True, with_for_update=True)
    assert found is not None  # noqa: S101  (the migrations make every mark)
    return found


async def reached(session: AsyncSession, name: str) -> int:
    """The number of the last entry a job has come to."""
    statement = select(col(LedgerMark.seq)).where(col(LedgerMark.name) == name)
    return (await session.execute(statement)).scalar_one()


async def set_mark(session: AsyncSession, mark: LedgerMark) -> None:
    session.add(mark)
    await session.flush()


async def last_of_portion(session: AsyncSession, after: int, limit: int) -> int:
    """The number of the last of the next `limit` entries; where there are none, `after`."""
    found = (await session.execute(_LAST, {"after": after, "limit": limit})).scalar_one()
    return after if found is None else int(found)


async def newest_number(session: AsyncSession) -> int:
    """The last number any entry has drawn, in whatever transaction."""
    return int((await session.execute(_CANDIDATE)).scalar_one())


async def transaction_clock(session: AsyncSession) -> tuple[int, int]:
    """Number this transaction, and the oldest still under way."""
    row = (await session.execute(_CLOCK)).one()
    return row.own, row.oldest


async def content(
    session: AsyncSession, after: int, until: int, limit: int | None = None
) -> Content:
    """What the entries say that are numbered after one number, up to another or `limit` of them."""
    about = {"after": after, "until": until, "limit": limit}
    row = (await session.execute(_NEXT, about)).one()
    return Content(row.last_seq or until, row.entries, row.digest)


async def last_block(session: AsyncSession) -> Block | None:
    statement = select(LedgerBlock).order_by(col(LedgerBlock.number).desc()).limit(1)
    row = (await session.scalars(statement)).one_or_none()
    return _block(row) if row else None


async def blocks(session: AsyncSession, after: int, limit: int) -> Sequence[Block]:
    """The blocks after a number, in their sequence."""
    statement = select(LedgerBlock).where(col(LedgerBlock.number) > after)
    rows = await session.scalars(statement.order_by(col(LedgerBlock.number)).limit(limit))
    return [_block(row) for row in rows]


async def add(session: AsyncSession, block: Block, now: datetime) -> None:
    values = {**block._asdict(), "sealed_at": now}
    await session.execute(insert(tables.LedgerBlock).values(values))


def _block(row: LedgerBlock) -> Block:
    return Block(row.number, row.first_seq, row.last_seq, row.entries, row.previous_hash, row.hash)
