"""Under pressure the least worthy are turned away first, person by person, and come back spread."""

import asyncio
import time

import pytest

from gateway.routes import Worth
from gateway.shedding import HIGHEST, RETURN_S, Pressure, turned_away
from kit.testing import backend, member, until
from tests.gateway.edge import Edge, Service

LATE_S = 0.05
PEOPLE = [f"person-{number}" for number in range(1_000)]


def part(level: float, worth: Worth) -> float:
    pressure = Pressure()
    pressure.level = level
    return sum(pressure.turns_away(worth, person) for person in PEOPLE) / len(PEOPLE)


@pytest.mark.parametrize(
    ("level", "analytics", "sync", "interactive"),
    [(0.0, 0, 0, 0), (0.4, 0.4, 0, 0), (1.0, 1, 0, 0), (1.5, 1, 0.5, 0), (2.9, 1, 1, 0.9)],
)
def test_the_level_says_how_many_of_whom(
    level, analytics, sync, interactive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 600.0)  # whose turn it is changes by the minute
    assert part(level, Worth.ANALYTICS) == pytest.approx(analytics, abs=0.06)
    assert part(level, Worth.SYNC) == pytest.approx(sync, abs=0.06)
    assert part(level, Worth.INTERACTIVE) == pytest.approx(interactive, abs=0.06)
    assert part(level, Worth.ESSENTIAL) == 0


def test_for_one_person_all_works_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 600.0)
    pressure = Pressure()
    pressure.level = 0.5
    verdicts = {
        len({pressure.turns_away(Worth.ANALYTICS, person) for _ in range(5)})
        for person in PEOPLE[:50]
    }
    assert verdicts == {1}


def test_turns_change_by_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    pressure = Pressure()
    pressure.level = 0.5
    served = []
    for minute in (10, 11):
        monkeypatch.setattr(time, "monotonic", lambda now=minute * 60.0: now)
        served.append([pressure.turns_away(Worth.ANALYTICS, person) for person in PEOPLE])
    assert served[0] != served[1]


def test_the_level_follows_the_lag_and_stays_in_bounds() -> None:
    pressure = Pressure(LATE_S)
    for _ in range(50):
        pressure.feel(LATE_S * 2)
    assert pressure.level == HIGHEST
    pressure.feel(LATE_S * 0.8)
    assert pressure.level == HIGHEST, "between calm and late nothing changes"
    for _ in range(50):
        pressure.feel(0.001)
    assert pressure.level == 0


def test_an_operator_may_hold_the_level() -> None:
    pressure = Pressure()
    pressure.force(1.0)
    pressure.feel(LATE_S * 10)
    assert pressure.level == 1.0
    pressure.force(None)
    assert pressure.level == 0


async def test_a_loop_that_runs_late_all_the_time_is_felt() -> None:
    pressure = Pressure()
    feeling = asyncio.create_task(pressure.run())

    async def is_felt() -> bool:
        time.sleep(LATE_S * 1.5)  # noqa: ASYNC251  (the loop shall run late)
        return pressure.level > 0

    await until(is_felt)
    feeling.cancel()


@pytest.mark.parametrize("worth", list(Worth))
def test_those_who_are_turned_away_return_spread(worth: Worth) -> None:
    returns = {int(turned_away(worth, "x").headers["Retry-After"]) for _ in range(400)}
    earliest, latest = RETURN_S[worth]
    assert min(returns) >= earliest
    assert max(returns) <= latest
    assert len(returns) >= min(latest - earliest, 30)


async def test_tracking_goes_first_then_programs_and_screens_stay() -> None:
    service = Service()
    edge = Edge({"loyalty": service, "profile": service, "gateway": service})
    edge.conditions.pressure.level = 2.0
    tracking = await edge.ask("POST", "/v1/track", member(), pieces=[b"{}"])
    program = await edge.ask("GET", "/v1/orders", backend("orders:read"))
    screen = await edge.ask("GET", "/v1/wallet", member())
    health = await edge.ask("GET", "/healthz")
    assert [r.status for r in (tracking, program, screen, health)] == [503, 503, 200, 200]
    assert tracking.json["code"] == "gateway.overloaded"
    assert 15 <= int(tracking.headers["retry-after"]) <= 120
    assert len(service.asked) == 2


async def test_who_is_turned_away_keeps_their_quota() -> None:
    edge = Edge({"profile": Service()})
    edge.conditions.pressure.level = 1.0
    reply = await edge.ask("POST", "/v1/track", member(), pieces=[b"{}"])
    assert "ratelimit" not in reply.headers
