"""Rests between small batches, and between portions."""

import pytest

from kit.pace import LONGEST_S, LONGEST_TURN_S, rest_s, turn_s


@pytest.mark.parametrize(
    ("worked_s", "rests_s"),
    [
        pytest.param(0.001, 0.02, id="a short batch: the least rest"),
        pytest.param(0.02, 0.06, id="a longer one: three times what it took"),
        pytest.param(3.0, LONGEST_S, id="never long enough to be noticed"),
    ],
)
def test_rest(worked_s: float, rests_s: float) -> None:
    assert rest_s(worked_s, 0.02) == rests_s


def test_much_work_leaves_every_other_turn_to_others() -> None:
    assert turn_s(0.02) == 0.02
    assert turn_s(60) == LONGEST_TURN_S
