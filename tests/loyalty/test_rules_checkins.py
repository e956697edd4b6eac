"""Check-ins: one for each day where the member lives."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.loyalty.rules.checkins import CheckIn, checkin_state, next_checkin, start_of_day
from services.loyalty.rules.earning import local_day

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
zones = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"}))
moments = st.integers(946_684_800, 2_114_380_800).map(lambda at: datetime.fromtimestamp(at, UTC))


@pytest.mark.parametrize(
    ("last", "today", "made"),
    [
        pytest.param(None, MONDAY, CheckIn(MONDAY, 1), id="the first begins a streak"),
        pytest.param(
            CheckIn(MONDAY, 6), MONDAY + DAY, CheckIn(MONDAY + DAY, 7), id="the next day goes on"
        ),
        pytest.param(
            CheckIn(MONDAY, 6),
            MONDAY + 2 * DAY,
            CheckIn(MONDAY + 2 * DAY, 1),
            id="a day missed begins anew",
        ),
        pytest.param(CheckIn(MONDAY, 6), MONDAY, None, id="once a day"),
        pytest.param(CheckIn(MONDAY, 6), MONDAY - DAY, None, id="travelling west wins nothing"),
    ],
)
def test_next_checkin(last: CheckIn | None, today: date, made: CheckIn | None) -> None:
    assert next_checkin(last, today) == made


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


@given(moments, zones, st.integers(0, 4))
def test_the_state_agrees_with_what_a_checkin_would_do(now: datetime, zone: str, ago: int) -> None:
    today = local_day(now, zone)
    last = CheckIn(today - ago * DAY, 5)
    state, made = checkin_state(last, now, zone), next_checkin(last, today)
    assert state.done_today == (made is None)
    if made is not None:
        assert made.streak == state.streak + 1


def test_the_first_moment_of_a_day_without_midnight_is_one_o_clock() -> None:
    first = start_of_day(date(2018, 11, 4), "America/Sao_Paulo")
    assert first.astimezone(ZoneInfo("America/Sao_Paulo")).hour == 1
