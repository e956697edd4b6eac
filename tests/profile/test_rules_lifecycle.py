"""Stages by age and last activity, and when they end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.rules.lifecycle import Stage, stage_at

T0 = datetime(2026, 3, 1, tzinfo=UTC)


def days(count: float) -> timedelta:
    return timedelta(days=count)


@pytest.mark.parametrize(
    ("age", "since_activity", "stage", "ends_in"),
    [
        pytest.param(0, None, Stage.NEW, 7, id="just seen is new"),
        pytest.param(6.9, 0, Stage.NEW, 0.1, id="still new in the first week, however active"),
        pytest.param(7, None, Stage.SILENT, 23, id="a week without coming back is silent"),
        pytest.param(7, 0, Stage.ACTIVE, 7, id="after a week, active if there was an activity"),
        pytest.param(90, 6.9, Stage.ACTIVE, 0.1, id="active within a week of the last activity"),
        pytest.param(90, 7, Stage.SILENT, 23, id="silent a week after the last activity"),
        pytest.param(90, 30, Stage.LAPSED, None, id="lapsed 30 days after the last activity"),
        pytest.param(5, 90, Stage.NEW, 2, id="an activity from before first sight changes nothing"),
    ],
)
def test_stage(age, since_activity, stage, ends_in) -> None:
    last = None if since_activity is None else T0 - days(since_activity)
    found, until = stage_at(T0, created_at=T0 - days(age), last_active_at=last)
    assert found is stage
    assert until == (None if ends_in is None else T0 + days(ends_in))


moments = st.timedeltas(-days(2000), days(2000)).map(lambda offset: T0 + offset)


@given(now=moments, created_at=moments, last_active_at=st.none() | moments, share=st.floats(0, 1))
def test_a_stage_lasts_exactly_until_the_moment_named(
    now, created_at, last_active_at, share
) -> None:
    known = {"created_at": created_at, "last_active_at": last_active_at}
    stage, until = stage_at(now, **known)
    if until is None:
        assert stage_at(now + days(1000), **known) == (stage, None)
        return
    between = now + (until - now) * share * 0.999
    assert stage_at(between, **known) == (stage, until)
    assert stage_at(until, **known)[0] is not stage
