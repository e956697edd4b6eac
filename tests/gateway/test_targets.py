"""Requests go where the weights say, to who is well, and a member always to the same place."""

from collections import Counter

import pytest

from gateway.targets import EJECTED_AFTER, EJECTED_S, Place, Target, Targets, places_of
from tests.gateway.edge import Clock


async def nowhere(*_) -> None: ...


def targets(*weights: int, clock: Clock | None = None) -> Targets:
    made = [Target(name, nowhere, weight) for name, weight in zip("abcdef", weights, strict=False)]
    return Targets(made, clock or Clock())


def share(of: Targets, people: int = 4_000) -> Counter[str]:
    return Counter(of.choose(f"person-{number}").name for number in range(people))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("http://a:1", [Place("http://a:1")]),
        ("http://a:1 9, https://b", [Place("http://a:1", 9), Place("https://b")]),
        ("http://a:1 0,http://b:2 1", [Place("http://a:1", 0), Place("http://b:2")]),
    ],
)
def test_places_are_read(text: str, places: list[Place]) -> None:
    assert places_of(text) == places


@pytest.mark.parametrize(
    "text",
    [
        "http://u:p@a",
        "",
        " ",
        "a:1",
        "ftp://a",
        "http://",
        "http://a -1",
        "http://a x",
        "http://a 9999999",
    ],
)
def test_what_is_no_list_of_places_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (each says what is wrong)
        places_of(text)


def test_weights_are_parts_of_the_requests() -> None:
    shares = share(targets(9, 1))
    assert 300 < shares["b"] < 500


def test_a_member_is_always_sent_to_the_same_place() -> None:
    both = targets(1, 1)
    assert {len({both.choose(f"p{n}").name for _ in range(20)}) for n in range(50)} == {1}


def test_programs_are_spread() -> None:
    both = targets(1, 1)
    assert {both.choose().name for _ in range(100)} == {"a", "b"}


def test_weight_nought_gets_nothing_while_there_is_another() -> None:
    assert set(share(targets(1, 0))) == {"a"}
    assert set(share(targets(0))) == {"a"}


def test_another_try_goes_to_another_place() -> None:
    both = targets(1, 1)
    first = both.choose("mei")
    assert both.choose("mei", [first]) is not first
    assert both.choose("mei", both.all) is first
    alone = targets(1)
    assert alone.choose("mei", alone.all) is alone.all[0]


def test_another_try_goes_to_who_was_left_out_when_no_other_is_left() -> None:
    several = targets(1, 1, 0)
    sick, well, unwanted = several.all
    for _ in range(2):
        several.checked(sick, healthy=False)
    assert several.choose("mei") is well
    assert several.choose("mei", [well]) is sick
    assert unwanted not in several.untried([])


def test_who_is_not_ready_gets_nothing_until_it_is() -> None:
    both = targets(1, 1)
    sick = both.all[0]
    both.checked(sick, healthy=False)
    assert set(share(both)) == {"a", "b"}, "once may be chance"
    both.checked(sick, healthy=False)
    assert set(share(both)) == {"b"}
    both.checked(sick, healthy=True)
    assert set(share(both)) == {"a", "b"}


def test_when_nobody_is_ready_all_are_asked() -> None:
    both = targets(1, 1)
    for target in both.all * 2:
        both.checked(target, healthy=False)
    assert set(share(both)) == {"a", "b"}


def test_where_nobody_listens_is_asked_after_who_was_not_ready_lately() -> None:
    clock = Clock()
    both = targets(1, 1, clock=clock)
    starting, gone = both.all
    for _ in range(2):
        both.checked(starting, healthy=False)
    both.leave_out(gone, clock.now)
    assert set(share(both)) == {"a"}
    both.leave_out(starting, clock.now)
    assert set(share(both)) == {"a", "b"}
    clock.now += EJECTED_S
    assert set(share(both)) == {"b"}


def test_an_outlier_is_left_out_for_a_while_and_longer_the_next_time() -> None:
    clock = Clock()
    both = targets(1, 1, clock=clock)
    sick = both.all[0]
    for rest in (EJECTED_S, 2 * EJECTED_S):
        for _ in range(EJECTED_AFTER):
            both.failed(sick, clock.now)
        assert set(share(both)) == {"b"}
        clock.now += rest
        assert set(share(both)) == {"a", "b"}


def test_the_last_one_left_is_never_ejected() -> None:
    both = targets(1, 1)
    for target in both.all * EJECTED_AFTER:
        both.failed(target, 1_000.0)
    assert len(share(both)) == 1
    assert both.ejections == 1
