"""The gate bounds what a service works on, and lets the worthier pass first."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.gate import Full, Gate
from gateway.routes import Worth


def filled(limit: int, *, least: int = 1) -> Gate:
    """A gate all of whose places are taken."""
    gate = Gate(least, limit)
    gate.in_flight = limit
    return gate


async def turn_of_the_loop() -> None:
    """Let the tasks that were made run to where they wait."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_places_are_kept_for_the_worthier() -> None:
    gate = Gate(100, 100)
    gate.in_flight = 70
    assert [gate.has_room_for(worth) for worth in Worth] == [True, True, True, False]
    gate.in_flight = 85
    assert [gate.has_room_for(worth) for worth in Worth] == [True, True, False, False]
    gate.in_flight = 100
    assert not any(gate.has_room_for(worth) for worth in Worth)


async def test_whoever_finds_no_place_in_time_is_turned_away() -> None:
    gate = filled(10)
    with pytest.raises(Full):
        await gate.wait(Worth.INTERACTIVE)
    assert (gate.in_flight, gate.waiting) == (10, 0)


async def test_a_free_place_goes_to_the_worthiest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.gate.LONGEST_WAIT_S", 30)
    gate = filled(10)
    passed: list[Worth] = []

    async def one(worth: Worth) -> None:
        await gate.wait(worth)
        passed.append(worth)

    waiting = [
        asyncio.create_task(one(w)) for w in (Worth.ANALYTICS, Worth.SYNC, Worth.INTERACTIVE)
    ]
    await turn_of_the_loop()
    gate.leave()
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    assert passed == [Worth.INTERACTIVE]
    assert gate.in_flight == 10
    for _ in range(10):
        gate.leave()
    await asyncio.gather(*waiting)
    assert passed == [Worth.INTERACTIVE, Worth.SYNC, Worth.ANALYTICS]


async def test_who_leaves_the_line_leaves_no_place_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.gate.LONGEST_WAIT_S", 30)
    gate = filled(10)
    waiting = asyncio.create_task(gate.wait(Worth.INTERACTIVE))
    await turn_of_the_loop()
    gate.leave()  # the place is given to it, and it is cancelled before it could notice
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert gate.in_flight == 9


async def test_whose_time_is_up_as_a_place_comes_free_is_passed_over() -> None:
    """Not yet awake to leave the line, and out of it already."""
    gate = filled(10)
    waiting = asyncio.create_task(gate.wait(Worth.INTERACTIVE))
    await turn_of_the_loop()
    waiting.cancel()
    gate.leave()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (gate.in_flight, gate.waiting) == (9, 0)


def test_a_service_that_slows_down_gets_less_and_one_that_recovers_gets_more() -> None:
    gate = Gate(10, 500)
    now = 0.0

    def windows(count: int, seconds: float) -> float:
        nonlocal now
        for _ in range(count):
            now += 0.2
            gate.in_flight = int(gate.limit)
            for _ in range(20):
                gate.took(seconds, now)
        return gate.limit

    usual = windows(20, 0.01)
    assert usual > 128
    slow = windows(20, 0.2)
    assert slow < usual / 2
    assert windows(100, 0.01) > slow


def test_what_nobody_came_near_does_not_move() -> None:
    gate = Gate(10, 500)
    for step in range(100):
        gate.in_flight = 5
        for _ in range(20):
            gate.took(0.001 * step, step)
    assert gate.limit == 128


@given(st.lists(st.floats(0.0001, 60), min_size=1, max_size=300), st.integers(1, 50))
def test_the_limit_stays_between_its_bounds(times: list[float], least: int) -> None:
    gate = Gate(least, 300)
    for second, seconds in enumerate(times):
        gate.in_flight = 300
        for _ in range(10):
            gate.took(seconds, second)
        assert least <= gate.limit <= 300
        assert gate.open_to_all <= gate.limit
