"""Traffic as administrators see it, and change it while it runs.

What is read is of all replicas, each as it last told; what is changed holds everywhere within
seconds.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from pydantic import Field, ValidationError

from gateway.actions.policies import change_policy
from gateway.policy import Policy, known_of
from gateway.routes import Route
from gateway.store import policies
from gateway.tables import PolicyVersion
from gateway.traffic import Traffic
from kit import clock, pages
from kit.app import Router
from kit.auth import CurrentCaller, Role, requires
from kit.bodies import Answer
from kit.db import Tx
from kit.pages import CursorParameter, Limit, Page
from kit.problems import Stale, Unprocessable

log = logging.getLogger(__name__)

router = Router(prefix="/v1/traffic", tags=["Traffic"], dependencies=[requires(Role.ADMIN)])


class LocksYouOut(Unprocessable):
    code = "gateway.policy_locks_you_out"
    title = "You could not call any more"


async def traffic_of(request: Request) -> Traffic:
    traffic: Traffic = request.app.state.traffic
    return traffic


TheTraffic = Annotated[Traffic, Depends(traffic_of)]


class TargetAnswer(Answer):
    """A place where a service runs."""

    url: str
    weight: int
    healthy: bool
    ejected: bool
    failures_in_a_row: int


class UpstreamAnswer(Answer):
    """A service as this replica sees it. `limit` is how many requests it may work on at once."""

    breaker: str
    breaker_forced: bool
    opened: int
    in_flight: int
    waiting: int
    limit: int
    calls: int
    retries: int
    targets: list[TargetAnswer]


class ReplicaAnswer(Answer):
    """What a replica does with requests. `policy` is the version in force there."""

    replica: str = Field(description="Its host and process; in Kubernetes the host is the pod.")
    policy: int
    policy_unknown: list[str] = Field(
        default_factory=list,
        description="Parts of that policy which the replica, of an older version, does not know.",
    )
    shed_level: float
    shed_level_forced: bool
    loop_lag_ms: float
    upstreams: dict[str, UpstreamAnswer]


class OtherReplicaAnswer(ReplicaAnswer):
    """A replica as it last told the others, which it does every two seconds."""

    told_at: datetime


class TrafficAnswer(ReplicaAnswer):
    """What the replica that answers does now, and what the others last told."""

    limits: dict[str, str]
    others: list[OtherReplicaAnswer] | None = Field(
        description="Null while Valkey, by way of which they tell, is away."
    )


class RouteAnswer(Answer):
    """A row of the route table in force."""

    path: str
    service: str
    roles: list[str]
    signed_in: bool
    pace: str
    worth: str
    deadline_ms: int | None
    cached: bool

    @classmethod
    def of(cls, route: Route) -> "RouteAnswer":
        return cls(
            path=route.path,
            service=route.service,
            roles=sorted(route.who.roles),
            signed_in=bool(route.who.roles),
            pace=route.pace or "by method and role",
            worth=route.worth_of(None).name.lower(),
            deadline_ms=route.deadline_ms,
            cached=route.cached,
        )


class PolicyAnswer(Answer):
    """A version of the policy; version 0 is the one nobody wrote: it changes nothing."""

    version: int
    policy: Policy
    unknown: list[str] = Field(
        default_factory=list,
        description="Parts written by a newer version, which this one can neither show nor keep.",
    )
    changed_by: UUID | None = None
    changed_at: datetime | None = None

    @classmethod
    def of(cls, row: PolicyVersion | None) -> "PolicyAnswer":
        if row is None:
            return cls(version=0, policy=Policy())
        policy, unknown = known_of(row.document)
        return cls(
            version=row.version,
            policy=policy,
            unknown=list(unknown),
            changed_by=row.changed_by,
            changed_at=row.changed_at,
        )


@router.get("")
async def show_traffic(traffic: TheTraffic) -> TrafficAnswer:
    """Breakers, places and their health, limits, shedding, the event loop's lag; of all replicas.

    Each replica protects the services by what it sees itself, so their breakers may differ.
    """
    quotas = traffic.conditions.limits.quotas
    limits = {pace: f"{quota.calls}/{quota.window_s:g}" for pace, quota in quotas.items()}
    told = await traffic.replicas.others()
    others = None if told is None else [state for state in map(_understood, told) if state]
    return TrafficAnswer.model_validate({**traffic.state(), "limits": limits, "others": others})


def _understood(told: Mapping[str, Any]) -> OtherReplicaAnswer | None:
    """What another replica told; None where it is of a version that tells it otherwise."""
    try:
        return OtherReplicaAnswer.model_validate(told)
    except ValidationError:
        log.warning("the replica %s tells its state as another version does", told.get("replica"))
        return None


@router.get("/routes")
async def list_routes(
    traffic: TheTraffic, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[RouteAnswer]:
    """The route table in force, by path."""
    rows = traffic.conditions.table.rows
    return pages.page_of(rows, limit, cursor, RouteAnswer.of, lambda route: (route.path,), str)


@router.get("/policy")
async def show_policy(response: Response, tx: Tx) -> PolicyAnswer:
    """The newest policy, with its version as ETag."""
    answer = PolicyAnswer.of(await policies.newest(tx))
    response.headers["ETag"] = f'"{answer.version}"'
    return answer


@router.put("/policy")
async def change(
    body: Policy,
    caller: CurrentCaller,
    request: Request,
    traffic: TheTraffic,
    tx: Tx,
    if_match: Annotated[str | None, Header(max_length=100)] = None,
) -> PolicyAnswer:
    """Replace the policy. Every replica takes it up within seconds, as a whole.

    With `If-Match`, only if nobody changed it since you read it. The audit trail says what changed.
    """
    traffic.check(body)
    _keep_in(traffic, body, request.headers.get("x-forwarded-for", ""))
    document: dict[str, Any] = body.model_dump(mode="json", exclude_defaults=True)
    actor = UUID(caller.subject)
    return PolicyAnswer.of(
        await change_policy(tx, actor, document, _version(if_match), clock.now())
    )


@router.get("/policies")
async def list_policies(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[PolicyAnswer]:
    """All versions, the newest first. To go back to one, put it again."""
    before = pages.decode_cursor(cursor, int)[0] if cursor else None
    rows = await policies.versions_before(tx, before, limit + 1)
    return pages.page(rows, limit, PolicyAnswer.of, lambda row: (row.version,))


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 18:  # noqa: PLR2004  (a bigint has no more)
        raise Stale("If-Match names no version of the policy.")
    return int(text)


def _keep_in(traffic: Traffic, policy: Policy, address: str) -> None:
    """Nobody saws off the branch they sit on."""
    if address and traffic.bars(policy, address):
        raise LocksYouOut(f"The lists would bar {address}, from where you call.")
