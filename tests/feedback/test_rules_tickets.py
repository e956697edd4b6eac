"""Promises and states of tickets."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.feedback.rules.tickets import (
    EXCERPT_LENGTH,
    PROMISES,
    REOPEN_PERIOD,
    SUBJECT_LENGTH,
    Author,
    Priority,
    Reply,
    Status,
    effect_of_reply,
    excerpt,
    is_late,
    lesser_tiers,
    promise_to,
    status_after,
    subject_of,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("tier", "priority", "hours"),
    [
        pytest.param("normal", Priority.NORMAL, 24, id="a normal member waits a day at most"),
        pytest.param("silver", Priority.NORMAL, 12, id="silver half a day"),
        pytest.param("gold", Priority.HIGH, 4, id="gold is high and waits four hours"),
        pytest.param("platinum", Priority.URGENT, 1, id="platinum is urgent and waits one"),
        pytest.param("diamond", Priority.NORMAL, 24, id="an unknown tier is served as the first"),
    ],
)
def test_the_promise_to_a_tier(tier: str, priority: Priority, hours: int) -> None:
    promise = promise_to(tier)
    assert (promise.priority, promise.due_at(NOON)) == (priority, NOON + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("tier", "lesser"),
    [
        ("normal", ()),
        ("silver", ("normal",)),
        ("gold", ("normal", "silver")),
        ("platinum", ("normal", "silver", "gold")),
        ("diamond", ()),
    ],
)
def test_a_tier_is_better_than_those_promised_less(tier: str, lesser: tuple[str, ...]) -> None:
    assert lesser_tiers(tier) == lesser


@given(st.sampled_from(sorted(PROMISES)))
def test_no_tier_is_lesser_than_itself(tier: str) -> None:
    assert tier not in lesser_tiers(tier)


@pytest.mark.parametrize(
    ("status", "resolved_at", "effect"),
    [
        pytest.param(Status.OPEN, None, Reply.CONTINUES, id="an open ticket goes on"),
        pytest.param(Status.PENDING, None, Reply.CONTINUES, id="a pending ticket goes on"),
        pytest.param(
            Status.RESOLVED, NOON - SECOND, Reply.REOPENS, id="a resolved ticket opens again"
        ),
        pytest.param(
            Status.RESOLVED,
            NOON - REOPEN_PERIOD,
            Reply.REOPENS,
            id="until the period's last moment",
        ),
        pytest.param(
            Status.RESOLVED,
            NOON - REOPEN_PERIOD - SECOND,
            Reply.FOLLOWS_UP,
            id="and is followed by another after it",
        ),
    ],
)
def test_what_a_members_reply_does(
    status: Status, resolved_at: datetime | None, effect: Reply
) -> None:
    assert effect_of_reply(status, resolved_at, NOON) is effect


@pytest.mark.parametrize(
    ("author", "before", "after"),
    [
        (Author.MEMBER, Status.OPEN, Status.OPEN),
        (Author.MEMBER, Status.PENDING, Status.OPEN),
        (Author.MEMBER, Status.RESOLVED, Status.OPEN),
        (Author.AGENT, Status.OPEN, Status.PENDING),
        (Author.AGENT, Status.PENDING, Status.PENDING),
        (Author.AGENT, Status.RESOLVED, Status.RESOLVED),
    ],
)
def test_who_owes_an_answer_after_a_message(author: Author, before: Status, after: Status) -> None:
    assert status_after(author, before) is after


def test_an_answer_at_the_due_time_is_not_late() -> None:
    assert not is_late(NOON, NOON)
    assert is_late(NOON, NOON + SECOND)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        pytest.param("Where is it?\nI wait.", "Where is it?", id="the first line"),
        pytest.param("\n\n  Hello \nthere", "Hello", id="that says something"),
    ],
)
def test_a_subject_is_made_from_the_message(text: str, subject: str) -> None:
    assert subject_of(text) == subject


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_a_made_subject_is_short_and_says_something(text: str) -> None:
    assert 1 <= len(subject_of(text)) <= SUBJECT_LENGTH


@given(st.text())
def test_an_excerpt_is_the_beginning(text: str) -> None:
    assert text.startswith(excerpt(text))
    assert len(excerpt(text)) == min(len(text), EXCERPT_LENGTH)
