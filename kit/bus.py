"""The connection to NATS: streams, publishing, pulling. A thin layer over nats-py.

What nats-py leaves open is closed here: it reconnects for ever, errors are counted, a publication
that is not acknowledged fails after a time, and a pull that hears nothing is made anew (nats-py's
own `fetch` holds a partial batch back until its time-out).
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    PubAck,
    RetentionPolicy,
    StorageType,
    StreamConfig,
    StreamInfo,
)
from nats.js.errors import NotFoundError

from kit import metrics
from kit.clock import APART_S
from kit.ids import uuid7
from kit.settings import Settings
from kit.tasks import end

log = logging.getLogger(__name__)

PUBLISH_TIMEOUT_S = 5.0
ATOMIC_FROM = 16  # messages; below, a flush of each costs less than the batch's own
ACK_WAIT_S = 30
SLACK = timedelta(seconds=APART_S)
UNUSED_S = 3 * 86_400
PULL_EXPIRES_S = 30
HEARTBEAT_S = 5
HEARTBEAT = "100"
CONFLICT = "409"
DUPLICATE_WINDOW_S = 300
FIRST_PAUSE_S = 0.02
LONGEST_PAUSE_S = 1.0
_NANOSECONDS = 1_000_000_000


def inbox_prefix(part: str) -> str:
    """Where a part gets its answers and deliveries: where no other part may listen."""
    return f"_INBOX_{part}"


class Bus:
    """One process's connection for one part. Entering it begins connecting and does not wait."""

    def __init__(self, settings: Settings, name: str) -> None:
        self._settings = settings
        self._name = name
        self._client = Client()
        self._connected = asyncio.Event()
        self._connecting: asyncio.Task[None] | None = None
        self._reconnect_callbacks: list[Callable[[], None]] = []

    async def __aenter__(self) -> Self:
        self._connecting = asyncio.create_task(self._connect(), name=f"{self._name}-connect")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._connecting is not None  # noqa: S101
        await end(self._connecting)
        if not self._client.is_closed:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._client.close(), 5)

    async def _connect(self) -> None:
        while True:
            try:
                await self._client.connect(
                    self._settings.nats_url.replace("{part}", self._name),
                    name=self._name,
                    inbox_prefix=inbox_prefix(self._name),
                    max_reconnect_attempts=-1,
                    reconnect_time_wait=1,
                    connect_timeout=2,
                    ping_interval=10,
                    max_outstanding_pings=2,
                    pending_size=0,
                    error_cb=self._on_error,
                    disconnected_cb=self._on_disconnected,
                    reconnected_cb=self._on_reconnected,
                )
            except Exception as error:  # noqa: BLE001  (whatever it was, try again)
                log.warning("no connection to NATS yet: %s", error)
                await asyncio.sleep(0.5)
            else:
                self._connected.set()
                return

    async def _on_error(self, error: Exception) -> None:
        metrics.BUS_ERRORS.labels(self._name).inc()
        log.warning("NATS: %r", error)

    async def _on_disconnected(self) -> None:
        self._connected.clear()

    async def _on_reconnected(self) -> None:
        self._connected.set()
        for callback in self._reconnect_callbacks:
            callback()

    def on_reconnect(self, callback: Callable[[], None]) -> None:
        """Call `callback` when a lost connection is back: core subscriptions missed something."""
        self._reconnect_callbacks.append(callback)

    @property
    def connected(self) -> bool:
        return self._connected.is_set()

    async def wait_connected(self) -> None:
        await self._connected.wait()

    @property
    def client(self) -> Client:
        """The nats-py client, for core subscriptions. Wait for the connection first."""
        return self._client

    async def listen(self, event_type: str, heard: Callable[[Msg], Awaitable[None]]) -> None:
        """Have `heard` called with each event of a type from now on, in every process that listens.

        Nothing is kept for who is away; `on_reconnect` tells that something may have been missed.
        """
        subject = f"{self._settings.subject_prefix}.{event_type}.*"
        while True:
            await self.wait_connected()
            try:
                await self._client.subscribe(subject, cb=heard)
            except nats.errors.Error:
                log.exception("listening for %s failed and will be tried again", subject)
                await asyncio.sleep(LONGEST_PAUSE_S)
            else:
                return

    @property
    def jetstream(self) -> JetStreamContext:
        return self._client.jetstream(timeout=5)

    async def ensure_stream(self, name: str, subjects: Sequence[str]) -> StreamInfo:
        """Create the stream, or bring its configuration up to date."""
        config = StreamConfig(
            name=name,
            subjects=list(subjects),
            storage=StorageType.FILE,
            retention=RetentionPolicy.LIMITS,
            discard=DiscardPolicy.NEW,
            max_age=self._settings.stream_retention_days * 86_400,
            duplicate_window=DUPLICATE_WINDOW_S,
            num_replicas=self._settings.stream_replicas,
            allow_direct=True,
            allow_atomic=True,
        )
        try:
            return await self.jetstream.update_stream(config)
        except NotFoundError:
            return await self.jetstream.add_stream(config)

    async def wait_for_stream(self, name: str) -> None:
        """Wait until the service whose stream it is has made it: nobody else may."""
        pause_s = FIRST_PAUSE_S
        while await self.stream_info(name) is None:
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def stream_info(self, name: str) -> StreamInfo | None:
        try:
            return await self.jetstream.stream_info(name)
        except NotFoundError:
            return None

    async def publish(self, messages: Sequence[tuple[str, str, bytes]]) -> list[int | None]:
        """Publish `(subject, message id, body)`.

        For each, its place in the stream or None where not acknowledged. Many go as one atomic
        batch, which the server flushes to disk once instead of once a message.
        """
        if len(messages) >= ATOMIC_FROM and (last := await self._publish_atomically(messages)):
            return list(range(last - len(messages) + 1, last + 1))
        return await self._publish_each(messages)

    async def _publish_atomically(self, messages: Sequence[tuple[str, str, bytes]]) -> int | None:
        """The last message's place, or None when the server refused the batch.

        It refuses one of which it knows a message already: published before, but not marked so.
        """
        batch = {"Nats-Batch-Id": uuid7().hex}
        *first, (subject, message_id, body) = messages
        for number, (its_subject, its_id, its_body) in enumerate(first, 1):
            place = {"Nats-Msg-Id": its_id, "Nats-Batch-Sequence": str(number)}
            await self._client.publish(its_subject, its_body, headers=batch | place)
        place = {"Nats-Msg-Id": message_id, "Nats-Batch-Sequence": str(len(messages))}
        commit = batch | place | {"Nats-Batch-Commit": "1"}
        answer = await self._client.request(
            subject, body, headers=commit, timeout=PUBLISH_TIMEOUT_S
        )
        taken = orjson.loads(answer.data)
        return taken["seq"] if taken.get("count") == len(messages) else None

    async def _publish_each(self, messages: Sequence[tuple[str, str, bytes]]) -> list[int | None]:
        jetstream = self._publisher()
        futures = [
            await jetstream.publish_async(subject, body, headers={"Nats-Msg-Id": message_id})
            for subject, message_id, body in messages
        ]
        await asyncio.wait(futures, timeout=PUBLISH_TIMEOUT_S)
        return [_place(future) for future in futures]

    def _publisher(self) -> JetStreamContext:
        # one context for all publications: each has its own inbox subscription
        if not hasattr(self, "_publishing"):
            self._publishing = self._client.jetstream(timeout=PUBLISH_TIMEOUT_S)
        return self._publishing

    async def pull(
        self, stream: str, durable: str, subjects: Sequence[str], since: datetime | None = None
    ) -> "Pull":
        """A durable pull consumer of `stream`, made if it is not there.

        One `since` a moment begins a little before it, and ends by itself when long unused.
        """
        config = ConsumerConfig(
            durable_name=durable,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACK_WAIT_S,
            max_deliver=-1,
            max_ack_pending=1024,
            filter_subjects=list(subjects),
            num_replicas=self._settings.stream_replicas,
        )
        if since is not None:
            config.deliver_policy = DeliverPolicy.BY_START_TIME
            config.opt_start_time = await self._beginning(stream, durable) or since - SLACK
            config.inactive_threshold = UNUSED_S
        await self.jetstream.add_consumer(stream, config)
        return await Pull.open(self._client, stream, durable)

    async def _beginning(self, stream: str, durable: str) -> datetime | None:
        """Where a consumer that is there began, which stays as it is."""
        try:
            info = await self.jetstream.consumer_info(stream, durable)
        except NotFoundError:
            return None
        began: datetime | None = info.config.opt_start_time
        return began

    async def lag(self, stream: str, durable: str) -> int:
        """How many events the consumer has still to receive or to acknowledge.

        0 when it is not there.
        """
        try:
            info = await self.jetstream.consumer_info(stream, durable)
        except NotFoundError:
            return 0
        return (info.num_pending or 0) + (info.num_ack_pending or 0)


