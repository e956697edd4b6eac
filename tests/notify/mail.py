"""A real SMTP server that does what a test asks of it, and keeps what it accepted."""

import asyncio
import email
import email.policy
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = Callable[[str], str | None]
"""What to answer to an address or message: None accepts, `drop` hangs up without a word."""


@dataclass
class MailServer:
    """`on_recipient` and `on_message` decide; `accepted` is what was taken."""

    on_recipient: Answer = field(default=lambda _: None)
    on_message: Answer = field(default=lambda _: None)
    accepted: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _open: list[SMTP] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for protocol in self._open:
            if protocol.transport is not None:
                protocol.transport.abort()
        await self._server.wait_closed()
        await asyncio.sleep(0)

    def _protocol(self) -> SMTP:
        self.connections += 1
        self._open.append(SMTP(self, hostname="test", enable_SMTPUTF8=False))
        return self._open[-1]

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, _: Session, envelope: Envelope, address: str, __: list[str]
    ) -> str:
        if answer := self.on_recipient(address):
            return self._say(server, answer)
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(  # noqa: N802  (aiosmtpd's name)
        self, server: SMTP, _: Session, envelope: Envelope
    ) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        answer = self.on_message(envelope.rcpt_tos[0])
        if answer is None or answer.startswith("keep"):
            self.accepted.append(message)
        return self._say(server, answer.removeprefix("keep ")) if answer else "250 accepted"

    def _say(self, server: SMTP, answer: str) -> str:
        if answer == "drop":
            assert server.transport is not None
            server.transport.abort()
            return "250 lost"
        return answer
