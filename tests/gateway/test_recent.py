"""The bounded memory."""

from gateway.recent import Recent


def test_it_holds_the_last_and_never_more_than_twice_as_many() -> None:
    recent: Recent[int, int] = Recent(10)
    for number in range(100):
        recent.put(number, number)
        assert len(recent._young) + len(recent._old) <= 20
    assert [recent.get(number) for number in range(90, 100)] == list(range(90, 100))
    assert recent.get(0) is None


def test_what_is_used_stays() -> None:
    recent: Recent[int, int] = Recent(10)
    recent.put(-1, -1)
    for number in range(100):
        recent.put(number, number)
        assert recent.get(-1) == -1


def test_it_forgets_when_told() -> None:
    recent: Recent[int, int] = Recent(1)
    recent.put(1, 1)
    recent.put(2, 2)
    recent.clear()
    assert recent.get(1) is recent.get(2) is None