class Pull:
    """A standing pull: messages come as they are published; `batch` hands over what has arrived."""

    def __init__(self, client: Client, stream: str, durable: str) -> None:
        self._client = client
        self._api = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._inbox = client.new_inbox()
        self._messages: asyncio.Queue[Msg | None] = asyncio.Queue()
        self._wanted = 0
        self._subscription: Subscription | None = None

    @classmethod
    async def open(cls, client: Client, stream: str, durable: str) -> Self:
        pull = cls(client, stream, durable)
        pull._subscription = await client.subscribe(pull._inbox, cb=pull._arrived)
        return pull

    async def _arrived(self, message: Msg) -> None:
        await self._messages.put(message)

    async def batch(self, most: int) -> list[Msg]:
        """Wait for a message, then give all that have come, `most` at most; none after a while.

        Raises TimeoutError when not even a heartbeat came: the caller then opens a new pull.
        """
        if self._wanted <= 0:
            await self._ask(most)
        batch: list[Msg] = []
        while not batch:
            async with asyncio.timeout(3 * HEARTBEAT_S):
                message = await self._messages.get()
            if message is None:
                return batch
            self._take(message, batch)
            if self._wanted <= 0:
                break
        while len(batch) < most and not self._messages.empty():
            if (message := self._messages.get_nowait()) is not None:
                self._take(message, batch)
        return batch

    def interrupt(self) -> None:
        """Have a waiting `batch` return with nothing."""
        self._messages.put_nowait(None)

    def _take(self, message: Msg, batch: list[Msg]) -> None:
        """Sort one arrival: an event into `batch`, a status into our books."""
        status = _status_of(message)
        if status is None:
            self._wanted -= 1
            batch.append(message)
        elif status != HEARTBEAT:
            self._wanted = 0  # this pull has ended: timed out, consumer deleted, server shut down
            if status == CONFLICT:
                raise ConnectionError((message.headers or {}).get("Description", status))

    async def _ask(self, most: int) -> None:
        self._wanted = most
        request = {
            "batch": most,
            "expires": PULL_EXPIRES_S * _NANOSECONDS,
            "idle_heartbeat": HEARTBEAT_S * _NANOSECONDS,
        }
        await self._client.publish(self._api, orjson.dumps(request), reply=self._inbox)

    async def close(self) -> None:
        """End the pull, giving back what has come and was not handed over."""
        with contextlib.suppress(Exception):
            if self._subscription is not None:
                await self._subscription.unsubscribe()
            while not self._messages.empty():
                message = self._messages.get_nowait()
                if message is not None and _status_of(message) is None:
                    await message.nak()


def _status_of(message: Msg) -> str | None:
    """The status the server sent instead of an event, or None of an event."""
    return None if message.data else (message.headers or {}).get("Status")


def _place(future: "asyncio.Future[PubAck]") -> int | None:
    if not future.done():
        future.cancel()  # gives its slot back
        return None
    return None if future.exception() else future.result().seq


def created_at(info: StreamInfo) -> datetime:
    """When the stream was created: another time means another, empty, stream of the same name."""
    assert info.created is not None  # noqa: S101  (the server always says)
    return info.created
