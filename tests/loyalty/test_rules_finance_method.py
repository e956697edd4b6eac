"""The liability as docs/finance.md says it is made, calculated again in fractions."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from services.loyalty.rules.finance.books import Booked
from services.loyalty.rules.finance.movements import Movement
from services.loyalty.rules.finance.terms import Breakage, Price, Prices
from tests.loyalty.test_rules_finance import APR, FEB, JAN, MAR, booked, books, closed, values

Cohort = tuple[int, list[tuple[int, int]]]
"""Points earned, and month after month which percentages of the rest are redeemed and expire."""
cohorts = st.tuples(
    st.integers(1, 10**6),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), min_size=4, max_size=4),
)


def run_off(cohort: Cohort, ages: int) -> list[tuple[int, int, int]]:
    """By age: what was redeemed, what expired, what is left."""
    left, found = cohort[0], []
    for redeeming, expiring in cohort[1][:ages]:
        redeemed, expired = left * redeeming // 100, left * expiring // 100
        left -= redeemed + expired
        found.append((redeemed, expired, left))
    return found


def liability_in_fractions(
    sold: list[Cohort], value: Fraction, paid: int, breakage: Breakage
) -> list[Fraction]:
    """Month after month, as docs/finance.md says it, for months of earning one after the other."""

    def future(age: int, month: int) -> Fraction:
        there = redeemed = expired = 0
        for number, cohort in enumerate(sold[: month + 1]):
            ages = run_off(cohort, month - number + 1)
            if age < len(ages):
                there += ages[age - 1][2] if age else cohort[0]
                redeemed += ages[age][0]
                expired += ages[age][1]
        if there == 0:
            return Fraction(1)
        rest = Fraction(there - redeemed - expired, there)
        return Fraction(redeemed, there) + rest * future(age + 1, month)

    remote = breakage is Breakage.REMOTE
    rates: dict[int, Fraction] = {}
    totals = []
    for month in range(4):
        total = Fraction(0)
        for number, cohort in enumerate(sold[: month + 1]):
            rate = Fraction(1) if remote else future(0, month)
            own = value * rates.setdefault(number, rate)
            price = Fraction(paid) * own / (paid + own * cohort[0])
            ages = run_off(cohort, month - number + 1)
            gone = sum(redeemed + (expired if remote else 0) for redeemed, expired, _ in ages)
            yet = 1 if remote else future(len(ages), month)
            ever = gone + ages[-1][2] * yet
            total += price * cohort[0] * (1 - (Fraction(gone) / ever if ever else 1))
        totals.append(total)
    return totals


@settings(max_examples=60)
@given(
    st.lists(cohorts, min_size=4, max_size=4),
    values,
    st.integers(1, 10**7),
    st.sampled_from(Breakage),
)
def test_the_liability_is_what_the_method_makes_of_it_in_fractions(
    sold: list[Cohort], value: Decimal, paid: int, breakage: Breakage
) -> None:
    months = [JAN, FEB, MAR, APR]
    items: dict[date, list[Booked]] = {month: [] for month in months}
    for number, (begins, cohort) in enumerate(zip(months, sold, strict=True)):
        items[begins].append(booked(begins, Movement.EARNED, cohort[0]))
        for month, (redeemed, expired, _) in zip(months[number:], run_off(cohort, 4), strict=False):
            items[month].append(booked(begins, Movement.REDEEMED, -redeemed))
            items[month].append(booked(begins, Movement.EXPIRED, -expired))
    made = books(
        items,
        dict.fromkeys(months, paid),
        Prices("CNY", [Price(JAN, value)]),
        breakage=breakage,
    )
    expected = liability_in_fractions(sold, Fraction(value), paid, breakage)
    for closing, right in zip(closed(made, *months), expected, strict=True):
        owed = sum(position.liability_minor for position in closing.positions.values())
        assert abs(owed - right) <= len(closing.positions)  # each is rounded by itself
