"""When something happened, from clocks that are wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.rules.messages import EARLIEST, occurred_at

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("timestamp", "sent_at", "expected"),
    [
        pytest.param(None, NOON, NOON, id="without a time it happened on arrival"),
        pytest.param(NOON - HOUR, None, NOON - HOUR, id="without sentAt the time is believed"),
        pytest.param(NOON - HOUR, NOON, NOON - HOUR, id="a right clock is left alone"),
        pytest.param(NOON + 4 * HOUR, NOON + 5 * HOUR, NOON - HOUR, id="a fast clock is set back"),
        pytest.param(NOON - 9 * HOUR, NOON - 8 * HOUR, NOON - HOUR, id="a slow one is set forward"),
        pytest.param(NOON + HOUR, NOON, NOON, id="what happens after sending happened on arrival"),
        pytest.param(datetime(9999, 1, 1, tzinfo=UTC), None, NOON, id="the far future is now"),
        pytest.param(datetime(1, 1, 1, tzinfo=UTC), None, EARLIEST, id="the far past is 2000"),
    ],
)
def test_occurred_at(timestamp, sent_at, expected) -> None:
    assert occurred_at(timestamp, sent_at, NOON) == expected


anything = st.none() | st.datetimes(timezones=st.timezones())


@given(timestamp=anything, sent_at=anything)
def test_whatever_a_clock_says_the_time_is_possible(timestamp, sent_at) -> None:
    assert EARLIEST <= occurred_at(timestamp, sent_at, NOON) <= NOON
