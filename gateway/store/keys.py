"""API keys of others, and signing keys of our own."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.tables import ApiKey, SigningKey

_SIGNING_KEYS_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('gateway.signing_keys'))")


async def insert_key(session: AsyncSession, values: Mapping[str, Any]) -> ApiKey | None:
    """The new key, None when there is this very key already."""
    statement = (
        insert(ApiKey)
        .values(values)
        .on_conflict_do_nothing(index_elements=[col(ApiKey.key_hash)])
        .returning(ApiKey)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def revoke_key(session: AsyncSession, key_id: UUID, now: datetime) -> bytes | None:
    """The SHA-256 of the key, None when it was revoked before, or never was."""
    statement = (
        update(ApiKey)
        .where(col(ApiKey.key_id) == key_id, col(ApiKey.revoked_at).is_(None))
        .values(revoked_at=now)
        .returning(col(ApiKey.key_hash))
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def keys_after(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[ApiKey]:
    statement = select(ApiKey).order_by(col(ApiKey.key_id)).limit(limit)
    if after is not None:
        statement = statement.where(col(ApiKey.key_id) > after)
    return (await session.execute(statement)).scalars().all()


async def good_keys(session: AsyncSession, now: datetime) -> Sequence[ApiKey]:
    """The keys that are neither revoked nor expired."""
    expires_at = col(ApiKey.expires_at)
    statement = select(ApiKey).where(
        col(ApiKey.revoked_at).is_(None), or_(expires_at.is_(None), expires_at > now)
    )
    return (await session.execute(statement)).scalars().all()


async def mark_used(session: AsyncSession, key_ids: Collection[UUID], now: datetime) -> None:
    await session.execute(
        update(ApiKey).where(col(ApiKey.key_id).in_(key_ids)).values(last_used_at=now)
    )


async def lock_signing_keys(session: AsyncSession) -> None:
    """Until the transaction ends, nobody else decides whether a signing key is due."""
    await session.execute(_SIGNING_KEYS_LOCK)


async def signing_keys(session: AsyncSession) -> Sequence[SigningKey]:
    """All signing keys, the oldest first."""
    statement = select(SigningKey).order_by(col(SigningKey.signs_from), col(SigningKey.kid))
    return (await session.execute(statement)).scalars().all()


async def insert_signing_key(session: AsyncSession, values: Mapping[str, Any]) -> None:
    await session.execute(insert(SigningKey).values(values))


async def delete_signing_keys(session: AsyncSession, kids: Collection[str]) -> None:
    await session.execute(delete(SigningKey).where(col(SigningKey.kid).in_(kids)))
