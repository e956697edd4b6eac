"""Tickets and their messages, as members and agents use them."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from kit.auth import Caller
from kit.ids import uuid7
from kit.pages import encode_cursor
from kit.testing import ABSENT, Harness, admin, agent, analyst, backend, marketer, member, name_of
from services.feedback.events import (
    MessageSent,
    SurveyOffered,
    TicketBreached,
    TicketOpened,
    TicketResolved,
)
from services.feedback.rules.tickets import REOPEN_PERIOD
from tests.feedback.conversations import ask, read, resolve, say, shift, tier_changed, write_article


async def test_a_question_opens_a_ticket_with_its_first_message(harness: Harness) -> None:
    caller = member()
    ticket = await ask(harness, caller, "Where is it?\nI have waited a week.", channel="web")
    assert ticket["subject"] == "Where is it?"
    assert (ticket["status"], ticket["priority"], ticket["channel"]) == ("open", "normal", "web")
    assert [message["number"] for message in ticket["messages"]] == [1]
    [opened] = await harness.published(TicketOpened)
    assert (opened.ticket_id, opened.member_id) == (UUID(ticket["ticket_id"]), caller.member_id)
    [sent] = await harness.published(MessageSent)
    assert (sent.number, sent.author, sent.text) == (1, "member", ticket["messages"][0]["text"])


async def test_a_new_ticket_comes_with_articles_that_may_answer_it(harness: Harness) -> None:
    texts = {"zh-CN": ("怎样退款", "打开订单，点击退款。"), "en": ("Refunds", "Open the order.")}
    article_id = await write_article(harness, agent(), texts)
    ticket = await ask(harness, member(), "我想退款")
    assert [found["article_id"] for found in ticket["suggestions"]] == [article_id]
    assert ticket["suggestions"][0]["language"] == "zh-CN"


async def test_a_retry_with_its_key_opens_one_ticket(harness: Harness) -> None:
    caller, key = member(), {"Idempotency-Key": str(uuid7())}
    async with harness.client(caller) as client:
        answers = await asyncio.gather(
            *(client.post("/v1/tickets", json={"text": "Help"}, headers=key) for _ in range(5))
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(await harness.published(TicketOpened)) == 1


@pytest.mark.parametrize(
    ("tier", "priority", "hours"),
    [("silver", "normal", 12), ("gold", "high", 4), ("platinum", "urgent", 1)],
)
async def test_a_ticket_is_promised_what_the_tier_is(
    harness: Harness, tier: str, priority: str, hours: int
) -> None:
    caller = member()
    await harness.deliver(tier_changed(caller.subject, tier, "2026-03-01T08:00:00Z"))
    await ask(harness, caller)
    [opened] = await harness.published(TicketOpened)
    waits = opened.first_response_due_at - opened.opened_at
    assert (opened.priority, waits) == (priority, timedelta(hours=hours))


async def test_a_reply_soon_after_reopens_the_ticket(harness: Harness) -> None:
    caller, helper = member(), agent()
    ticket = await ask(harness, caller)
    await resolve(harness, helper, ticket["ticket_id"])
    answered = await say(harness, caller, ticket["ticket_id"], "Not yet")
    assert answered.json()["ticket_id"] == ticket["ticket_id"]
    after = await read(harness, caller, f"/v1/tickets/{ticket['ticket_id']}")
    assert (after["status"], after["resolved_at"]) == ("open", None)


async def test_a_reply_long_after_begins_one_ticket_that_follows(harness: Harness) -> None:
    caller, helper = member(), agent()
    ticket = await ask(harness, caller, "Broken again", subject="Kettle")
    await resolve(harness, helper, ticket["ticket_id"])
    await shift(harness, ticket["ticket_id"], REOPEN_PERIOD + timedelta(hours=1))
    sent_as = str(uuid7())
    answers = await asyncio.gather(
        *(
            say(harness, caller, ticket["ticket_id"], "Again", client_msg_id=sent_as)
            for _ in range(4)
        ),
        say(harness, caller, ticket["ticket_id"], "And more"),
    )
    assert {answer.status_code for answer in answers} == {201}
    [follow_up] = {answer.json()["ticket_id"] for answer in answers}
    after = await read(harness, caller, f"/v1/tickets/{follow_up}")
    assert (after["follows_id"], after["subject"]) == (ticket["ticket_id"], "Kettle")
    assert sorted(message["text"] for message in after["messages"]) == ["Again", "And more"]
    assert len(await harness.published(TicketOpened)) == 2


async def test_a_late_retry_is_answered_as_the_first_time(harness: Harness) -> None:
    caller, sent_as = member(), str(uuid7())
    ticket = await ask(harness, caller)
    first = await say(harness, caller, ticket["ticket_id"], "Thanks", client_msg_id=sent_as)
    await resolve(harness, agent(), ticket["ticket_id"])
    await shift(harness, ticket["ticket_id"], REOPEN_PERIOD + timedelta(hours=1))
    again = await say(harness, caller, ticket["ticket_id"], "Thanks", client_msg_id=sent_as)
    assert again.content == first.content


async def test_resolving_asks_the_member_once(harness: Harness) -> None:
    caller, helper = member(), agent()
    ticket = await ask(harness, caller)
    first = await resolve(harness, helper, ticket["ticket_id"])
    assert await resolve(harness, agent(), ticket["ticket_id"]) == first
    await say(harness, caller, ticket["ticket_id"], "Once more")
    await resolve(harness, helper, ticket["ticket_id"])
    resolved = await harness.published(TicketResolved)
    assert [told.resolved_by for told in resolved] == [helper.subject, helper.subject]
    [offered] = await harness.published(SurveyOffered)
    assert (offered.kind, offered.ticket_id) == ("csat", UUID(ticket["ticket_id"]))
    assert set(offered.question) == {"zh-CN", "en", "ru"}


async def test_a_ticket_is_taken_from_another_only_on_purpose(harness: Harness) -> None:
    ticket = await ask(harness, member())
    path, first, second = f"/v1/tickets/{ticket['ticket_id']}/assign", agent(), agent()
    async with harness.client(first) as client:
        assert (await client.post(path, json={})).json()["assignee_id"] == first.subject
        assert (await client.post(path, json={})).status_code == 200
    async with harness.client(second) as client:
        refused = await client.post(path, json={})
        assert (refused.status_code, refused.json()["code"]) == (409, "feedback.ticket_taken")
        taken = await client.post(path, json={"reassign": True})
        assert taken.json()["assignee_id"] == second.subject
        left = await client.post(path, json={"assignee_id": None, "reassign": True})
        assert left.json()["assignee_id"] is None


async def test_of_two_agents_who_claim_a_ticket_one_gets_it(harness: Harness) -> None:
    ticket = await ask(harness, member())

    async def claim(caller: Caller) -> int:
        async with harness.client(caller) as client:
            return (
                await client.post(f"/v1/tickets/{ticket['ticket_id']}/assign", json={})
            ).status_code

    assert sorted(await asyncio.gather(claim(agent()), claim(agent()))) == [200, 409]


async def test_a_member_lists_their_own_tickets_newest_first(harness: Harness) -> None:
    caller = member()
    opened = [(await ask(harness, caller, f"question {n}"))["ticket_id"] for n in range(5)]
    await ask(harness, member())
    first = await read(harness, caller, "/v1/tickets", limit=2)
    second = await read(harness, caller, "/v1/tickets", limit=3, cursor=first["next_cursor"])
    listed = [ticket["ticket_id"] for ticket in first["items"] + second["items"]]
    assert (listed, second["next_cursor"]) == (opened[::-1], None)
    assert all(ticket["member"] is None for ticket in first["items"])


async def test_agents_see_the_soonest_due_first(harness: Harness) -> None:
    usual, vip = member(), member()
    await harness.deliver(tier_changed(vip.subject, "platinum", "2026-03-01T08:00:00Z"))
    expected = [(await ask(harness, usual))["ticket_id"]]
    expected.insert(0, (await ask(harness, vip))["ticket_id"])
    await resolve(harness, agent(), (await ask(harness, usual))["ticket_id"])
    first = await read(harness, agent(), "/v1/tickets", limit=1)
    second = await read(harness, agent(), "/v1/tickets", limit=1, cursor=first["next_cursor"])
    queue = first["items"] + second["items"]
    assert [ticket["ticket_id"] for ticket in queue] == expected
    assert queue[0]["member"]["tier"] == "platinum"


async def test_agents_filter_the_queue(harness: Harness) -> None:
    helper, vip = agent(), member()
    await harness.deliver(tier_changed(vip.subject, "gold", "2026-03-01T08:00:00Z"))
    mine, free = await ask(harness, member()), await ask(harness, vip)
    await say(harness, helper, mine["ticket_id"], "On it")

    async def listed(**query: str) -> list[str]:
        page = await read(harness, helper, "/v1/tickets", **query)
        return [ticket["ticket_id"] for ticket in page["items"]]

    assert await listed(assignee="me") == [mine["ticket_id"]]
    assert await listed(assignee=helper.subject) == [mine["ticket_id"]]
    assert await listed(assignee="none") == [free["ticket_id"]]
    assert await listed(priority="high") == [free["ticket_id"]]
    assert await listed(status="pending") == [mine["ticket_id"]]
    assert await listed(status="resolved") == []


async def test_a_late_first_answer_breaches_the_promise_once(harness: Harness) -> None:
    ticket = await ask(harness, member())
    await shift(harness, ticket["ticket_id"], timedelta(hours=25))
    for n in range(2):
        await say(harness, agent(), ticket["ticket_id"], f"Sorry {n}")
    [breached] = await harness.published(TicketBreached)
    assert breached.ticket_id == UUID(ticket["ticket_id"])


@pytest.mark.parametrize(
    ("content", "status"),
    [
        pytest.param(b"{", 400, id="broken JSON"),
        pytest.param(b"[]", 422, id="a list"),
        pytest.param(b'{"text": "\\ud800"}', 422, id="half a character"),
        pytest.param(b'{"text": "ok", "channel": "fax"}', 422, id="an unknown channel"),
        pytest.param(b'{"text": "ok", "priority": "urgent"}', 422, id="a priority of one's own"),
    ],
)
async def test_bad_questions_are_refused(harness: Harness, content: bytes, status: int) -> None:
    async with harness.client(member(), **{"Content-Type": "application/json"}) as client:
        assert (await client.post("/v1/tickets", content=content)).status_code == status
    assert await harness.published(TicketOpened) == []


PATHS = [
    ("GET", "", None),
    ("GET", "/messages", None),
    ("POST", "/messages", {"client_msg_id": str(uuid7()), "text": "hi"}),
    ("GET", "/notes", None),
    ("POST", "/notes", {"client_msg_id": str(uuid7()), "text": "hi"}),
    ("POST", "/assign", {}),
    ("POST", "/resolve", None),
]
IDS = [f"{method} ticket{path}" for method, path, _ in PATHS]


@pytest.mark.parametrize(("method", "path", "body"), PATHS, ids=IDS)
async def test_nobody_gets_in_without_a_token(
    harness: Harness, method: str, path: str, body: dict[str, str] | None
) -> None:
    async with harness.client() as client:
        answer = await client.request(method, f"/v1/tickets/{uuid7()}{path}", json=body)
    assert answer.status_code == 401


@pytest.mark.parametrize(("method", "path", "body"), PATHS, ids=IDS)
async def test_an_absent_ticket_is_not_found(
    harness: Harness, method: str, path: str, body: dict[str, str] | None
) -> None:
    async with harness.client(admin()) as client:
        answer = await client.request(method, f"/v1/tickets/{uuid7()}{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "feedback.ticket_not_found")


@pytest.mark.parametrize(("method", "path", "body"), PATHS, ids=IDS)
async def test_anothers_ticket_is_absent_and_agents_work_is_forbidden(
    harness: Harness, method: str, path: str, body: dict[str, str] | None
) -> None:
    ticket = await ask(harness, member())
    async with harness.client(member()) as client:
        answer = await client.request(method, f"/v1/tickets/{ticket['ticket_id']}{path}", json=body)
    assert answer.status_code == (404 if path in {"", "/messages"} else 403)


@pytest.mark.parametrize("caller", [analyst(), marketer(), backend("faq:write")], ids=name_of)
@pytest.mark.parametrize(("method", "path", "body"), PATHS, ids=IDS)
async def test_tickets_are_between_members_and_agents(
    harness: Harness, caller: Caller, method: str, path: str, body: dict[str, str] | None
) -> None:
    ticket = await ask(harness, member())
    async with harness.client(caller) as client:
        answer = await client.request(method, f"/v1/tickets/{ticket['ticket_id']}{path}", json=body)
        assert answer.status_code == 403
        assert (await client.get("/v1/tickets")).status_code == 403


async def test_only_members_open_tickets(harness: Harness) -> None:
    async with harness.client(agent()) as client:
        assert (await client.post("/v1/tickets", json={"text": "hi"})).status_code == 403


NAIVE = encode_cursor("2026-01-01T00:00:00", ABSENT)


@pytest.mark.parametrize("cursor", ["x", "W10", "WzFd", NAIVE, "' OR 1=1 --"])
@pytest.mark.parametrize("caller", [member(), agent()], ids=["member", "agent"])
async def test_a_made_up_cursor_is_refused(harness: Harness, caller: Caller, cursor: str) -> None:
    async with harness.client(caller) as client:
        answer = await client.get("/v1/tickets", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")
