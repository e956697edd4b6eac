"""What a request costs the gateway as routes and live sessions grow: it should cost the same.

In this process, without sockets: the proxy with all its checks before an upstream that answers at
once, so that what grows cannot hide behind what does not. Requests go to one path, or to one path
of every route, by one session or by all in turn; each session has been seen once before, as in a
gateway that has been running for a while.
"""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from secrets import token_bytes

import uvloop
from starlette.types import Message, Receive, Scope, Send

from bench.rounds import alternate, console, show
from gateway.authenticator import Authenticator
from gateway.conditions import Conditions
from gateway.limits import Limits, Quota
from gateway.proxy import Proxy
from gateway.routes import MEMBERS, ROUTES, Route, Table
from gateway.settings import Settings
from gateway.tokens import AccessTokens, InternalTokens, KeyRing, Signer
from kit.auth import Caller, Role
from kit.ids import uuid7
from kit.jwt import LEAST_SECRET, SharedKey

REQUESTS = 10_000
ROUNDS = 5
PACES = ("sign-in", "write", "read", "ingest", "staff", "backend")
START: Message = {"type": "http.response.start", "status": 200, "headers": []}
BODY: Message = {"type": "http.response.body", "body": b"{}"}


async def upstream(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({**START, "headers": [(b"content-length", b"2")]})
    await send(BODY)


async def receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def send(_message: Message) -> None: ...


async def nothing() -> None: ...


@dataclass
class Gateway:
    """A proxy with so many routes, and so many sessions that it knows."""

    routes: int
    sessions: int
    paths: Sequence[str] = ("/v1/wallet",)
    proxy: Proxy = field(init=False)
    scopes: Iterator[Scope] = field(init=False)

    def __post_init__(self) -> None:
        settings = Settings()
        ring = KeyRing()
        ring.replace([Signer.new(datetime.now(UTC) - timedelta(days=1))])
        access = AccessTokens(ring, settings)
        more = [Route(f"/v1/extra-{n}/{{}}/things", "extra", MEMBERS) for n in range(self.routes)]
        routes = [*ROUTES, *more][: max(self.routes, 10)] if self.routes > len(ROUTES) else few()
        services = {route.service for route in routes}
        key = SharedKey(token_bytes(LEAST_SECRET))
        self.proxy = Proxy(
            conditions=Conditions(Table(routes), Limits(dict.fromkeys(PACES, Quota(10**9, 60)))),
            upstreams=dict.fromkeys(services, upstream),
            authenticator=Authenticator(access, nothing),
            tokens=InternalTokens(ring, shared=dict.fromkeys(services, key)),
            log=None,
            settings=settings,
        )
        bearers = [bearer(access) for _ in range(self.sessions)]
        places = zip(itertools.cycle(bearers), itertools.cycle(self.paths), strict=False)
        self.scopes = (scope_of(path, token) for token, path in places)

    async def spend(self, requests: int) -> float:
        """Microseconds of processor a request."""
        began = time.process_time()
        for scope in itertools.islice(self.scopes, requests):
            await self.proxy(scope, receive, send)
        return (time.process_time() - began) * 1_000_000 / requests


def few() -> list[Route]:
    """Ten routes, the wallet's among them."""
    wallet = [route for route in ROUTES if route.path == "/v1/wallet"]
    return [*wallet, *(route for route in ROUTES if route.service == "profile")][:10]


def bearer(access: AccessTokens) -> bytes:
    caller = Caller(subject=str(uuid7()), role=Role.MEMBER, session_id=str(uuid7()))
    return b"Bearer " + access.mint(caller, datetime.now(UTC)).encode()


def scope_of(path: str, token: bytes) -> Scope:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"app.example"), (b"accept", b"*/*"), (b"authorization", token)],
        "client": ("203.0.113.9", 40_000),
    }


def everywhere(routes: int) -> list[str]:
    """A path of each of many routes."""
    return [f"/v1/extra-{n}/{uuid7()}/things" for n in range(routes - len(ROUTES))]


def main() -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        small, large = Gateway(10, 1), Gateway(1_000, 1)
        everywhere_at_once = Gateway(1_000, 1, everywhere(1_000))
        console.print("  meeting 100,000 sessions", style="dim")
        crowded = Gateway(1_000, 100_000)
        for gateway in (small, large, everywhere_at_once, crowded):
            runner.run(gateway.spend(max(gateway.sessions, 2_000)))
        alone = itertools.repeat(next(crowded.scopes))
        runs = {
            "10 routes, 1 session": (small, small.scopes),
            "1,000 routes, 1 session": (large, large.scopes),
            "1,000 routes, a path of each": (everywhere_at_once, everywhere_at_once.scopes),
            "1,000 routes, 100,000 sessions, one calls": (crowded, alone),
            "1,000 routes, 100,000 sessions, all call": (crowded, crowded.scopes),
        }

        def measure(gateway: Gateway, scopes: Iterator[Scope]) -> float:
            gateway.scopes = scopes
            return runner.run(gateway.spend(REQUESTS))

        figures = alternate({name: partial(measure, *run) for name, run in runs.items()}, ROUNDS)
        show("A request's cost as the gateway grows", "µs", "10 routes, 1 session", figures)


if __name__ == "__main__":
    main()
