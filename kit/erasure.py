"""Erasing a member: first the tombstone, then everything, then the word that it is done.

A part that hears that a member is to be erased notes it, and from the moment that is committed no
event about them is handled any more (kit.inbox) and nobody makes them anew (`erased_among`). What
began before may still be under way and write of them; so the erasing itself waits until every
transaction that cannot have seen the tombstone has ended, and requests of sessions that have just
ended are answered. It is one transaction, of which what is said of it is a part: dying in between
leaves nothing half done. The tombstone is a digest: who holds the id recognises it, and it tells
nobody an id.
"""

import hashlib
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, Table, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.db import Timestamp, metadata
from kit.events import Payload
from kit.inbox import Handler
from kit.scheduler import Job

SETTLING: Final = timedelta(seconds=3)
"""By then all replicas know that the member's sessions have ended, and have answered them."""
LONGEST_WAIT: Final = timedelta(minutes=15)
"""No request or batch lasts as long; a dump of the database, which writes nothing, may."""

tombstones = Table(
    "tombstones",
    metadata,
    Column("digest", LargeBinary, primary_key=True, comment="SHA-256 of the id that was erased."),
    Column("erased_at", Timestamp, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    Column("erasure_id", Uuid, primary_key=True),
    Column(
        "member_ids",
        ARRAY(Uuid),
        nullable=False,
        comment="Who is to be erased, the closed member first; empty once that is done.",
    ),
    Column("asked_at", Timestamp, nullable=False),
    Column("seen_at", Timestamp),
    Column("erased_at", Timestamp),
    Index("ix_erasures_open", "asked_at", postgresql_where=text("erased_at IS NULL")),
)

H = TypeVar("H", bound=Handler)


@dataclass(frozen=True, slots=True)
class Erasure:
    """A member to be erased, and those who were merged into them."""

    erasure_id: UUID
    member_ids: tuple[UUID, ...]
    asked_at: datetime

    @property
    def member_id(self) -> UUID:
        """The member whose account was closed."""
        return self.member_ids[0]


Erase = Callable[[AsyncSession, Erasure, datetime], Awaitable[Payload | None]]
"""Erases in the session's transaction and gives what to say of it; None: there is more to do."""


def of_erased_too(handler: H) -> H:
    """Mark a handler that hears of members who are erased, too."""
    handler.of_erased_too = True  # type: ignore[attr-defined]
    return handler


def digest_of(name: object) -> bytes:
    """The digest of an id: a member's, or another name they were known by."""
    return hashlib.sha256(str(name).encode()).digest()


async def note(
    session: AsyncSession, erasure_id: UUID, member_ids: Sequence[UUID], now: datetime
) -> None:
    """Have members erased. Noted again, nothing is done again."""
    await bury(session, member_ids, now)
    statement = text("""
        INSERT INTO erasures (erasure_id, member_ids, asked_at)
        VALUES (:erasure_id, CAST(:member_ids AS uuid[]), :now) ON CONFLICT DO NOTHING
    """)
    row = {"erasure_id": erasure_id, "member_ids": list(dict.fromkeys(member_ids)), "now": now}
    await session.execute(statement, row)


async def bury(session: AsyncSession, names: Iterable[object], now: datetime) -> None:
    """Put up tombstones: what is said of these ids from now on comes too late."""
    statement = text("""
        INSERT INTO tombstones (digest, erased_at)
        SELECT digest, :now FROM unnest(CAST(:digests AS bytea[])) AS given (digest)
        ON CONFLICT (digest) DO UPDATE SET erased_at = excluded.erased_at
    """)
    digests = sorted({digest_of(name) for name in names})
    await session.execute(statement, {"digests": digests, "now": now})


async def erased_among(session: AsyncSession, names: Collection[object]) -> dict[object, datetime]:
    """Those of the ids that are erased, and since when."""
    if not names:
        return {}
    statement = text("SELECT digest, erased_at FROM tombstones WHERE digest = ANY(:digests)")
    known = {digest_of(name): name for name in names}
    rows = await session.execute(statement, {"digests": list(known)})
    return {known[row.digest]: row.erased_at for row in rows}


def job_of(erase: Erase) -> Job:
    """The job that erases whom its part was asked to."""

    async def run(session: AsyncSession, now: datetime) -> bool:
        return await erase_next(session, erase, now)

    return Job("kit.erase_members", timedelta(seconds=1), run, work=_OPEN)


_OPEN = "SELECT FROM erasures WHERE erased_at IS NULL"
_SEE = text("UPDATE erasures SET seen_at = clock_timestamp() WHERE seen_at IS NULL")
_NEXT = text("""
    SELECT erasure_id, member_ids, asked_at, seen_at FROM erasures
    WHERE erased_at IS NULL AND seen_at IS NOT NULL AND asked_at <= :settled
    ORDER BY seen_at, erasure_id LIMIT 1 FOR UPDATE SKIP LOCKED
""")
_PUT_OFF = text("UPDATE erasures SET seen_at = clock_timestamp() WHERE erasure_id = :id")
_BEGAN_EARLIER = text("""
    SELECT EXISTS (
        SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend'
            AND pid <> pg_backend_pid() AND xact_start <= :seen_at
    )
""")
_DONE = text("UPDATE erasures SET erased_at = :now, member_ids = '{}' WHERE erasure_id = :id")


async def erase_next(session: AsyncSession, erase: Erase, now: datetime) -> bool:
    """Erase whoever has waited longest, if it can be done yet; True when one was erased."""
    row = (await session.execute(_NEXT, {"settled": now - SETTLING})).one_or_none()
    await session.execute(_SEE)
    if row is None:
        return False
    patient = now - row.asked_at < LONGEST_WAIT
    under_way = (await session.execute(_BEGAN_EARLIER, {"seen_at": row.seen_at})).scalar_one()
    if under_way and patient:
        return False
    erasure = Erasure(row.erasure_id, tuple(row.member_ids), row.asked_at)
    said = await erase(session, erasure, now)
    if said is None:
        await session.execute(_PUT_OFF, {"id": erasure.erasure_id})
        return False
    await forget_traces(session, erasure.member_ids)
    await session.execute(_DONE, {"now": now, "id": erasure.erasure_id})
    await outbox.publish(session, said)
    return True


async def forget_traces(session: AsyncSession, member_ids: Collection[UUID]) -> None:
    """Forget stored answers to members, and letters about them that nobody could read."""
    names = {"ids": [str(member_id) for member_id in member_ids]}
    await session.execute(text("DELETE FROM idempotency_keys WHERE caller = ANY(:ids)"), names)
    await session.execute(
        text("""
            DELETE FROM dead_letters USING unnest(CAST(:ids AS text[])) AS given (id)
            WHERE position(convert_to(given.id, 'UTF8') IN body) > 0
        """),
        names,
    )
