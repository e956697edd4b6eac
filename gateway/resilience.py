"""A service as the gateway asks it: at several places, again where that is right, or not at all.

Every request passes here, so what is done for it while all is well is an addition or two: a place
in the gate, an outcome for the breaker. What failed may be asked once more, at another place if
there is one, if asking twice does no harm and retries stay within a fifth of all requests. What
reached nobody, because no connection could be made, goes to the next place in any case.

A request that waited `IN_VAIN_S` without an answer is a failure whatever ended it; an earlier end
is the caller's choice and says nothing, a service's own word that the deadline passed included: a
caller who sets deadlines of a millisecond is not to have a service left alone.

An upload lasts as long as its sender likes. So uploads have places of their own, which are not
those of the gate, are never the probe, and say of the service only that it broke off. Of an upload
nothing is kept, so it is begun once, at the first place where somebody listens.
"""

import asyncio
import logging
import random
import time
from collections.abc import Mapping
from typing import Any, Final

from prometheus_client import Counter
from starlette.types import Message, Receive, Scope, Send

from gateway.breaker import Breaker
from gateway.deadlines import Inbound
from gateway.gate import Full, Gate
from gateway.routes import Worth
from gateway.shedding import turned_away
from gateway.targets import Target, Targets
from gateway.upstreams import (
    HttpUpstream,
    Occupied,
    Unreachable,
    UpstreamDown,
    fetch,
    is_repeatable,
)
from kit.requests import header_of

log = logging.getLogger(__name__)

RETRIES = Counter("gateway_retries_total", "Requests asked a second time.", ["service"])
FAILURES = Counter(
    "gateway_upstream_failures_total",
    "Requests a service failed: no connection, no answer, too late, or 5xx.",
    ["service"],
)

BUDGET: Final = 0.2
FREE_RETRIES: Final = 3
BUDGET_WINDOW_S: Final = 10.0
LONGEST_PAUSE_S: Final = 0.05
LEAST_TIME_S: Final = 0.1
IN_VAIN_S: Final = 1.0
PASSING: Final = frozenset({502, 503})
NO_FAILURE: Final = frozenset({501, 505})
SERVER_ERROR: Final = 500
TOO_LATE: Final = 504
CHECK_WITHIN_S: Final = 2.0
UPLOADS: Final = 0.25  # of all the requests a service may have at once


class Budget:
    """A fifth of the requests of the last seconds may be asked again."""

    __slots__ = ("_calls", "_retries", "_until")

    def __init__(self) -> None:
        self._until = 0.0
        self._calls = self._retries = 0.0

    def take(self, calls: int, now: float) -> bool:
        """Whether one more may be, when `calls` is the number of all requests ever made."""
        if now >= self._until:
            self._until = now + BUDGET_WINDOW_S
            self._calls, self._retries = calls - FREE_RETRIES / BUDGET, 0
        if self._retries + 1 > BUDGET * (calls - self._calls):
            return False
        self._retries += 1
        return True


