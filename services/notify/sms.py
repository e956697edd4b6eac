"""Text messages over a webhook: the company's own, or a bridge to whichever provider it has.

One POST of JSON for each message, signed as Standard Webhooks 1.0 has it (`webhook-id`,
`webhook-timestamp`, `webhook-signature: v1,<base64 HMAC-SHA256 of id.timestamp.body>`). The id is
the same in every retry, so the receiver can send once. 2xx means taken.
"""

import hmac
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from services.notify.rules import Failure

TIMEOUT_S = 10.0
_PASSING = frozenset({408, 425, 429})
_SERVER_ERRORS = 500


class NotTaken(Exception):  # noqa: N818  (an outcome, not a bug)
    """A text message that was not taken, or perhaps was: `failure` says which."""

    def __init__(self, failure: Failure, reason: str) -> None:
        super().__init__(reason)
        self.failure = failure
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMessage:
    """The text, and, for providers that have approved texts of their own, what it is made of."""

    message_id: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    template: str
    language: str
    facts: Mapping[str, Any] = field(repr=False)

    def encode(self) -> bytes:
        return orjson.dumps(
            {
                "message_id": self.message_id,
                "to": self.to,
                "text": self.text,
                "template": self.template,
                "language": self.language,
                "facts": dict(self.facts),
            }
        )


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """What `webhook-signature` says of a body."""
    content = f"{message_id}.{timestamp}.".encode() + body
    return f"v1,{b64encode(hmac.digest(secret.encode(), content, 'sha256')).decode()}"


class SmsSender:
    """Posts to `SMS_URL`. Nothing of an answer but its status is read; nothing is followed."""

    def __init__(self, url: str, secret: str, clock: Callable[[], float]) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._client = httpx.AsyncClient(
            timeout=TIMEOUT_S, trust_env=False, follow_redirects=False, max_redirects=0
        )

    async def send(self, message: TextMessage) -> None:
        """Return once the message is taken. Raises NotTaken."""
        body, timestamp = message.encode(), int(self._clock())
        headers = {
            "content-type": "application/json",
            "webhook-id": message.message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(self._secret, message.message_id, timestamp, body),
        }
        try:
            status = await self._post(body, headers)
        except httpx.ConnectError as error:
            raise NotTaken(Failure.TEMPORARY, type(error).__name__) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise NotTaken(Failure.UNCERTAIN, type(error).__name__) from error
        if not httpx.codes.is_success(status):
            passes = status in _PASSING or status >= _SERVER_ERRORS
            raise NotTaken(Failure.TEMPORARY if passes else Failure.PERMANENT, f"status {status}")

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> int:
        async with self._client.stream("POST", self._url, content=body, headers=headers) as answer:
            return answer.status_code

    async def close(self) -> None:
        await self._client.aclose()
