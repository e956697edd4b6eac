"""The clients of a deployment: an app, the company's backend, and staff at the console."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from rapport.credentials import Credentials

T = TypeVar("T")
TIMEOUT_S = 60.0
POLL_S = 0.05
PASSWORD = "correct horse battery staple"  # noqa: S105 -- of a member who exists to be tried


class UnexpectedError(AssertionError):
    """What came is not what the main job promises."""


@dataclass(slots=True)
class Client:
    """Somebody who calls the gateway."""

    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str) -> Any:
        """GET `path`, which must succeed."""
        return await self.ask("GET", path)

    async def post(self, path: str, body: object = None) -> Any:
        """POST `body` with an Idempotency-Key, as a phone does; it must succeed."""
        return await self.ask("POST", path, body, {"Idempotency-Key": str(uuid4())})

    async def ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Any:
        """The decoded answer; UnexpectedError when it is a refusal."""
        return (await self._answered(method, path, json=body, headers=headers or {})).json()

    async def send_file(self, path: str, name: str, content: bytes) -> Any:
        """POST a file as the body itself; it must be taken."""
        sent = {"params": {"name": name}, "content": content}
        return (await self._answered("POST", path, **sent)).json()

    async def get_file(self, path: str) -> bytes:
        """A file's content."""
        return (await self._answered("GET", path)).content

    async def _answered(self, method: str, path: str, **sent: Any) -> httpx.Response:
        headers = self.headers | sent.pop("headers", {})
        answer = await self.http.request(method, path, headers=headers, **sent)
        if not answer.is_success:
            raise UnexpectedError(f"{method} {path} answered {answer.status_code}: {answer.text}")
        return answer


@dataclass(slots=True)
class App(Client):
    """A member's phone, with its live stream open."""

    email: str = field(default_factory=lambda: f"smoke.{secrets.token_hex(6)}@example.com")
    member_id: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    _listening: asyncio.Task[None] | None = None

    async def register(self) -> None:
        """Register, and open the live stream."""
        body = {"email": self.email, "password": PASSWORD, "display_name": "Smoke"}
        tokens = await self.post("/v1/auth/register", body)
        self.member_id = tokens["member_id"]
        self.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        headers = {**self.headers, "Last-Event-ID": "0"}
        async with self.http.stream("GET", "/v1/stream", headers=headers, timeout=None) as answer:
            async for line in answer.aiter_lines():
                if line.startswith("data:"):
                    self.heard.append(json.loads(line.removeprefix("data:")))

    async def hears(self, category: str, saying: str = "") -> dict[str, Any]:
        """The first live item of `category` that says `saying`."""

        async def find() -> dict[str, Any] | None:
            if self._listening and self._listening.done():
                self._listening.result()
                raise UnexpectedError("the live stream ended")
            for item in self.heard:
                if item["category"] == category and saying in str(item).lower():
                    return item
            return None

        return await eventually(find, f"a live item of the category {category}")

    async def leave(self) -> None:
        """Close the live stream."""
        if self._listening:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError, httpx.HTTPError):
                await self._listening


@dataclass(slots=True)
class Cast:
    """Who plays."""

    app: App
    backend: Client
    admin: Client
    agent: Client
    facts: dict[str, Any] = field(default_factory=dict)


@contextlib.asynccontextmanager
async def cast_at(url: str, credentials: Credentials) -> AsyncIterator[Cast]:
    """The cast, playing at `url`."""
    async with httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, trust_env=False) as http:
        backend = Client(http, {"X-Api-Key": credentials.backend_key})
        admin = await signed_in(http, credentials.admin_email, credentials.admin_password)
        cast = Cast(App(http), backend, admin, await new_agent(http, admin))
        try:
            yield cast
        finally:
            await cast.app.leave()


async def signed_in(http: httpx.AsyncClient, email: str, password: str) -> Client:
    """A member of staff, signed in."""
    staff = Client(http)
    body = {"email": email, "password": password}
    tokens = await staff.post("/v1/auth/staff/login", body)
    staff.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    return staff


async def new_agent(http: httpx.AsyncClient, admin: Client) -> Client:
    """A support agent, whom the administrator adds first."""
    email = f"agent.{secrets.token_hex(6)}@example.com"
    body = {"email": email, "display_name": "Agent", "role": "agent", "password": PASSWORD}
    await admin.post("/v1/staff", body)
    return await signed_in(http, email, PASSWORD)


async def eventually(
    find: Callable[[], Awaitable[T | None]], what: str, timeout_s: float = TIMEOUT_S
) -> T:
    """What `find` finds, once it finds something; UnexpectedError when that takes too long."""
    try:
        async with asyncio.timeout(timeout_s):
            while (found := await find()) is None:  # noqa: ASYNC110
                await asyncio.sleep(POLL_S)
            return found
    except TimeoutError:
        raise UnexpectedError(f"{what} did not come within {timeout_s:.0f} s") from None
