"""The breaker opens on what the issue says, and no sooner; and finds its way back."""

import pytest

from gateway.breaker import LONGEST_OPEN_S, OPEN_S, Breaker, State
from tests.gateway.edge import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


def outcomes(breaker: Breaker, clock: Clock, *, good: int, bad: int) -> State:
    for _ in range(good):
        breaker.succeeded(clock.now)
    for _ in range(bad):
        breaker.failed(clock.now)
    return breaker.state


@pytest.mark.parametrize(
    ("good", "bad", "state"),
    [
        pytest.param(0, 19, State.CLOSED, id="too few requests to judge"),
        pytest.param(0, 20, State.OPEN, id="twenty failures"),
        pytest.param(10, 10, State.OPEN, id="half of twenty"),
        pytest.param(11, 10, State.CLOSED, id="a little less than half"),
        pytest.param(1_000, 400, State.CLOSED, id="many failures among more successes"),
    ],
)
def test_it_opens_at_half_of_twenty(breaker, clock, good, bad, state) -> None:
    assert outcomes(breaker, clock, good=good, bad=bad) is state
    assert breaker.admits() is (state is State.CLOSED)


def test_only_the_last_ten_seconds_count(breaker: Breaker, clock: Clock) -> None:
    outcomes(breaker, clock, good=0, bad=19)
    clock.now += 10
    assert outcomes(breaker, clock, good=0, bad=19) is State.CLOSED
    clock.now += 9
    assert outcomes(breaker, clock, good=0, bad=1) is State.OPEN


def test_a_long_silence_leaves_nothing(breaker: Breaker, clock: Clock) -> None:
    outcomes(breaker, clock, good=0, bad=19)
    clock.now += 86_400
    assert outcomes(breaker, clock, good=0, bad=1) is State.CLOSED


def test_one_probe_decides(breaker: Breaker, clock: Clock) -> None:
    outcomes(breaker, clock, good=0, bad=20)
    clock.now += OPEN_S
    assert breaker.state is State.HALF_OPEN
    assert [breaker.admits() for _ in range(3)] == [True, False, False]
    breaker.succeeded(clock.now)
    assert breaker.state is State.CLOSED
    assert outcomes(breaker, clock, good=0, bad=19) is State.CLOSED, "old failures are forgotten"


def test_each_failed_probe_doubles_the_rest_up_to_a_limit(breaker: Breaker, clock: Clock) -> None:
    outcomes(breaker, clock, good=0, bad=20)
    rests = []
    for _ in range(5):
        rests.append(breaker.retry_in_s)
        clock.now += breaker.retry_in_s
        assert breaker.admits()
        breaker.failed(clock.now)
    assert rests == [2, 4, 8, LONGEST_OPEN_S, LONGEST_OPEN_S]


def test_a_probe_that_says_nothing_is_followed_by_another(breaker: Breaker, clock: Clock) -> None:
    outcomes(breaker, clock, good=0, bad=20)
    clock.now += OPEN_S
    assert breaker.admits()
    breaker.learnt_nothing()
    assert breaker.admits()


def test_stragglers_of_before_neither_close_nor_prolong(breaker: Breaker, clock: Clock) -> None:
    outcomes(breaker, clock, good=0, bad=20)
    breaker.succeeded(clock.now)
    breaker.failed(clock.now)
    assert breaker.state is State.OPEN
    assert breaker.retry_in_s == OPEN_S


def test_an_operator_may_hold_it(breaker: Breaker, clock: Clock) -> None:
    breaker.force(State.OPEN)
    clock.now += 3_600
    assert (breaker.state, breaker.admits()) == (State.OPEN, False)
    breaker.force(State.CLOSED)
    assert outcomes(breaker, clock, good=0, bad=100) is State.CLOSED
    breaker.force(None)
    assert outcomes(breaker, clock, good=0, bad=20) is State.OPEN
