"""The seeded brand: the same at every run of a day, and nothing in it is out of order."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from rapport.seed.lives import Life, lives_of_brand

TODAY = date(2026, 3, 1)
END = datetime.combine(TODAY, time(), UTC)
MEMBERS = 120
DAYS = 30


@pytest.fixture(scope="module")
def lives() -> list[Life]:
    return lives_of_brand(MEMBERS, DAYS, TODAY)


def test_the_same_day_tells_the_same_story(lives: list[Life]) -> None:
    assert lives_of_brand(MEMBERS, DAYS, TODAY) == lives


def test_everybody_is_somebody_else(lives: list[Life]) -> None:
    people = [life.person for life in lives]
    assert len({p.email for p in people}) == len({p.member_id for p in people}) == MEMBERS


def test_ids_are_uuids_of_version_7_made_when_the_member_joined(lives: list[Life]) -> None:
    for person in (life.person for life in lives):
        assert person.member_id.version == 7
        made_at = datetime.fromtimestamp((person.member_id.int >> 80) / 1000, UTC)
        assert abs(made_at - person.joined_at) < timedelta(seconds=1)


def test_nobody_acts_before_joining_nor_today(lives: list[Life]) -> None:
    for life in lives:
        assert END - timedelta(days=DAYS) < life.person.joined_at
        moments = [
            *(activity.at for activity in life.activities),
            *life.checkins,
            *(at for order in life.purchases for at in (order.at, *(c[1] for c in order.changes))),
            *(question.at for question in life.questions),
        ]
        assert life.person.joined_at < min(moments)
        assert max(moments) < END


def test_everybody_came_at_least_once(lives: list[Life]) -> None:
    assert all(life.activities for life in lives)


def test_a_question_is_answered_before_it_is_resolved_and_rated(lives: list[Life]) -> None:
    questions = [question for life in lives for question in life.questions]
    assert any(question.score for question in questions)
    for question in questions:
        if question.resolved_at:
            assert question.at < (question.replied_at or question.at) < question.resolved_at
        assert question.resolved_at or question.score is None


def test_nobody_checks_in_twice_a_day(lives: list[Life]) -> None:
    for life in lives:
        days = [at.date() for at in life.checkins]
        assert days == sorted(set(days))
