"""Deliveries: queued once per cause, member and channel; claimed and settled under row locks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.events import Cause
from kit.rows import inserting, over
from services.notify.rules import POLICIES, Category, Channel, DeliveryState, Outcome
from services.notify.tables import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A delivery to be stored. `ended_at` is given where it is decided already."""

    delivery_id: UUID
    member_id: UUID
    channel: Channel
    cause: str
    template: str
    category: Category
    campaign_id: UUID | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    action: str | None = None
    language: str | None = None
    state: DeliveryState = DeliveryState.QUEUED
    reason: str | None = None
    created_at: datetime
    due_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    receipt_id: UUID | None = None


_INSERT = inserting(
    Delivery,
    " ".join(NewDelivery.__slots__),
    "ON CONFLICT (cause, member_id, channel) DO NOTHING RETURNING member_id",
)


async def insert_new(session: AsyncSession, deliveries: Sequence[NewDelivery]) -> set[UUID]:
    """Store those whose cause, member and channel are new; the members who got at least one."""
    ordered = sorted(deliveries, key=lambda new: (new.cause, new.member_id, new.channel))
    rows = [tuple(getattr(new, name) for name in NewDelivery.__slots__) for new in ordered]
    return {row.member_id for row in await _INSERT.execute(session, rows)}


@dataclass(frozen=True, slots=True)
class LockedDelivery:
    """A delivery that the transaction has locked, or took before for the attempt `attempt`."""

    delivery_id: UUID
    member_id: UUID
    channel: str
    cause: str
    template: str
    category: str
    campaign_id: UUID | None
    facts: dict[str, Any]
    action: str | None
    language: str | None
    attempt: int
    created_at: datetime
    expires_at: datetime
    correlation_id: str | None
    causation_id: str | None
    receipt_id: UUID | None

    @property
    def as_cause(self) -> Cause | None:
        """What caused the delivery, where that was one event and is known."""
        if self.correlation_id is None:
            return None
        return Cause(self.correlation_id, self.causation_id, receipt_id=self.receipt_id)

    @property
    def is_marketing(self) -> bool:
        return POLICIES[Category(self.category)].marketing


_DUE_DIRECT = text("""
    SELECT deliveries.* FROM deliveries
    WHERE state = 'queued' AND channel = :channel AND campaign_id IS NULL AND due_at <= :now
    ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
""")
_DUE_OF_CAMPAIGNS = text("""
    SELECT due.* FROM campaigns, LATERAL (
        SELECT deliveries.* FROM deliveries
        WHERE state = 'queued' AND channel = :channel AND campaign_id = campaigns.campaign_id
            AND due_at <= :now
        ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
    ) AS due
    WHERE campaigns.state = 'running' LIMIT :limit
""")


async def lock_due(
    session: AsyncSession, channel: Channel, *, campaigns: bool, now: datetime, limit: int
) -> Sequence[LockedDelivery]:
    """Lock up to `limit` due deliveries, of running campaigns or of none, that nobody takes."""
    statement = _DUE_OF_CAMPAIGNS if campaigns else _DUE_DIRECT
    return await _locked(session, statement, {"channel": channel, "now": now, "limit": limit})


async def lock_lost(session: AsyncSession, now: datetime, limit: int) -> Sequence[LockedDelivery]:
    """Lock up to `limit` deliveries whose claimant was not heard of while its lease lasted."""
    statement = text("""
        SELECT deliveries.* FROM deliveries WHERE state = 'in_flight' AND leased_until <= :now
        ORDER BY leased_until LIMIT :limit FOR UPDATE SKIP LOCKED
    """)
    return await _locked(session, statement, {"now": now, "limit": limit})


async def lock_expired(
    session: AsyncSession, now: datetime, limit: int
) -> Sequence[LockedDelivery]:
    """Lock up to `limit` deliveries that were queued for too long."""
    statement = text("""
        SELECT deliveries.* FROM deliveries WHERE state = 'queued' AND expires_at <= :now
        LIMIT :limit FOR UPDATE SKIP LOCKED
    """)
    return await _locked(session, statement, {"now": now, "limit": limit})


async def _locked(
    session: AsyncSession, statement: TextClause, known: dict[str, Any]
) -> Sequence[LockedDelivery]:
    rows = (await session.execute(statement, known)).mappings()
    return [
        LockedDelivery(**{name: row[name] for name in LockedDelivery.__slots__}) for row in rows
    ]


