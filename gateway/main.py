"""The wiring of the gateway: identity behind the edge, and the services behind both."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine, Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from redis.asyncio import Redis
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

import kit.app
from gateway import events, home, jobs, receipts, sync, tables
from gateway.access_log import AccessLog
from gateway.api import ROUTERS
from gateway.docs import Docs
from gateway.handlers import HANDLERS
from gateway.home import Screen
from gateway.identity import Identity
from gateway.landing import Landing
from gateway.limits import LocalCount, Quota, SharedCount, SignInLimit, connect
from gateway.openapi import Merged
from gateway.proxy import Proxy
from gateway.quotas import Quotas
from gateway.receipts import Receipts
from gateway.settings import Settings
from gateway.stream import InboxAdded, Streams
from gateway.sync import Sync
from gateway.traffic import Traffic
from kit.app import Runtime, Service
from kit.db import is_passing
from kit.lifespan import running
from kit.problems import NotFound
from kit.tasks import end

log = logging.getLogger(__name__)

SERVICE = Service(
    name="gateway",
    title="Rapport gateway",
    metadata=tables.metadata,
    migrations=Path(__file__).parent / "migrations",
    routers=(*ROUTERS, home.router, receipts.router, sync.router),
    handlers=HANDLERS,
    publishes=events.PUBLISHED,
    listens=(InboxAdded.type, events.SessionRevoked.type),
    schedule=jobs.SCHEDULE,
)
OPERATIONS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
START_AGAIN_S: Final = 1.0


def create_app(settings: Settings, services: Mapping[str, ASGIApp] | None = None) -> "Gateway":
    """The gateway. With `services` it calls and runs these applications; without, it calls URLs."""
    return Gateway(settings, services)


def create_api(settings: Settings) -> FastAPI:
    """The gateway's own routes alone, as a service like any other: for the edge, and for tests."""
    api = kit.app.create_app(SERVICE, settings)
    api.state.identity = Identity(settings, api.state.runtime)
    api.state.quotas = Quotas(api.state.runtime.sessions)
    return api


def create_operations_app(gateway: "Gateway") -> ASGIApp:
    """Health and metrics of the gateway, to be served on a port that is not public."""

    async def operations(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in OPERATIONS:
            await gateway.api(scope, receive, send)
        elif scope["type"] == "http":
            await NotFound("There is /healthz, /readyz and /metrics.").response()(
                scope, receive, send
            )

    return operations


class Gateway:
    """The public ASGI application."""

    def __init__(self, settings: Settings, services: Mapping[str, ASGIApp] | None) -> None:
        self._drain_s = settings.drain_s
        self._embedded = services or {}
        self.api = create_api(settings)
        self._valkey = connect(settings.valkey_url)
        self._log = AccessLog() if settings.access_log else None
        self._traffic = Traffic(settings, services, self._valkey)
        parts: dict[str, ASGIApp] = {**self._traffic.upstreams}
        identity: Identity = self.api.state.identity
        runtime: Runtime = self.api.state.runtime
        self._streams = Streams(
            bus=runtime.bus,
            notify=parts["notify"],
            tokens=identity.internal,
            has_revoked=identity.authenticator.has_revoked,
            per_member=settings.streams_per_member,
            heartbeat_s=settings.stream_heartbeat_s,
        )
        self.api.state.screen = Screen(parts, identity.internal)
        self.api.state.receipts = Receipts({**parts, "gateway": self.api}, identity.internal)
        self.api.state.sign_in_limit = sign_in_limit(
            settings, self._valkey, self._traffic.local_count
        )
        self.api.state.traffic = self._traffic
        table = self._traffic.conditions.table
        self._merged = Merged({"gateway": self.api, **parts}, table)
        self._proxy = Proxy(
            conditions=self._traffic.conditions,
            upstreams={
                **parts,
                "gateway": self.api,
                "docs": Docs(self._merged),
                "pages": Landing(),
                "stream": self._streams,
            },
            authenticator=identity.authenticator,
            tokens=identity.internal,
            log=self._log,
            settings=settings,
            trail=identity.note_change,
        )
        self._traffic.conditions.quotas = self.api.state.quotas
        self.api.state.sync = Sync(self._traffic.conditions, self._proxy)
        self._life = Router(lifespan=lambda _: self._living())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._life(scope, receive, send)
        else:
            await self._proxy(scope, receive, send)

    async def _drain(self) -> None:
        """End the streams, and wait until everything else is answered."""
        self.api.state.runtime.draining = True
        self._streams.drain()
        await self._proxy.in_flight.end(self._drain_s)

    @contextlib.asynccontextmanager
    async def _living(self) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            if self._log is not None:
                stack.callback(self._log.flush)
            stack.push_async_callback(self._valkey.aclose)
            stack.push_async_callback(self._traffic.close)
            applications: list[ASGIApp] = [*self._embedded.values(), self.api]
            for application in applications:
                await stack.enter_async_context(running(application))
            identity: Identity = self.api.state.identity
            stack.callback(identity.close)
            begun = await begin(identity)
            await self._traffic.begin(identity.sessions)
            await stack.enter_async_context(
                beside(
                    keep(identity, begun=begun),
                    self._streams.run(),
                    self.api.state.quotas.run(),
                    self._merged.run(),
                    *self._traffic.works(identity.sessions),
                )
            )
            stack.push_async_callback(self._drain)
            yield


async def begin(identity: Identity) -> bool:
    """Start identity; False when its database is away."""
    try:
        await identity.start()
    except Exception as error:
        if not is_passing(error):
            raise
        log.warning("identity waits for its database: %r", error)
        return False
    return True


async def keep(identity: Identity, *, begun: bool) -> None:
    """Keep identity up to date, for ever, once it has begun."""
    while not begun:
        await asyncio.sleep(START_AGAIN_S)
        try:
            begun = await begin(identity)
        except Exception:  # the database is back but not migrated yet, for one
            log.exception("beginning identity failed and will be tried again")
    await identity.run()


@contextlib.asynccontextmanager
async def beside(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run works while the block runs."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        await end(*tasks)


def sign_in_limit(settings: Settings, valkey: Redis, local: LocalCount) -> SignInLimit:
    """The limit that replicas share; sign-in asks it for each attempt."""
    return SignInLimit(
        SharedCount(valkey, local),
        per_account=Quota.of(settings.limit_sign_in_account),
        per_address=Quota.of(settings.limit_sign_in),
        codes=Quota.of(settings.limit_codes),
    )
