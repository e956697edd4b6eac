"""Sending what somebody waits for: looked for all the time, each message on its own way.

A message is claimed in one transaction, opened and sent outside of any, and settled in another. A
slow server holds up the messages it was given, up to `URGENT_CONNECTIONS`, and no others.
"""

import asyncio
import logging
import time
from base64 import b64decode
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any, Protocol

import orjson
from prometheus_client import Counter, Histogram

from kit import clock, languages
from kit.app import Runtime
from kit.db import Sessions, transaction
from kit.vault import Vault
from services.notify.actions.urgent import LEASE, claim_messages, settle_message
from services.notify.actions.wording import Wording
from services.notify.rendering import Frame, packaged
from services.notify.rules import (
    Failure,
    UrgentChannel,
    UrgentOutcome,
    UrgentState,
    after_urgent_failure,
)
from services.notify.settings import Settings
from services.notify.sms import NotTaken, SmsSender, TextMessage
from services.notify.smtp import TIMEOUT_S, Mail, NotSent, Sender, SmtpSender
from services.notify.store.urgent import Claimed

log = logging.getLogger(__name__)

ATTEMPTS = Counter(
    "notify_urgent_attempts_total",
    "Attempts to send a message somebody waits for, by outcome.",
    ["channel", "outcome"],
)
SECONDS = Histogram(
    "notify_urgent_seconds",
    "From the gateway's wish to a server's having taken an urgent message.",
    ["channel"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
IDLE_S = 0.2
PAUSE_AFTER_TROUBLE_S = 1.0

assert LEASE.total_seconds() > TIMEOUT_S  # noqa: S101  (attempts end before leases)


class TextSender(Protocol):
    """Whatever takes text messages."""

    async def send(self, message: TextMessage) -> None: ...


async def send_urgent(runtime: Runtime) -> None:
    """Send urgent messages as they come, for ever."""
    settings = runtime.settings
    assert isinstance(settings, Settings)  # noqa: S101
    mail = SmtpSender(settings.smtp_url) if settings.smtp_url else None
    secret = settings.sms_secret.get_secret_value()
    sms = SmsSender(settings.sms_url, secret, time.time) if settings.sms_url else None
    try:
        await Urgent(runtime.sessions, settings, mail, sms).run()
    finally:
        for sender in (mail, sms):
            if sender is not None:
                await sender.close()


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says, out of its seal."""

    to: str
    template: str
    language: str
    facts: dict[str, Any]
    action: str | None
    for_staff: bool


class Urgent:
    """The lane of urgent messages."""

    def __init__(
        self, sessions: Sessions, settings: Settings, mail: Sender | None, sms: TextSender | None
    ) -> None:
        self._sessions = sessions
        self._settings = settings
        self._vault = Vault.of(
            settings.message_secret, settings.message_secret_file, "MESSAGE_SECRET"
        )
        self._mail = mail
        self._sms = sms
        self._sending: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        try:
            while True:
                pause_s = await self._look()
                await asyncio.sleep(pause_s)
        finally:
            if self._sending:
                await asyncio.wait(self._sending, timeout=TIMEOUT_S)

    async def _look(self) -> float:
        """Begin to send what is due; how long to wait before looking again."""
        try:
            found = await self.begin()
        except Exception:
            log.exception("looking for urgent messages failed and will be tried again")
            return PAUSE_AFTER_TROUBLE_S
        return 0.0 if found else IDLE_S

    async def begin(self) -> int:
        """Begin to send what is due and has room; how many messages that is."""
        room = self._settings.urgent_connections - len(self._sending)
        if room <= 0:
            await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
            return 1
        async with transaction(self._sessions) as session:
            claims = await claim_messages(session, clock.now(), room)
        for claimed in claims:
            task = asyncio.create_task(self._deliver(claimed))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return len(claims)

    async def finish(self) -> None:
        """Wait until all that was begun is done."""
        while self._sending:
            await asyncio.wait(self._sending)

    async def _deliver(self, claimed: Claimed) -> None:
        outcome = await self._attempt(claimed)
        try:
            async with transaction(self._sessions) as session:
                await settle_message(session, claimed, outcome, clock.now())
        except Exception:
            log.exception("message %s is due again after its lease", claimed.message_id)
        ATTEMPTS.labels(claimed.channel, outcome.state).inc()
        if outcome.state is UrgentState.SENT:
            waited_s = (clock.now() - claimed.issued_at).total_seconds()
            SECONDS.labels(claimed.channel).observe(max(0.0, waited_s))
        else:
            log.warning(
                "message %s was not sent over %s: %s",
                claimed.message_id,
                claimed.channel,
                outcome.reason,
            )

    async def _attempt(self, claimed: Claimed) -> UrgentOutcome:
        try:
            await self._send(claimed, self._open(claimed))
        except (NotSent, NotTaken) as problem:
            return after_urgent_failure(
                problem.failure,
                problem.reason,
                attempt=claimed.attempt,
                now=clock.now(),
                expires_at=claimed.expires_at,
            )
        except Exception as error:
            log.exception("message %s cannot be sent", claimed.message_id)
            return UrgentOutcome(UrgentState.FAILED, f"internal error: {type(error).__name__}")
        return UrgentOutcome(UrgentState.SENT)

    def _open(self, claimed: Claimed) -> Content:
        try:
            sealed = b64decode(claimed.sealed)
            content = orjson.loads(self._vault.open(f"message {claimed.message_id}", sealed))
        except ValueError:
            reason = "sealed under another MESSAGE_SECRET than notify's"
            raise NotSent(Failure.PERMANENT, reason) from None
        return Content(**content)

    async def _send(self, claimed: Claimed, content: Content) -> None:
        language = languages.supported(content.language) or languages.DEFAULT
        facts = {"brand": self._settings.brand, **content.facts}
        wording = Wording(packaged(content.template, language), facts, language)
        if claimed.channel == UrgentChannel.SMS:
            await self._send_text(claimed, content, wording)
        else:
            await self._send_mail(claimed, content, wording)

    async def _send_text(self, claimed: Claimed, content: Content, wording: Wording) -> None:
        if self._sms is None:
            raise NotTaken(Failure.PERMANENT, "SMS_URL is not set")
        message = TextMessage(
            message_id=str(claimed.message_id),
            to=content.to,
            text=wording.item().body,
            template=content.template,
            language=wording.language,
            facts=wording.facts,
        )
        await self._sms.send(message)

    async def _send_mail(self, claimed: Claimed, content: Content, wording: Wording) -> None:
        if self._mail is None:
            raise NotSent(Failure.PERMANENT, "SMTP_URL is not set")
        letter = wording.letter(Frame(brand=self._settings.brand, url=self._url(content)))
        domain = parseaddr(self._settings.mail_from)[1].rpartition("@")[2]
        mail = Mail(
            sender=self._settings.mail_from,
            to=content.to,
            message_id=f"<{claimed.message_id}@{domain}>",
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            date=claimed.issued_at,
        )
        await self._mail.send(mail)

    def _url(self, content: Content) -> str | None:
        """Where the letter's button leads: the gateway has a page for who has no app or console."""
        settings = self._settings
        base = settings.console_url if content.for_staff else settings.app_url
        return (base or f"{settings.public_url}/pages") + content.action if content.action else None
