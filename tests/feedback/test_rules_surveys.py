"""Scales, periods and what answers amount to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.feedback.rules.surveys import (
    CSAT_QUESTION,
    SCALES,
    SURVEY_PERIOD,
    Kind,
    is_open,
    satisfaction,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "inside", "outside"),
    [
        (Kind.CSAT, (1, 5), (0, 6)),
        (Kind.NPS, (0, 10), (-1, 11)),
        (Kind.CES, (1, 7), (0, 8)),
    ],
)
def test_a_scale_holds_its_ends_and_nothing_beyond(
    kind: Kind, inside: tuple[int, ...], outside: tuple[int, ...]
) -> None:
    scale = SCALES[kind]
    assert all(map(scale.holds, inside))
    assert not any(map(scale.holds, outside))


def test_the_question_after_a_ticket_is_in_three_languages() -> None:
    assert set(CSAT_QUESTION) == {"zh-CN", "en", "ru"}


@pytest.mark.parametrize(
    ("age", "answered_at", "expected"),
    [
        pytest.param(timedelta(0), None, True, id="a new survey is open"),
        pytest.param(SURVEY_PERIOD, None, False, id="an old one is not"),
        pytest.param(timedelta(0), NOON, False, id="an answered one is not"),
    ],
)
def test_a_survey_is_open(age: timedelta, answered_at: datetime | None, expected: object) -> None:
    assert is_open(NOON - age, answered_at, NOON) is expected


def test_csat_counts_the_two_best_scores_as_satisfied() -> None:
    result = satisfaction(Kind.CSAT, {1: 1, 3: 1, 4: 1, 5: 1})
    assert result.distribution == {1: 1, 2: 0, 3: 1, 4: 1, 5: 1}
    assert (result.answers, result.mean_score, result.favourable_share) == (4, 3.25, 0.5)
    assert result.net_promoter_score is None


def test_nps_is_promoters_less_detractors() -> None:
    result = satisfaction(Kind.NPS, {10: 5, 8: 3, 6: 2})
    assert result.net_promoter_score == 30.0


def test_nothing_is_made_of_no_answers() -> None:
    result = satisfaction(Kind.NPS, {})
    assert (result.answers, result.mean_score, result.favourable_share) == (0, None, None)
    assert result.net_promoter_score is None


@given(st.dictionaries(st.integers(0, 10), st.integers(0, 1000)))
def test_figures_stay_on_their_scales(counts: dict[int, int]) -> None:
    result = satisfaction(Kind.NPS, counts)
    assert result.answers == sum(counts.values())
    if result.answers:
        assert 0 <= (result.mean_score or 0) <= 10
        assert 0 <= (result.favourable_share or 0) <= 1
        assert -100 <= (result.net_promoter_score or 0) <= 100
