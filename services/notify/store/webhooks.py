"""Webhook endpoints, what is posted to them, and what came of each attempt."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from kit.ids import uuid7
from kit.rows import inserting
from services.notify.rules.webhooks import Attempted, EndpointState, HookOutcome, WhyDisabled
from services.notify.tables import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookMessage

_KEEP = inserting(
    WebhookMessage,
    "message_id type subject body heard_at",
    "ORDER BY message_id ON CONFLICT DO NOTHING",
)

_QUEUE = inserting(
    WebhookDelivery,
    "delivery_id endpoint_id message_id state due_at created_at",
    "ORDER BY endpoint_id, message_id ON CONFLICT DO NOTHING RETURNING message_id",
)

_CLAIM = text("""
    WITH due AS (
        SELECT picked.delivery_id FROM webhook_endpoints AS endpoint
        LEFT JOIN unnest(CAST(:busy AS uuid[]), CAST(:sending AS int[]))
            AS busy (endpoint_id, sending) USING (endpoint_id)
        CROSS JOIN LATERAL (
            SELECT delivery_id FROM webhook_deliveries AS own
            WHERE own.endpoint_id = endpoint.endpoint_id AND own.state = 'queued'
                AND own.due_at <= :now
            ORDER BY own.due_at LIMIT greatest(0, :each - coalesce(busy.sending, 0))
            FOR UPDATE SKIP LOCKED
        ) AS picked
        WHERE endpoint.state = 'enabled'
    ), taken AS (
        UPDATE webhook_deliveries AS delivery
        SET attempt = attempt + 1, tries = tries + 1, due_at = :leased_until
        FROM due WHERE delivery.delivery_id = due.delivery_id
        RETURNING delivery.delivery_id, delivery.endpoint_id, delivery.message_id,
            delivery.attempt, delivery.tries
    )
    SELECT taken.*, url, secret, previous_secret, previous_until, body
    FROM taken JOIN webhook_endpoints USING (endpoint_id) JOIN webhook_messages USING (message_id)
""")

_SETTLE = text("""
    UPDATE webhook_deliveries SET state = :state, due_at = coalesce(:due_at, due_at),
        ended_at = CASE WHEN :state = 'queued' THEN NULL ELSE CAST(:now AS timestamptz) END
    WHERE delivery_id = :delivery_id AND attempt = :attempt AND state = 'queued'
""")

_NOTE = text("""
    INSERT INTO webhook_attempts (delivery_id, attempt, status, error, took_ms, ended_at)
    SELECT delivery_id, :attempt, :status, :error, :took_ms, :now FROM webhook_deliveries
    WHERE delivery_id = :delivery_id ON CONFLICT DO NOTHING
""")

_AGAIN = text("""
    UPDATE webhook_deliveries SET state = 'queued', tries = 0, due_at = :now, ended_at = NULL
    WHERE delivery_id IN (
        SELECT delivery_id FROM webhook_deliveries JOIN webhook_messages USING (message_id)
        WHERE endpoint_id = :endpoint_id AND heard_at >= :since AND heard_at < :until
            AND state = ANY(:states)
        ORDER BY delivery_id LIMIT :limit FOR UPDATE OF webhook_deliveries)
    RETURNING delivery_id
""")

_WAITING = text("""
    SELECT count(*) AS waiting, min(due_at) FILTER (WHERE due_at <= :now) AS oldest
    FROM webhook_deliveries JOIN webhook_endpoints USING (endpoint_id)
    WHERE webhook_deliveries.state = 'queued' AND webhook_endpoints.state = 'enabled'
""")

_FORGET = text("""
    DELETE FROM webhook_messages WHERE message_id IN (
        SELECT message_id FROM webhook_messages WHERE heard_at < :before
        ORDER BY heard_at LIMIT :limit)
    RETURNING message_id
""")


class Chosen(NamedTuple):
    """An endpoint that is called, and which events it wants."""

    endpoint_id: UUID
    patterns: Sequence[str]
    enabled_at: datetime


class Heard(NamedTuple):
    """An event that somebody wants, as it was published."""

    message_id: UUID
    type: str
    subject: str | None
    body: bytes
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class Hook:
    """A delivery taken for one attempt. `tries` counts since it was last asked for."""

    delivery_id: UUID
    endpoint_id: UUID
    message_id: UUID
    attempt: int
    tries: int
    url: str
    secret: bytes
    previous_secret: bytes | None
    previous_until: datetime | None
    body: bytes


class Logged(NamedTuple):
    """A delivery with its message and what came of its last attempt."""

    delivery: WebhookDelivery
    type: str
    status: int | None
    error: str | None


async def count(session: AsyncSession) -> int:
    """How many endpoints there are. Nobody else adds one until the transaction ends."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('webhook endpoints'))"))
    return int((await session.execute(text("SELECT count(*) FROM webhook_endpoints"))).scalar_one())


