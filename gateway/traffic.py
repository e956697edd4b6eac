"""Traffic at work: the services behind the edge, and the conditions in front of it.

The newest policy of the database is taken up within `READ_S` by every replica, as a whole. One of
an older version takes up what it knows, and says what it does not. While the database is away the
last one stays in force.
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from prometheus_client import REGISTRY
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.asyncio import Redis
from starlette.types import ASGIApp

from gateway.breaker import State
from gateway.conditions import Conditions
from gateway.cors import origins_of
from gateway.leased import LeasedCount
from gateway.limits import Limits, LocalCount, Quota
from gateway.policy import Policy, known_of, lets_nobody_in, plan_of
from gateway.replicas import Replicas, name_of_this
from gateway.resilience import Upstream
from gateway.routes import SERVICES, Table
from gateway.settings import Settings
from gateway.shedding import Pressure
from gateway.store import policies
from gateway.targets import Place, Target, Targets, places_of
from gateway.upstreams import HttpUpstream
from kit.db import Sessions, is_passing, transaction
from kit.problems import Unprocessable

log = logging.getLogger(__name__)

CONNECT_WITHIN_S: Final = 1.0
IDLE_S: Final = 15.0  # a connection to a service that nobody used for so long is closed
READ_S: Final = 2.0
STATES: Final = {State.CLOSED: 0, State.HALF_OPEN: 1, State.OPEN: 2}


class NotPossible(Unprocessable):
    code = "gateway.policy_not_possible"
    title = "Not possible in this deployment"


class Traffic:
    """One per process. `works` go on beside requests; `close` it at the end."""

    def __init__(
        self, settings: Settings, services: Mapping[str, ASGIApp] | None, valkey: Redis
    ) -> None:
        self._settings = settings
        self._quotas = quotas(settings)
        self._origins = origins_of(settings.cors_origins.split(","))
        self._places = {} if services is not None else places(settings)
        self.local_count = LocalCount()
        self.count = LeasedCount(valkey, self.local_count)
        limits = Limits(self._quotas, self.count)
        self.conditions = Conditions(Table(), limits, Pressure(settings.shed_lag_ms / 1000))
        self.upstreams = {
            name: self._upstream(name, self._targets(name, services)) for name in SERVICES
        }
        self.replicas = Replicas(valkey, self.state, name_of_this())
        self.version = 0
        self.policy = Policy()
        self.unknown: Sequence[str] = ()
        """The parts of the policy in force that only a newer version knows."""
        self.take_up(0, self.policy)
        GAUGES.watched = self.upstreams

    def _upstream(self, name: str, targets: Sequence[Target]) -> Upstream:
        settings = self._settings
        return Upstream(
            name,
            Targets(targets),
            least=settings.upstream_in_flight_least,
            most=settings.upstream_connections,
        )

    def _targets(self, name: str, services: Mapping[str, ASGIApp] | None) -> list[Target]:
        if services is not None:
            return [Target("in this process", services[name])]
        return [self._target(place) for place in self._places[name]]

    def _target(self, place: Place) -> Target:
        app = HttpUpstream(
            place.url,
            connect_timeout_s=CONNECT_WITHIN_S,
            idle_s=IDLE_S,
            most_connections=self._settings.upstream_connections,
        )
        return Target(place.url, app, place.weight)

    def check(self, policy: Policy) -> None:
        """Raise NotPossible for a policy that asks for what this deployment does not have."""
        for name, listed in policy.upstreams.items():
            if not self._places:
                raise NotPossible(f"{name} runs in this process; there is no other place.")
            known = {urlsplit(place.url).hostname for place in self._places[name]}
            for place in listed:
                host = urlsplit(place.url).hostname or ""
                if host not in known and not self._may_be_named(host):
                    raise NotPossible(f"{host} is none of the hosts in UPSTREAM_HOSTS.")

    def _may_be_named(self, host: str) -> bool:
        """Members' data goes where a policy says: only to hosts the operator named."""
        allowed = [name.strip() for name in self._settings.upstream_hosts.split(",")]
        return any(
            host == name or (name.startswith(".") and host.endswith(name))
            for name in filter(None, allowed)
        )

    def bars(self, policy: Policy, address: str) -> bool:
        """Whether a policy's lists would keep an address out."""
        addresses = plan_of(policy, self._quotas, self._origins).addresses
        return addresses is not None and addresses.bars(address)

    def take_up(self, version: int, policy: Policy, unknown: Sequence[str] = ()) -> list[Target]:
        """Put a policy in force, between two requests; the targets that are no longer asked."""
        plan = plan_of(policy, self._quotas, self._origins, unknown)
        conditions = self.conditions
        left = [
            target
            for name, upstream in self.upstreams.items()
            for target in self._retarget(name, upstream, plan.places.get(name))
        ]
        for name, upstream in self.upstreams.items():
            upstream.breaker.force(plan.breakers.get(name))
        conditions.table.replace(plan.rows)
        conditions.limits.quotas = plan.quotas
        conditions.by_device = plan.by_device
        conditions.addresses = plan.addresses
        conditions.origins = plan.origins
        conditions.pressure.force(plan.shed_level)
        self.version, self.policy, self.unknown = version, policy, unknown
        return left

    def _retarget(
        self, name: str, upstream: Upstream, wanted: Sequence[Place] | None
    ) -> list[Target]:
        """Ask at `wanted` places, else at those of the settings; the targets that are left."""
        if not self._places:
            return []
        there = {target.name: target for target in upstream.targets.all}
        targets = []
        for place in wanted or self._places[name]:
            target = there.pop(place.url, None) or self._target(place)
            target.weight = place.weight
            targets.append(target)
        upstream.targets.replace(targets)
        return list(there.values())

    async def read(self, sessions: Sessions) -> None:
        """Take up the newest policy, if it is not in force yet."""
        async with transaction(sessions) as session:
            row = await policies.newest(session)
        if row is None or row.version == self.version:
            return
        policy, unknown = known_of(row.document)
        left = self.take_up(row.version, policy, unknown)
        log.warning("policy %d is in force", row.version)
        if self.unknown:
            log.error("of policy %d this version does not know %s", row.version, self.unknown)
        if lets_nobody_in(policy, unknown):
            log.critical("of policy %d no allowed address is known: all stay outside", row.version)
        for target in left:
            await close(target)

    def works(self, sessions: Sessions) -> list[Coroutine[Any, Any, None]]:
        """What goes on beside requests."""
        every_s = self._settings.upstream_health_s
        checks = [up.keep_checking(every_s) for up in self.upstreams.values() if self._places]
        return [
            *(checks if every_s else ()),
            self.conditions.pressure.run(),
            self.count.run(),
            self.replicas.run(),
            self._keep_reading(sessions),
        ]

    async def begin(self, sessions: Sessions) -> None:
        """Take up the newest policy before the first request, unless the database is away."""
        try:
            await self.read(sessions)
        except Exception as error:
            if is_passing(error):
                log.warning("reading the policy failed; %d stays in force: %r", self.version, error)
            else:
                log.exception("reading the policy failed; %d stays in force", self.version)

    async def _keep_reading(self, sessions: Sessions) -> None:
        while True:
            await asyncio.sleep(READ_S)
            await self.begin(sessions)

    async def close(self) -> None:
        """Give back what was leased, and close connections."""
        await self.count.close()
        await self.replicas.leave()
        for upstream in self.upstreams.values():
            for target in upstream.targets.all:
                await close(target)

    def state(self) -> dict[str, Any]:
        """What this replica does with traffic now."""
        pressure = self.conditions.pressure
        return {
            "replica": self.replicas.name,
            "policy": self.version,
            "policy_unknown": self.unknown,
            "shed_level": pressure.level,
            "shed_level_forced": pressure.forced is not None,
            "loop_lag_ms": round(pressure.lag_s * 1000, 3),
            "upstreams": {name: upstream.state() for name, upstream in self.upstreams.items()},
        }


