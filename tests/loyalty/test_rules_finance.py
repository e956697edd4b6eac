"""The arithmetic of finance: allocation, recognition, balanced journals."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.loyalty.rules.finance.books import Booked, Books, Closing, HandedOut, Sold
from services.loyalty.rules.finance.burning import Burn
from services.loyalty.rules.finance.deferral import (
    CohortKey,
    Event,
    Position,
    Volume,
    contract,
    contract_movements,
    inception,
)
from services.loyalty.rules.finance.movements import (
    ISSUING,
    MOVEMENTS,
    Movement,
    Origin,
    Points,
    RollForward,
)
from services.loyalty.rules.finance.terms import (
    USUAL_CODES,
    AccountName,
    Breakage,
    Month,
    Price,
    Prices,
    worth,
)
from services.loyalty.rules.ledger import Kind

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in range(1, 5))
ONE = Decimal(1)
CENT = Prices("CNY", [Price(JAN, ONE)])


def booked(
    cohort: date,
    movement: Movement,
    points: int,
    origin: Origin = Origin.ORDER,
    debt: int = 0,
) -> Booked:
    net = points - debt
    issued = net if movement in ISSUING else 0
    expired = -net if movement is Movement.EXPIRED else 0
    return Booked(CohortKey("points", cohort, origin), Volume(issued, expired, points))


def books(
    items: Mapping[date, list[Booked]],
    sold: dict[date, int] | None = None,
    prices: Prices = CENT,
    handed_out: list[HandedOut] | None = None,
    **changes: object,
) -> Books:
    fixed = {
        "booked": items,
        "sold": [Sold(m, "points", m, "CNY", amount) for m, amount in (sold or {}).items()],
        "handed_out": handed_out or [],
        "prices": {"points": prices},
        "breakage": Breakage.PROPORTIONAL,
        "tail_rate": ONE,
        "codes": USUAL_CODES,
        "complete": Month(date(2030, 1, 1)),
    }
    return Books(**{**fixed, **changes})


def closed(made: Books, *months: date) -> list[Closing]:
    closings: list[Closing] = []
    before: Mapping[CohortKey, Position] = {}
    for month in months:
        closings.append(made.close(Month(month), before))
        before = closings[-1].positions
    return closings


def balances(*closings: Closing) -> Counter[AccountName]:
    """What each account has: debits less credits."""
    found: Counter[AccountName] = Counter()
    for closing in closings:
        for line in closing.lines:
            found[line.account] += line.debit_minor - line.credit_minor
    return found


# --- ASC 606-10-55-353 (example 52) and IFRS 15 IE267: a customer loyalty programme


def test_the_example_of_both_standards() -> None:
    """Goods sold for $100,000, with 10,000 points of $1 each, 9,500 expected to be redeemed.

    $91,324 is the goods', $8,676 the points'. In year 1 4,500 points of 9,500 are redeemed: $4,110.
    In year 2 8,500 of then 9,700 expected: $7,603 in all, $3,493 in the year.
    """
    dollar, rate = Decimal(100), Decimal("0.95")  # in cents
    begun = inception(Origin.ORDER, 10_000, 10_000_000, dollar, rate)
    first = contract(begun, Volume(10_000, 0, 5_500), Decimal(5_000) / Decimal(5_500))
    assert round(first.deferred_minor / 100) == 8_676
    assert round((first.redeemed_minor + first.breakage_minor) / 100) == 4_110
    assert round(first.liability_minor / 100) == 4_566
    second = contract(begun, Volume(10_000, 0, 1_500), Decimal(1_200) / Decimal(1_500))
    recognised = second.redeemed_minor + second.breakage_minor
    assert round(recognised / 100) == 7_603
    assert round((recognised - first.redeemed_minor - first.breakage_minor) / 100) == 3_493


def test_in_the_example_the_change_in_estimate_is_told_apart() -> None:
    """With 9,700 instead of 9,500 expected, year 1 would have had 4,500 / 9,700: $85 less."""
    dollar, rate = Decimal(100), Decimal("0.95")
    begun = inception(Origin.ORDER, 10_000, 10_000_000, dollar, rate)
    first = contract(begun, Volume(10_000, 0, 5_500), Decimal(5_000) / Decimal(5_500))
    second = contract(begun, Volume(10_000, 0, 1_500), Decimal(1_200) / Decimal(1_500))
    moved = contract_movements(first, second, Origin.ORDER, Breakage.PROPORTIONAL)
    amounts = {movement.event: movement.amount_minor for movement in moved}
    would_have = Fraction(first.deferred_minor * 4_500, 9_700)
    was = first.redeemed_minor + first.breakage_minor
    assert amounts[Event.CHANGE_IN_ESTIMATE] == round(would_have) - was == -8_473


def test_points_paid_for_in_another_currency_keep_their_own_price() -> None:
    begun = inception(Origin.ORDER, 100, None, Decimal("1.5"), Decimal("0.5"))
    assert begun.price_minor == Decimal("0.75")


# --- a journal


def test_an_order_defers_and_a_redemption_recognises() -> None:
    items = {
        JAN: [booked(JAN, Movement.EARNED, 1000)],
        FEB: [booked(JAN, Movement.REDEEMED, -400)],
    }
    january, february = closed(books(items, {JAN: 9000}), JAN, FEB)
    assert balances(january) == {
        AccountName.REVENUE: 900,
        AccountName.CONTRACT_LIABILITY: -900,
    }
    assert [line.event for line in february.lines] == [Event.REDEEMED] * 2
    assert balances(january, february)[AccountName.CONTRACT_LIABILITY] == -540


def test_breakage_that_was_not_expected_is_recognised_as_points_expire() -> None:
    items = {
        JAN: [booked(JAN, Movement.EARNED, 1000)],
        FEB: [booked(JAN, Movement.EXPIRED, -1000)],
    }
    january, february = closed(books(items, {JAN: 9000}, breakage=Breakage.REMOTE), JAN, FEB)
    assert balances(february) == {
        AccountName.CONTRACT_LIABILITY: 900,
        AccountName.BREAKAGE_REVENUE: -900,
    }
    assert balances(january, february)[AccountName.CONTRACT_LIABILITY] == 0


def test_what_expired_is_recognised_at_once_though_other_points_may_be_redeemed_yet() -> None:
    """Where breakage is not expected: 400 of 1,000 have expired, and 600 are there to be used."""
    items = {
        JAN: [booked(JAN, Movement.EARNED, 1000)],
        FEB: [booked(JAN, Movement.EXPIRED, -400)],
        MAR: [booked(JAN, Movement.REDEEMED, -150)],
    }
    made = books(items, {JAN: 9000}, breakage=Breakage.REMOTE)
    january, february, march = closed(made, JAN, FEB, MAR)
    assert balances(february) == {
        AccountName.CONTRACT_LIABILITY: 360,
        AccountName.BREAKAGE_REVENUE: -360,
    }
    assert balances(march) == {AccountName.CONTRACT_LIABILITY: 135, AccountName.REVENUE: -135}
    assert balances(january, february, march)[AccountName.CONTRACT_LIABILITY] == -405


def test_a_month_that_runs_off_as_expected_changes_no_estimate() -> None:
    """Of both months 40 % are redeemed at age 1, and 30 % each are redeemed and expire at age 2."""
    nov, dec = date(2025, 11, 1), date(2025, 12, 1)
    items = {
        nov: [booked(nov, Movement.EARNED, 1000)],
        dec: [booked(nov, Movement.REDEEMED, -400)],
        JAN: [
            booked(nov, Movement.REDEEMED, -300),
            booked(nov, Movement.EXPIRED, -300),
            booked(JAN, Movement.EARNED, 1000),
        ],
        FEB: [booked(JAN, Movement.REDEEMED, -400)],
        MAR: [booked(JAN, Movement.REDEEMED, -300), booked(JAN, Movement.EXPIRED, -300)],
    }
    months = closed(books(items, {nov: 9000, JAN: 9000}), nov, dec, JAN, FEB, MAR)
    later = [line.event for month in months[3:] for line in month.lines if line.cohort == JAN]
    assert later == [Event.REDEEMED, Event.REDEEMED, Event.BREAKAGE, Event.BREAKAGE] * 2


def test_a_change_in_estimate_is_caught_up_by_itself() -> None:
    """Nothing is known in January; in February the older cohort shows that half will expire."""
    old = date(2025, 11, 1)
    items = {
        old: [booked(old, Movement.EARNED, 1000)],
        date(2025, 12, 1): [booked(old, Movement.REDEEMED, -500)],
        JAN: [booked(JAN, Movement.EARNED, 1000), booked(old, Movement.EXPIRED, -500)],
        FEB: [booked(JAN, Movement.REDEEMED, -100)],
        MAR: [],
    }
    made = books(items, {JAN: 9000})
    months = closed(made, old, date(2025, 12, 1), JAN, FEB, MAR)
    events = {line.event for line in months[3].lines if line.cohort == JAN}
    assert Event.CHANGE_IN_ESTIMATE not in {line.event for line in months[0].lines}
    assert events >= {Event.REDEEMED}
    shown = [line.event for line in months[4].lines if line.cohort == JAN]
    assert shown == [Event.CHANGE_IN_ESTIMATE] * 2


def test_points_for_nothing_are_a_cost_that_redemption_uses_up() -> None:
    items = {
        JAN: [booked(JAN, Movement.EARNED, 1000, Origin.OTHER)],
        FEB: [booked(JAN, Movement.REDEEMED, -400, Origin.OTHER)],
        MAR: [booked(JAN, Movement.EXPIRED, -600, Origin.OTHER)],
    }
    january, february, march = closed(books(items), JAN, FEB, MAR)
    assert balances(january) == {
        AccountName.MARKETING_EXPENSE: 1000,
        AccountName.PROMOTIONAL_LIABILITY: -1000,
    }
    assert balances(february) == {
        AccountName.PROMOTIONAL_LIABILITY: 400,
        AccountName.COST_OF_REWARDS: -400,
    }
    assert balances(march) == {
        AccountName.PROMOTIONAL_LIABILITY: 600,
        AccountName.MARKETING_EXPENSE: -600,
    }


def test_a_dearer_point_makes_the_accrual_larger_and_no_old_redemption_dearer() -> None:
    items = {
        JAN: [booked(JAN, Movement.EARNED, 1000, Origin.OTHER)],
        FEB: [booked(JAN, Movement.REDEEMED, -400, Origin.OTHER)],
        MAR: [],
    }
    prices = Prices("CNY", [Price(JAN, ONE), Price(MAR, Decimal(2))])
    *_, march = closed(books(items, prices=prices), JAN, FEB, MAR)
    assert balances(march) == {
        AccountName.MARKETING_EXPENSE: 600,
        AccountName.PROMOTIONAL_LIABILITY: -600,
    }


def test_rewards_cost_what_they_cost_and_what_came_back_costs_nothing() -> None:
    handed_out = [
        HandedOut(JAN, "points", "tea", 80, 1200, "CNY"),
        HandedOut(JAN, "points", "cup", -80, -700, "CNY"),
    ]
    [january] = closed(books({}, handed_out=handed_out), JAN)
    assert balances(january)[AccountName.COST_OF_REWARDS] == 500
    assert all(line.debit_minor >= 0 and line.credit_minor >= 0 for line in january.lines)


def test_debt_of_a_returned_order_takes_back_what_was_recognised() -> None:
    items = {
        JAN: [booked(JAN, Movement.EARNED, 100)],
        FEB: [booked(JAN, Movement.REDEEMED, -100)],
        MAR: [booked(JAN, Movement.REVERSED, 0, debt=100)],
    }
    months = closed(books(items, {JAN: 900}), JAN, FEB, MAR)
    assert balances(*months) == {AccountName.REVENUE: 0, AccountName.CONTRACT_LIABILITY: 0}


movements = st.lists(
    st.tuples(
        st.sampled_from([JAN, FEB, MAR, APR]),
        st.sampled_from([JAN, FEB, MAR]),
        st.sampled_from(sorted(set(Movement) - {Movement.SHIFTED})),
        st.sampled_from(list(Origin)),
        st.integers(-3000, 3000),
    ),
    max_size=30,
)
values = st.decimals(Decimal("0.01"), 300, places=4)


@settings(max_examples=150)
@given(movements, values, st.decimals(0, 1, places=3), st.integers(0, 10**7))
def test_every_journal_is_balanced_and_the_liability_is_what_the_lines_add_up_to(
    moved: list[tuple[date, date, Movement, Origin, int]],
    value: Decimal,
    tail: Decimal,
    paid: int,
) -> None:
    items: dict[date, list[Booked]] = {JAN: [], FEB: [], MAR: [], APR: []}
    for month, cohort, movement, origin, points in moved:
        items[max(month, cohort)].append(booked(cohort, movement, points, origin))
    made = books(items, {JAN: paid, FEB: paid}, Prices("CNY", [Price(JAN, value)]), tail_rate=tail)
    months = closed(made, JAN, FEB, MAR, APR)
    for month in months:
        sides: Counter[int] = Counter()
        for line in month.lines:
            sides[line.posting] += line.debit_minor - line.credit_minor
        assert not any(sides.values())
    owed = balances(*months)
    sold = given_away = 0
    for key, position in months[-1].positions.items():
        if key.origin is Origin.OTHER:
            given_away += position.liability_minor
        else:
            sold += position.liability_minor
    assert -owed[AccountName.CONTRACT_LIABILITY] == sold
    assert -owed[AccountName.PROMOTIONAL_LIABILITY] == given_away
    assert closed(made, JAN, FEB, MAR, APR) == months


@given(st.integers(1, 10**6), st.lists(st.integers(0, 10**5), max_size=8), values)
def test_a_cohort_that_has_run_off_owes_nothing(
    issued: int, used: list[int], value: Decimal
) -> None:
    """Whatever was expected on the way: in the end all that was deferred has been recognised."""
    month, items = Month(JAN), {JAN: [booked(JAN, Movement.EARNED, issued)]}
    left = issued
    for points in [*used, issued]:
        month, part = month.next, min(points, left)
        items[month.begins_on] = [booked(JAN, Movement.REDEEMED, -part)]
        left -= part
    made = books(items, {JAN: 50_000}, Prices("CNY", [Price(JAN, value)]))
    months = closed(made, *sorted(items))
    assert balances(*months)[AccountName.CONTRACT_LIABILITY] == 0
    assert (
        balances(*months)[AccountName.REVENUE] + balances(*months)[AccountName.BREAKAGE_REVENUE]
        == 0
    )


# --- the rest


def test_opening_and_movements_are_the_closing() -> None:
    roll = RollForward(
        Points(100, 20, 0, 5),
        {
            Movement.EARNED: Points(0, 50, 0, -5),
            Movement.SHIFTED: Points(-30, 0, 30, 0),
            Movement.REDEEMED: Points(-10, 0, -30, 0),
        },
    )
    assert roll.closing == Points(60, 70, 0, 0)
    assert roll.opening.net + sum(roll.net.values()) == roll.closing.net
    assert roll.net[Movement.SHIFTED] == 0


def test_the_ratios_of_a_time() -> None:
    net = Counter({Movement.EARNED: 500, Movement.REDEEMED: -150, Movement.REFUNDED: 50})
    burn = Burn.of(net, 300, 700, 10)
    assert (burn.burn_to_earn, burn.redemption_rate) == (Decimal("0.2"), Decimal("0.125"))
    assert (burn.daily_burn, burn.days_of_supply) == (10, 70)
    assert Burn.of(Counter(), 0, 0, 10).burn_to_earn is None


@pytest.mark.parametrize(
    ("day", "minor"),
    [(date(2025, 1, 1), 1), (JAN, 1), (date(2026, 1, 31), 1), (FEB, 2), (MAR, 2)],
)
def test_a_value_holds_from_its_day_on(day: date, minor: int) -> None:
    prices = Prices("CNY", [Price(JAN, ONE), Price(FEB, Decimal(2))])
    assert prices.on(day) == minor


def test_money_is_exact_however_large() -> None:
    assert worth(2**53 - 1, Decimal("123456789.12345678"), Decimal("0.000000000001")) == (
        1111999898986
    )
    assert [worth(n, Decimal("0.5")) for n in (1, 3, 5)] == [0, 2, 2]


def test_months() -> None:
    december = Month.named("2026-12")
    assert (december.next.name, december.ends_on) == ("2027-01", date(2026, 12, 31))
    assert december.next.since(date(2025, 11, 1)) == 14


def test_entries_of_every_kind_are_a_movement() -> None:
    assert set(MOVEMENTS) | {Kind.TRANSFER} == set(Kind)
