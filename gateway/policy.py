"""What an administrator may change about traffic, as one document.

A document says what differs from the route table and the settings, so an empty one changes nothing.
It is checked and compiled as a whole (`plan_of`) before any of it is taken up.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from gateway import routes
from gateway.address_lists import AddressLists, networks_of
from gateway.breaker import State
from gateway.cors import origins_of
from gateway.limits import Quota
from gateway.routes import ROUTES, SERVICES, Pace, Route, Who, Worth
from gateway.settings import QUOTA
from gateway.targets import Place
from kit.bodies import Body

CALLERS: Final[Mapping[str, Who]] = {
    "open": routes.OPEN,
    "anyone": routes.ANYONE,
    "signed_in": routes.SIGNED_IN,
    "members": routes.MEMBERS,
    "staff": routes.STAFF,
    "back_office": routes.BACK_OFFICE,
}
WORTHS: Final[Mapping[str, Worth]] = {
    "interactive": Worth.INTERACTIVE,
    "sync": Worth.SYNC,
    "analytics": Worth.ANALYTICS,
}
LOCKED: Final = frozenset({"/healthz", "/readyz", "/.well-known/jwks.json", "/v1/traffic"})
"""Without these nobody could see what is wrong, or put it right."""
PATH: Final = re.compile(r"/v1(/([a-z0-9_-]+|\{\}))+")


def _networks(listed: list[str]) -> list[str]:
    networks_of(listed)
    return listed


def _origins(listed: list[str]) -> list[str]:
    origins_of(listed)
    return listed


class RouteChange(Body):
    """A row of the route table: what is said differs, what is not said stays.

    A path that has no row yet gets one; then service and callers must be said.
    """

    path: str = Field(max_length=200)
    off: bool = Field(False, description="The path does not exist while this is true.")
    service: str | None = Field(None, examples=["loyalty"])
    callers: Literal["open", "anyone", "signed_in", "members", "staff", "back_office"] | None = None
    pace: Pace | None = None
    worth: Literal["interactive", "sync", "analytics"] | None = None
    deadline_ms: int | None = Field(None, ge=50, le=600_000)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.path in LOCKED:
            raise ValueError(f"{self.path} cannot be changed")
        if self.service is not None and self.service not in SERVICES:
            raise ValueError(f"unknown service; the services are {', '.join(SERVICES)}")
        return self


class LimitChange(Body):
    """A quota, and whom it counts."""

    quota: str = Field(pattern=QUOTA, examples=["1200/60"], description="Calls/seconds.")
    by: Literal["member", "device"] = Field(
        "member", description="Whether a member's devices share it, or each has its own."
    )


class PlaceBody(Body):
    """A place where a service runs, and its part of the requests."""

    url: str = Field(max_length=300, examples=["http://loyalty-canary:8080"])
    weight: int = Field(1, ge=0, le=1_000_000)

    @model_validator(mode="after")
    def _is_place(self) -> Self:
        self.place()
        return self

    def place(self) -> Place:
        return Place(self.url, self.weight)


class Policy(Body):
    """All that differs from the route table and the settings."""

    routes: list[RouteChange] = Field(default_factory=list, max_length=1_000)
    limits: dict[Pace, LimitChange] = Field(default_factory=dict)
    upstreams: dict[str, list[PlaceBody]] = Field(default_factory=dict)
    breakers: dict[str, Literal["open", "closed"]] = Field(
        default_factory=dict, description="Breakers held open or closed, by service."
    )
    shed_level: float | None = Field(
        None, ge=0, le=2.9, description="The level of shedding, held; null: as the load asks."
    )
    deny: Annotated[list[str], AfterValidator(_networks)] = Field(
        default_factory=list, max_length=10_000, description="Addresses and networks kept out."
    )
    allow: Annotated[list[str], AfterValidator(_networks)] = Field(
        default_factory=list,
        max_length=10_000,
        description="Where not empty, the only addresses and networks let in.",
    )
    origins: Annotated[list[str], AfterValidator(_origins)] = Field(
        default_factory=list, max_length=1_000, description="Web pages let in beside the settings'."
    )

    @model_validator(mode="after")
    def _known(self) -> Self:
        for service in {*self.upstreams, *self.breakers}:
            if service not in SERVICES:
                raise ValueError(f"unknown service {service}; they are {', '.join(SERVICES)}")
        if empty := sorted(name for name, places in self.upstreams.items() if not places):
            raise ValueError(f"{empty[0]} needs at least one place")
        paths = [change.path for change in self.routes]
        if twice := sorted({path for path in paths if paths.count(path) > 1}):
            raise ValueError(f"{twice[0]} is changed twice")
        rows_of(self.routes)
        return self


def known_of(document: Mapping[str, Any]) -> tuple[Policy, Sequence[str]]:
    """What this version knows of a policy that was written, and the parts it does not know.

    Replicas of several versions run side by side while one takes the other's place. A part (a row,
    a limit, a service) counts as a whole or not at all. `plan_of` wants both: what is not known of
    a list that lets in still keeps out.
    """
    try:
        return Policy.model_validate(document), []
    except ValidationError:
        return _known_parts_of(document)


def _known_parts_of(document: Mapping[str, Any]) -> tuple[Policy, Sequence[str]]:
    known: dict[str, Any] = {}
    unknown: list[str] = []
    for place, part in _parts_of(document):
        try:
            Policy.model_validate(part)
        except ValidationError:
            unknown.append(place)
            continue
        for name, value in part.items():
            if isinstance(value, list):
                known[name] = [*known.get(name, ()), *value]
            else:
                known[name] = {**known.get(name, {}), **value} if isinstance(value, dict) else value
    return Policy.model_validate(known), unknown


def _parts_of(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A policy part by part, each with its place and as a policy of its own."""
    for name, whole in document.items():
        if isinstance(whole, list):
            yield from ((f"{name}[{n}]", {name: [part]}) for n, part in enumerate(whole))
        elif isinstance(whole, dict):
            yield from ((f"{name}.{key}", {name: {key: part}}) for key, part in whole.items())
        else:
            yield name, {name: whole}


