"""What a service is made of, and the application made from it.

`create_app` gives every service, without asking: /healthz, /readyz, /metrics, problem+json, request
ids, deadlines, JSON logs, idempotent writes, and, while it runs, its relay, consumers, scheduler
and workers, as `ROLES` says.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import orjson
from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncEngine

from kit import metrics, problems, receipts, revisions
from kit.auth import Verifier, shared_keys
from kit.bus import Bus
from kit.combining import Combiner
from kit.consumer import Consumer, consumed
from kit.db import (
    Sessions,
    create_engine,
    create_readings,
    create_sessions,
    is_passing,
    transaction,
)
from kit.demand import Watch, by_demand
from kit.erasure import Erase
from kit.events import Payload, stream_name
from kit.gauges import keep_gauges
from kit.housekeeping import housekeeping
from kit.inbox import Handler
from kit.leases import Leases
from kit.relay import Relay
from kit.requests import InFlight, Requests
from kit.roles import GuardedRoute, describe
from kit.routing import Dispatch, Routes, Shortcut
from kit.scheduler import Job, Scheduler
from kit.settings import Settings
from kit.tasks import end

log = logging.getLogger(__name__)

STOP_CONSUMING_S = 5.0
WORKER_PAUSE_S = 1.0
NEEDED_BY_REQUESTS = frozenset({"database", "draining"})


class Router(APIRouter):
    """A router that says who may call, refuses others first, and honours Idempotency-Key."""

    def __init__(self, **options: object) -> None:
        super().__init__(route_class=GuardedRoute, **options)  # type: ignore[arg-type]

    def add_api_route(self, *arguments: Any, **options: Any) -> None:
        super().add_api_route(*arguments, **options)
        describe(cast("APIRoute", self.routes[-1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a service hands to kit: its name and its parts."""

    name: str
    title: str
    metadata: MetaData
    migrations: Path
    routers: Sequence[APIRouter]
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    publishes: Sequence[type[Payload]] = ()
    listens: Sequence[str] = ()
    """The types of events it hears live (Bus.listen), beside those it consumes."""
    schedule: Sequence[Job] = ()
    workers: "Mapping[str, Worker]" = field(default_factory=dict)
    erase: Erase | None = None
    """How the part erases a member, if it keeps anything of members."""


Worker = Callable[["Runtime"], Coroutine[Any, Any, None]]
"""Work that goes on as long as the service does, under the role `scheduler`."""


