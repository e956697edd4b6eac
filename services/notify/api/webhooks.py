"""Webhook endpoints: made, changed, tried, looked at, and sent to again."""

from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Annotated, Self
from urllib.parse import urlsplit
from uuid import UUID

from annotated_types import MaxLen, MinLen
from fastapi import Path, Query, Request, Response, status
from pydantic import AfterValidator, EmailStr, Field, StringConstraints, model_validator

from kit import clock
from kit.app import Router
from kit.auth import CurrentCaller, Role, requires
from kit.bodies import Answer, Body, LanguageTag, Text, Time
from kit.db import Tx
from kit.languages import DEFAULT
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from kit.problems import Unprocessable
from kit.vault import Vault
from services.notify import store
from services.notify.actions import webhooks as actions
from services.notify.rules.webhooks import EVENT_TYPES, EndpointState, HookState, may_call, wants
from services.notify.settings import Settings
from services.notify.store.webhooks import Logged
from services.notify.tables import WebhookEndpoint

router = Router(prefix="/v1/webhooks", tags=["Webhooks"])
ADMIN = requires(Role.ADMIN)
EndpointPath = Annotated[UUID, Path(description="The endpoint's id.")]
DeliveryPath = Annotated[UUID, Path(description="The delivery's id.")]
LONGEST_SPAN = timedelta(days=31)


class BadUrl(Unprocessable):
    code = "notify.bad_webhook_url"
    title = "Webhooks are not posted there"


def _known(pattern: str) -> str:
    if not any(wants([pattern], event_type) for event_type in EVENT_TYPES):
        message = "stands for no event; they are such as `loyalty.points.*` or `profile.order.*`"
        raise ValueError(message)
    return pattern


Pattern = Annotated[
    str, StringConstraints(pattern=r"^[a-z*][a-z0-9_.*]{0,99}$"), AfterValidator(_known)
]
Patterns = Annotated[list[Pattern], MinLen(1), MaxLen(50)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]{1,2000}$")]
Description = Annotated[Text, StringConstraints(max_length=200)]


class NewWebhook(Body):
    """`event_types` may hold `*` for the rest; `contact` is told when the endpoint is disabled."""

    url: Url = Field(examples=["https://shop.example.com/rapport"])
    event_types: Patterns = Field(examples=[["loyalty.points.*", "loyalty.tier.changed.v1"]])
    description: Description = ""
    contact: EmailStr | None = None
    language: LanguageTag = DEFAULT


class WebhookChanges(Body):
    """What is left out stays as it is."""

    url: Url | None = Field(None, examples=["https://shop.example.com/rapport"])
    event_types: Patterns | None = Field(None, examples=[["loyalty.points.*"]])
    description: Description | None = None
    contact: EmailStr | None = None
    language: LanguageTag | None = None
    enabled: bool | None = Field(None, description="Enabled again it begins without a past.")


class WebhookAnswer(Answer):
    """`failing_since` is when the first message failed after which nothing was taken."""

    endpoint_id: UUID
    url: str
    event_types: list[str]
    description: str
    contact: str | None
    language: str
    enabled: bool
    why_disabled: str | None
    failing_since: datetime | None
    previous_secret_until: datetime | None
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, endpoint: WebhookEndpoint) -> Self:
        return cls(**_shown(endpoint))


