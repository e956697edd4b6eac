"""The seeded brand: the same at every run of a day, and nothing in it is out of order."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from rapport.seed.lives import Day, days_of_brand, joined_of

TODAY = date(2026, 3, 1)
MEMBERS = 120
DAYS = 30


@pytest.fixture(scope="module")
def story() -> list[Day]:
    return days_of_brand(MEMBERS, DAYS, TODAY)


def test_the_same_day_tells_the_same_story(story: list[Day]) -> None:
    assert days_of_brand(MEMBERS, DAYS, TODAY) == story


def test_everybody_joins_once(story: list[Day]) -> None:
    people = joined_of(story)
    assert len(people) == len({p.email for p in people}) == len({p.member_id for p in people})
    assert len(people) == MEMBERS


def test_ids_are_uuids_of_version_7_made_when_the_member_joined(story: list[Day]) -> None:
    for person in joined_of(story):
        assert person.member_id.version == 7
        made_at = datetime.fromtimestamp((person.member_id.int >> 80) / 1000, UTC)
        assert abs(made_at - person.joined_at) < timedelta(seconds=1)


def test_nobody_acts_before_joining_nor_today(story: list[Day]) -> None:
    end = datetime.combine(TODAY, time(), UTC)
    for number, day in enumerate(story):
        begin = datetime.combine(TODAY - timedelta(days=DAYS - number), time(), UTC)
        for activity in day.activities:
            assert max(begin, activity.person.joined_at) <= activity.at < begin + timedelta(days=1)
        for purchase in day.purchases:
            moments = [purchase.at, *(at for _, at in purchase.changes)]
            assert moments == sorted(moments)
            assert moments[-1] < end


def test_a_question_is_answered_before_it_is_resolved_and_rated(story: list[Day]) -> None:
    questions = [question for day in story for question in day.questions]
    assert any(question.score for question in questions)
    for question in questions:
        if question.resolved_at:
            assert question.at < (question.replied_at or question.at) < question.resolved_at
        assert question.resolved_at or question.score is None


def test_nobody_checks_in_twice_a_day(story: list[Day]) -> None:
    for day in story:
        people = [person.member_id for person, _ in day.checkins]
        assert len(people) == len(set(people))
