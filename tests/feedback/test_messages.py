"""The messages of a ticket: numbered without gaps, each once, as they were written."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.ids import uuid7
from kit.pages import encode_cursor
from kit.testing import Harness, agent, member
from services.feedback.api import tickets
from services.feedback.events import MessageSent
from services.feedback.rules.tickets import MESSAGE_LIMIT
from tests.feedback.conversations import ask, read, say

INJECTIONS = [
    "'; DROP TABLE tickets; --",
    "{{ 7 * 7 }} ${jndi:ldap://x}",
    "<script>alert(1)</script>",
    "%' OR '1'='1",
    "\\'; SELECT pg_sleep(10); --",
]


async def test_a_conversation_goes_to_and_fro(harness: Harness) -> None:
    caller, helper = member(), agent()
    ticket = await ask(harness, caller)
    answered = await say(harness, helper, ticket["ticket_id"], "It comes today.")
    assert (answered.status_code, answered.json()["number"]) == (201, 2)
    after = await read(harness, helper, f"/v1/tickets/{ticket['ticket_id']}")
    assert (after["status"], after["assignee_id"]) == ("pending", helper.subject)
    assert after["first_response_at"] is not None
    await say(harness, caller, ticket["ticket_id"], "It did not.")
    after = await read(harness, caller, f"/v1/tickets/{ticket['ticket_id']}")
    assert (after["status"], after["last_number"]) == ("open", 3)
    authors = [message["author"] for message in after["messages"]]
    assert authors == ["member", "agent", "member"]


async def test_fifty_messages_at_once_are_numbered_without_gaps(harness: Harness) -> None:
    caller, helper = member(), agent()
    ticket = await ask(harness, caller)
    callers = [caller, helper] * 25
    answers = await asyncio.gather(
        *(say(harness, c, ticket["ticket_id"], f"text {n}") for n, c in enumerate(callers))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["number"] for answer in answers) == list(range(2, 52))
    said = await read(harness, caller, f"/v1/tickets/{ticket['ticket_id']}/messages", limit=200)
    assert [message["number"] for message in said["items"]] == list(range(1, 52))
    published = [sent.number for sent in await harness.published(MessageSent)]
    assert published == list(range(1, 52))


async def test_a_retried_message_is_posted_once(harness: Harness) -> None:
    caller = member()
    ticket = await ask(harness, caller)
    sent_as = str(uuid7())
    answers = await asyncio.gather(
        *(
            say(harness, caller, ticket["ticket_id"], "Again", client_msg_id=sent_as)
            for _ in range(10)
        )
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(await harness.published(MessageSent)) == 2


async def test_another_text_under_a_known_id_is_refused(harness: Harness) -> None:
    caller = member()
    ticket = await ask(harness, caller)
    sent_as = str(uuid7())
    await say(harness, caller, ticket["ticket_id"], "One", client_msg_id=sent_as)
    refused = await say(harness, caller, ticket["ticket_id"], "Two", client_msg_id=sent_as)
    assert refused.status_code == 422
    assert refused.json()["code"] == "feedback.client_msg_id_reused"


async def test_two_authors_may_use_one_id(harness: Harness) -> None:
    caller, helper, sent_as = member(), agent(), str(uuid7())
    ticket = await ask(harness, caller)
    first = await say(harness, caller, ticket["ticket_id"], "One", client_msg_id=sent_as)
    second = await say(harness, helper, ticket["ticket_id"], "Two", client_msg_id=sent_as)
    assert (first.json()["number"], second.json()["number"]) == (2, 3)


async def test_a_reply_is_refused_where_a_colleague_wrote_unseen(harness: Harness) -> None:
    ticket = await ask(harness, member())
    await say(harness, agent(), ticket["ticket_id"], "I take care of it.")
    helper = agent()
    refused = await say(harness, helper, ticket["ticket_id"], "Hello?", seen=1)
    assert (refused.status_code, refused.json()["unseen"]) == (409, [2])
    assert refused.json()["code"] == "feedback.reply_stale"
    assert (await say(harness, helper, ticket["ticket_id"], "Hello!", seen=2)).status_code == 201


async def test_notes_are_for_agents_alone(harness: Harness) -> None:
    caller, helper, written_as = member(), agent(), str(uuid7())
    ticket = await ask(harness, caller)
    note = {"client_msg_id": written_as, "text": "SECRET: offer a voucher"}
    async with harness.client(helper) as client:
        answers = [
            await client.post(f"/v1/tickets/{ticket['ticket_id']}/notes", json=note)
            for _ in range(2)
        ]
        changed = await client.post(
            f"/v1/tickets/{ticket['ticket_id']}/notes", json={**note, "text": "other"}
        )
    assert (answers[0].status_code, answers[1].content) == (201, answers[0].content)
    assert changed.status_code == 422
    notes = await read(harness, agent(), f"/v1/tickets/{ticket['ticket_id']}/notes")
    assert [found["text"] for found in notes["items"]] == [note["text"]]
    async with harness.client(caller) as client:
        for path in ("", "/messages", "/notes"):
            shown = await client.get(f"/v1/tickets/{ticket['ticket_id']}{path}")
            assert "SECRET" not in shown.text
        assert shown.status_code == 403
    assert not [sent for sent in await harness.published(MessageSent) if "SECRET" in sent.text]


async def test_what_was_missed_is_read_from_a_number(harness: Harness) -> None:
    caller = member()
    ticket = await ask(harness, caller)
    for n in range(3):
        await say(harness, caller, ticket["ticket_id"], f"more {n}")
    path = f"/v1/tickets/{ticket['ticket_id']}/messages"
    missed = await read(harness, caller, path, after=2, limit=1)
    rest = await read(harness, caller, path, cursor=missed["next_cursor"])
    assert [message["number"] for message in missed["items"] + rest["items"]] == [3, 4]
    assert rest["next_cursor"] is None


async def test_a_long_conversation_is_shown_from_its_end(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tickets, "SHOWN_MESSAGES", 2)
    caller = member()
    ticket = await ask(harness, caller)
    for n in range(3):
        await say(harness, caller, ticket["ticket_id"], f"more {n}")
    shown = await read(harness, caller, f"/v1/tickets/{ticket['ticket_id']}")
    assert [message["number"] for message in shown["messages"]] == [3, 4]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sends=st.lists(st.tuples(st.booleans(), st.integers(0, 4)), max_size=12))
async def test_numbers_follow_first_arrivals_whatever_is_sent_again(
    harness: Harness, sends: list[tuple[bool, int]]
) -> None:
    """Each (author, client_msg_id) takes the next number when it first arrives, and keeps it."""
    callers = {True: member(), False: agent()}
    ids = [str(uuid7()) for _ in range(5)]
    ticket = await ask(harness, callers[True])
    numbers: dict[tuple[bool, int], int] = {}
    for author, place in sends:
        expected = numbers.setdefault((author, place), len(numbers) + 2)
        answer = await say(
            harness, callers[author], ticket["ticket_id"], f"text {place}", client_msg_id=ids[place]
        )
        assert answer.json()["number"] == expected


@pytest.mark.parametrize("words", INJECTIONS)
async def test_texts_are_stored_as_they_are(harness: Harness, words: str) -> None:
    caller = member()
    ticket = await ask(harness, caller, words, subject=words)
    await say(harness, caller, ticket["ticket_id"], words)
    after = await read(harness, caller, f"/v1/tickets/{ticket['ticket_id']}")
    assert after["subject"] == words
    assert [message["text"] for message in after["messages"]] == [words, words]


async def test_a_message_may_be_as_long_as_the_limit(harness: Harness) -> None:
    caller = member()
    ticket = await ask(harness, caller, "好" * MESSAGE_LIMIT)
    answered = await say(harness, caller, ticket["ticket_id"], "я" * MESSAGE_LIMIT)
    assert answered.status_code == 201
    sent = await harness.published(MessageSent)
    assert [len(message.text) for message in sent] == [500, 500]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"text": "x" * (MESSAGE_LIMIT + 1)}, id="too long"),
        pytest.param({"text": ""}, id="empty"),
        pytest.param({"text": " \n "}, id="blank"),
        pytest.param({"text": "a\x00b"}, id="with NUL"),
        pytest.param({"text": 7}, id="a number"),
        pytest.param({"text": None}, id="null"),
        pytest.param({"client_msg_id": "7"}, id="no UUID"),
        pytest.param({"seen": -1}, id="negative"),
        pytest.param({"internal": True}, id="an unknown field"),
    ],
)
async def test_bad_messages_are_refused_by_field(
    harness: Harness, change: dict[str, object]
) -> None:
    caller = member()
    ticket = await ask(harness, caller)
    message = {"client_msg_id": str(uuid7()), "text": "ok", **change}
    async with harness.client(caller) as client:
        refused = await client.post(f"/v1/tickets/{ticket['ticket_id']}/messages", json=message)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert [error["field"] for error in refused.json()["errors"]] == list(change)
    assert len(await harness.published(MessageSent)) == 1


async def test_the_error_names_the_message_limit(harness: Harness) -> None:
    async with harness.client(member()) as client:
        refused = await client.post("/v1/tickets", json={"text": "x" * (MESSAGE_LIMIT + 1)})
    [error] = refused.json()["errors"]
    assert (error["field"], "10000 characters" in error["detail"]) == ("text", True)


@pytest.mark.parametrize("value", [-1, 2**31, "1", None, 1.5])
async def test_a_made_up_cursor_of_messages_is_refused(harness: Harness, value: object) -> None:
    caller = member()
    ticket = await ask(harness, caller)
    async with harness.client(caller) as client:
        path, query = (
            f"/v1/tickets/{ticket['ticket_id']}/messages",
            {"cursor": encode_cursor(value)},
        )
        answer = await client.get(path, params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")