class Upstream:
    """An ASGI application that stands for a service. `keep_checking` its targets beside."""

    def __init__(self, name: str, targets: Targets, *, least: int, most: int) -> None:
        self.name = name
        self.targets = targets
        self.gate = Gate(least, most)
        self.breaker = Breaker()
        self.uploads = 0
        self._most_uploads = max(1, int(most * UPLOADS))
        self._budget = Budget()
        self._retried = RETRIES.labels(name)
        self._failures = FAILURES.labels(name)
        self.calls = 0
        self.retries = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not isinstance(receive, Inbound):
            await self._take_upload(scope, receive, send)
            return
        if self.breaker.blocks and not self.breaker.admits():
            raise self._resting()
        gate = self.gate
        if gate.in_flight < gate.open_to_all:
            gate.in_flight += 1
        else:
            await self._wait(scope.get("worth", Worth.INTERACTIVE))
        self.calls += 1
        target = self.targets.choose(scope.get("person"))
        attempt = Attempt(self, target, scope, receive, send)
        await attempt.make()
        while attempt.unanswered:
            attempt = await self._again(attempt, send)

    async def _wait(self, worth: Worth) -> None:
        try:
            await self.gate.wait(worth)
        except BaseException as error:  # a caller who leaves meanwhile was maybe the probe
            self.breaker.learnt_nothing()
            if isinstance(error, Full):
                raise turned_away(worth, self.name) from None
            raise

    async def _take_upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.breaker.blocks:
            raise self._resting()
        if self.uploads >= self._most_uploads:
            raise turned_away(scope.get("worth", Worth.INTERACTIVE), self.name)
        self.calls += 1
        self.uploads += 1
        try:
            await self._pass_on(scope, await receive(), receive, send)
        finally:
            self.uploads -= 1

    async def _pass_on(self, scope: Scope, first: Message, rest: Receive, send: Send) -> None:
        """Give an upload to the first place where somebody listens."""
        tried: tuple[Target, ...] = ()
        while True:
            target = self.targets.choose(scope.get("person"), tried)
            tried = (*tried, target)
            try:
                await target.app(scope, _beginning_with(first, rest), send)
            except Occupied:
                raise
            except (UpstreamDown, ConnectionError) as error:
                now = time.monotonic()
                self.failed(target, now)
                if not isinstance(error, Unreachable):
                    raise
                self.targets.leave_out(target, now)
                if not self.targets.untried(tried):
                    raise
            else:
                return

    async def _again(self, before: "Attempt", send: Send) -> "Attempt":
        """Ask once more, after a moment that keeps those who failed together apart."""
        self.retries += 1
        self._retried.inc()
        await asyncio.sleep(random.uniform(0, LONGEST_PAUSE_S))  # noqa: S311  (spreading)
        before.receive.rewind()
        self.gate.in_flight += 1
        scope = _with_less_time(before.scope, before.began)
        tried = (*before.tried, before.target)
        target = self.targets.choose(scope.get("person"), tried)
        attempt = Attempt(self, target, scope, before.receive, send)
        attempt.tried, attempt.repeated = tried, before.repeated
        await attempt.make()
        return attempt

    def may_repeat(self, attempt: "Attempt") -> bool:
        """Whether a failed request may be made once more."""
        if self.breaker.blocks:
            return False
        now = time.monotonic()
        if _deadline_s(attempt.scope) - (now - attempt.began) <= LEAST_TIME_S:
            return False
        if attempt.reached_nobody:
            self.targets.leave_out(attempt.target, now)
            if self.targets.untried((*attempt.tried, attempt.target)):
                return True
        if attempt.repeated or not is_repeatable(attempt.scope):
            return False
        attempt.repeated = self._budget.take(self.calls, now)
        return attempt.repeated

    def succeeded(self, target: Target, seconds: float, now: float) -> None:
        self.breaker.succeeded(now)
        self.gate.took(seconds, now)
        if target.has_failed:
            target.recover()

    def failed(self, target: Target, now: float) -> None:
        self._failures.inc()
        self.breaker.failed(now)
        self.targets.failed(target, now)

    def _resting(self) -> UpstreamDown:
        self._failures.inc()
        retry_in_s = self.breaker.retry_in_s + random.uniform(1, 3)  # noqa: S311  (spreading)
        return UpstreamDown(
            "The part that answers this has failed too often; it is left alone for a moment.",
            retry_after_s=round(retry_in_s),
        )

    async def keep_checking(self, every_s: float) -> None:
        """Ask each target for its readiness, for ever."""
        while True:
            await asyncio.sleep(every_s * random.uniform(0.8, 1.2))  # noqa: S311  (spreading)
            await self.check()

    async def check(self) -> None:
        targets = self.targets.all
        states = await asyncio.gather(*(is_ready(target) for target in targets))
        for target, healthy in zip(targets, states, strict=True):
            if healthy is not target.healthy:
                log.warning("%s at %s: ready: %s", self.name, target.name, healthy)
            self.targets.checked(target, healthy=healthy)
            if isinstance(target.app, HttpUpstream):
                target.app.prune()

    def state(self) -> Mapping[str, Any]:
        """What an operator wants to know."""
        now = time.monotonic()
        return {
            "breaker": self.breaker.state,
            "breaker_forced": self.breaker.forced is not None,
            "opened": self.breaker.opened,
            "in_flight": self.gate.in_flight,
            "waiting": self.gate.waiting,
            "limit": int(self.gate.limit),
            "calls": self.calls,
            "retries": self.retries,
            "targets": [
                {
                    "url": target.name,
                    "weight": target.weight,
                    "healthy": target.healthy,
                    "ejected": target.ejected_until > now,
                    "failures_in_a_row": target.failures,
                }
                for target in self.targets.all
            ],
        }


