"""Deliveries: queued once per cause, member and channel; claimed and settled under row locks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from kit.events import Cause
from services.notify.rules import POLICIES, Category, Channel, DeliveryState, Outcome

_INSERT = text("""
    INSERT INTO deliveries
        (delivery_id, member_id, channel, cause, template, category, campaign_id, facts, action,
         language, state, reason, created_at, due_at, expires_at, ended_at, correlation_id,
         causation_id, receipt_id)
    SELECT delivery_id, member_id, channel, cause, template, category, campaign_id, facts::jsonb,
        action, language, state, reason, created_at, due_at, expires_at, ended_at, correlation_id,
        causation_id, receipt_id
    FROM unnest(
        CAST(:delivery_id AS uuid[]), CAST(:member_id AS uuid[]), CAST(:channel AS text[]),
        CAST(:cause AS text[]), CAST(:template AS text[]), CAST(:category AS text[]),
        CAST(:campaign_id AS uuid[]), CAST(:facts AS text[]), CAST(:action AS text[]),
        CAST(:language AS text[]), CAST(:state AS text[]), CAST(:reason AS text[]),
        CAST(:created_at AS timestamptz[]), CAST(:due_at AS timestamptz[]),
        CAST(:expires_at AS timestamptz[]), CAST(:ended_at AS timestamptz[]),
        CAST(:correlation_id AS text[]), CAST(:causation_id AS text[]),
        CAST(:receipt_id AS uuid[]))
        AS new (delivery_id, member_id, channel, cause, template, category, campaign_id, facts,
            action, language, state, reason, created_at, due_at, expires_at, ended_at,
            correlation_id, causation_id, receipt_id)
    ORDER BY cause, member_id, channel
    ON CONFLICT (cause, member_id, channel) DO NOTHING
    RETURNING member_id
""")


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


async def insert_new(session: AsyncSession, deliveries: Sequence[NewDelivery]) -> set[UUID]:
    """Store those whose cause, member and channel are new; the members who got at least one."""
    columns: dict[str, list[Any]] = {
        name: [getattr(delivery, name) for delivery in deliveries] for name in NewDelivery.__slots__
    }
    columns["facts"] = [orjson.dumps(facts).decode() for facts in columns["facts"]]
    return set((await session.execute(_INSERT, columns)).scalars())


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


_READDRESS = text("""
    UPDATE deliveries SET member_id = new.member_id
    FROM (
        SELECT DISTINCT ON (wanted.member_id, cause, channel) delivery_id, wanted.member_id
        FROM unnest(CAST(:delivery_ids AS uuid[]), CAST(:member_ids AS uuid[]))
                AS wanted (delivery_id, member_id)
            JOIN deliveries USING (delivery_id)
        WHERE NOT EXISTS (SELECT FROM deliveries AS own WHERE own.cause = deliveries.cause
            AND own.member_id = wanted.member_id AND own.channel = deliveries.channel)
    ) AS new
    WHERE deliveries.delivery_id = new.delivery_id
    RETURNING deliveries.delivery_id
""")


async def readdress(session: AsyncSession, deliveries: Collection[LockedDelivery]) -> set[UUID]:
    """Let locked deliveries be to the members they name now, who must have none of that cause.

    The ids of those that are.
    """
    rows = await session.execute(
        _READDRESS,
        {
            "delivery_ids": [delivery.delivery_id for delivery in deliveries],
            "member_ids": [delivery.member_id for delivery in deliveries],
        },
    )
    return set(rows.scalars())


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


_SETTLE = text("""
    UPDATE deliveries SET state = new.state, reason = new.reason, leased_until = NULL,
        due_at = COALESCE(new.due_at, deliveries.due_at),
        ended_at = CASE WHEN new.state = 'queued' THEN NULL ELSE CAST(:now AS timestamptz) END
    FROM unnest(
            CAST(:delivery_ids AS uuid[]), CAST(:attempts AS integer[]), CAST(:states AS text[]),
            CAST(:reasons AS text[]), CAST(:due_ats AS timestamptz[]))
        AS new (delivery_id, attempt, state, reason, due_at)
    WHERE deliveries.delivery_id = new.delivery_id AND deliveries.attempt = new.attempt
        AND (deliveries.state IN ('queued', 'in_flight')
            OR deliveries.state = 'unknown' AND new.state <> 'queued')
    RETURNING deliveries.delivery_id
""")


async def settle(session: AsyncSession, settled: Sequence[Settled], now: datetime) -> set[UUID]:
    """Write what became of deliveries; the ids of those that were still this attempt's to settle.

    An attempt that was given up as lost may still report: what it knows is better than `unknown`.
    """
    rows = await session.execute(
        _SETTLE,
        {
            "now": now,
            "delivery_ids": [one.delivery.delivery_id for one in settled],
            "attempts": [one.delivery.attempt for one in settled],
            "states": [one.outcome.state for one in settled],
            "reasons": [one.outcome.reason for one in settled],
            "due_ats": [one.outcome.due_at for one in settled],
        },
    )
    return set(rows.scalars())


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
