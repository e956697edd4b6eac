"""The profile service under test, and what many tests say and ask."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, backend, example, harness_of, marketer
from services.profile.events import ActivityTracked, MemberCreated, MemberMerged
from services.profile.main import create_app
from services.profile.settings import Settings

harness = harness_of(create_app, Settings)


class Profile:
    """The service as its callers know it."""

    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        self.shop = backend("orders:write")
        self.reporter = backend("activities:write")

    async def call(self, caller: Caller | None, method: str, path: str, **request: Any):
        async with self.harness.client(caller) as client:
            return await client.request(method, path, **request)

    async def send(
        self, *messages: dict[str, Any], by: Caller | None = None, **batch: Any
    ) -> httpx.Response:
        """A batch from the company's backend, or from `by`; it must be answered 200."""
        body = {"batch": list(messages), **batch}
        answer = await self.call(by or self.reporter, "POST", "/v1/batch", json=body)
        assert answer.status_code == 200, answer.text
        return answer

    async def register(self, member_id: UUID | None = None, **account: Any) -> UUID:
        member_id = member_id or uuid7()
        await self.harness.deliver(registered(member_id, **account))
        return member_id

    async def shown(self, member_id: UUID | str) -> dict[str, Any]:
        """The member as staff see it."""
        answer = await self.call(marketer(), "GET", f"/v1/members/{member_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def timeline(self, member_id: UUID | str) -> list[dict[str, Any]]:
        path = f"/v1/members/{member_id}/activities"
        return (await self.call(marketer(), "GET", path)).json()["items"]

    async def tracked(self) -> list[tuple[UUID, list[str]]]:
        """Members and the ids of their activities, as published."""
        return [
            (event.member_id, [activity.activity_id for activity in event.activities])
            for event in await self.harness.published(ActivityTracked)
        ]

    async def waiting(self, number: int) -> bool:
        """Whether so many wait for what others hold in the database."""
        statement = text("""
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
        """)
        async with self.harness.transaction() as session:
            return int((await session.execute(statement)).scalar_one()) >= number

    async def created(self) -> list[UUID]:
        return [event.member_id for event in await self.harness.published(MemberCreated)]

    async def merged(self) -> list[tuple[UUID, UUID]]:
        """Survivor and absorbed of each merge, as published."""
        events = await self.harness.published(MemberMerged)
        return [(event.member_id, event.merged_member_id) for event in events]


@pytest.fixture
def profile(harness: Harness) -> Profile:
    return Profile(harness)


def registered(member_id: UUID, **account: Any):
    """The gateway's event of a new account."""
    told = {"member_id": member_id, "anonymous_id": None, "registered_at": clock.now(), **account}
    return example("gateway.account.registered.v1", **told)


def track(event: str = "Product Viewed", **message: Any) -> dict[str, Any]:
    return {"type": "track", "messageId": str(uuid7()), "event": event, **message}


def identify(**message: Any) -> dict[str, Any]:
    return {"type": "identify", "messageId": str(uuid7()), **message}


def alias(**message: Any) -> dict[str, Any]:
    return {"type": "alias", "messageId": str(uuid7()), **message}


def ids(messages: Sequence[dict[str, Any]]) -> list[str]:
    return [message["messageId"] for message in messages]
