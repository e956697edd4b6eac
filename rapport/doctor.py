"""Looks into a deployment and says what is wrong and what to do about it.

Nothing is changed. Every check stands alone, so that one store that is away hides nothing else.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import redis.asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock, dead_letters, outbox, revisions
from kit.bus import Bus
from kit.consumer import consumed
from kit.events import stream_name
from rapport.databases import in_transaction
from rapport.parts import GATEWAY, LOYALTY, Part, load_all, parts_named

OLDEST_POSTGRES = 15
OUTBOX_WAITS_AT_MOST = timedelta(seconds=30)
MOST_EVENTS_BEHIND = 10_000
ANSWER_WITHIN_S = 15
PROVE_WITHIN_S = 3_600
"""How long proving the ledger may take: it reads every entry there is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `advice` is empty when all is well."""

    subject: str
    said: str
    advice: str = ""

    @property
    def well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.advice


async def examine() -> AsyncIterator[Finding]:
    """Everything found: the stores, then part by part."""
    load_all()  # importing a part may take longer than a store may
    if GATEWAY.installed:
        yield await guarded("valkey", valkey)
    for part in parts_named([]):
        yield await guarded(part.name, partial(database, part))
        yield await guarded(part.name, partial(letters, part))
        async with bus_of(part) as bus:
            yield await guarded(part.name, partial(stream, part, bus))
            for source in consumed(part.service.handlers):
                yield await guarded(part.name, partial(consumer, part, bus, source))
        if part is LOYALTY:
            yield await guarded(part.name, ledger, within_s=PROVE_WITHIN_S)


async def guarded(
    subject: str, check: Callable[[], Awaitable[Finding]], *, within_s: float | None = None
) -> Finding:
    """What `check` finds, or why it could not look."""
    within_s = within_s or ANSWER_WITHIN_S
    try:
        async with asyncio.timeout(within_s):
            return await check()
    except TimeoutError:
        said = f"no answer within {within_s:g} s"
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is a finding
        said = f"{type(error).__name__}: {error}".strip(": ")
    return Finding(subject, said, "see that the store is running, reachable from here and not busy")


async def valkey() -> Finding:
    """Whether Valkey answers."""
    client = redis.asyncio.Redis.from_url(os.environ["VALKEY_URL"])
    async with client:
        version = (await client.info("server"))["redis_version"]
    return Finding("valkey", f"answers (protocol {version})")


async def database(part: Part) -> Finding:
    """Whether the part's database is there, new enough and migrated."""

    async def look(session: AsyncSession) -> tuple[str, list[str]]:
        version = await session.scalar(text("SHOW server_version"))
        return str(version), await revisions.missing(session, part.service)

    version, missing = await in_transaction(part, look)
    if int(version.split(".")[0]) < OLDEST_POSTGRES:
        return Finding(part.name, f"PostgreSQL {version}", f"use {OLDEST_POSTGRES} or newer")
    if missing:
        behind = f"database lacks {', '.join(missing)}"
        return Finding(part.name, behind, f"run `rapport migrate {part.name}`")
    return Finding(part.name, f"database is migrated (PostgreSQL {version})")


async def letters(part: Part) -> Finding:
    """Whether all events could be handled."""
    parked = await in_transaction(part, dead_letters.count)
    advice = f"look at `rapport dead-letters list {part.name}`" if parked else ""
    return Finding(part.name, f"{parked} dead letters", advice)


async def stream(part: Part, bus: Bus) -> Finding:
    """Whether the part's events reach their stream."""
    oldest = await in_transaction(part, outbox.oldest_waiting)
    waits = clock.now() - oldest if oldest else timedelta(0)
    if waits > OUTBOX_WAITS_AT_MOST:
        said = f"an event waits in the outbox since {waits.total_seconds():.0f} s"
        return Finding(part.name, said, f"see that {part.name} runs with the role relay")
    name = stream_name(part.settings().subject_prefix, part.name)
    info = await bus.stream_info(name)
    if info is None:
        said = f"there is no stream {name}"
        return Finding(part.name, said, f"start {part.name} with the role relay: it makes it")
    return Finding(part.name, f"outbox is empty; {name} holds {info.state.messages} events")


async def consumer(part: Part, bus: Bus, source: str) -> Finding:
    """Whether the part keeps up with what `source` says."""
    behind = await lag(part, bus, source)
    advice = f"start more {part.name} with CONSUMER_GROUPS" if behind > MOST_EVENTS_BEHIND else ""
    return Finding(part.name, f"{behind} events of {source} behind", advice)


async def lag(part: Part, bus: Bus, source: str) -> int:
    """How many events of `source` the part has still to handle."""
    settings = part.settings()
    name = stream_name(settings.subject_prefix, source)
    groups = settings.consumer_groups
    durables = [part.name] if groups == 1 else [f"{part.name}-{n}of{groups}" for n in range(groups)]
    return sum([await bus.lag(name, durable) for durable in durables])


async def ledger() -> Finding:
    """Whether loyalty's ledger proves what its wallets say; of a large one that takes minutes."""
    from services.loyalty.actions.verifying import verify_ledger  # noqa: PLC0415 -- may be absent

    found = await in_transaction(LOYALTY, verify_ledger)
    if found.sound:
        return Finding(LOYALTY.name, f"the ledger is sound ({len(found.checks)} proofs)")
    broken = [check.claim for check in found.checks if check.contradictions]
    said = f"the ledger is contradicted: {'; '.join(broken)}"
    return Finding(LOYALTY.name, said, "stop redemptions, and see deploy/runbooks/LedgerDrift.md")


@asynccontextmanager
async def bus_of(part: Part) -> AsyncIterator[Bus]:
    """A connection for the part, or a bus that waits for one in vain."""
    async with Bus(part.settings(), part.name) as bus:
        with suppress(TimeoutError):
            await asyncio.wait_for(bus.wait_connected(), ANSWER_WITHIN_S)
        yield bus
