"""Codes sent to addresses: issued under the address's lock, tried one by one, used once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.rules import CodePurpose
from gateway.tables import IssuedCode

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('codes ' || :destination, 0))")


async def lock_destination(session: AsyncSession, destination_hash: bytes) -> None:
    """Until the transaction ends, nobody else issues a code to this address or uses one."""
    await session.execute(_LOCK, {"destination": destination_hash.hex()})


async def issued_since(
    session: AsyncSession, destination_hash: bytes, since: datetime
) -> Sequence[datetime]:
    statement = select(col(IssuedCode.issued_at)).where(
        col(IssuedCode.destination_hash) == destination_hash, col(IssuedCode.issued_at) > since
    )
    return (await session.execute(statement)).scalars().all()


async def insert_code(session: AsyncSession, values: Mapping[str, Any]) -> None:
    await session.execute(insert(IssuedCode).values(values))


def is_code(code_id: UUID) -> ColumnElement[bool]:
    return col(IssuedCode.code_id) == code_id


def has_link(link_hash: bytes) -> ColumnElement[bool]:
    return col(IssuedCode.link_hash) == link_hash


async def charge_try(
    session: AsyncSession, which: ColumnElement[bool], purpose: CodePurpose, now: datetime
) -> IssuedCode | None:
    """Take one try from a code that still is good; None when it is not, or has no try left."""
    statement = (
        update(IssuedCode)
        .where(
            which,
            col(IssuedCode.purpose) == purpose,
            col(IssuedCode.used_at).is_(None),
            col(IssuedCode.tries_left) > 0,
            col(IssuedCode.expires_at) > now,
        )
        .values(tries_left=col(IssuedCode.tries_left) - 1)
        .returning(IssuedCode)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def use(session: AsyncSession, code_id: UUID, now: datetime) -> bool:
    """Use a code up; False when somebody did before."""
    statement = (
        update(IssuedCode)
        .where(is_code(code_id), col(IssuedCode.used_at).is_(None))
        .values(used_at=now)
        .returning(col(IssuedCode.code_id))
    )
    return (await session.execute(statement)).first() is not None


async def delete_old(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` codes issued before; the number deleted."""
    old = select(col(IssuedCode.code_id)).where(col(IssuedCode.issued_at) < before).limit(limit)
    statement = delete(IssuedCode).where(col(IssuedCode.code_id).in_(old))
    return len((await session.execute(statement.returning(col(IssuedCode.code_id)))).all())
