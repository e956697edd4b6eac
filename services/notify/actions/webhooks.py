"""Webhooks: endpoints and their secrets, what is queued for them, and what follows an attempt.

An event is queued in the transaction that hears it, once for each endpoint that wants it; the
worker `webhooks` posts what is due.
"""

import secrets
from base64 import b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kit import outbox
from kit.clock import APART_S
from kit.events import Event
from kit.ids import uuid7
from kit.problems import Conflict, NotFound
from kit.vault import Vault
from services.notify import store
from services.notify.events import WebhookDisabled
from services.notify.rules import UrgentChannel, UrgentState
from services.notify.rules.webhooks import (
    OVERLAP,
    PING,
    Attempted,
    EndpointState,
    WhyDisabled,
    after_attempt,
    wants,
    why_disable,
)
from services.notify.store.webhooks import Heard, Hook
from services.notify.tables import WebhookDelivery, WebhookEndpoint

MOST_ENDPOINTS = 100
SECRET_BYTES = 32
PREFIX = "whsec_"
LEASE = timedelta(seconds=60)
"""How long an attempt may take; longer than any does."""
KEPT = timedelta(days=30)
PORTION = 1_000
MOST_REPLAYED = 10_000
NOTICE_FOR = timedelta(days=1)
APART = timedelta(seconds=APART_S)


class EndpointNotFound(NotFound):
    code = "notify.webhook_not_found"
    title = "No such webhook endpoint"


class DeliveryNotFound(NotFound):
    code = "notify.webhook_delivery_not_found"
    title = "No such delivery"


class TooManyEndpoints(Conflict):
    code = "notify.too_many_webhooks"
    title = "Too many webhook endpoints"


class NotCalled(Conflict):
    code = "notify.webhook_disabled"
    title = "The endpoint is disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEndpoint:
    url: str
    patterns: Sequence[str]
    description: str
    contact: str | None
    language: str
    actor: str


def as_shown(secret: bytes) -> str:
    """A secret as Standard Webhooks writes it."""
    return PREFIX + b64encode(secret).decode()


