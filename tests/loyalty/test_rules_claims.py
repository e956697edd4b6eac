"""Claiming codes: who may, why not, and how many wrong ones one may try."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ids import uuid7
from services.loyalty.rules.audience import Audience, Person
from services.loyalty.rules.claims import (
    HOUR,
    ClaimRefusal,
    free_again_at,
    refusal_of,
    wrong_terms,
)
from services.loyalty.rules.coupons import Coupon, Series, SeriesKind, Shopper

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MEMBER = uuid7()
GOLD = Person(tier="gold", segments=frozenset({"vip"}))
TEXTS = {"name": {"en": "Poster"}, "description": {"en": "At the fair."}}


def series(**terms: Any) -> Series:
    kind = {"kind": SeriesKind.CLAIM, "key": "poster"}
    return Series(series_id=uuid7(), **{**TEXTS, **kind, **terms})


def judged(of: Series, used: int = 0, **changes: Any) -> ClaimRefusal | None:
    code = Coupon(coupon_id=uuid7(), code="POSTER", series=of, **changes)
    return refusal_of(code, MEMBER, Shopper(GOLD, {of.series_id: used}), NOW)


SHIPPING = {"kind": SeriesKind.SHIPPING, "key": None}


@pytest.mark.parametrize(
    ("terms", "changes", "expected"),
    [
        pytest.param({}, {}, None, id="it can be claimed"),
        pytest.param({}, {"member_id": MEMBER}, None, id="the member's own"),
        pytest.param({}, {"member_id": uuid7()}, "unknown", id="another's"),
        pytest.param({"active": False}, {}, "unknown", id="switched off"),
        pytest.param(
            {"audience": Audience(segments=frozenset({"x"}))}, {}, "unknown", id="segment"
        ),
        pytest.param({"audience": Audience(tiers=frozenset({"top"}))}, {}, "tier", id="tier"),
        pytest.param({}, {"revoked": True}, "revoked", id="revoked"),
        pytest.param({}, {"uses": 1}, "used_up", id="claimed by others"),
        pytest.param({}, {"uses": 9, "most_uses": None}, None, id="any number of times"),
        pytest.param({"member_uses": 2}, {"used": 1}, None, id="below the member's limit"),
        pytest.param({"member_uses": 2}, {"used": 2}, "member_limit", id="at the member's limit"),
        pytest.param({"valid_from": NOW}, {}, None, id="from now on"),
        pytest.param({"valid_from": NOW + MINUTE}, {}, "not_yet", id="from the next minute on"),
        pytest.param({"valid_until": NOW + MINUTE}, {}, None, id="a minute more"),
        pytest.param({"valid_until": NOW}, {}, "ended", id="over"),
        pytest.param({}, {"valid_until": NOW}, "ended", id="its own days are over"),
        pytest.param(SHIPPING, {}, "for_orders", id="a coupon for an order"),
        pytest.param(SHIPPING, {"member_id": uuid7()}, "unknown", id="another's, for an order"),
    ],
)
def test_who_may_claim(terms: Any, changes: Any, expected: str | None) -> None:
    assert judged(series(**terms), **changes) == expected


def test_what_is_no_code_is_unknown() -> None:
    assert refusal_of(None, MEMBER, Shopper(GOLD, {}), NOW) is ClaimRefusal.UNKNOWN


ONCE = {"coupon_uses": 1, "member_uses": None}


@pytest.mark.parametrize(
    ("kind", "given", "terms", "named"),
    [
        pytest.param(SeriesKind.CLAIM, {"key", "prize"}, ONCE, None, id="each code once"),
        pytest.param(
            SeriesKind.CLAIM, {"currency"}, ONCE, "`currency`", id="a currency without an order"
        ),
        pytest.param(
            SeriesKind.CLAIM, set(), {**ONCE, "coupon_uses": None}, "`member_uses`", id="for ever"
        ),
        pytest.param(
            SeriesKind.CLAIM, set(), {"coupon_uses": 5, "member_uses": 1}, None, id="five members"
        ),
        pytest.param(SeriesKind.GIFT, {"prize"}, ONCE, "`prize`", id="a prize for an order"),
        pytest.param(SeriesKind.GIFT, {"currency", "priority"}, ONCE, None, id="of an order"),
    ],
)
def test_terms_that_do_not_go_together_are_named(
    kind: SeriesKind, given: Any, terms: Any, named: str | None
) -> None:
    wrong = wrong_terms(kind, given, terms)
    assert (wrong is None) if named is None else (wrong is not None and named in wrong)


@pytest.mark.parametrize(
    ("minutes_ago", "most", "free_in"),
    [
        pytest.param([], 3, None, id="none tried"),
        pytest.param([1, 2], 3, None, id="one may still be wrong"),
        pytest.param([1, 2, 30], 3, 30, id="when the first of three is an hour ago"),
        pytest.param([1, 2, 60], 3, None, id="an hour ago is over"),
        pytest.param([1, 2, 30, 50], 3, 30, id="more than there may be, as the limit was lowered"),
        pytest.param([1] * 50, None, None, id="without a limit"),
    ],
)
def test_after_some_wrong_codes_one_waits(
    minutes_ago: list[int], most: int | None, free_in: int | None
) -> None:
    tried = [NOW - n * MINUTE for n in minutes_ago]
    expected = None if free_in is None else NOW + free_in * MINUTE
    assert free_again_at(tried, most, NOW) == expected


@given(
    st.lists(st.integers(min_value=0, max_value=7_200), max_size=60).map(sorted),
    st.integers(min_value=1, max_value=10),
)
def test_no_hour_holds_more_wrong_codes_than_allowed(seconds: list[int], most: int) -> None:
    """Whoever tries at these moments, and waits where they must."""
    tried: list[datetime] = []
    for second in seconds:
        at = NOW + timedelta(seconds=second)
        if free_again_at(tried, most, at) is None:
            tried.append(at)
    for first, over in zip(tried, tried[most:], strict=False):
        assert over - first >= HOUR
