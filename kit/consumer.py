"""Consumer: receives another service's events in batches and handles each exactly once.

A batch is a transaction for each type of event in it (kit.inbox). If one fails it is rolled back,
and the batch replayed one event at a time, so that a bad event costs itself only: it is given back
with a growing delay, and parked as a dead letter after `MAX_TRIES` or at once when it can never
succeed; until then what comes behind it of the same subject waits for it (kit.turns). A store that
is away is never an event's fault: then everything is simply given back. Messages are acknowledged
after the commits; dying in between brings them again, and the inbox knows them.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from nats.aio.msg import Msg
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from kit import dead_letters, logs, metrics
from kit.bus import Bus, Pull
from kit.db import Sessions, is_conflict, is_passing, transaction
from kit.demand import Watch
from kit.events import PARTITIONS, Event, stream_name, wire_subject
from kit.inbox import Handler, Unprocessable, portions, receive
from kit.leases import Lease, Leases
from kit.pace import rest_s
from kit.turns import Turns

log = logging.getLogger(__name__)

BATCH = 256
MAX_TRIES = 8
DELAYS_S = (1, 2, 5, 15, 60, 120, 300)
PASSING_DELAY_S = 2
CONFLICT_TRIES = 3  # of a transaction, while another transaction and it lock the same rows
PAUSE_AFTER_ERROR_S = 0.5
PACE_S = 0.02  # after a small batch: what comes right behind it shares the next transaction
_NOT_AN_EVENT = UUID("5f7c5f3e-54a8-4c3e-9d5e-0e8d2b1f3a6c")


class Consumer:
    """The events one service hears from one other, for one group of partitions.

    Where they are heard `on_demand`, as long as somebody asks for them.
    """

    def __init__(  # noqa: PLR0913  (what it needs, each by name)
        self,
        *,
        leases: Leases,
        sessions: Sessions,
        bus: Bus,
        service: str,
        source: str,
        handlers: Mapping[str, Handler],
        prefix: str,
        group: int = 0,
        groups: int = 1,
        on_demand: Watch | None = None,
    ) -> None:
        self._leases = leases
        self._sessions = sessions
        self._bus = bus
        self._service = service
        self._handlers = handlers
        self.stream = stream_name(prefix, source)
        name = f"{service}-{on_demand.name}" if on_demand else service
        self.durable = name if groups == 1 else f"{name}-{group}of{groups}"
        self._subjects = _subjects(prefix, handlers, group, groups)
        self._work = f"{name} consumes {self.stream}"
        self._on_demand = on_demand
        self._group, self._groups = group, groups
        self.attached = False
        self.standing_by = False
        self._pull: Pull | None = None
        self._detached = asyncio.Event()
        self._told_to_stop = False
        self._turns = Turns()
        self._refused: Counter[int] = Counter()
        """How often each event that waits to be tried again was refused, by its place."""

    @property
    def is_wanted(self) -> bool:
        """Whether its events are to be heard at present."""
        return self._on_demand is None or self._on_demand.is_asked

    async def stop(self, at_most_s: float) -> None:
        """Finish the batch at hand, give back what has come since, and end."""
        self._told_to_stop = True
        if self._pull is not None:
            self._pull.interrupt()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(at_most_s):
                    await self._detached.wait()

    async def run(self) -> None:
        while not self._told_to_stop:
            try:
                self.standing_by = True
                since = await self._on_demand.asked() if self._on_demand else None
                async with self._leases.hold(self._work, self._group, self._groups) as held:
                    self.standing_by = False
                    await self._consume(held, since)
            except Exception as error:  # noqa: BLE001  (whatever it was, attach again)
                log.warning("%s: attaching again: %r", self.stream, error)
                await asyncio.sleep(PAUSE_AFTER_ERROR_S)
            finally:
                self.standing_by = False

    async def _consume(self, held: Lease, since: datetime | None) -> None:
        await self._bus.wait_connected()
        self.standing_by = True
        await self._bus.wait_for_stream(self.stream)
        self.standing_by = False
        self._detached.clear()
        self._refused.clear()
        self._pull = await self._bus.pull(self.stream, self.durable, self._subjects, since)
        self.attached = True
        try:
            await self._drain(self._pull, held)
        finally:
            await self._pull.close()
            self._pull = None
            self.attached = False
            self._detached.set()

    async def _drain(self, pull: Pull, held: Lease) -> None:
        while not self._told_to_stop and await self._goes_on(held):
            messages = await pull.batch(BATCH)
            if messages:
                began = time.monotonic()
                await self.handle(messages)
                if len(messages) < BATCH:
                    await asyncio.sleep(rest_s(time.monotonic() - began, PACE_S))

    async def _goes_on(self, held: Lease) -> bool:
        asked = self._on_demand is None or await self._on_demand.since() is not None
        return asked and await self._leases.keeps(held)

    async def handle(self, messages: Sequence[Msg]) -> None:
        """Handle one batch; afterwards every message is acknowledged, given back or parked."""
        if ready := await self._in_turn(messages):
            await self._handle(ready)

    async def _in_turn(self, messages: Sequence[Msg]) -> Sequence[Msg]:
        """Those whose turn it is; what comes behind an event that waits is given back."""
        if not self._turns:
            return messages
        ready = []
        for message in sorted(messages, key=_place):
            delay_s = self._turns.take(_subject(message), _place(message))
            if delay_s is None:
                ready.append(message)
            else:
                await self._give_back(message, delay_s)
        return ready

    async def _give_back(self, message: Msg, delay_s: float) -> None:
        self._turns.wait(_subject(message), _place(message), delay_s)
        await message.nak(delay=delay_s)

    async def _handle(self, messages: Sequence[Msg]) -> None:
        try:
            await self._commit([_decode(message) for message in messages])
        except Exception as error:  # noqa: BLE001  (every event's error is decided on)
            if is_passing(error):
                await self._give_all_back(messages, error)
            elif len(messages) == 1:
                await self._refuse(messages[0], error)
            else:
                for message in messages:
                    await self.handle([message])
        else:
            await _acknowledge(messages)
            if self._refused:
                for message in messages:
                    self._refused.pop(_place(message), None)

    async def _commit(self, events: Sequence[Event]) -> None:
        for portion in portions(events):
            await self._commit_one(portion)

    async def _commit_one(self, events: Sequence[Event]) -> None:
        """Handle `events` in one transaction; begin again where another stood in its way."""
        for tries_left in reversed(range(CONFLICT_TRIES)):
            try:
                async with transaction(self._sessions) as session:
                    await receive(session, self._service, self._handlers, events)
            except DBAPIError as error:
                if not is_conflict(error) or not tries_left:
                    raise
            else:
                return

    async def _give_all_back(self, messages: Sequence[Msg], error: Exception) -> None:
        log.warning("%s: a store is away, %d events wait: %r", self.stream, len(messages), error)
        for message in messages:
            await self._give_back(message, PASSING_DELAY_S)
        await asyncio.sleep(PAUSE_AFTER_ERROR_S)

    async def _refuse(self, message: Msg, error: Exception) -> None:
        place = _place(message)
        self._refused[place] += 1  # deliveries say less: a store that was away is not its fault
        tries = self._refused[place]
        never = isinstance(error, Unprocessable | ValidationError)
        event_id, event_type = _identity(message)
        told = logs.fields(event_id=str(event_id), event_type=event_type)
        if not never and tries < MAX_TRIES:
            delay = DELAYS_S[min(tries, len(DELAYS_S)) - 1]
            metrics.RETRIED.labels(self._service).inc()
            with told:
                log.warning("refused, and tried again in about %g s", delay, exc_info=error)
            await self._give_back(message, delay * random.uniform(0.8, 1.2))  # noqa: S311  (jitter)
            return
        with told:
            log.error("parked after %d tries", tries, exc_info=error)
        async with transaction(self._sessions) as session:
            await dead_letters.park(
                session,
                event_id,
                event_type,
                message.data,
                f"{type(error).__name__}: {error}",
                tries,
            )
        del self._refused[place]
        metrics.PARKED.labels(self._service).inc()
        await message.term()


def _place(message: Msg) -> int:
    """Where in its stream a message is."""
    place: int = message.metadata.sequence.stream
    return place


def _subject(message: Msg) -> str | None:
    """Whom the event is about; None of something that is no event."""
    try:
        return _decode(message).subject
    except Unprocessable:
        return None


async def _acknowledge(messages: Sequence[Msg]) -> None:
    """Acknowledge all; one connection keeps their order, so the last one's answer is for all."""
    *first, last = messages
    for message in first:
        await message.ack()
    await last.ack_sync(timeout=5)


def consumed(handlers: Mapping[str, Handler]) -> dict[str, dict[str, Handler]]:
    """`handlers` by the service whose stream carries their events."""
    by_source: dict[str, dict[str, Handler]] = {}
    for event_type, handler in handlers.items():
        by_source.setdefault(event_type.split(".", 1)[0], {})[event_type] = handler
    return by_source


def _subjects(prefix: str, handlers: Mapping[str, Handler], group: int, groups: int) -> list[str]:
    if groups == 1:
        return [f"{prefix}.{event_type}.*" for event_type in handlers]
    ours = [partition for partition in range(PARTITIONS) if partition % groups == group]
    return [wire_subject(prefix, event_type, part) for event_type in handlers for part in ours]


def _decode(message: Msg) -> Event:
    try:
        return Event.decode(message.data)
    except (ValueError, KeyError, TypeError) as error:
        reason = f"not a CloudEvents envelope: {error!r}"
        raise Unprocessable(reason) from error


def _identity(message: Msg) -> tuple[UUID, str]:
    """The event's id and type, or, of something that is no event, an id made from its bytes."""
    try:
        event = _decode(message)
    except Unprocessable:
        return uuid5(_NOT_AN_EVENT, message.data.hex()), message.subject
    return event.id, event.type