class Runtime:
    """A service at work: its stores and the tasks that go on beside requests."""

    def __init__(self, service: Service, settings: Settings) -> None:
        self.service = service
        self.settings = settings
        self.engine: AsyncEngine = create_engine(settings)
        self.bus = Bus(settings, service.name)
        self.sessions: Sessions = create_sessions(self.engine, self._published)
        self.readings: Sessions = create_readings(self.engine)
        keys = shared_keys(settings.internal_keys_folder, service.name)
        self.verifier = Verifier(settings.jwks, service.name, keys)
        self.relay = Relay(self.sessions, self.bus, service.name, settings.subject_prefix)
        self.leases = Leases(settings)
        self.consumers = list(self._consumers())
        self.in_flight = InFlight()
        self.draining = False
        self._was_whole = False
        self.secret = b""
        """Up to 32 bytes kit.idempotency seals under; for a part whose requests hold secrets."""
        self.combiners: dict[object, Combiner[Any, Any]] = {}
        """The calls being answered together (kit.combining), by the work they ask for."""
        self._tasks: list[asyncio.Task[None]] = []

    def _consumers(self) -> Iterator[Consumer]:
        settings = self.settings
        for demand, handlers in by_demand(self.service.handlers).items():
            watch = Watch(self.sessions, demand) if demand else None
            for source, of_source in consumed(handlers).items():
                for group in range(settings.consumer_groups):
                    yield Consumer(
                        leases=self.leases,
                        sessions=self.sessions,
                        bus=self.bus,
                        service=self.service.name,
                        source=source,
                        handlers=of_source,
                        prefix=settings.subject_prefix,
                        group=group,
                        groups=settings.consumer_groups,
                        on_demand=watch,
                    )

    @property
    def stream(self) -> str:
        return stream_name(self.settings.subject_prefix, self.service.name)

    def _published(self) -> None:
        if "relay" in self.settings.roles:
            self.relay.wake()

    async def start(self) -> None:
        await self.bus.__aenter__()
        for name, work in self._work().items():
            self._tasks.append(asyncio.create_task(work, name=f"{self.service.name}-{name}"))

    def _work(self) -> dict[str, Coroutine[Any, Any, None]]:
        roles = self.settings.roles
        work: dict[str, Coroutine[Any, Any, None]] = {}
        if "relay" in roles:
            work["relay"] = self.relay.run()
        if "consumer" in roles:
            work |= {f"consumer-{c.stream}-{c.durable}": c.run() for c in self.consumers}
        if "scheduler" in roles:
            jobs = [*self.service.schedule, *housekeeping(self)]
            work["scheduler"] = Scheduler(self.sessions, self.service.name, jobs).run()
            workers = self.service.workers.items()
            work |= {name: self._keep_working(name, worker) for name, worker in workers}
        work["gauges"] = keep_gauges(self)
        return work

    async def _keep_working(self, name: str, worker: Worker) -> None:
        """Run a worker until it ends by itself; one that an error ends is begun again."""
        while True:
            try:
                await worker(self)
            except Exception:
                log.exception("the worker %s failed and will be begun again", name)
                await asyncio.sleep(WORKER_PAUSE_S)
            else:
                return

    async def stop(self) -> None:
        """Stop in order: what is being consumed, other background work, NATS, the pool."""
        await asyncio.gather(*(consumer.stop(STOP_CONSUMING_S) for consumer in self.consumers))
        await end(*self._tasks)
        await self.leases.close()
        await self.bus.__aexit__(None, None, None)
        await self.engine.dispose()

    async def readiness(self) -> dict[str, str]:
        """Each thing that must be there, with `ok` or what is wrong."""
        checks = {"database": await self._database_state()}
        checks["nats"] = "ok" if self.bus.connected else "not connected"
        if "consumer" in self.settings.roles:
            # a standby waits for the lease; it is ready all the same
            waiting = [c.stream for c in self.consumers if not (c.attached or c.standing_by)]
            checks["consumers"] = f"not attached to {', '.join(waiting)}" if waiting else "ok"
        if self.draining:
            checks["draining"] = "shutting down"
        return checks

    def takes_requests(self, checks: Mapping[str, str]) -> bool:
        """Whether requests may come: at the start when all is there; later NATS may be away."""
        wrong = {name for name, state in checks.items() if state != "ok"}
        self._was_whole = self._was_whole or not wrong
        return self._was_whole and not wrong & NEEDED_BY_REQUESTS

    async def _database_state(self) -> str:
        try:
            async with asyncio.timeout(2), transaction(self.sessions) as session:
                missing = await revisions.missing(session, self.service)
        except Exception as error:
            if is_passing(error):
                return f"unreachable: {type(error).__name__}"
            log.exception("readiness")
            return f"failing: {type(error).__name__}"
        return f"not migrated: {', '.join(missing)}" if missing else "ok"


def create_app(service: Service, settings: Settings) -> FastAPI:
    """The service as an ASGI application. Its lifespan starts and stops everything it runs."""
    runtime = Runtime(service, settings)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await runtime.start()
        try:
            yield
        finally:
            runtime.draining = True
            await runtime.in_flight.end(settings.drain_s)
            await runtime.stop()

    app = FastAPI(title=service.title, openapi_url=None, lifespan=lifespan)
    app.state.runtime = runtime
    problems.install(app)
    routers = [_operations(runtime), _described(app)]
    if "api" in settings.roles:
        routers += [receipts.router_of(runtime), *service.routers]
    for router in routers:
        app.include_router(router)
    routes = Routes(routers)
    app.router.middleware_stack = Dispatch(app.router, routes)

    app.add_middleware(Shortcut, routes=routes)
    app.add_middleware(
        Requests,
        service=service.name,
        timeout_ms=settings.request_timeout_ms,
        in_flight=runtime.in_flight,
    )
    return app


def openapi_of(service: Service) -> dict[str, Any]:
    """The document of a service's routes, without any of its stores."""
    app = FastAPI(title=service.title)
    for router in service.routers:
        app.include_router(router)
    return app.openapi()


def _described(app: FastAPI) -> APIRouter:
    """The document of the part's routes. Making it takes up to a second: in a thread, and once."""
    router = APIRouter(include_in_schema=False)
    making: list[asyncio.Future[bytes]] = []

    def made() -> bytes:
        content = orjson.dumps(app.openapi())
        app.openapi_schema = None  # megabytes; the bytes suffice
        return content

    @router.get("/openapi.json")
    async def show_openapi() -> Response:
        if not making or (making[0].done() and making[0].exception() is not None):
            making[:] = [asyncio.ensure_future(asyncio.to_thread(made))]
        return Response(await asyncio.shield(making[0]), media_type="application/json")

    return router


def _operations(runtime: Runtime) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "service": runtime.service.name}

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        checks = await runtime.readiness()
        ready = runtime.takes_requests(checks)
        body = {"status": "ok" if ready else "not ready", "checks": checks}
        return JSONResponse(body, 200 if ready else 503)

    @router.get("/metrics")
    async def show_metrics() -> Response:
        return Response(metrics.exposition(), media_type="text/plain; version=0.0.4")

    return router
