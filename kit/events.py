"""Events: what one service says and others hear. CloudEvents 1.0 in JSON, structured mode.

The publisher owns a `Payload` (nothing unknown allowed); a consumer declares a `Reading` of the
parts it uses. `type` is `<service>.<entity>.<past verb>.v<N>`; the subject on the wire is
`<prefix>.<type>.p<NN>`, its partition taken from the member, so that one member's events stay in
order however many consumers there are.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, PrivateAttr

from kit.clock import now
from kit.ids import quick, quick_uuid7

PARTITIONS = 16


@dataclass(frozen=True, slots=True)
class Cause:
    """What the present work was caused by; every event it publishes inherits this."""

    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    receipt_id: UUID | None = None
    """Which caller's keyed write began it (kit.receipts)."""


_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


@contextmanager
def caused_by(cause: Cause | None) -> Iterator[None]:
    token = _cause.set(cause)
    try:
        yield
    finally:
        _cause.reset(token)


def current_cause() -> Cause | None:
    return _cause.get()


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it travels: the CloudEvents envelope and its data."""

    id: UUID
    type: str
    source: str
    subject: str | None
    time: datetime
    data: dict[str, Any]
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    aggregate_version: int | None = None
    receipt_id: UUID | None = None

    @property
    def partition(self) -> int:
        return partition_of(self.subject)

    @property
    def as_cause(self) -> Cause:
        return Cause(self.correlation_id, str(self.id), self.traceparent, self.receipt_id)

    def encode(self) -> bytes:
        envelope = {
            "specversion": "1.0",
            "id": str(self.id),
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": self.time,
            "datacontenttype": "application/json",
            "correlationid": self.correlation_id,
            "causationid": self.causation_id,
            "traceparent": self.traceparent,
            "aggregateversion": self.aggregate_version,
            "receiptid": str(self.receipt_id) if self.receipt_id else None,
            "data": self.data,
        }
        return orjson.dumps({name: value for name, value in envelope.items() if value is not None})

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """Read an envelope. Raises ValueError, KeyError or TypeError when it is not one."""
        envelope = orjson.loads(body)
        receipt_id = envelope.get("receiptid")
        return cls(
            id=quick(str(envelope["id"])),
            type=envelope["type"],
            source=envelope["source"],
            subject=envelope.get("subject"),
            time=datetime.fromisoformat(envelope["time"]),
            data=envelope["data"],
            correlation_id=envelope.get("correlationid") or envelope["id"],
            causation_id=envelope.get("causationid"),
            traceparent=envelope.get("traceparent"),
            aggregate_version=envelope.get("aggregateversion"),
            receipt_id=UUID(receipt_id) if receipt_id else None,
        )


class Payload(BaseModel):
    """What a service publishes. `member_id`, where there is one, is the event's subject."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    type: ClassVar[str]
    on_receipt: ClassVar[tuple[str, ...]] = ()
    """Fields that the receipt of the write it came from shows."""
    _cause: Cause | None = PrivateAttr(default=None)

    def because(self, cause: Event | Cause) -> Self:
        """Name the event that caused this one. For handlers of batches, where the causes differ."""
        self._cause = cause.as_cause if isinstance(cause, Event) else cause
        return self

    def _known_cause(self) -> Cause | None:
        # pydantic takes 27 µs to find a private attribute by its name
        return (self.__pydantic_private__ or {}).get("_cause")

    @property
    def aggregate_id(self) -> str | None:
        """What the event is about, its subject; events of one subject are kept in order."""
        member_id = getattr(self, "member_id", None)
        return str(member_id) if member_id else None

    @property
    def aggregate_version(self) -> int | None:
        """The aggregate's version after this event, where it has one."""
        return None

    def to_event(self) -> Event:
        cause = self._known_cause() or current_cause()
        event_id = quick_uuid7()
        return Event(
            id=event_id,
            type=self.type,
            source=f"/{service_of(self.type)}",
            subject=self.aggregate_id,
            time=now(),
            data=self.model_dump(mode="json"),
            correlation_id=cause.correlation_id if cause else str(event_id),
            causation_id=cause.causation_id if cause else None,
            traceparent=cause.traceparent if cause else None,
            aggregate_version=self.aggregate_version,
            receipt_id=cause.receipt_id if cause else None,
        )


class Reading(BaseModel):
    """The part a consumer reads of another service's payload.

    What does not fit is logged and parked with the error, which must not quote personal data.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    type: ClassVar[str]

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls.model_validate(event.data)


def service_of(event_type: str) -> str:
    """`loyalty` of `loyalty.points.earned.v1`."""
    return event_type.split(".", 1)[0]


def partition_of(subject: str | None) -> int:
    """0 to 15, the same for the same subject everywhere and for ever."""
    return zlib.crc32((subject or "").encode()) % PARTITIONS


def wire_subject(prefix: str, event_type: str, partition: int) -> str:
    """The NATS subject, such as `evt.loyalty.points.earned.v1.p07`."""
    return f"{prefix}.{event_type}.p{partition:02d}"


def stream_name(prefix: str, service: str) -> str:
    """The JetStream stream of a service, such as `EVT_LOYALTY`."""
    return f"{prefix}_{service}".upper()
