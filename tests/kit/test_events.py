"""Envelopes, contracts of payloads, and how a batch is split."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kit.events import Cause, Event, caused_by, partition_of, wire_subject
from kit.ids import uuid7
from kit.inbox import plan, portions
from kit.testing import event
from tests.kit.notes import Greeted, NotePinned


def a_note(**changes: object) -> NotePinned:
    return NotePinned(**{"member_id": uuid7(), "note_id": uuid7(), "text": "hi", **changes})


def test_an_event_survives_its_envelope() -> None:
    written = a_note().to_event()
    assert Event.decode(written.encode()) == written


def test_an_event_inherits_what_caused_it() -> None:
    cause = event("greeter.member.greeted.v1", {"member_id": uuid7()})
    with caused_by(Cause("the-request")):
        assert a_note().to_event().correlation_id == "the-request"
        caused = a_note().because(cause).to_event()
    assert (caused.correlation_id, caused.causation_id) == (cause.correlation_id, str(cause.id))


def test_a_publisher_may_not_say_more_than_it_declared() -> None:
    with pytest.raises(ValidationError):
        a_note(colour="red")


def test_a_consumer_reads_past_what_it_does_not_know() -> None:
    data = {"member_id": uuid7(), "text": "hi", "new_in_v1": True}
    assert Greeted.of(event(Greeted.type, data)).text == "hi"


def test_what_is_wrong_with_an_event_is_said_without_quoting_it() -> None:
    with pytest.raises(ValidationError) as refused:
        Greeted.of(event(Greeted.type, {"member_id": "ada@example.com", "text": "hi"}))
    with pytest.raises(ValidationError) as unsaid:
        a_note(member_id="ada@example.com")
    assert "member_id" in str(refused.value)
    assert "ada@example.com" not in f"{refused.value} {unsaid.value}"


def test_a_member_is_always_in_the_same_partition() -> None:
    assert partition_of("0197a3a0-0000-7000-8000-000000000001") == 0
    assert wire_subject("evt", "a.b.c.v1", 6) == "evt.a.b.c.v1.p06"


events = st.lists(
    st.builds(
        lambda kind, who: event(f"x.y.{kind}.v1", {}, subject=who),
        st.sampled_from("abc"),
        st.sampled_from(string.ascii_uppercase[:4]),
    ),
    max_size=40,
)


@given(events)
def test_a_plan_loses_nothing_and_keeps_each_members_order(batch: list[Event]) -> None:
    groups = plan(batch)
    planned = [event for group in groups for event in group.events]
    assert sorted(e.id for e in planned) == sorted(e.id for e in batch)
    assert all(e.type == group.type for group in groups for e in group.events)
    for subject in {e.subject for e in batch}:
        assert [e for e in planned if e.subject == subject] == [
            e for e in batch if e.subject == subject
        ]


def test_members_apart_are_handled_together() -> None:
    batch = [event(f"x.y.{kind}.v1", {}, subject=who) for who in "ABC" for kind in "ab"]
    assert [len(group.events) for group in plan(batch)] == [3, 3]


def test_events_of_one_member_share_a_transaction_and_others_one_with_their_type() -> None:
    batch = [event(f"x.y.{kind}.v1", {}, subject=who) for who in "AB" for kind in "ab"]
    assert portions(batch[:2]) == [batch[:2]]
    assert portions(batch) == [batch[::2], batch[1::2]]