async def add_endpoint(
    session: AsyncSession, vault: Vault, new: NewEndpoint, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """Make an endpoint; its secret is shown this once. Raises TooManyEndpoints."""
    if await store.webhooks.count(session) >= MOST_ENDPOINTS:
        raise TooManyEndpoints(f"There are {MOST_ENDPOINTS} already; remove one.")
    endpoint_id, secret = uuid7(), secrets.token_bytes(SECRET_BYTES)
    made = WebhookEndpoint(
        endpoint_id=endpoint_id,
        url=new.url,
        patterns=list(new.patterns),
        description=new.description,
        contact=new.contact,
        language=new.language,
        secret=vault.seal(_name(endpoint_id), secret),
        previous_secret=None,
        previous_until=None,
        state=EndpointState.ENABLED,
        why_disabled=None,
        failing_since=None,
        created_by=new.actor,
        created_at=now,
        changed_at=now,
        enabled_at=now,
    )
    await store.webhooks.add(session, made)
    return made, as_shown(secret)


async def known_endpoint(
    session: AsyncSession, endpoint_id: UUID, *, lock: bool = False
) -> WebhookEndpoint:
    """An endpoint. Raises EndpointNotFound."""
    found = await store.webhooks.one(session, endpoint_id, lock=lock)
    if found is None:
        raise EndpointNotFound(f"There is no webhook endpoint {endpoint_id}.")
    return found


async def change_endpoint(
    session: AsyncSession, endpoint_id: UUID, changes: dict[str, Any], now: datetime
) -> WebhookEndpoint:
    """Change an endpoint; enabled again it begins without a past. Raises EndpointNotFound."""
    before = await known_endpoint(session, endpoint_id, lock=True)
    if (enabled := changes.pop("enabled", None)) is not None:
        state = EndpointState.ENABLED if enabled else EndpointState.DISABLED
        why = None if enabled else WhyDisabled.BY_STAFF
        changes |= {"state": state, "why_disabled": why, "failing_since": None}
        if enabled and before.state != EndpointState.ENABLED:
            changes["enabled_at"] = now
    await store.webhooks.change(session, endpoint_id, {**changes, "changed_at": now})
    return await known_endpoint(session, endpoint_id)


async def rotate_secret(
    session: AsyncSession, vault: Vault, endpoint_id: UUID, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """Sign under a new secret, and for a day under the present one too.

    Raises EndpointNotFound.
    """
    endpoint = await known_endpoint(session, endpoint_id, lock=True)
    secret = secrets.token_bytes(SECRET_BYTES)
    values = {
        "secret": vault.seal(_name(endpoint_id), secret),
        "previous_secret": endpoint.secret,
        "previous_until": now + OVERLAP,
        "changed_at": now,
    }
    await store.webhooks.change(session, endpoint_id, values)
    return await known_endpoint(session, endpoint_id), as_shown(secret)


async def ping(session: AsyncSession, endpoint_id: UUID, now: datetime) -> UUID:
    """Queue a message that only tries the endpoint; its delivery's id.

    Raises EndpointNotFound or NotCalled.
    """
    endpoint = await known_endpoint(session, endpoint_id)
    if endpoint.state != EndpointState.ENABLED:
        raise NotCalled("Enable it first: PATCH it with `enabled`.")
    event = Event(
        id=uuid7(),
        type=PING,
        source="/notify",
        subject=None,
        time=now,
        data={"endpoint_id": str(endpoint_id)},
        correlation_id=str(endpoint_id),
    )
    await store.webhooks.queue(session, [_heard(event, now)], [(endpoint_id, event.id)])
    [logged] = await store.webhooks.log_of(session, endpoint_id, None, 1, None)
    return logged.delivery.delivery_id


async def hear(session: AsyncSession, events: Sequence[Event], now: datetime) -> None:
    """Queue events for the endpoints that want them, each what is said since it was enabled.

    Who said it may have a clock that is slow, so what is a little older goes out, too.
    """
    endpoints = await store.webhooks.enabled(session)
    wanted = [
        (endpoint.endpoint_id, event)
        for event in events
        for endpoint in endpoints
        if wants(endpoint.patterns, event.type) and event.time >= endpoint.enabled_at - APART
    ]
    if wanted:
        messages = {event.id: _heard(event, now) for _, event in wanted}
        pairs = [(endpoint_id, event.id) for endpoint_id, event in wanted]
        await store.webhooks.queue(session, list(messages.values()), pairs)


def _heard(event: Event, now: datetime) -> Heard:
    return Heard(event.id, event.type, event.subject, event.encode(), now)


async def claim_hooks(
    session: AsyncSession, now: datetime, *, each: int, sending: dict[UUID, int]
) -> list[Hook]:
    """Take what is due for one attempt each; if we die, it is due again after the lease."""
    return await store.webhooks.claim(
        session, now=now, leased_until=now + LEASE, each=each, sending=sending
    )


def secrets_of(vault: Vault, hook: Hook, now: datetime) -> list[bytes]:
    """The secrets a message is signed under: the present one first. Raises ValueError."""
    sealed = [hook.secret]
    if hook.previous_secret and hook.previous_until and hook.previous_until > now:
        sealed.append(hook.previous_secret)
    return [vault.open(_name(hook.endpoint_id), one) for one in sealed]


async def settle_hook(
    session: AsyncSession,
    vault: Vault,
    hook: Hook,
    attempted: Attempted,
    *,
    took_ms: int,
    now: datetime,
    chance: float,
) -> None:
    """Write what came of an attempt; disable the endpoint where that is due, and say so."""
    outcome = after_attempt(attempted, attempt=hook.tries, now=now, chance=chance)
    since = None
    if attempted.is_taken:  # as who removes an endpoint locks it before its deliveries
        await store.webhooks.note_success(session, hook.endpoint_id)
    else:
        since = await store.webhooks.note_failure(session, hook.endpoint_id, now)
    await store.webhooks.settle(session, hook, attempted, outcome, took_ms=took_ms, now=now)
    if since is not None and (why := why_disable(attempted, since, now)):
        await _disable(session, vault, hook.endpoint_id, why, now)


async def _disable(
    session: AsyncSession, vault: Vault, endpoint_id: UUID, why: WhyDisabled, now: datetime
) -> None:
    endpoint = await store.webhooks.disable(session, endpoint_id, why, now)
    if endpoint is None:
        return
    said = WebhookDisabled(
        endpoint_id=endpoint_id,
        url=endpoint.url,
        why="gone" if why is WhyDisabled.GONE else "failing",
        failing_since=endpoint.failing_since,
        disabled_at=now,
        contact=endpoint.contact,
        language=endpoint.language,
    )
    await outbox.publish(session, said)
    if endpoint.contact:
        await _write_to(session, vault, endpoint, why, now)


async def _write_to(
    session: AsyncSession, vault: Vault, endpoint: WebhookEndpoint, why: WhyDisabled, now: datetime
) -> None:
    """Queue a letter to who looks after an endpoint."""
    message_id = uuid7()
    content = {
        "to": endpoint.contact,
        "template": f"webhook_{why}",
        "language": endpoint.language,
        "facts": {"url": endpoint.url},
        "action": None,
        "for_staff": True,
    }
    sealed = vault.seal(f"message {message_id}", orjson.dumps(content))
    row = {
        "message_id": message_id,
        "channel": UrgentChannel.EMAIL,
        "sealed": b64encode(sealed).decode(),
        "state": UrgentState.QUEUED,
        "issued_at": now,
        "due_at": now,
        "expires_at": now + NOTICE_FOR,
    }
    await store.urgent.insert_new(session, [row])


async def send_again(
    session: AsyncSession, endpoint_id: UUID, delivery_id: UUID, now: datetime
) -> WebhookDelivery:
    """Post a message once more, with its own id. Raises EndpointNotFound or DeliveryNotFound."""
    await known_delivery(session, endpoint_id, delivery_id)
    await store.webhooks.send_again(session, delivery_id, now)
    return await known_delivery(session, endpoint_id, delivery_id)


async def known_delivery(
    session: AsyncSession, endpoint_id: UUID, delivery_id: UUID
) -> WebhookDelivery:
    """A delivery to an endpoint. Raises EndpointNotFound or DeliveryNotFound."""
    await known_endpoint(session, endpoint_id)
    found = await store.webhooks.delivery(session, endpoint_id, delivery_id)
    if found is None:
        raise DeliveryNotFound(f"There is no delivery {delivery_id} to this endpoint.")
    return found[0]


async def send_range_again(
    session: AsyncSession,
    endpoint_id: UUID,
    span: tuple[datetime, datetime],
    states: Collection[str],
    now: datetime,
) -> int:
    """Post what came in some time once more; how many, `MOST_REPLAYED` at most.

    Raises EndpointNotFound.
    """
    await known_endpoint(session, endpoint_id)
    return await store.webhooks.send_range_again(
        session,
        endpoint_id,
        since=span[0],
        until=span[1],
        states=states,
        now=now,
        limit=MOST_REPLAYED,
    )


async def forget_old(session: AsyncSession, now: datetime) -> bool:
    """Delete what was heard long ago, with its log; True when there may be more."""
    return await store.webhooks.forget(session, now - KEPT, PORTION) == PORTION


def _name(endpoint_id: UUID) -> str:
    return f"webhook {endpoint_id}"
