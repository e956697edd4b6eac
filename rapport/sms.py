"""A local receiver of text messages that sends none: each becomes a file beside the kept mail.

It stands in for the company's webhook on a developer's machine, and takes only what is signed;
`rapport mail` shows what it took.
"""

import asyncio
import hmac
from base64 import b64encode
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import localtime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httptools
import orjson

from rapport.mail import FOLDER, keep
from rapport.ports import Claim, claim_at

LARGEST_BODY_BYTES = 64 * 1024
TIMEOUT_S = 10


@dataclass(slots=True)
class Request:
    """One request as it comes in; part of httptools' protocol by its methods' names."""

    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    complete: bool = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers[name.decode().lower()] = value.decode()

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.complete = True

    def is_signed(self, secret: str) -> bool:
        """Whether the Standard Webhooks signature is right."""
        content = "{webhook-id}.{webhook-timestamp}.".format_map(Given(self.headers))
        digest = hmac.digest(secret.encode(), content.encode() + self.body, "sha256")
        expected = f"v1,{b64encode(digest).decode()}"
        return hmac.compare_digest(expected, self.headers.get("webhook-signature", ""))


class Given(dict[str, str]):
    """Headers, empty where they are absent."""

    def __missing__(self, name: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Keeps the messages posted to it."""

    folder: Path
    secret: str

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and hang up."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                status = await self._take(reader)
                head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
                writer.write(f"{head}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
                await writer.drain()
        except OSError:
            pass  # the caller left
        finally:
            writer.close()

    async def _take(self, reader: asyncio.StreamReader) -> HTTPStatus:
        request = Request()
        parser = httptools.HttpRequestParser(request)
        try:
            while not request.complete and len(request.body) <= LARGEST_BODY_BYTES:
                data = await reader.read(LARGEST_BODY_BYTES)
                if not data:
                    return HTTPStatus.BAD_REQUEST
                parser.feed_data(data)
            if not request.is_signed(self.secret):
                return HTTPStatus.UNAUTHORIZED
            await keep(self.folder, as_mail(orjson.loads(request.body)).as_bytes())
        except (httptools.HttpParserError, ValueError, KeyError, TypeError):
            return HTTPStatus.BAD_REQUEST
        return HTTPStatus.NO_CONTENT


def as_mail(message: dict[str, Any]) -> EmailMessage:
    """A text message in the form in which mail is kept and shown."""
    mail = EmailMessage()
    mail["From"] = "SMS"
    mail["To"] = message["to"]
    mail["Date"] = localtime()
    mail["Subject"] = f"SMS: {message['template']}"
    mail.set_content(message["text"])
    return mail


@asynccontextmanager
async def receiving(
    data: Path, sms_url: str, secret: str, claims: Collection[Claim] = ()
) -> AsyncIterator[None]:
    """Take messages at `sms_url` while the block runs; nothing when that is somebody else's."""
    if (claim := claim_at(sms_url, claims)) is None:
        yield
        return
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    receiver = Receiver(folder, secret)
    server = await asyncio.start_server(receiver.answer, **claim.place)
    async with server:
        yield
