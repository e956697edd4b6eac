"""Check-ins: one for each day where the member lives."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.loyalty.rules.checkins import (
    CheckIn,
    CheckInKind,
    Terms,
    bitmask,
    checkin_state,
    is_acceptable,
    made_up,
    next_checkin,
    recounted,
    start_of_day,
)
from services.loyalty.rules.earning import local_day

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
zones = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"}))
moments = st.integers(946_684_800, 2_114_380_800).map(lambda at: datetime.fromtimestamp(at, UTC))


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def there(day: date, streak: int) -> CheckIn:
    return CheckIn(day, streak, at=noon(day))


@pytest.mark.parametrize(
    ("before", "after", "day", "freezes", "made"),
    [
        pytest.param(None, None, MONDAY, 0, [(0, 1)], id="the first begins a streak"),
        pytest.param(there(MONDAY, 6), None, MONDAY + DAY, 0, [(1, 7)], id="the next day goes on"),
        pytest.param(
            there(MONDAY, 6), None, MONDAY + 2 * DAY, 0, [(2, 1)], id="a day missed begins anew"
        ),
        pytest.param(there(MONDAY, 6), None, MONDAY, 0, None, id="once a day"),
        pytest.param(
            None, there(MONDAY, 6), MONDAY - DAY, 0, [(-1, 1)], id="a day before, told late"
        ),
        pytest.param(
            there(MONDAY, 6),
            None,
            MONDAY + 3 * DAY,
            2,
            [(1, 6), (2, 6), (3, 7)],
            id="freeze cards cover what was missed",
        ),
        pytest.param(
            there(MONDAY, 6), None, MONDAY + 4 * DAY, 2, [(4, 1)], id="too few cards cover nothing"
        ),
        pytest.param(
            there(MONDAY, 6),
            there(MONDAY + 5 * DAY, 1),
            MONDAY + 3 * DAY,
            5,
            [(3, 1)],
            id="a day told late uses no cards",
        ),
    ],
)
def test_next_checkin(
    before: CheckIn | None,
    after: CheckIn | None,
    day: date,
    freezes: int,
    made: list[tuple[int, int]] | None,
) -> None:
    step = next_checkin(before, after, day, noon(day), freezes)
    written = step and [*step.frozen, step.made]
    assert (written and [((c.day - MONDAY).days, c.streak) for c in written]) == made


def test_moments_must_be_in_the_order_of_their_days() -> None:
    """Who travels west meets the day before again: it was lived already."""
    monday = there(MONDAY, 6)
    assert next_checkin(None, monday, MONDAY - DAY, noon(MONDAY) + DAY / 4) is None
    assert next_checkin(monday, None, MONDAY + DAY, noon(MONDAY) - DAY / 4) is None


days_missed = st.lists(st.booleans(), min_size=1, max_size=40)


@given(days_missed, st.randoms(use_true_random=False))
def test_days_told_in_any_order_give_the_streaks_they_give_in_order(was_there, random) -> None:
    days = [MONDAY + n * DAY for n, present in enumerate(was_there) if present]
    in_order, told = record(days), record(random.sample(days, len(days)))
    assert told == in_order


def record(days: list[date]) -> dict[date, int]:
    """What is on record once each day has been told."""
    kept: dict[date, CheckIn] = {}
    for day in days:
        before = kept.get(max((d for d in kept if d < day), default=day))
        later = [kept[d] for d in sorted(kept) if d > day]
        step = next_checkin(before, later[0] if later else None, day, noon(day))
        assert step is not None
        changed = [step.made, *recounted(step.made, later)]
        kept |= {checkin.day: checkin for checkin in changed}
    return {day: checkin.streak for day, checkin in sorted(kept.items())}


def test_a_made_up_day_joins_the_streaks_around_it() -> None:
    before, after = there(MONDAY, 4), [there(MONDAY + 2 * DAY, 1), there(MONDAY + 3 * DAY, 2)]
    filled = made_up(before, MONDAY + DAY)
    assert (filled.streak, filled.kind) == (5, CheckInKind.MADE_UP)
    assert [checkin.streak for checkin in recounted(filled, after)] == [6, 7]


def test_a_frozen_day_does_not_lengthen_a_streak() -> None:
    frozen = CheckIn(MONDAY + DAY, 1, CheckInKind.FROZEN)
    changed = recounted(there(MONDAY, 3), [frozen, there(MONDAY + 2 * DAY, 2)])
    assert [checkin.streak for checkin in changed] == [3, 4]


@pytest.mark.parametrize(
    ("ago", "since", "accepted"),
    [
        pytest.param(timedelta(hours=71), timedelta(days=9), True, id="within the window"),
        pytest.param(timedelta(hours=73), timedelta(days=9), False, id="too long ago"),
        pytest.param(timedelta(hours=3), timedelta(hours=1), False, id="before the key was there"),
        pytest.param(timedelta(minutes=-4), timedelta(days=9), True, id="a clock a little ahead"),
        pytest.param(timedelta(minutes=-6), timedelta(days=9), False, id="the future"),
    ],
)
def test_a_phones_word_is_taken_within_a_window(
    ago: timedelta, since: timedelta, *, accepted: bool
) -> None:
    now = noon(MONDAY)
    assert is_acceptable(now - ago, now - since, now, Terms()) is accepted


def test_a_month_is_a_mask_of_its_days() -> None:
    assert bitmask([date(2026, 3, 1), date(2026, 3, 3), date(2026, 3, 31)]) == 0b101 | 1 << 30


@pytest.mark.parametrize(
    ("day", "time_zone", "hours"),
    [
        pytest.param(date(2026, 3, 29), "Europe/Berlin", 23, id="clocks go forward"),
        pytest.param(date(2026, 10, 25), "Europe/Berlin", 25, id="clocks go back"),
        pytest.param(date(2018, 11, 4), "America/Sao_Paulo", 23, id="midnight itself is skipped"),
        pytest.param(date(2026, 3, 2), "Asia/Shanghai", 24, id="an ordinary day"),
        pytest.param(date(2026, 4, 5), "Australia/Lord_Howe", 24.5, id="clocks go half an hour"),
    ],
)
def test_a_day_is_as_long_as_it_is_there(day: date, time_zone: str, hours: float) -> None:
    length = start_of_day(day + DAY, time_zone) - start_of_day(day, time_zone)
    assert length == timedelta(hours=hours)


@given(moments, zones)
def test_whoever_checked_in_may_again_exactly_when_told(now: datetime, zone: str) -> None:
    today = local_day(now, zone)
    state = checkin_state(CheckIn(today, 3), now, zone)
    assert (state.done_today, state.streak) == (True, 3)
    assert state.next_at is not None
    assert local_day(state.next_at - timedelta(microseconds=1), zone) <= today
    assert local_day(state.next_at, zone) > today


@given(moments, zones, st.integers(0, 4), st.integers(0, 2))
def test_the_state_agrees_with_what_a_checkin_would_do(
    now: datetime, zone: str, ago: int, freezes: int
) -> None:
    today = local_day(now, zone)
    last = CheckIn(today - ago * DAY, 5)
    state = checkin_state(last, now, zone, freezes)
    step = next_checkin(last, None, today, now, freezes)
    assert state.done_today == (step is None)
    if step is not None:
        assert step.made.streak == state.streak + 1


def test_the_first_moment_of_a_day_without_midnight_is_one_o_clock() -> None:
    first = start_of_day(date(2018, 11, 4), "America/Sao_Paulo")
    assert first.astimezone(ZoneInfo("America/Sao_Paulo")).hour == 1
