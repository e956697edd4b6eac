"""Sending e-mail: claim in one transaction, send outside of any, settle in another.

The claim is committed before the first byte goes out. A process that dies in between leaves
deliveries in flight; when their lease is over they are sent again with the same Message-ID, or, if
they are marketing, marked unknown. There are two lanes, so that a campaign never holds up what a
member waits for.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from prometheus_client import Counter

from kit import clock
from kit.app import Runtime
from kit.db import Sessions, transaction
from services.notify.actions.deliveries import LEASE, Claim, claim_mail, failed, settle
from services.notify.rendering import Frame
from services.notify.rules import DeliveryState, Failure, Outcome
from services.notify.settings import Settings
from services.notify.smtp import TIMEOUT_S, Mail, NotSent, Sender, SmtpSender
from services.notify.store.deliveries import Settled

log = logging.getLogger(__name__)

ATTEMPTS = Counter(
    "notify_mail_attempts_total", "Attempts to send an e-mail, by outcome.", ["lane", "outcome"]
)

ROUNDS = 4
"""How many e-mails each connection gets of one claim."""
IDLE_S = 0.5
PAUSE_AFTER_TROUBLE_S = 5.0

assert LEASE.total_seconds() > ROUNDS * TIMEOUT_S  # noqa: S101  (claims end before leases)


async def send_direct(runtime: Runtime) -> None:
    """Send what is of no campaign, for ever."""
    await _run(runtime, campaigns=False)


async def send_campaigns(runtime: Runtime) -> None:
    """Send what is of running campaigns, for ever."""
    await _run(runtime, campaigns=True)


async def _run(runtime: Runtime, *, campaigns: bool) -> None:
    settings = runtime.settings
    assert isinstance(settings, Settings)  # noqa: S101
    if not settings.smtp_url:
        log.warning("no e-mail will be sent: SMTP_URL is not set")
        return
    sender = SmtpSender(settings.smtp_url)
    lane = Lane(runtime.sessions, sender, settings, campaigns=campaigns)
    try:
        while True:
            pause_s = await _portion(lane)
            await asyncio.sleep(pause_s)
    finally:
        await sender.close()


async def _portion(lane: "Lane") -> float:
    """Send a portion, and finish it if we are stopped; how long to wait before the next."""
    portion = asyncio.create_task(lane.send_portion(clock.now()))
    try:
        return await asyncio.shield(portion)
    except asyncio.CancelledError:
        await asyncio.wait([portion], timeout=TIMEOUT_S)
        raise
    except Exception:
        log.exception("sending e-mail failed and will be tried again")
        return PAUSE_AFTER_TROUBLE_S


@dataclass(frozen=True, slots=True)
class Lane:
    """Everything a portion of e-mails is sent with."""

    sessions: Sessions
    sender: Sender
    settings: Settings
    campaigns: bool = False

    @property
    def _name(self) -> str:
        return "campaigns" if self.campaigns else "direct"

    async def send_portion(self, now: datetime) -> float:
        """Send some of what is due; how many seconds to wait before the next portion."""
        limit = self.settings.mail_connections * ROUNDS
        async with transaction(self.sessions) as session:
            due, claims = await claim_mail(session, campaigns=self.campaigns, now=now, limit=limit)
        settled = await self._send_all(claims, now)
        async with transaction(self.sessions) as session:
            await settle(session, settled, now)
        for one in settled:
            ATTEMPTS.labels(self._name, one.outcome.state).inc()
        if claims and all(one.outcome.state is DeliveryState.QUEUED for one in settled):
            return PAUSE_AFTER_TROUBLE_S
        return 0.0 if due == limit else IDLE_S

    async def _send_all(self, claims: Sequence[Claim], now: datetime) -> list[Settled]:
        free = asyncio.Semaphore(self.settings.mail_connections)

        async def send_when_free(claim: Claim) -> Settled:
            async with free:
                return await self._send(claim, now)

        return list(await asyncio.gather(*map(send_when_free, claims)))

    async def _send(self, claim: Claim, now: datetime) -> Settled:
        try:
            await self.sender.send(_mail(claim, self.settings))
        except NotSent as problem:
            return failed(claim.delivery, problem.failure, problem.reason, now)
        except Exception:
            log.exception("delivery %s cannot be made into an e-mail", claim.delivery.delivery_id)
            return failed(claim.delivery, Failure.PERMANENT, "internal error", now)
        return Settled(claim.delivery, Outcome(DeliveryState.SENT))


def _mail(claim: Claim, settings: Settings) -> Mail:
    delivery, recipient = claim.delivery, claim.recipient
    unsubscribe_url = None
    if delivery.is_marketing:
        unsubscribe_url = f"{settings.public_url}/v1/unsubscribe/{recipient.unsubscribe_token}"
    action = delivery.action or "/"
    url = settings.app_url + action if settings.app_url else None
    frame = Frame(brand=settings.brand, url=url, unsubscribe_url=unsubscribe_url)
    letter = claim.wording.letter(frame)
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2]
    return Mail(
        sender=settings.mail_from,
        to=recipient.email or "",
        message_id=f"<{delivery.delivery_id}@{domain}>",
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        date=delivery.created_at,
        unsubscribe_url=unsubscribe_url,
    )
