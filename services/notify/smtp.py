"""E-mail over SMTP (RFC 5321): one message to one address, and what is known when it fails."""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr
from enum import Enum, auto
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

import aiosmtplib

from services.notify.rules import Failure

TIMEOUT_S = 30.0
"""The longest that sending one message may take, with connecting."""

REASON_LENGTH = 500
_REFUSED_FOR_GOOD = 500


class NotSent(Exception):  # noqa: N818  (an outcome, not a bug)
    """A message that was not sent, or perhaps was: `failure` says which."""

    def __init__(self, failure: Failure, reason: str) -> None:
        super().__init__(reason)
        self.failure = failure
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """An e-mail. `message_id` and `date` are the same however often it is sent."""

    sender: str
    to: str
    message_id: str
    subject: str
    text: str
    html: str
    date: datetime
    unsubscribe_url: str | None = None


class Sender(Protocol):
    """Whatever hands e-mails over to be delivered."""

    async def send(self, mail: Mail) -> None:
        """Return once the mail is accepted. Raises NotSent."""

    async def close(self) -> None: ...


_POLICY = compat32.clone(linesep="\r\n", max_line_length=None)
"""Headers stay whole, for mail programs do not find an address to unsubscribe at that is cut up.
The older of Python's two mail interfaces composes six times as fast."""


def compose(mail: Mail) -> bytes:
    """The mail as RFC 5322 has it, in seven bits, which every server takes."""
    message = MIMEMultipart("alternative")
    name, address = parseaddr(mail.sender)
    message["From"] = formataddr((name, address))
    message["To"] = mail.to
    message["Subject"] = Header(mail.subject, "utf-8").encode(linesep="\r\n")
    message["Date"] = format_datetime(mail.date)
    message["Message-ID"] = mail.message_id
    if mail.unsubscribe_url:  # RFC 8058: mail programs unsubscribe with one POST
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    else:
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.attach(MIMEText(mail.text, "plain", "utf-8"))
    message.attach(MIMEText(mail.html, "html", "utf-8"))
    return message.as_bytes(policy=_POLICY)


class Phase(Enum):
    """How far a transfer has come."""

    GREETING = auto()
    RECIPIENT = auto()
    CONTENT = auto()


def failure_at(phase: Phase, code: int | None) -> Failure:
    """What a refusal with `code`, or a lost connection, means.

    What goes wrong before the recipient is named is our own fault or the server's, and passes. An
    answer lost after the content was begun leaves open whether it was accepted.
    """
    if code is None:
        return Failure.UNCERTAIN if phase is Phase.CONTENT else Failure.TEMPORARY
    if phase is Phase.GREETING or code < _REFUSED_FOR_GOOD:
        return Failure.TEMPORARY
    return Failure.PERMANENT


@dataclass(slots=True)
class _Transfer:
    """One message on its way to the server."""

    sender: str
    to: str
    content: bytes
    phase: Phase = Phase.GREETING

    @classmethod
    def of(cls, mail: Mail) -> Self:
        """Raises ValueError unless `to` is one address in ASCII (RFC 6531 is not spoken)."""
        local_part, _, domain = mail.to.encode("ascii").decode().rpartition("@")
        if not local_part or not domain or parseaddr(mail.to)[1] != mail.to:
            message = "not one address"
            raise ValueError(message)
        return cls(parseaddr(mail.sender)[1], mail.to, compose(mail))

    async def run(self, client: aiosmtplib.SMTP) -> None:
        await client.mail(self.sender)
        self.phase = Phase.RECIPIENT
        await client.rcpt(self.to)
        self.phase = Phase.CONTENT
        await client.data(self.content)

    def failed(self, error: Exception) -> NotSent:
        """What `error` means. Servers like to repeat the address; it is kept out of the reason."""
        code, reason = None, f"{type(error).__name__}: {error}"
        if isinstance(error, aiosmtplib.SMTPResponseException):
            code, reason = error.code, f"{error.code} {error.message}"
        reason = reason.replace(self.to, "the address")[:REASON_LENGTH]
        return NotSent(failure_at(self.phase, code), reason)


class SmtpSender:
    """Sends through the server of `SMTP_URL`, over connections that are kept and used again."""

    def __init__(self, url: str, timeout_s: float = TIMEOUT_S) -> None:
        parts = urlsplit(url)
        self._timeout_s = timeout_s
        self._idle: list[aiosmtplib.SMTP] = []
        self._server = {
            "hostname": parts.hostname,
            "port": parts.port,
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "use_tls": parts.scheme == "smtps",
            "start_tls": {"smtps": False, "smtp+starttls": True}.get(parts.scheme),
            "timeout": timeout_s,
        }

    async def send(self, mail: Mail) -> None:
        try:
            transfer = _Transfer.of(mail)
        except ValueError as error:
            raise NotSent(Failure.PERMANENT, "not one address that can be written to") from error
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._run(transfer)
        except (aiosmtplib.SMTPException, OSError) as error:
            raise transfer.failed(error) from error

    async def _run(self, transfer: _Transfer) -> None:
        client = await self._connection()
        try:
            await transfer.run(client)
        except BaseException:
            client.close()
            raise
        self._idle.append(client)

    async def _connection(self) -> aiosmtplib.SMTP:
        """A connection that answers: one of the idle, or a new one."""
        while self._idle:
            client = self._idle.pop()
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.rset()
                return client
            client.close()
        client = aiosmtplib.SMTP(**self._server)  # type: ignore[arg-type]
        await client.connect()
        return client

    async def close(self) -> None:
        while self._idle:
            client = self._idle.pop()
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.quit()
            client.close()
