"""The whole system in this process on the run's real stores, served by the real listener.

It is what `rapport up` runs: gateway, all services, their relays and consumers. Each call comes
from an address of its own, as `X-Forwarded-For` of a trusted proxy says, so that only a test that
wants to meets the limits of an address.
"""

import base64
import io
import itertools
import secrets
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from pydantic import SecretStr
from sqlalchemy import text
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.main import Gateway
from kit.app import Runtime
from kit.db import transaction
from kit.lifespan import running
from kit.migrate import migrate
from kit.testing import settings_for, until
from rapport.parts import GATEWAY, SERVICES, Part
from rapport.ports import LOOPBACK, Claim, claim
from rapport.serving import Listener
from tests.security.surface import JSON, WRITES
from tests.security.wire import request

PASSWORD = "correct horse battery staple"
ADMIN = "ada.admin@brand.example"
BACKEND_KEY = "rk_" + secrets.token_urlsafe(32)
WRITE_KEY = "wk_" + secrets.token_urlsafe(32)
PLENTY = "999999999/60"
POOL = 6
EVENTS = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who calls: what they show, and what of theirs nobody else may see."""

    name: str
    role: str
    id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    email: str = ""
    refresh_token: str = ""

    def __str__(self) -> str:
        return self.name

    @property
    def marks(self) -> tuple[str, ...]:
        """What betrays that an answer holds something of theirs."""
        return tuple(filter(None, (self.id, self.email, self.email.partition("@")[0])))


NOBODY = Person("nobody", "")


class Heard:
    """A service, and the last requests that reached it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.scopes: deque[Scope] = deque(maxlen=1_000)
        self.count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/v1"):
            self.scopes.append(scope)
            self.count += 1
        await self._app(scope, receive, send)


class World:
    """The running system, and its people."""

    def __init__(self, gateway: Gateway, services: Mapping[str, Heard], port: int) -> None:
        self.gateway = gateway
        self.services = services
        self.port = port
        self.people: dict[str, Person] = {}
        self.lines = io.BytesIO()
        self._addresses = itertools.count(1)
        self._client = httpx.AsyncClient(
            base_url=f"http://{LOOPBACK}:{port}",
            timeout=90,
            trust_env=False,
            limits=httpx.Limits(max_connections=250),
        )

    @property
    def runtimes(self) -> dict[str, Runtime]:
        applications = {name: heard._app for name, heard in self.services.items()}
        return {
            name: app.state.runtime  # type: ignore[attr-defined]
            for name, app in {**applications, "gateway": self.gateway.api}.items()
        }

    def address(self) -> str:
        """An address nobody has called from yet."""
        number = next(self._addresses)
        return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    async def call(
        self, method: str, path: str, person: Person = NOBODY, **options: Any
    ) -> httpx.Response:
        """A request through the front door. Of an endless answer only its head is read."""
        headers = {"X-Forwarded-For": self.address(), **person.headers}
        headers |= dict(options.pop("headers", {}))
        request = self._client.build_request(method, path, headers=headers, **options)
        answer = await self._client.send(request, stream=True)
        try:
            if answer.headers.get("content-type", "").startswith(EVENTS):
                return httpx.Response(answer.status_code, headers=answer.headers)
            await answer.aread()
        finally:
            await answer.aclose()
        return answer

    def raw(self, method: str, target: str, person: Person, body: bytes = b"") -> bytes:
        """The request as bytes, for `wire.exchange`; a body is JSON, a write has a new key."""
        headers = {"X-Forwarded-For": self.address(), **person.headers}
        if method in WRITES:
            headers |= {"Idempotency-Key": str(uuid4()), "Content-Length": str(len(body))}
        if body:
            headers |= {"Content-Type": JSON, "Content-Length": str(len(body))}
        return request(method, target, *(f"{k}: {v}" for k, v in headers.items()), body=body)

    async def post(
        self, path: str, body: Any = None, person: Person = NOBODY, **headers: str
    ) -> httpx.Response:
        """A write under a new Idempotency-Key."""
        headers.setdefault("Idempotency-Key", str(uuid4()))
        return await self.call("POST", path, person, json=body, headers=headers)

    async def made(self, path: str, body: Any, person: Person) -> dict[str, Any]:
        """What a write that must succeed answers."""
        answer = await self.post(path, body, person)
        assert answer.is_success, (path, answer.text)
        return answer.json() if answer.content else {}

    async def member(self, name: str) -> Person:
        """A new member, whom every service has heard of."""
        email = f"{name}.{secrets.token_hex(6)}@members.example"
        tokens = await self.made(
            "/v1/auth/register", {"email": email, "password": PASSWORD}, NOBODY
        )
        person = _signed_in(name, tokens, email)
        await until(lambda: self._is_known(person))
        return person

    async def guest(self) -> Person:
        body = {"device_id": secrets.token_hex(8), "platform": "ios", "app": "shop"}
        return _signed_in("guest", await self.made("/v1/auth/guest", body, NOBODY), "")

    async def _is_known(self, member: Person) -> bool:
        """Whether what a registration causes has happened: points are paid, a message is there."""
        paid = (await self.call("GET", "/v1/points/history", member)).json()["items"]
        told = (await self.call("GET", "/v1/inbox", member)).json()["items"]
        profile = (await self.call("GET", "/v1/me", member)).json()
        return bool(paid and told and profile["email"] == member.email)

    async def dump(self) -> str:
        """Every row of every part's database, as text."""
        pieces = []
        for runtime in self.runtimes.values():
            async with transaction(runtime.sessions) as session:
                names = await session.execute(
                    text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
                )
                for (name,) in names.all():
                    rows = await session.execute(text(f'SELECT t::text FROM "{name}" t'))
                    pieces += [row[0] for row in rows]
        return "\n".join(pieces)


