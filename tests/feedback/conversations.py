"""Steps the tests of tickets and surveys share."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text as sql

from kit.auth import Caller
from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, event


async def ask(
    harness: Harness, caller: Caller, text: str = "Where is my order?", **body: Any
) -> dict[str, Any]:
    """Open a ticket."""
    async with harness.client(caller) as client:
        answer = await client.post("/v1/tickets", json={"text": text, **body})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def say(
    harness: Harness, caller: Caller, ticket_id: str, text: str = "Hello", **body: Any
) -> httpx.Response:
    """Post a message to a ticket."""
    message = {"client_msg_id": str(uuid7()), "text": text, **body}
    async with harness.client(caller) as client:
        return await client.post(f"/v1/tickets/{ticket_id}/messages", json=message)


async def resolve(harness: Harness, caller: Caller, ticket_id: str) -> dict[str, Any]:
    async with harness.client(caller) as client:
        answer = await client.post(f"/v1/tickets/{ticket_id}/resolve")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def read(harness: Harness, caller: Caller, path: str, **query: Any) -> dict[str, Any]:
    async with harness.client(caller) as client:
        answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def write_article(
    harness: Harness, caller: Caller, texts: Mapping[str, tuple[str, str]], **body: Any
) -> str:
    """Write and publish an article; its id."""
    parts = {tag: {"title": title, "body": text} for tag, (title, text) in texts.items()}
    async with harness.client(caller) as client:
        written = await client.post("/v1/faq", json={"texts": parts, **body})
        assert written.status_code == 201, written.text
        article_id: str = written.json()["article_id"]
        await client.post(f"/v1/faq/{article_id}/publish")
    return article_id


async def shift(harness: Harness, ticket_id: str, back: timedelta) -> None:
    """Let the ticket have happened earlier than it did."""
    statement = sql("""
        UPDATE tickets SET opened_at = opened_at - CAST(:back AS interval),
            resolved_at = resolved_at - CAST(:back AS interval),
            first_response_due_at = first_response_due_at - CAST(:back AS interval)
        WHERE ticket_id = :id
    """)
    async with harness.transaction() as session:
        await session.execute(statement, {"back": back, "id": UUID(ticket_id)})


def tier_changed(member_id: UUID | str, tier: str, changed_at: str) -> Event:
    return event(
        "loyalty.tier.changed.v1",
        {
            "member_id": str(member_id),
            "tier": tier,
            "previous": "normal",
            "growth_points": 6000,
            "changed_at": changed_at,
        },
    )


async def done_or_waiting(harness: Harness, task: asyncio.Task[Any], number: int = 1) -> bool:
    """Whether the task has ended, or so many stand before locks in this database."""
    statement = sql("""
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
    """)
    async with harness.transaction() as session:
        waiting = (await session.execute(statement)).scalar_one()
    return task.done() or int(waiting) >= number
