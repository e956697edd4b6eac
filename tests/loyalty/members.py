"""Steps the tests of loyalty share: what happens to members, and what they then have."""

from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from kit.auth import Caller
from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, admin, analyst, event, example, marketer, member

PLACED = "profile.order.placed.v1"
CHANGED = "profile.order.changed.v1"


def registered(caller: Caller) -> Event:
    """100 welcome points."""
    return example("gateway.account.registered.v1", member_id=caller.subject)


def placed(caller: Caller, order_id: str = "A-1", amount_minor: int = 12_900) -> Event:
    """A pending point and a growth point for each 100."""
    return example(PLACED, member_id=caller.subject, order_id=order_id, amount_minor=amount_minor)


def changed(caller: Caller, status: str, order_id: str = "A-1", **changes: Any) -> Event:
    about = {"order_id": order_id, "status": status, "amount_minor": 12_900, **changes}
    return example(CHANGED, member_id=caller.subject, **about)


def answered(caller: Caller, **changes: Any) -> Event:
    """20 points, at most 60 a day."""
    about = {"survey_id": str(uuid7()), "answered_at": "2026-03-02T10:00:00Z", **changes}
    return example("feedback.survey.answered.v1", member_id=caller.subject, **about)


def reviewed(caller: Caller, *activity_ids: str, **changes: Any) -> Event:
    """30 points for each, at most 90 a day."""
    activity = {"kind": "track", "name": "Product Reviewed", "occurred_at": "2026-03-02T10:00:00Z"}
    activities = [{**activity, "activity_id": name} for name in activity_ids or [str(uuid7())]]
    return example(
        "profile.activity.tracked.v1",
        member_id=caller.subject,
        **{"activities": activities, "received_at": "2026-03-02T10:00:00Z", **changes},
    )


def lives_in(caller: Caller, time_zone: str, at: str = "2026-03-01T08:00:00Z") -> Event:
    return example(
        "profile.member.updated.v1", member_id=caller.subject, time_zone=time_zone, updated_at=at
    )


def merged(absorbed: Caller, survivor: Caller) -> Event:
    return example(
        "profile.member.merged.v1",
        member_id=survivor.subject,
        merged_member_id=absorbed.subject,
    )


async def with_points(harness: Harness, points: int, **changes: Any) -> Caller:
    """A member who has as many points to spend."""
    caller = member()
    await harness.deliver(lives_in(caller, "UTC"))
    if points:
        answer = await adjust(harness, caller, points=points, **changes)
        assert answer.status_code == 201, answer.text
    return caller


async def adjust(harness: Harness, caller: Caller, **body: Any) -> httpx.Response:
    path = f"/v1/members/{caller.subject}/points/adjustments"
    return await post(harness, admin(), path, {"reason": "goodwill", **body})


async def post(
    harness: Harness, caller: Caller, path: str, body: Any = None, key: UUID | None = None
) -> httpx.Response:
    async with harness.client(caller, **{"Idempotency-Key": str(key or uuid7())}) as client:
        return await client.post(path, json=body)


async def read(harness: Harness, caller: Caller, path: str, **headers: str) -> Any:
    async with harness.client(caller, **headers) as client:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def wallet(harness: Harness, caller: Caller) -> dict[str, Any]:
    return await read(harness, caller, "/v1/wallet")


async def balances(harness: Harness, caller: Caller) -> tuple[int, int, int, int]:
    """Points, pending, debt and growth points."""
    held = await wallet(harness, caller)
    return held["points"], held["pending"], held["debt"], held["growth_points"]


async def new_reward(harness: Harness, **changes: Any) -> str:
    """A cup of tea for 80 points, of which there are five."""
    body = {
        "name": {"en": "A cup of tea", "zh-CN": "一杯茶", "ru": "Чашка чая"},
        "description": {"en": "Of your choice.", "zh-CN": "任选一种。", "ru": "На ваш выбор."},
        "points": 80,
        "stock": 5,
        **changes,
    }
    answer = await post(harness, marketer(), "/v1/rewards", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["reward_id"]


async def redeem(
    harness: Harness, caller: Caller, reward_id: str, key: UUID | None = None
) -> httpx.Response:
    return await post(harness, caller, f"/v1/rewards/{reward_id}/redemptions", key=key)


async def proved(harness: Harness) -> None:
    """The ledger contradicts itself nowhere."""
    found = await read(harness, analyst(), "/v1/loyalty/ledger/verify")
    assert found["sound"], found


async def execute(harness: Harness, statement: str, **parameters: Any) -> list[Any]:
    async with harness.transaction() as session:
        return list(await session.execute(text(statement), parameters))


async def make_due(harness: Harness, at: datetime) -> None:
    """Let whatever will become due have become so at `at`."""
    for table in ("lots", "wallets"):
        await execute(harness, f"UPDATE {table} SET due_at = :at WHERE due_at IS NOT NULL", at=at)


def again(heard: Event) -> Event:
    """The same fact told by another event."""
    return event(heard.type, heard.data)


async def waits_for_a_lock(harness: Harness, number: int = 1) -> bool:
    """Whether so many wait for rows that others hold."""
    [(waiting,)] = await execute(
        harness,
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    return bool(waiting >= number)