def _signed_in(name: str, tokens: Mapping[str, Any], email: str) -> Person:
    return Person(
        name,
        tokens["role"],
        tokens["member_id"] or tokens["staff_id"],
        {"Authorization": f"Bearer {tokens['access_token']}"},
        email,
        tokens["refresh_token"],
    )


async def _staff(world: World, role: str) -> Person:
    email = f"{role}.{secrets.token_hex(6)}@brand.example"
    body = {"email": email, "display_name": role, "role": role, "password": PASSWORD}
    await world.made("/v1/staff", body, world.people["admin"])
    sign_in = {"email": email, "password": PASSWORD}
    return _signed_in(role, await world.made("/v1/auth/staff/login", sign_in, NOBODY), email)


async def _key(world: World, name: str, scopes: list[str]) -> Person:
    body = {"name": name, "scopes": scopes}
    made = await world.made("/v1/api-keys", body, world.people["admin"])
    return Person(name, "service", made["key_id"], {"X-Api-Key": made["key"]})


async def populate(world: World, scopes: set[str]) -> None:
    """Two members, a guest, one of each kind of staff, keys of all scopes and of no use."""
    people = world.people
    sign_in = {"email": ADMIN, "password": PASSWORD}
    signed_in = await world.made("/v1/auth/staff/login", sign_in, NOBODY)
    people["admin"] = _signed_in("admin", signed_in, ADMIN)
    calm = await world.call("PUT", "/v1/traffic/policy", people["admin"], json={"shed_level": 0})
    assert calm.is_success, calm.text
    for role in ("agent", "marketer", "analyst"):
        people[role] = await _staff(world, role)
    people["ada"] = await world.member("ada")
    people["eve"] = await world.member("eve")
    people["victim"] = await world.member("victim")
    people["guest"] = await world.guest()
    people["backend"] = await _key(world, "backend", sorted(scopes))
    basic = base64.b64encode(f"{WRITE_KEY}:".encode()).decode()
    people["writer"] = Person("writer", "service", "", {"Authorization": f"Basic {basic}"})
    people["bystander"] = await _key(world, "bystander", ["nothing:read"])


def _settings(part: Part, worker: str, folder: Path, port: int) -> Any:
    kind = type(part.settings())
    changes: dict[str, Any] = {
        "database": f"{part.name}_security_{worker}",
        "subject_prefix": f"evt_security_{worker}",
        "jwks": f"http://{LOOPBACK}:{port}/.well-known/jwks.json",
        "pool_size": POOL,
        "internal_keys_folder": folder / "internal",
    }
    if "message_secret" in kind.model_fields:
        changes["message_secret"] = SecretStr("m" * 32)
    if part is GATEWAY:
        paces = ("write", "read", "ingest", "staff", "backend")
        changes |= {f"limit_{pace}": PLENTY for pace in paces}
        changes |= {
            "secret_key_file": folder / "secret",
            "admin_email": ADMIN,
            "admin_password": SecretStr(PASSWORD),
            "backend_key": SecretStr(BACKEND_KEY),
            "write_key": SecretStr(WRITE_KEY),
            "trusted_proxies": 1,
            "access_token_s": 3_600,  # longer than these tests take on a slow machine
            "shed_lag_ms": 10_000,  # a busy machine is no reason to turn tests away
        }
    return settings_for(kind, worker, **changes)


@asynccontextmanager
async def whole_system(worker: str, folder: Path) -> AsyncIterator[World]:
    """Migrate, start, serve, and stop at the end."""
    place = claim()
    port = place.port
    parts = (*SERVICES, GATEWAY)
    settings = {part.name: _settings(part, worker, folder, port) for part in parts}
    for part in parts:
        await migrate(part.service, settings[part.name])
    services = {part.name: Heard(part.create_app(settings[part.name])) for part in SERVICES}
    gateway = GATEWAY.create_app(settings[GATEWAY.name], services)
    world = World(gateway, services, port)
    gateway._log._output = world.lines
    async with running(gateway), _listening(gateway, place), world._client:
        await until(lambda: _all_ready(world))
        yield world


@asynccontextmanager
async def _listening(app: ASGIApp, place: Claim) -> AsyncIterator[None]:
    listener = Listener(app, LOOPBACK, place)
    try:
        yield
    finally:
        listener.stop()
        await listener.ended(5)
        if place.kept:
            place.kept.close()


async def _all_ready(world: World) -> bool:
    checks = [await runtime.readiness() for runtime in world.runtimes.values()]
    return all(state == "ok" for each in checks for state in each.values())
