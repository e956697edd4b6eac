"""What a part does while it cannot know whose tokens are good."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Self
from unittest.mock import AsyncMock

import pytest

from kit import auth
from kit.auth import Caller, Verifier
from kit.problems import Unavailable
from kit.testing import Harness, member, test_jwks, token_of


class KeySet:
    """The gateway's key set over HTTP, which may be away or nonsense."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer = b""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/jwks"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        body = self.answer
        head = f"HTTP/1.1 {200 if body else 503} .\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        writer.close()


@pytest.fixture
async def keys(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[KeySet]:
    monkeypatch.setattr(auth, "RETRY_S", 60.0)
    async with KeySet() as served:
        yield served


@pytest.mark.parametrize("nonsense", [b"", b"no JSON"])
async def test_a_key_set_that_is_away_is_not_asked_for_by_every_request(
    keys: KeySet, nonsense: bytes
) -> None:
    keys.answer = nonsense
    verifier, token = Verifier(keys.url, "notes"), token_of(member(), "notes")
    results = await asyncio.gather(
        *(verifier.verify(token) for _ in range(20)), return_exceptions=True
    )
    assert [type(result) for result in results] == [Unavailable] * 20
    assert keys.asked == 1


async def test_a_key_set_that_is_back_is_used(
    keys: KeySet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "RETRY_S", 0.0)
    who = member()
    verifier, token = Verifier(keys.url, "notes"), token_of(who, "notes")
    with pytest.raises(Unavailable):
        await verifier.verify(token)
    keys.answer = test_jwks().encode()
    assert (await verifier.verify(token)).subject == who.subject
    assert (await verifier.verify(token)).subject == who.subject
    assert keys.asked == 2


async def test_a_request_s_caller_is_verified_once(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whoever asks first, for that request alone."""
    verified: list[str] = []
    verify = Verifier.verify

    async def counted(self: Verifier, token: str) -> Caller:
        verified.append(token)
        return await verify(self, token)

    monkeypatch.setattr(Verifier, "verify", counted)
    mottos = []
    for caller in (member(), member()):
        async with harness.client(caller) as client:
            for _ in range(2):
                answer = await client.get("/v1/motto")
                mottos.append(answer.json()["id"])
    assert len(set(mottos)) == 2
    assert len(verified) == 4


async def test_who_a_scope_says_is_calling_is_not_believed(harness: Harness) -> None:
    said: list[int] = []

    async def answer(message: Any) -> None:
        said.append(message.get("status", 0))

    claimed = {"rapport_caller": member(), "state": {"rapport_caller": member()}}
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/motto",
        "raw_path": b"/v1/motto",
        "query_string": b"",
        "headers": [],
        **claimed,
    }
    await harness.app(scope, AsyncMock(), answer)
    assert said[0] == 401
