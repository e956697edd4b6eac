"""What 1, 100 and 500 published rules cost an event, on the path from inbox to outbox.

Batches of 256 as the consumer takes them: inbox, deciding, ledger, outbox, commit. Rules are told
apart by their trigger, by a category or price they insist on, or by alternatives (`any`).
"""

import asyncio
import hashlib
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import orjson
import uvloop
from sqlalchemy import text

from bench.rounds import console
from kit import inbox
from kit.app import Runtime
from kit.clock import now
from kit.db import transaction
from kit.events import Event
from kit.ids import uuid7
from kit.migrate import migrate
from rapport import embedded
from services.loyalty.main import SERVICE
from services.loyalty.settings import Settings

BATCH = 256
BATCHES = 8
MEMBERS = 2_000
ROUNDS = 3
NAME = {"en": "Rule"}
NUMBERS = (1, 100, 500)
KINDS = ("trigger", "category", "price", "any")


def rule(number: int, kind: str) -> dict[str, Any]:
    """The first pays; the others could, for other events."""
    made: dict[str, Any] = {"key": f"rule_{number}", "name": NAME, "earn": {"points": 1}}
    category = {"field": "event.properties.category", "op": "eq", "value": f"c{number}"}
    price = {"field": "event.properties.price", "op": "gt", "value": number * 1000}
    match kind:
        case "trigger":
            return {**made, "trigger": f"activity.Event {number}"}
        case "category":
            return {**made, "trigger": "activity.Event 0", "when": {"all": [category, price]}}
        case "price":
            return {**made, "trigger": "activity.Event 0", "when": price}
        case _:
            return {**made, "trigger": "activity.Event 0", "when": {"any": [category, price]}}


def programme(count: int, kind: str) -> dict[str, Any]:
    levels = [{"key": "normal", "name": NAME, "threshold": 0}]
    rules = [rule(number, kind) for number in range(count)]
    return {"rules": rules, "tiers": {"levels": levels}}


async def publish(runtime: Runtime, body: dict[str, Any]) -> None:
    written = orjson.dumps(body).decode()
    async with transaction(runtime.sessions) as session:
        await session.execute(
            text("UPDATE programme_versions SET state = 'retired' WHERE state = 'live'")
        )
        await session.execute(
            text("""
                INSERT INTO programme_versions
                    (version, state, digest, body, note, author, created_at, changed_at)
                SELECT max(version) + 1, 'live', :digest, CAST(:body AS jsonb), '', 'bench',
                    now(), now() FROM programme_versions
            """),
            {"digest": hashlib.sha256(written.encode()).hexdigest(), "body": written},
        )


def batches(member_ids: list[str]) -> list[list[Event]]:
    return [
        [_event(member_ids[(BATCH * n + m) % MEMBERS]) for m in range(BATCH)]
        for n in range(BATCHES)
    ]


def _event(member_id: str) -> Event:
    event_id = uuid7()
    activity = {
        "activity_id": str(event_id),
        "kind": "track",
        "name": "Event 0",
        "properties": {"category": "c0", "price": 100},
        "occurred_at": now().isoformat(),
    }
    data = {
        "member_id": member_id,
        "activities": [activity],
        "received_at": now().isoformat(),
    }
    return Event(
        id=event_id,
        type="profile.activity.tracked.v1",
        source="/profile",
        subject=member_id,
        time=now(),
        data=data,
        correlation_id=str(event_id),
    )


async def rate(runtime: Runtime, member_ids: list[str]) -> float:
    """Events a second, each of which pays."""
    told = batches(member_ids)
    started = time.perf_counter()
    for batch in told:
        async with transaction(runtime.sessions) as session:
            await inbox.receive(session, "loyalty", SERVICE.handlers, batch)
    return BATCH * BATCHES / (time.perf_counter() - started)


async def drift(runtime: Runtime) -> int:
    """Points by which the ledger contradicts itself. It must be 0."""
    from services.loyalty.actions.verifying import verify_ledger  # noqa: PLC0415

    async with transaction(runtime.sessions) as session:
        found = await verify_ledger(session)
    return sum(found.drift_points.values()) + sum(check.contradictions for check in found.checks)


async def measure(settings: Settings) -> None:
    await migrate(SERVICE, settings)
    runtime = Runtime(SERVICE, settings)
    member_ids = [str(uuid7()) for _ in range(MEMBERS)]
    figures: dict[tuple[str, int], list[float]] = {}
    await publish(runtime, programme(1, "trigger"))
    await rate(runtime, member_ids)  # members are enrolled, and everything is warm
    for number in range(ROUNDS):
        for kind in KINDS:
            for count in NUMBERS:
                await publish(runtime, programme(count, kind))
                figure = await rate(runtime, member_ids)
                figures.setdefault((kind, count), []).append(figure)
        console.print(f"  round {number + 1}", style="dim")
    for kind in KINDS:
        one = median(figures[kind, 1])
        for count in NUMBERS:
            each = median(figures[kind, count])
            console.print(
                f"told apart by {kind:<9}{count:>4} rules {each:>8,.0f} events/s   "
                f"cost {one / each:.2f}"
            )
    console.print(f"ledger drift: {await drift(runtime)}")
    await runtime.engine.dispose()


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder,
        embedded.servers(Path(folder), only=["postgres"]) as servers,
    ):
        settings = Settings(
            postgres_url=servers.postgres_url, database="loyalty", jwks='{"keys": []}'
        )
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(measure(settings))


if __name__ == "__main__":
    main()