class NewWebhookAnswer(WebhookAnswer):
    """With the secret, which is shown this once."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


def _shown(endpoint: WebhookEndpoint) -> dict[str, object]:
    return {
        **endpoint.model_dump(
            include={
                "endpoint_id", "url", "description", "contact", "language", "why_disabled",
                "failing_since", "created_at", "changed_at",
            }
        ),
        "event_types": endpoint.patterns,
        "enabled": endpoint.state == EndpointState.ENABLED,
        "previous_secret_until": endpoint.previous_until,
    }  # fmt: skip


class DeliveryAnswer(Answer):
    """`status` and `error` are of the last attempt; `due_at` is when the next will be."""

    delivery_id: UUID
    message_id: UUID
    type: str
    state: HookState
    attempts: int
    status: int | None
    error: str | None
    due_at: datetime | None
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, logged: Logged) -> Self:
        delivery = logged.delivery
        return cls(
            **delivery.model_dump(
                include={"delivery_id", "message_id", "state", "created_at", "ended_at"}
            ),
            type=logged.type,
            attempts=delivery.attempt,
            status=logged.status,
            error=logged.error,
            due_at=delivery.due_at if delivery.state == HookState.QUEUED else None,
        )


class AttemptAnswer(Answer):
    attempt: int
    status: int | None
    error: str | None
    took_ms: int
    ended_at: datetime


class PingAnswer(Answer):
    delivery_id: UUID


class Replay(Body):
    """What came from `since` up to `until` is posted again, where it is in one of `states`."""

    since: Time
    until: Time
    states: Annotated[list[HookState], MinLen(1)] = Field([HookState.FAILED])

    @model_validator(mode="after")
    def _a_span(self) -> Self:
        if not timedelta(0) < self.until - self.since <= LONGEST_SPAN:
            message = "`until` must be after `since`, 31 days at most"
            raise ValueError(message)
        return self


class ReplayAnswer(Answer):
    queued: int = Field(description="10000 at most: ask again for the rest.")


def _vault(request: Request) -> Vault:
    settings: Settings = request.app.state.runtime.settings
    return settings.message_vault()


def _checked(request: Request, url: str) -> str:
    """The URL, unless it plainly leads where nothing is posted. Raises BadUrl.

    Names are looked up, and their addresses looked at, before each message.
    """
    settings: Settings = request.app.state.runtime.settings
    parts = urlsplit(url)
    try:
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise BadUrl("The port is a number up to 65535.") from None
    if not host or parts.username is not None or parts.fragment:
        raise BadUrl("Give https://, a host and a path, without user, password or fragment.")
    if parts.scheme != "https" and not settings.webhook_networks:
        raise BadUrl("Begin it with https://: what is posted holds what members do.")
    try:
        address = ip_address(host)
    except ValueError:
        return url
    if not may_call(address, settings.webhook_networks):
        raise BadUrl(f"{host} is not on the public internet; WEBHOOK_NETWORKS may allow it.")
    return url


@router.post("", status_code=status.HTTP_201_CREATED, dependencies=[ADMIN])
async def create_webhook(
    body: NewWebhook, request: Request, caller: CurrentCaller, tx: Tx
) -> NewWebhookAnswer:
    """Have events posted to a URL of yours, signed; the secret is shown this once."""
    new = actions.NewEndpoint(
        url=_checked(request, body.url),
        patterns=body.event_types,
        description=body.description,
        contact=body.contact,
        language=body.language,
        actor=caller.subject,
    )
    endpoint, secret = await actions.add_endpoint(tx, _vault(request), new, clock.now())
    return NewWebhookAnswer(**_shown(endpoint), secret=secret)


@router.get("", dependencies=[ADMIN])
async def list_webhooks(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[WebhookAnswer]:
    """The endpoints, newest first."""
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    found = await store.webhooks.listed(tx, limit + 1, before)
    return page(found, limit, WebhookAnswer.of, lambda endpoint: (endpoint.endpoint_id,))


@router.get("/{endpoint_id}", dependencies=[ADMIN])
async def show_webhook(endpoint_id: EndpointPath, tx: Tx) -> WebhookAnswer:
    """An endpoint."""
    return WebhookAnswer.of(await actions.known_endpoint(tx, endpoint_id))


@router.patch("/{endpoint_id}", dependencies=[ADMIN])
async def change_webhook(
    endpoint_id: EndpointPath, body: WebhookChanges, request: Request, tx: Tx
) -> WebhookAnswer:
    """Change an endpoint, disable it, or enable it again."""
    changes = body.model_dump(exclude_unset=True)
    for name in ("url", "event_types", "description", "language", "enabled"):
        if changes.get(name, ...) is None:
            del changes[name]
    if "url" in changes:
        _checked(request, changes["url"])
    if "event_types" in changes:
        changes["patterns"] = changes.pop("event_types")
    return WebhookAnswer.of(await actions.change_endpoint(tx, endpoint_id, changes, clock.now()))


@router.delete("/{endpoint_id}", status_code=status.HTTP_204_NO_CONTENT, dependencies=[ADMIN])
async def delete_webhook(endpoint_id: EndpointPath, tx: Tx) -> Response:
    """Remove an endpoint, with what waits for it and its log."""
    await store.webhooks.remove(tx, endpoint_id)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.post("/{endpoint_id}/secrets", status_code=status.HTTP_201_CREATED, dependencies=[ADMIN])
async def rotate_webhook_secret(
    endpoint_id: EndpointPath, request: Request, tx: Tx
) -> NewWebhookAnswer:
    """Sign under a new secret, shown this once; for a day the one before signs too."""
    endpoint, secret = await actions.rotate_secret(tx, _vault(request), endpoint_id, clock.now())
    return NewWebhookAnswer(**_shown(endpoint), secret=secret)


@router.post("/{endpoint_id}/pings", status_code=status.HTTP_202_ACCEPTED, dependencies=[ADMIN])
async def ping_webhook(endpoint_id: EndpointPath, tx: Tx) -> PingAnswer:
    """Post a message of the type `webhook.ping`, to try the endpoint."""
    return PingAnswer(delivery_id=await actions.ping(tx, endpoint_id, clock.now()))


@router.get("/{endpoint_id}/deliveries", dependencies=[ADMIN])
async def list_webhook_deliveries(
    endpoint_id: EndpointPath,
    tx: Tx,
    state: Annotated[HookState | None, Query(description="Only those in this state.")] = None,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[DeliveryAnswer]:
    """What was posted to an endpoint in the last 30 days, or will be; newest first."""
    await actions.known_endpoint(tx, endpoint_id)
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    found = await store.webhooks.log_of(tx, endpoint_id, state, limit + 1, before)
    return page(found, limit, DeliveryAnswer.of, lambda one: (one.delivery.delivery_id,))


@router.get("/{endpoint_id}/deliveries/{delivery_id}/attempts", dependencies=[ADMIN])
async def list_webhook_attempts(
    endpoint_id: EndpointPath,
    delivery_id: DeliveryPath,
    tx: Tx,
    limit: Limit = 200,
    cursor: CursorParameter = None,
) -> Page[AttemptAnswer]:
    """Every attempt to post a message, oldest first."""
    await actions.known_delivery(tx, endpoint_id, delivery_id)
    after = decode_cursor(cursor, int)[0] if cursor else 0
    found = [a for a in await store.webhooks.attempts(tx, delivery_id) if a.attempt > after]
    return page(found, limit, AttemptAnswer.model_validate, lambda one: (one.attempt,))


@router.post(
    "/{endpoint_id}/deliveries/{delivery_id}/replays",
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[ADMIN],
)
async def replay_webhook(
    endpoint_id: EndpointPath, delivery_id: DeliveryPath, tx: Tx
) -> PingAnswer:
    """Post a message once more, with the id it had."""
    delivery = await actions.send_again(tx, endpoint_id, delivery_id, clock.now())
    return PingAnswer(delivery_id=delivery.delivery_id)


@router.post("/{endpoint_id}/replays", status_code=status.HTTP_202_ACCEPTED, dependencies=[ADMIN])
async def replay_webhooks(endpoint_id: EndpointPath, body: Replay, tx: Tx) -> ReplayAnswer:
    """Post what came in some time once more."""
    span = body.since, body.until
    queued = await actions.send_range_again(tx, endpoint_id, span, body.states, clock.now())
    return ReplayAnswer(queued=queued)