@dataclass(frozen=True, slots=True)
class Plan:
    """A policy made ready to be taken up."""

    rows: Sequence[Route]
    quotas: Mapping[str, Quota]
    by_device: frozenset[str]
    places: Mapping[str, Sequence[Place]]
    breakers: Mapping[str, State]
    shed_level: float | None
    addresses: AddressLists | None
    origins: frozenset[bytes]


def plan_of(
    policy: Policy,
    quotas: Mapping[str, Quota],
    origins: frozenset[bytes],
    unknown: Sequence[str] = (),
) -> Plan:
    """What holds with `policy` in force, the rest of it `unknown`, over the settings."""
    changed: dict[str, Quota] = {
        pace: Quota.of(limit.quota) for pace, limit in policy.limits.items()
    }
    return Plan(
        rows=rows_of(policy.routes),
        quotas={**quotas, **changed},
        by_device=frozenset(p for p, limit in policy.limits.items() if limit.by == "device"),
        places={
            name: [place.place() for place in places] for name, places in policy.upstreams.items()
        },
        breakers={name: State(state) for name, state in policy.breakers.items()},
        shed_level=policy.shed_level,
        addresses=_addresses_of(policy, unknown),
        origins=origins | origins_of(policy.origins),
    )


def _addresses_of(policy: Policy, unknown: Sequence[str]) -> AddressLists | None:
    """The lists; None where there is none. An allow list nobody here can read lets nobody in."""
    allow, deny = networks_of(policy.allow), networks_of(policy.deny)
    listed = bool(allow) or lets_nobody_in(policy, unknown)
    return AddressLists(allow if listed else None, deny) if listed or deny else None


def lets_nobody_in(policy: Policy, unknown: Sequence[str]) -> bool:
    """Whether there is an allow list of which this version understands no entry."""
    return not policy.allow and any(re.match(r"allow\b", place) for place in unknown)


def rows_of(changes: Sequence[RouteChange], rows: Sequence[Route] = ROUTES) -> list[Route]:
    """The route table with `changes`. Raises ValueError for a new row that lacks something."""
    by_path = {row.path: row for row in rows}
    for change in changes:
        if change.off:
            by_path.pop(change.path, None)
        elif change.path in by_path:
            by_path[change.path] = _changed(by_path[change.path], change)
        else:
            by_path[change.path] = _changed(_new_row(change), change)
    return list(by_path.values())


def _new_row(change: RouteChange) -> Route:
    if change.service is None or change.callers is None:
        raise ValueError(f"{change.path} is new: say its service and its callers")
    if not PATH.fullmatch(change.path):
        raise ValueError(f"a new path begins with /v1/ and has plain segments, not {change.path}")
    return Route(change.path, change.service, CALLERS[change.callers])


def _changed(row: Route, change: RouteChange) -> Route:
    if change.service is not None and row.service in routes.OWN:
        raise ValueError(f"{row.path} is answered by the gateway itself")
    return replace(
        row,
        service=change.service or row.service,
        who=CALLERS[change.callers] if change.callers else row.who,
        pace=change.pace or row.pace,
        worth=WORTHS[change.worth] if change.worth else row.worth,
        deadline_ms=change.deadline_ms or row.deadline_ms,
    )
