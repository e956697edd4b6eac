"""How points run off: redeemed, expired, by their age."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.loyalty.rules.finance.runoff import Change, WhatIf, ladder
from services.loyalty.rules.finance.terms import Month

JAN, FEB, MAR = (date(2026, month, 1) for month in range(1, 4))
ONE = Decimal(1)


def test_the_ladder_follows_two_ways_out_to_the_end() -> None:
    """Of 100, 20 are redeemed at age 0; of the 80 left 40 are, and 10 expire, at age 1."""
    triangle = {
        JAN: {0: Change(100, 0, 80), 1: Change(0, 10, -50)},
        FEB: {0: Change(300, 0, 240)},
    }
    made = ladder(triangle, Month(FEB), Decimal("0.5"))
    assert [(step.cohorts, step.exposed, step.redeemed) for step in made.steps] == [
        (2, 400, 80),
        (1, 80, 40),
    ]
    # after age 1 half of what is left: 0.5 + (1 - 0.5 - 0.125) * 0.5
    assert made.after(1) == Decimal("0.5")
    assert made.after(0) == Decimal("0.6875")
    assert made.ultimate == Decimal("0.2") + Decimal("0.8") * Decimal("0.6875")


def test_what_nobody_has_observed_is_taken_to_be_redeemed() -> None:
    made = ladder({}, Month(FEB), ONE)
    assert (made.ultimate, made.after(7)) == (1, 1)


def test_a_month_that_is_not_over_teaches_nothing() -> None:
    triangle = {JAN: {0: Change(100, 0, 100), 1: Change(0, 100, -100)}}
    assert ladder(triangle, Month(JAN), ONE).after(0) == 1
    assert ladder(triangle, Month(FEB), ONE).after(0) == 0


def test_what_if_moves_the_rates_and_never_beyond_all() -> None:
    triangle = {JAN: {0: Change(100, 20, 20)}}
    observed = ladder(triangle, Month(JAN), Decimal(0))
    assert observed.ultimate == Decimal("0.6")
    assert ladder(triangle, Month(JAN), Decimal(0), WhatIf(Decimal(5))).ultimate == 1
    assert ladder(triangle, Month(JAN), ONE, WhatIf(ONE, Decimal(9))).ultimate == Decimal("0.6")
    what_if = WhatIf(tail_rate=ONE)
    assert ladder(triangle, Month(JAN), Decimal(0), what_if).ultimate == Decimal("0.8")


triangles = st.dictionaries(
    st.sampled_from([JAN, FEB, MAR]),
    st.dictionaries(
        st.integers(0, 4),
        st.builds(Change, st.integers(-50, 500), st.integers(-20, 200), st.integers(-300, 500)),
    ),
)


@given(triangles, st.decimals(0, 1, places=4))
def test_every_share_is_between_none_and_all(
    triangle: dict[date, dict[int, Change]], tail: Decimal
) -> None:
    made = ladder(triangle, Month(date(2026, 6, 1)), tail)
    assert all(0 <= share <= 1 for share in made.future)