class Attempt:
    """One try at one target. Called, it is the ASGI `send` of the answer."""

    __slots__ = (
        "_begun", "_holds", "_send", "_upstream", "began", "reached_nobody", "receive", "repeated",
        "scope", "target", "tried", "unanswered",
    )  # fmt: skip

    def __init__(
        self, upstream: Upstream, target: Target, scope: Scope, receive: Inbound, send: Send
    ) -> None:
        self._upstream = upstream
        self._send = send
        self._begun = False
        self._holds = True  # a place in the gate, which was taken for this
        self.target = target
        self.scope = scope
        self.receive = receive
        self.began = time.monotonic()
        self.tried: tuple[Target, ...] = ()  # before
        self.repeated = False  # which is done once, unless it reached nobody
        self.reached_nobody = False
        self.unanswered = False
        """Whether nothing was passed on, and the request shall be made once more."""

    async def make(self) -> None:
        try:
            await self.target.app(self.scope, self.receive, self)
        except Occupied:
            self._upstream.breaker.learnt_nothing()
            raise
        except UpstreamDown as error:
            self.reached_nobody = isinstance(error, Unreachable)
            self._upstream.failed(self.target, time.monotonic())
            if not self._upstream.may_repeat(self):
                raise
            self.unanswered = True
        except ConnectionError:
            self._upstream.failed(self.target, time.monotonic())
            raise
        except BaseException:
            self._gave_up()
            raise
        finally:
            if self._holds:
                self._leave()

    async def __call__(self, message: Message) -> None:
        if self._begun:
            await self._send(message)
        elif not self.unanswered and self._is_wanted(message["status"]):
            self._begun = True
            await self._send(message)

    def _is_wanted(self, status: int) -> bool:
        """Take in how the answer begins; False where asking elsewhere is better."""
        self._leave()
        now = time.monotonic()
        upstream = self._upstream
        if status < SERVER_ERROR or status in NO_FAILURE:
            upstream.succeeded(self.target, now - self.began, now)
            return True
        if status == TOO_LATE and now - self.began < IN_VAIN_S:
            upstream.breaker.learnt_nothing()
            return True
        upstream.failed(self.target, now)
        if status == TOO_LATE:
            upstream.gate.took(now - self.began, now)
        self.unanswered = (
            status in PASSING and upstream.targets.has_choice and upstream.may_repeat(self)
        )
        return not self.unanswered

    def _leave(self) -> None:
        self._holds = False
        self._upstream.gate.leave()

    def _gave_up(self) -> None:
        """The deadline passed, the caller left, or something broke here."""
        if self._begun:
            return
        now = time.monotonic()
        if now - self.began >= IN_VAIN_S:
            self._upstream.failed(self.target, now)
            self._upstream.gate.took(now - self.began, now)
        else:
            self._upstream.breaker.learnt_nothing()


def _beginning_with(first: Message, rest: Receive) -> Receive:
    """`receive` that gives `first` before what is still to come."""
    begun = False

    async def pieces() -> Message:
        nonlocal begun
        if begun:
            return await rest()
        begun = True
        return first

    return pieces


async def is_ready(target: Target) -> bool:
    """Whether a target says it takes requests."""
    try:
        async with asyncio.timeout(CHECK_WITHIN_S):
            return (await fetch(target.app, "/readyz")).status == 200  # noqa: PLR2004
    except Occupied:
        return True  # it is busy, and that with answering
    except Exception:  # noqa: BLE001  (whatever it is, it is not ready)
        return False


def _deadline_s(scope: Scope) -> float:
    given = header_of(scope, b"x-deadline-ms")
    return int(given) / 1000 if given and given.isdigit() else float("inf")


def _with_less_time(scope: Scope, began: float) -> Scope:
    """The request as the second target gets it: the time that has passed is gone."""
    if header_of(scope, b"x-deadline-ms") is None:
        return scope
    left_ms = int((_deadline_s(scope) - (time.monotonic() - began)) * 1000)
    headers = [header for header in scope["headers"] if header[0] != b"x-deadline-ms"]
    return {**scope, "headers": [*headers, (b"x-deadline-ms", b"%d" % max(left_ms, 1))]}
