"""Posting webhooks: claim in one transaction, post outside of any, settle in another.

Each endpoint has a few connections of its own, so that a slow one holds up nobody else. The claim
is committed before a byte goes out; who dies in between leaves it to be posted again when its lease
is over, with the same id.
"""

import asyncio
import logging
import random
import time
from collections import Counter
from uuid import UUID

from prometheus_client import Counter as Counted
from prometheus_client import Gauge

from kit import clock
from kit.app import Runtime
from kit.db import Sessions, transaction
from kit.vault import Vault
from services.notify import store
from services.notify.actions.webhooks import LEASE, claim_hooks, secrets_of, settle_hook
from services.notify.posting import TIMEOUT_S, Poster, signatures
from services.notify.rules.webhooks import Attempted
from services.notify.settings import Settings
from services.notify.store.webhooks import Hook

log = logging.getLogger(__name__)

ATTEMPTS = Counted(
    "notify_webhook_attempts_total", "Attempts to post a webhook, by outcome.", ["outcome"]
)
WAITING = Gauge("notify_webhook_waiting", "Webhooks that are queued for endpoints in use.")
OVERDUE = Gauge(
    "notify_webhook_overdue_seconds", "For how long the webhook most overdue has been due."
)
DISABLED = Gauge(
    "notify_webhook_endpoints_disabled", "Endpoints disabled because they failed or are gone."
)

EACH = 4
"""Messages of one endpoint on their way at once."""
IDLE_S = 0.5
PAUSE_AFTER_TROUBLE_S = 2.0
MEASURE_S = 15.0
AGENT = "Rapport-Webhooks/1"

assert LEASE.total_seconds() > 2 * TIMEOUT_S  # noqa: S101  (attempts end before leases)


async def post_webhooks(runtime: Runtime) -> None:
    """Post webhooks as they come, for ever."""
    settings = runtime.settings
    assert isinstance(settings, Settings)  # noqa: S101
    poster = Poster(settings.webhook_networks, clock.now)
    try:
        await Webhooks(runtime.sessions, settings.message_vault(), poster).run()
    finally:
        await poster.close()


class Webhooks:
    """What is posted, to all endpoints."""

    def __init__(self, sessions: Sessions, vault: Vault, poster: Poster) -> None:
        self._sessions = sessions
        self._vault = vault
        self._poster = poster
        self._sending: dict[asyncio.Task[None], UUID] = {}
        self._measured_at = -MEASURE_S

    async def run(self) -> None:
        try:
            while True:
                pause_s = await self._look()
                await asyncio.sleep(pause_s)
        finally:
            if self._sending:
                await asyncio.wait(self._sending, timeout=TIMEOUT_S)

    async def _look(self) -> float:
        """Begin to post what is due; how long to wait before looking again."""
        try:
            found = await self.begin()
            if time.monotonic() > self._measured_at + MEASURE_S:
                await self.measure()
        except Exception:
            log.exception("looking for webhooks failed and will be tried again")
            return PAUSE_AFTER_TROUBLE_S
        return 0.0 if found else IDLE_S

    async def begin(self) -> int:
        """Begin to post what is due and has room; how many messages that is."""
        sending = Counter(self._sending.values())
        async with transaction(self._sessions) as session:
            hooks = await claim_hooks(session, clock.now(), each=EACH, sending=dict(sending))
        for hook in hooks:
            task = asyncio.create_task(self._deliver(hook))
            self._sending[task] = hook.endpoint_id
            task.add_done_callback(self._sending.pop)
        return len(hooks)

    async def finish(self) -> None:
        """Wait until all that was begun is done."""
        while self._sending:
            await asyncio.wait(self._sending)

    async def measure(self) -> None:
        """Set the gauges."""
        self._measured_at, now = time.monotonic(), clock.now()
        async with transaction(self._sessions) as session:
            waiting, oldest = await store.webhooks.waiting(session, now)
            disabled = await store.webhooks.disabled_by_itself(session)
        WAITING.set(waiting)
        OVERDUE.set((now - oldest).total_seconds() if oldest else 0)
        DISABLED.set(disabled)

    async def _deliver(self, hook: Hook) -> None:
        began = time.monotonic()
        attempted = await self._attempt(hook)
        took_ms = round((time.monotonic() - began) * 1000)
        chance = random.random()  # noqa: S311  (jitter)
        try:
            async with transaction(self._sessions) as session:
                await settle_hook(
                    session,
                    self._vault,
                    hook,
                    attempted,
                    took_ms=took_ms,
                    now=clock.now(),
                    chance=chance,
                )
        except Exception:
            log.exception("webhook %s is due again after its lease", hook.delivery_id)
        ATTEMPTS.labels("delivered" if attempted.is_taken else "failed").inc()

    async def _attempt(self, hook: Hook) -> Attempted:
        now = clock.now()
        try:
            signed_under = secrets_of(self._vault, hook, now)
        except ValueError:
            return Attempted(None, "sealed under another MESSAGE_SECRET: rotate the secret")
        message_id, timestamp = str(hook.message_id), int(now.timestamp())
        headers = {
            "content-type": "application/json",
            "user-agent": AGENT,
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signatures(signed_under, message_id, timestamp, hook.body),
        }
        try:
            return await self._poster.post(hook.url, headers, hook.body)
        except Exception:
            log.exception("webhook %s cannot be posted", hook.delivery_id)
            return Attempted(None, "internal error")