async def close(target: Target) -> None:
    """Close the connections of a target that is not asked any more."""
    if isinstance(target.app, HttpUpstream):
        await target.app.close()


class Gauges(Collector):
    """What upstreams are at, read when somebody asks for metrics."""

    def __init__(self) -> None:
        self.watched: Mapping[str, Upstream] = {}

    def collect(self) -> list[GaugeMetricFamily]:
        breakers = GaugeMetricFamily(
            "gateway_breaker_state", "0: closed, 1: half open, 2: open.", labels=["service"]
        )
        limits = GaugeMetricFamily(
            "gateway_upstream_limit",
            "Requests a service may work on at once, as its speed allows.",
            labels=["service"],
        )
        in_flight = GaugeMetricFamily(
            "gateway_upstream_in_flight", "Requests a service works on.", labels=["service"]
        )
        targets = GaugeMetricFamily(
            "gateway_upstream_targets_left_out",
            "Places of a service that are not asked: not ready, or failing.",
            labels=["service"],
        )
        for name, upstream in self.watched.items():
            breakers.add_metric([name], STATES[upstream.breaker.state])
            limits.add_metric([name], upstream.gate.limit)
            in_flight.add_metric([name], upstream.gate.in_flight)
            targets.add_metric([name], upstream.targets.left_out)
        return [breakers, limits, in_flight, targets]


GAUGES: Final = Gauges()
REGISTRY.register(GAUGES)


def places(settings: Settings) -> dict[str, list[Place]]:
    """Where the services are, as the settings say."""
    return {name: places_of(getattr(settings, f"{name}_url")) for name in SERVICES}


def quotas(settings: Settings) -> dict[str, Quota]:
    """The quotas by pace."""
    return {
        "sign-in": Quota.of(settings.limit_sign_in),
        "write": Quota.of(settings.limit_write),
        "read": Quota.of(settings.limit_read),
        "ingest": Quota.of(settings.limit_ingest),
        "staff": Quota.of(settings.limit_staff),
        "backend": Quota.of(settings.limit_backend),
    }
