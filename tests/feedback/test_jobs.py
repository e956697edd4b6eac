"""Promises that were not kept are marked, each once."""

import asyncio
from datetime import timedelta
from uuid import UUID

from kit import clock
from kit.testing import Harness, agent, member
from services.feedback import jobs
from services.feedback.events import TicketBreached
from services.feedback.jobs import SCHEDULE
from services.feedback.store.tickets import lock_ticket
from tests.feedback.conversations import ask, read, resolve, say, shift

MARK_BREACHES = SCHEDULE[0]
TOMORROW = timedelta(hours=25)


async def test_an_overdue_ticket_is_marked_once_and_said(harness: Harness) -> None:
    ticket = await ask(harness, member())
    await harness.run(MARK_BREACHES)
    assert await harness.published(TicketBreached) == []
    await asyncio.gather(*(harness.run(MARK_BREACHES, clock.now() + TOMORROW) for _ in range(3)))
    [breached] = await harness.published(TicketBreached)
    assert (breached.ticket_id, breached.priority) == (UUID(ticket["ticket_id"]), "normal")
    shown = await read(harness, agent(), f"/v1/tickets/{ticket['ticket_id']}")
    assert shown["breached_at"] is not None


async def test_answered_and_resolved_tickets_are_not_overdue(harness: Harness) -> None:
    answered, resolved = await ask(harness, member()), await ask(harness, member())
    await say(harness, agent(), answered["ticket_id"])
    await resolve(harness, agent(), resolved["ticket_id"])
    await harness.run(MARK_BREACHES, clock.now() + TOMORROW)
    assert await harness.published(TicketBreached) == []


async def test_a_ticket_resolved_in_time_and_reopened_is_not_overdue(harness: Harness) -> None:
    caller = member()
    ticket = await ask(harness, caller)
    await resolve(harness, agent(), ticket["ticket_id"])
    await say(harness, caller, ticket["ticket_id"], "Again")
    await harness.run(MARK_BREACHES, clock.now() + TOMORROW)
    assert await harness.published(TicketBreached) == []


async def test_a_late_answer_to_a_marked_ticket_is_not_said_again(harness: Harness) -> None:
    ticket = await ask(harness, member())
    await shift(harness, ticket["ticket_id"], TOMORROW)
    await harness.run(MARK_BREACHES)
    await say(harness, agent(), ticket["ticket_id"], "Sorry")
    assert len(await harness.published(TicketBreached)) == 1


async def test_a_ticket_somebody_is_writing_in_is_left_for_the_next_run(harness: Harness) -> None:
    ticket = await ask(harness, member())
    async with harness.transaction() as session:
        await lock_ticket(session, UUID(ticket["ticket_id"]))
        await harness.run(MARK_BREACHES, clock.now() + TOMORROW)
        assert await harness.published(TicketBreached) == []
    await harness.run(MARK_BREACHES, clock.now() + TOMORROW)
    assert len(await harness.published(TicketBreached)) == 1


async def test_many_are_marked_in_portions(harness: Harness, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    for _ in range(5):
        await ask(harness, member())
    before = jobs.BREACHES._value.get()
    await harness.run(MARK_BREACHES, clock.now() + TOMORROW)
    assert len(await harness.published(TicketBreached)) == 5
    assert jobs.BREACHES._value.get() - before == 5