async def add(session: AsyncSession, endpoint: WebhookEndpoint) -> None:
    await session.execute(insert(WebhookEndpoint).values(endpoint.model_dump()))


async def one(
    session: AsyncSession, endpoint_id: UUID, *, lock: bool = False
) -> WebhookEndpoint | None:
    statement = select(WebhookEndpoint).where(col(WebhookEndpoint.endpoint_id) == endpoint_id)
    if lock:
        statement = statement.with_for_update()
    found = await session.scalars(statement.execution_options(populate_existing=True))
    return found.one_or_none()


async def listed(
    session: AsyncSession, limit: int, before: UUID | None
) -> Sequence[WebhookEndpoint]:
    """The endpoints, newest first."""
    statement = select(WebhookEndpoint).order_by(col(WebhookEndpoint.endpoint_id).desc())
    if before is not None:
        statement = statement.where(col(WebhookEndpoint.endpoint_id) < before)
    return (await session.scalars(statement.limit(limit))).all()


async def change(session: AsyncSession, endpoint_id: UUID, values: Mapping[str, Any]) -> None:
    statement = (
        update(WebhookEndpoint)
        .where(col(WebhookEndpoint.endpoint_id) == endpoint_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    await session.execute(statement)


async def remove(session: AsyncSession, endpoint_id: UUID) -> None:
    """Remove an endpoint, with its log."""
    statement = text("DELETE FROM webhook_endpoints WHERE endpoint_id = :endpoint_id")
    await session.execute(statement, {"endpoint_id": endpoint_id})


async def enabled(session: AsyncSession) -> list[Chosen]:
    """The endpoints that are called."""
    statement = text("""
        SELECT endpoint_id, patterns, enabled_at FROM webhook_endpoints WHERE state = 'enabled'
    """)
    return [Chosen(*row) for row in await session.execute(statement)]


async def wanted_since(session: AsyncSession) -> datetime | None:
    """From what moment on some endpoint hears events; None while none does."""
    statement = text("SELECT min(enabled_at) FROM webhook_endpoints WHERE state = 'enabled'")
    since: datetime | None = (await session.execute(statement)).scalar_one()
    return since


async def queue(
    session: AsyncSession, messages: Sequence[Heard], wanted: Collection[tuple[UUID, UUID]]
) -> int:
    """Queue messages for endpoints, `wanted` as pairs of endpoint and message; how many are new."""
    await _KEEP.execute(session, messages)
    at = {message.message_id: message.heard_at for message in messages}
    rows = [
        (uuid7(), endpoint_id, message_id, "queued", at[message_id], at[message_id])
        for endpoint_id, message_id in wanted
    ]
    return len(await _QUEUE.execute(session, rows))


async def claim(
    session: AsyncSession,
    *,
    now: datetime,
    leased_until: datetime,
    each: int,
    sending: Mapping[UUID, int],
) -> list[Hook]:
    """Take what is due, of each endpoint as many as make up `each` with those being sent."""
    given = {"busy": list(sending), "sending": list(sending.values()), "each": each}
    rows = await session.execute(_CLAIM, {"now": now, "leased_until": leased_until, **given})
    return [
        Hook(
            delivery_id=row.delivery_id,
            endpoint_id=row.endpoint_id,
            message_id=row.message_id,
            attempt=row.attempt,
            tries=row.tries,
            url=row.url,
            secret=bytes(row.secret),
            previous_secret=bytes(row.previous_secret) if row.previous_secret else None,
            previous_until=row.previous_until,
            body=bytes(row.body),
        )
        for row in rows
    ]


async def settle(
    session: AsyncSession,
    hook: Hook,
    attempted: Attempted,
    outcome: HookOutcome,
    *,
    took_ms: int,
    now: datetime,
) -> None:
    """Write what came of an attempt, and what follows, unless a later attempt was begun."""
    key = {"delivery_id": hook.delivery_id, "attempt": hook.attempt, "now": now}
    said = {"status": attempted.status, "error": attempted.error, "took_ms": took_ms}
    await session.execute(_NOTE, {**key, **said})
    await session.execute(_SETTLE, {**key, "state": str(outcome.state), "due_at": outcome.due_at})


async def note_success(session: AsyncSession, endpoint_id: UUID) -> None:
    statement = text("""
        UPDATE webhook_endpoints SET failing_since = NULL
        WHERE endpoint_id = :endpoint_id AND failing_since IS NOT NULL
    """)
    await session.execute(statement, {"endpoint_id": endpoint_id})


async def note_failure(session: AsyncSession, endpoint_id: UUID, now: datetime) -> datetime | None:
    """Since when the endpoint fails; None where it is not there, or not called, any more."""
    statement = text("""
        UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, :now)
        WHERE endpoint_id = :endpoint_id AND state = 'enabled' RETURNING failing_since
    """)
    found = await session.execute(statement, {"endpoint_id": endpoint_id, "now": now})
    since: datetime | None = found.scalar_one_or_none()
    return since


async def disable(
    session: AsyncSession, endpoint_id: UUID, why: WhyDisabled, now: datetime
) -> WebhookEndpoint | None:
    """Call an endpoint no more; as it is then, if it was called until now."""
    endpoint = await one(session, endpoint_id, lock=True)
    if endpoint is None or endpoint.state == EndpointState.DISABLED:
        return None
    values = {"state": EndpointState.DISABLED, "why_disabled": why, "changed_at": now}
    await change(session, endpoint_id, values)
    return await one(session, endpoint_id)


async def log_of(
    session: AsyncSession, endpoint_id: UUID, state: str | None, limit: int, before: UUID | None
) -> list[Logged]:
    """An endpoint's deliveries, newest first."""
    statement = text("""
        SELECT delivery.*, message.type, last.status, last.error
        FROM webhook_deliveries AS delivery JOIN webhook_messages AS message USING (message_id)
        LEFT JOIN LATERAL (
            SELECT status, error FROM webhook_attempts AS own
            WHERE own.delivery_id = delivery.delivery_id ORDER BY own.attempt DESC LIMIT 1
        ) AS last ON true
        WHERE endpoint_id = :endpoint_id
            AND (CAST(:state AS text) IS NULL OR state = CAST(:state AS text))
            AND (CAST(:before AS uuid) IS NULL OR delivery.delivery_id < CAST(:before AS uuid))
        ORDER BY delivery.delivery_id DESC LIMIT :limit
    """)
    given = {"endpoint_id": endpoint_id, "state": state, "before": before, "limit": limit}
    return [_logged(row._asdict()) for row in await session.execute(statement, given)]


def _logged(row: dict[str, Any]) -> Logged:
    about = row.pop("type"), row.pop("status"), row.pop("error")
    return Logged(WebhookDelivery(**row), *about)


async def delivery(
    session: AsyncSession, endpoint_id: UUID, delivery_id: UUID
) -> tuple[WebhookDelivery, WebhookMessage] | None:
    """A delivery to an endpoint, and its message."""
    statement = (
        select(WebhookDelivery, WebhookMessage)
        .join(
            WebhookMessage,
            col(WebhookMessage.message_id) == col(WebhookDelivery.message_id),
        )
        .where(
            col(WebhookDelivery.endpoint_id) == endpoint_id,
            col(WebhookDelivery.delivery_id) == delivery_id,
        )
        .execution_options(populate_existing=True)
    )
    row = (await session.execute(statement)).first()
    return (row[0], row[1]) if row else None


async def attempts(session: AsyncSession, delivery_id: UUID) -> Sequence[WebhookAttempt]:
    statement = (
        select(WebhookAttempt)
        .where(col(WebhookAttempt.delivery_id) == delivery_id)
        .order_by(col(WebhookAttempt.attempt))
    )
    return (await session.scalars(statement)).all()


async def send_again(session: AsyncSession, delivery_id: UUID, now: datetime) -> None:
    """Queue a delivery as if it were new; one that waits is due at once."""
    statement = text("""
        UPDATE webhook_deliveries SET state = 'queued', tries = 0, due_at = :now, ended_at = NULL
        WHERE delivery_id = :delivery_id
    """)
    await session.execute(statement, {"delivery_id": delivery_id, "now": now})


async def send_range_again(
    session: AsyncSession,
    endpoint_id: UUID,
    *,
    since: datetime,
    until: datetime,
    states: Collection[str],
    now: datetime,
    limit: int,
) -> int:
    """Queue an endpoint's deliveries of some time, in these states, as if new; how many."""
    span = {"since": since, "until": until, "states": list(states)}
    given = {"endpoint_id": endpoint_id, "now": now, "limit": limit, **span}
    return len((await session.execute(_AGAIN, given)).all())


async def waiting(session: AsyncSession, now: datetime) -> tuple[int, datetime | None]:
    """How many deliveries wait, and since when the one that is most overdue."""
    row = (await session.execute(_WAITING, {"now": now})).one()
    return row.waiting, row.oldest


async def disabled_by_itself(session: AsyncSession) -> int:
    """How many endpoints were disabled, and not by staff."""
    statement = text("""
        SELECT count(*) FROM webhook_endpoints WHERE why_disabled IN ('gone', 'failing')
    """)
    return int((await session.execute(statement)).scalar_one())


async def forget(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` messages heard before, with their log; how many."""
    given = {"before": before, "limit": limit}
    return len((await session.execute(_FORGET, given)).all())
