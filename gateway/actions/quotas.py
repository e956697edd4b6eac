"""Quotas of API keys, which administrators set."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions.keys import KeyUnknown
from gateway.actions.trail import record
from gateway.store import quotas as store
from gateway.tables import ApiKey, KeyQuota


async def quota_of(session: AsyncSession, key_id: UUID) -> KeyQuota | None:
    """The key's quota, None where it has none. Raises KeyUnknown."""
    if await session.get(ApiKey, key_id) is None:
        raise KeyUnknown("The list of keys shows which there are.")
    return await store.quota_of(session, key_id)


async def set_quota(
    session: AsyncSession,
    actor: UUID,
    key_id: UUID,
    *,
    per_day: int | None,
    per_month: int | None,
    now: datetime,
) -> None:
    """Let the key make so many calls a day and a month, None for any number."""
    before = await quota_of(session, key_id)
    values = {"key_id": key_id, "per_day": per_day, "per_month": per_month, "changed_at": now}
    await store.set_quota(session, values)
    await record(
        session,
        actor,
        "api_key.quota_changed",
        key_id,
        now,
        per_day=per_day,
        per_month=per_month,
        was={"per_day": before.per_day, "per_month": before.per_month} if before else None,
    )
