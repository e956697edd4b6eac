"""A local mail server that delivers nothing: each message becomes a file under <data>/mail.

It stands in for the company's SMTP server on a developer's machine; `rapport mail` shows what it
took.
"""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from uuid import uuid4

from aiosmtpd.smtp import SMTP, Envelope, Session

from rapport.errors import OperatorError
from rapport.ports import Claim, claim_at

FOLDER = "mail"
LARGEST_MESSAGE_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Catcher:
    """Keeps what the SMTP server hands over; part of aiosmtpd's protocol by its method's name."""

    folder: Path

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Store one message."""
        await keep(self.folder, envelope.original_content or b"")
        return "250 Message kept"


async def keep(folder: Path, content: bytes) -> None:
    """Store one message; it appears under its final name only when it is complete."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{uuid4().hex[:8]}"
    draft = folder / f"{name}.new"
    await asyncio.to_thread(draft.write_bytes, content)
    draft.rename(folder / f"{name}.eml")


@asynccontextmanager
async def catching(
    data: Path, smtp_url: str, claims: Collection[Claim] = ()
) -> AsyncIterator[None]:
    """Take mail at `smtp_url` while the block runs; nothing when that is somebody else's server."""
    if (claim := claim_at(smtp_url, claims)) is None:
        yield
        return
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    loop = asyncio.get_running_loop()
    protocol = partial(
        SMTP,
        Catcher(folder),
        data_size_limit=LARGEST_MESSAGE_BYTES,
        enable_SMTPUTF8=True,
        hostname="localhost",
        loop=loop,
    )
    server = await loop.create_server(protocol, **claim.place)
    async with server:
        yield


def messages(data: Path) -> list[Path]:
    """The kept messages, oldest first."""
    return sorted((data / FOLDER).glob("*.eml"))


def read(file: Path) -> EmailMessage:
    """One kept message, decoded."""
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)


def message_numbered(data: Path, number: int) -> EmailMessage:
    """Message `number` of `rapport mail list`, counted from 1; -1 is the newest."""
    kept = messages(data)
    try:
        return read(kept[number - 1 if number > 0 else number])
    except IndexError:
        raise OperatorError(f"there is no message {number}; {len(kept)} are kept") from None


def text_of(message: EmailMessage) -> str:
    """What a reader sees: the plain part, or the HTML where there is none."""
    body = message.get_body(("plain", "html"))
    return body.get_content() if body else ""
