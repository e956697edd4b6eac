"""What one person must be told at once: a code, an invitation, a warning. Notify sends it.

The words' secrets travel sealed: neither the outbox, the stream nor notify's database holds a code
that could be read there. Only notify, with the secret both share, opens a message, to send it.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.events import MessageIssued
from kit import outbox
from kit.ids import uuid7
from kit.vault import Vault

MessageTemplate = Literal[
    "code_sign_in",
    "code_reset_password",
    "code_no_account",
    "code_confirm",
    "code_register",
    "code_approve_device",
    "account_exists",
    "identifier_changed",
    "password_changed",
    "password_removed",
    "account_closed",
    "account_erased",
    "staff_invitation",
    "access_review",
    "webhook_failing",
    "webhook_gone",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Which packaged template goes where, in which language. `action` is where its link leads."""

    channel: Literal["email", "sms"]
    to: str = field(repr=False)
    template: MessageTemplate
    language: str
    expires_at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)
    action: str | None = field(default=None, repr=False)
    for_staff: bool = False


async def issue(session: AsyncSession, seal: Vault, message: Message, now: datetime) -> None:
    """Have notify send `message` if, and only if, the session's transaction commits."""
    message_id = uuid7()
    content = {
        "to": message.to,
        "template": message.template,
        "language": message.language,
        "facts": dict(message.facts),
        "action": message.action,
        "for_staff": message.for_staff,
    }
    issued = MessageIssued(
        message_id=message_id,
        channel=message.channel,
        sealed=b64encode(seal.seal(f"message {message_id}", orjson.dumps(content))).decode(),
        issued_at=now,
        expires_at=message.expires_at,
    )
    await outbox.publish(session, issued)
