"""What an occasion earns under a version, and why."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ids import uuid7
from services.loyalty.rules.earning import Occasion, local_day
from services.loyalty.rules.ledger import PointType, Source
from services.loyalty.rules.programme.checking import parse
from services.loyalty.rules.programme.compiling import Compiled, compiled
from services.loyalty.rules.programme.conditions import Facts
from services.loyalty.rules.programme.deciding import (
    Count,
    Decision,
    beginning,
    following,
    limited,
    matched,
    rounded,
)
from services.loyalty.rules.programme.states import Period
from tests.loyalty.programmes import NAME, programme, rule

SATURDAY = datetime(2026, 3, 7, 15, 30, tzinfo=UTC)
ORDER = "profile.order.placed"
ITEMS = [
    {"sku": "tea", "category": "drinks", "quantity": 2, "amount_minor": 5_000},
    {"sku": "cup", "category": "china", "quantity": 1, "amount_minor": 7_900},
]


def made(*rules: dict[str, Any], **changes: Any) -> Compiled:
    return compiled(1, parse(programme(*rules, **changes)))


def decided(
    version: Compiled, event: dict[str, Any] | None = None, *, counts=None, left=None, **about: Any
) -> Decision:
    """What a version decides on a share, or on an order where the event has an amount."""
    event = event or {}
    trigger = ORDER if "amount_minor" in event else "activity.Shared"
    about = {"zone": "UTC", "at": SATURDAY, **about}
    occasion = Occasion(
        member_id=uuid7(), trigger=trigger, source=Source("x", "1"), at=about["at"], event=event
    )
    facts = Facts(event, about.get("member", {"tier": "normal"}), about["at"], about["zone"])
    decision = matched(version, occasion, facts)
    left = version.budgets if left is None else left
    limited(decision, version, {} if counts is None else counts, dict(left))
    return decision


def paid(decision: Decision) -> dict[str, int]:
    return {o.rule.key: o.points for o in decision.outcomes if o.points}


def verdicts(decision: Decision) -> dict[str, str]:
    return {o.rule.key: str(o.verdict) for o in decision.outcomes}


def on_order(**earn: Any) -> dict[str, Any]:
    return rule("order", trigger=ORDER, earn={"points": 1, "per": 100, **earn})


BILL = {
    "amount_minor": 12_900,
    "currency": "CNY",
    "discount_minor": 1_000,
    "tax_minor": 900,
    "shipping_minor": 600,
    "items": ITEMS,
}


@pytest.mark.parametrize(
    ("earn", "event", "points"),
    [
        pytest.param({}, BILL, 129, id="a point for every yuan paid"),
        pytest.param({"discount": "before"}, BILL, 139, id="before the discount"),
        pytest.param({"tax": "excluded"}, BILL, 120, id="without tax"),
        pytest.param({"shipping": "excluded"}, BILL, 123, id="without shipping"),
        pytest.param({"tax": "excluded", "shipping": "excluded"}, BILL, 114, id="goods alone"),
        pytest.param({}, {"amount_minor": 12_999}, 129, id="a yuan begun is not a yuan"),
        pytest.param({"rounding": "up"}, {"amount_minor": 12_901}, 130, id="unless rounded up"),
        pytest.param({"rounding": "half_up"}, {"amount_minor": 250}, 3, id="half, up"),
        pytest.param({"rounding": "half_even"}, {"amount_minor": 250}, 2, id="half, to even"),
        pytest.param({"points": 3, "per": 200}, {"amount_minor": 299}, 4, id="rounding is last"),
        pytest.param({"currency": "CNY"}, BILL, 129, id="in its currency"),
        pytest.param({"currency": "RUB"}, BILL, 0, id="in another currency nothing"),
        pytest.param(
            {"items": {"field": "item.category", "op": "eq", "value": "drinks"}},
            BILL,
            50,
            id="for items of a category alone",
        ),
        pytest.param({}, {"amount_minor": 99}, 0, id="less than a yuan earns nothing"),
        pytest.param(
            {"shipping": "excluded"},
            {"amount_minor": 5, "shipping_minor": 9},
            0,
            id="never below 0",
        ),
    ],
)
def test_an_order_earns_by_its_declared_base(
    earn: dict[str, Any], event: dict[str, Any], points: int
) -> None:
    assert decided(made(on_order(**earn)), event).points() == points


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        pytest.param({"field": "event.stars", "op": "gte", "value": 4}, True, id="at least"),
        pytest.param({"field": "event.stars", "op": "gt", "value": 5}, False, id="more than"),
        pytest.param({"field": "event.stars", "op": "eq", "value": "5"}, False, id="5 is no text"),
        pytest.param({"field": "event.liked", "op": "eq", "value": 1}, False, id="true is not 1"),
        pytest.param({"field": "event.liked", "op": "in", "value": [1, 0]}, False, id="nor among"),
        pytest.param({"field": "event.liked", "op": "eq", "value": True}, True, id="true is true"),
        pytest.param({"field": "event.photo.width", "op": "lt", "value": 9}, True, id="a path"),
        pytest.param({"field": "event.none", "op": "lt", "value": 9}, False, id="what is absent"),
        pytest.param({"field": "event.none", "op": "ne", "value": 9}, True, id="is unlike"),
        pytest.param({"field": "event.photo", "op": "exists"}, True, id="something is there"),
        pytest.param({"field": "event.none", "op": "exists"}, False, id="nothing is there"),
        pytest.param({"field": "event.tags", "op": "eq", "value": "b"}, True, id="one of a list"),
        pytest.param({"field": "event.tags", "op": "ne", "value": "b"}, False, id="not without"),
        pytest.param({"field": "event.items.sku", "op": "eq", "value": "cup"}, True, id="any item"),
        pytest.param(
            {
                "item": {
                    "all": [
                        {"field": "item.sku", "op": "eq", "value": "cup"},
                        {"field": "item.quantity", "op": "gt", "value": 1},
                    ]
                }
            },
            False,
            id="one and the same item",
        ),
        pytest.param({"field": "member.segments", "op": "eq", "value": "vip"}, True, id="segment"),
        pytest.param({"field": "member.tier", "op": "in", "value": ["gold"]}, True, id="tier"),
        pytest.param({"field": "time.weekday", "op": "eq", "value": "sun"}, True, id="local day"),
        pytest.param({"field": "time.hour", "op": "lt", "value": 2}, True, id="local hour"),
        pytest.param({"field": "time.month_day", "op": "eq", "value": "03-08"}, True, id="date"),
        pytest.param(
            {"not": {"field": "event.stars", "op": "gte", "value": 4}}, False, id="the opposite"
        ),
        pytest.param(
            {
                "any": [
                    {"field": "event.stars", "op": "lt", "value": 2},
                    {"field": "member.tags", "op": "eq", "value": "critic"},
                ]
            },
            True,
            id="one of two",
        ),
    ],
)
def test_conditions(condition: dict[str, Any], holds: bool) -> None:  # noqa: FBT001
    event = {
        "stars": 5,
        "liked": True,
        "photo": {"width": 3},
        "tags": ["a", "b"],
        "items": ITEMS,
    }
    member = {"tier": "gold", "segments": ["new", "vip"], "tags": ["critic"]}
    decision = decided(made(rule(when=condition)), event, member=member, zone="Asia/Tokyo")
    assert bool(decision.points()) is holds


def test_what_failed_is_named() -> None:
    condition = {
        "all": [
            {"field": "event.a", "op": "eq", "value": 1},
            {"any": [{"field": "event.b", "op": "eq", "value": 1}]},
        ]
    }
    [outcome] = decided(made(rule(when=condition)), {"a": 1}).outcomes
    assert (str(outcome.verdict), outcome.place) == ("failed", "when.all[1].any")


def test_rules_out_of_their_time_pay_nothing() -> None:
    spring = {"name": NAME, "from": "2026-03-07T15:30:00Z", "until": "2026-03-09T00:00:00Z"}
    version = made(
        rule("in"),
        rule("campaign", campaign="spring"),
        rule("later", **{"from": "2026-03-07T15:30:01Z"}),
        rule("over", until="2026-03-07T15:30:00Z"),
        rule("never", campaign="spring", until="2026-03-07T00:00:00Z"),
        campaigns={"spring": spring},
    )
    decision = decided(version)
    assert paid(decision) == {"in": 10, "campaign": 10}
    assert {k for k, v in verdicts(decision).items() if v == "outside"} == {
        "later",
        "over",
        "never",
    }


@pytest.mark.parametrize(
    ("pick", "winner"),
    [pytest.param("first", "a", id="the first"), pytest.param("best", "b", id="the best")],
)
def test_of_a_group_one_pays(pick: str, winner: str) -> None:
    version = made(
        rule("a", group="g"),
        rule("b", group="g", earn={"points": 30}),
        rule("c", group="g", earn={"points": 30}),
        rule("alone"),
        groups={"g": pick},
    )
    assert set(paid(decided(version))) == {winner, "alone"}


def test_priority_decides_the_turn_and_an_exclusive_rule_ends_it() -> None:
    version = made(
        rule("low", priority=-5),
        rule("growth", priority=-9, point_type="growth"),
        rule("first", priority=9),
        rule("middle", exclusive=True),
    )
    decision = decided(version)
    assert [o.rule.key for o in decision.outcomes] == ["first", "middle", "low", "growth"]
    assert paid(decision) == {"first": 10, "middle": 10, "growth": 10}
    assert decision.outcomes[2].by == "middle"


def test_a_tiers_multiplier_counts_before_rounding() -> None:
    version = made(rule(earn={"points": 7}, tier_multiplier=True), rule("plain"))
    decision = decided(version, member={"tier": "gold"})
    assert paid(decision) == {"share": 10, "plain": 10}
    assert (decision.outcomes[0].factor, decision.outcomes[0].exact) == ("1.5", "10.5")


def test_a_multiplier_pays_on_top_of_what_was_paid() -> None:
    version = made(
        rule("double", earn={"multiply": "2.5", "rules": ["a"]}, priority=100),
        rule("a", caps=[{"points": 4, "per": "day"}]),
        rule("b"),
    )
    assert paid(decided(version)) == {"a": 4, "b": 10, "double": 6}


def test_a_multiplier_of_nothing_pays_nothing() -> None:
    condition = {"field": "event.x", "op": "exists"}
    version = made(rule(when=condition), rule("double", earn={"multiply": "2"}))
    assert verdicts(decided(version)) == {"share": "failed", "double": "nothing"}


@pytest.mark.parametrize(
    ("caps", "points", "last"),
    [
        pytest.param([], [10, 10, 10], "paid", id="no cap"),
        pytest.param([{"points": 25, "per": "day"}], [10, 10, 5], "paid", id="points, in part"),
        pytest.param([{"times": 2, "per": "week"}], [10, 10, 0], "capped", id="times"),
        pytest.param(
            [{"times": 3, "per": "day"}, {"points": 12, "per": "ever"}],
            [10, 2, 0],
            "capped",
            id="the narrower of two",
        ),
        pytest.param([{"points": 0, "per": "day"}], [0, 0, 0], "capped", id="nothing at all"),
    ],
)
def test_caps(caps: list[dict[str, Any]], points: list[int], last: str) -> None:
    version, counts = made(rule(caps=caps)), {}
    one = decided(version, counts=counts)
    decisions = [one]
    for _ in range(2):
        again = matched(version, one.occasion, one.facts)
        limited(again, version, counts, {})
        decisions.append(again)
    assert [d.points() for d in decisions] == points
    assert verdicts(decisions[-1])["share"] == last


def test_a_campaigns_cap_counts_all_its_rules() -> None:
    cap = {"points": 15, "per": "ever", "across": "campaign"}
    version = made(
        rule("a", campaign="c", caps=[cap]),
        rule("b", campaign="c", caps=[cap]),
        campaigns={"c": {"name": NAME}},
    )
    assert paid(decided(version)) == {"a": 10, "b": 5}


def test_budgets_are_shared_and_never_exceeded() -> None:
    version = made(
        rule("a", campaign="c", budget_points=8),
        rule("b", campaign="c"),
        rule("c", campaign="c"),
        campaigns={"c": {"name": NAME, "budget_points": 15}},
    )
    decision = decided(version)
    assert paid(decision) == {"a": 8, "b": 7}
    assert verdicts(decision)["c"] == "exhausted"


@given(st.lists(st.integers(0, 40), max_size=8), st.integers(0, 100))
def test_a_cap_of_points_is_reached_exactly(points: list[int], cap: int) -> None:
    counts: dict[Any, Count] = {}
    total = 0
    member_id = uuid7()
    for number in points:
        version = made(rule(earn={"points": number}, caps=[{"points": cap, "per": "day"}]))
        decision = matched(
            version,
            Occasion(
                member_id=member_id,
                trigger="activity.Shared",
                source=Source("x", "1"),
                at=SATURDAY,
                event={},
            ),
            Facts({}, {}, SATURDAY, "UTC"),
        )
        limited(decision, version, counts, {})
        total += decision.points()
    assert total == min(sum(points), cap)


@given(st.integers(0, 10**12), st.integers(1, 10**6), st.sampled_from(["down", "half_up", "up"]))
def test_splitting_an_order_never_earns_more_than_rounding(
    amount: int, part: int, rounding: str
) -> None:
    whole = rounded(Fraction(amount + part, 100), rounding)
    apart = rounded(Fraction(amount, 100), rounding) + rounded(Fraction(part, 100), rounding)
    assert abs(apart - whole) <= 1
    if rounding == "down":
        assert apart <= whole


@pytest.mark.parametrize(
    ("number", "points"),
    [pytest.param(n, p, id=str(n)) for n, p in [(1, 5), (3, 30), (4, 5), (0, 0), (-1, 0)]],
)
def test_a_series_begins_again(number: int, points: int) -> None:
    version = made(rule(earn={"series": [5, 5, 30], "of": "event.streak"}))
    assert decided(version, {"streak": number}).points() == points


@pytest.mark.parametrize(
    ("period", "begins", "next_begins"),
    [
        pytest.param(Period.DAY, date(2026, 3, 29), date(2026, 3, 30), id="day"),
        pytest.param(Period.WEEK, date(2026, 3, 23), date(2026, 3, 30), id="week"),
        pytest.param(Period.MONTH, date(2026, 3, 1), date(2026, 4, 1), id="month"),
        pytest.param(Period.YEAR, date(2026, 1, 1), date(2027, 1, 1), id="year"),
    ],
)
def test_periods_are_the_calendars(period: Period, begins: date, next_begins: date) -> None:
    assert beginning(period, date(2026, 3, 29)) == begins
    assert following(period, begins) == next_begins


@pytest.mark.parametrize(
    ("moment", "time_zone", "day"),
    [
        pytest.param("2026-03-02T15:59:59Z", "Asia/Shanghai", "2026-03-02", id="before midnight"),
        pytest.param("2026-03-02T16:00:00Z", "Asia/Shanghai", "2026-03-03", id="at midnight"),
        pytest.param("2026-03-02T01:00:00Z", "America/New_York", "2026-03-01", id="west of us"),
        pytest.param("2026-03-29T00:30:00Z", "Europe/Berlin", "2026-03-29", id="a day of 23 hours"),
    ],
)
def test_a_day_is_the_members_own(moment: str, time_zone: str, day: str) -> None:
    assert local_day(datetime.fromisoformat(moment), time_zone) == date.fromisoformat(day)


def test_growth_points_are_counted_apart() -> None:
    decision = decided(made(rule("a"), rule("b", point_type="growth", earn={"points": 3})))
    assert (decision.points(), decision.points(PointType.GROWTH)) == (10, 3)
    assert replace(decision).version == 1