_READDRESS = over(
    Delivery,
    "delivery_id member_id",
    """
    UPDATE deliveries SET member_id = new.member_id
    FROM (
        SELECT DISTINCT ON (given.member_id, cause, channel) delivery_id, given.member_id
        FROM {given} JOIN deliveries USING (delivery_id)
        WHERE NOT EXISTS (SELECT FROM deliveries AS own WHERE own.cause = deliveries.cause
            AND own.member_id = given.member_id AND own.channel = deliveries.channel)
    ) AS new
    WHERE deliveries.delivery_id = new.delivery_id
    RETURNING deliveries.delivery_id
    """,
)


async def readdress(session: AsyncSession, deliveries: Collection[LockedDelivery]) -> set[UUID]:
    """Let locked deliveries be to the members they name now, who must have none of that cause.

    The ids of those that are.
    """
    rows = [(delivery.delivery_id, delivery.member_id) for delivery in deliveries]
    return {row.delivery_id for row in await _READDRESS.execute(session, rows)}


async def lease(
    session: AsyncSession, deliveries: Collection[LockedDelivery], until: datetime
) -> list[LockedDelivery]:
    """Take these locked deliveries for one attempt; as they are now."""
    statement = text("""
        UPDATE deliveries SET state = 'in_flight', attempt = attempt + 1, leased_until = :until
        WHERE delivery_id = ANY(CAST(:delivery_ids AS uuid[]))
    """)
    ids = [delivery.delivery_id for delivery in deliveries]
    await session.execute(statement, {"until": until, "delivery_ids": ids})
    return [replace(delivery, attempt=delivery.attempt + 1) for delivery in deliveries]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a delivery in its attempt `attempt`."""

    delivery: LockedDelivery
    outcome: Outcome


_SETTLE = over(
    Delivery,
    "delivery_id attempt state reason due_at",
    """
    WITH given AS MATERIALIZED (SELECT * FROM {given}), locked AS MATERIALIZED (
        SELECT delivery_id FROM deliveries WHERE delivery_id IN (SELECT delivery_id FROM given)
        ORDER BY delivery_id FOR NO KEY UPDATE
    )
    UPDATE deliveries SET state = given.state, reason = given.reason, leased_until = NULL,
        due_at = COALESCE(given.due_at, deliveries.due_at),
        ended_at = CASE WHEN given.state = 'queued' THEN NULL ELSE CAST(:now AS timestamptz) END
    FROM locked JOIN given USING (delivery_id)
    WHERE deliveries.delivery_id = given.delivery_id AND deliveries.attempt = given.attempt
        AND (deliveries.state IN ('queued', 'in_flight')
            OR deliveries.state = 'unknown' AND given.state <> 'queued')
    RETURNING deliveries.delivery_id
    """,
)


async def settle(session: AsyncSession, settled: Sequence[Settled], now: datetime) -> set[UUID]:
    """Write what became of deliveries; the ids of those that were still this attempt's to settle.

    They are locked by their ids, as those of members who are erased are.
    An attempt that was given up as lost may still report: what it knows is better than `unknown`.
    """
    rows = [
        (
            one.delivery.delivery_id,
            one.delivery.attempt,
            one.outcome.state,
            one.outcome.reason,
            one.outcome.due_at,
        )
        for one in settled
    ]
    return {row.delivery_id for row in await _SETTLE.execute(session, rows, now=now)}


async def cancel_queued(session: AsyncSession, now: datetime, since: datetime, limit: int) -> int:
    """Cancel up to `limit` deliveries queued in campaigns cancelled after `since`; how many."""
    statement = text("""
        UPDATE deliveries SET state = 'cancelled', ended_at = :now WHERE delivery_id IN (
            SELECT delivery_id FROM deliveries JOIN campaigns USING (campaign_id)
            WHERE deliveries.state = 'queued' AND campaigns.state = 'cancelled'
                AND campaigns.ended_at >= :since
            LIMIT :limit FOR UPDATE OF deliveries SKIP LOCKED)
        RETURNING delivery_id
    """)
    known = {"now": now, "since": since, "limit": limit}
    return len((await session.execute(statement, known)).all())


async def counts_of(
    session: AsyncSession, campaign_id: UUID
) -> Sequence[tuple[str, DeliveryState, str | None, int]]:
    """How many of a campaign's deliveries there are by channel, state and reason."""
    statement = text("""
        SELECT channel, state, reason, count(*) AS number FROM deliveries
        WHERE campaign_id = :campaign_id GROUP BY channel, state, reason
    """)
    rows = await session.execute(statement, {"campaign_id": campaign_id})
    return [(row.channel, DeliveryState(row.state), row.reason, row.number) for row in rows]
