"""Steps the tests of webhooks share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from kit import clock
from kit.testing import Harness, admin, example, member
from services.notify.posting import Poster
from services.notify.settings import Settings
from services.notify.webhooks import Webhooks
from tests.notify.receiver import Receiver

EARNED = "loyalty.points.earned.v1"


async def call(harness: Harness, method: str, path: str, body: Any = None) -> Any:
    async with harness.client(admin()) as client:
        answer = await client.request(method, f"/v1/webhooks{path}", json=body)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


async def new_endpoint(harness: Harness, url: str, *types: str, **changes: Any) -> dict[str, Any]:
    body = {"url": url, "event_types": list(types or ("loyalty.points.*",)), **changes}
    return await call(harness, "POST", "", body)


async def log_of(harness: Harness, endpoint: dict[str, Any]) -> list[dict[str, Any]]:
    return (await call(harness, "GET", f"/{endpoint['endpoint_id']}/deliveries"))["items"]


@asynccontextmanager
async def posting(harness: Harness, **options: Any) -> AsyncIterator[Webhooks]:
    """Webhooks that post, when a test says so."""
    settings = harness.settings
    assert isinstance(settings, Settings)
    poster = Poster(options.pop("networks", settings.webhook_networks), clock.now, **options)
    hooks = Webhooks(harness.sessions, settings.message_vault(), poster)
    try:
        yield hooks
    finally:
        await hooks.finish()
        await poster.close()


async def post_all(harness: Harness, **options: Any) -> None:
    """Post what is due, each once."""
    async with posting(harness, **options) as hooks:
        while await hooks.begin():
            await hooks.finish()


async def earn(harness: Harness, **changes: Any) -> str:
    """A member earns points; the event's id."""
    said = example(EARNED, member_id=member().subject, **changes)
    await harness.deliver(said)
    return str(said.id)


async def pass_time(harness: Harness, by: timedelta) -> None:
    """Let what is due later be due by so much sooner, and endpoints fail for so much longer."""
    earlier = (
        "UPDATE webhook_deliveries SET due_at = due_at - CAST(:by AS interval)",
        "UPDATE webhook_endpoints SET failing_since = failing_since - CAST(:by AS interval)",
    )
    async with harness.transaction() as session:
        for statement in earlier:
            await session.execute(text(statement), {"by": by})


@asynccontextmanager
async def receiving(**options: Any) -> AsyncIterator[Receiver]:
    receiver = Receiver(**options)
    await receiver.start()
    try:
        yield receiver
    finally:
        await receiver.stop()
