"""What comes behind an event that waits, waits as well; and not for ever, nor too many at once."""

import pytest

from kit import turns
from kit.turns import PATIENCE_S, SLACK_S, Turns


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def waiting(clock: Clock) -> Turns:
    """The fifth event of the stream, about Mei, waits for ten seconds."""
    made = Turns(clock)
    made.wait("mei", 5, 10)
    return made


def test_while_nothing_waits_it_is_everybodys_turn() -> None:
    assert not Turns()
    assert Turns().take("mei", 1) is None


@pytest.mark.parametrize(
    ("subject", "place", "waits_s"),
    [
        pytest.param("mei", 6, 10 + SLACK_S, id="what comes behind it waits a little longer"),
        pytest.param("mei", 4, None, id="what comes before it goes ahead"),
        pytest.param("mei", 5, None, id="it is tried again"),
        pytest.param("bo", 6, None, id="nobody else waits"),
        pytest.param(None, 6, None, id="what is about nobody waits for nobody"),
    ],
)
def test_who_waits(waiting: Turns, subject: str | None, place: int, waits_s: float | None) -> None:
    assert waiting.take(subject, place) == waits_s


def test_the_one_that_waited_takes_all_behind_it_along(waiting: Turns, clock: Clock) -> None:
    for place in (6, 7):
        waiting.wait("mei", place, waiting.take("mei", place) or 0)
    clock.now += 10
    assert waiting.take("mei", 7) == SLACK_S
    assert [waiting.take("mei", place) for place in (5, 6, 7)] == [None, None, None]
    assert not waiting


def test_what_is_tried_again_in_vain_is_waited_for_again(waiting: Turns, clock: Clock) -> None:
    clock.now += 10
    assert waiting.take("mei", 5) is None
    waiting.wait("mei", 5, 60)
    assert waiting.take("mei", 6) == 60 + SLACK_S


def test_what_does_not_come_back_is_not_waited_for(waiting: Turns, clock: Clock) -> None:
    clock.now += 10 + PATIENCE_S
    assert waiting.take("mei", 6) is None


def test_no_more_wait_for_others_than_others_can_bear(
    waiting: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "MOST_HELD", 1)
    held = waiting.take("mei", 6)
    assert held
    waiting.wait("mei", 6, held)
    assert waiting.take("mei", 7) is None
    assert waiting.take("mei", 6)


def test_what_never_came_back_is_forgotten_in_time(
    waiting: Turns, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_SIFTED_FROM", 1)
    clock.now += 10 + PATIENCE_S
    waiting.wait("bo", 9, 1)
    assert waiting.take("bo", 9) is None
    assert not waiting
