"""Reading what Segment's libraries send: one message or a batch, gzipped or not.

Format and limits follow Segment's HTTP tracking API: 32 KB for a message, 500 KB for a request. A
message that cannot be taken is refused by itself and named; the others of its batch are taken.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import Request
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from kit.ids import uuid7
from kit.problems import Invalid, Malformed, TooLarge, Unsupported, field_error
from services.profile.api.values import Unfit, encoded
from services.profile.rules.identities import (
    LONGEST_ID,
    Identity,
    anonymous_identity,
    user_identity,
)
from services.profile.rules.messages import Kind, Message, occurred_at

LARGEST_MESSAGE = 32 << 10
LARGEST_REQUEST = 500 << 10


def _text_of(value: object) -> object:
    """Segment's libraries take numbers as ids, and some send them as they are."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _or_empty(value: object) -> object:
    return {} if value is None else value


Id = Annotated[str, BeforeValidator(_text_of), StringConstraints(max_length=LONGEST_ID)]
Moment = Annotated[datetime, AfterValidator(_aware)]
Properties = Annotated[dict[str, Any], BeforeValidator(_or_empty)]
EventName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Label = Annotated[str, StringConstraints(max_length=200)]


class Call(BaseModel):
    """What all six calls share. Unknown fields (integrations, writeKey, ...) are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    message_id: Id | None = Field(None, alias="messageId")
    user_id: Id | None = Field(None, alias="userId")
    anonymous_id: Id | None = Field(None, alias="anonymousId")
    timestamp: Moment | None = None
    context: Properties = Field(default_factory=dict)

    @property
    def label(self) -> str:
        return ""

    @property
    def content(self) -> Mapping[str, Any]:
        return {}


class Track(Call):
    type: Literal["track"]
    event: EventName
    properties: Properties = Field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.event

    @property
    def content(self) -> Mapping[str, Any]:
        return self.properties


class View(Call):
    """A page of a site or a screen of an app."""

    type: Literal["page", "screen"]
    name: Label | None = None
    category: Label | None = None
    properties: Properties = Field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.name or self.category or ""

    @property
    def content(self) -> Mapping[str, Any]:
        if self.category is None:
            return self.properties
        return {"category": self.category, **self.properties}


class Identify(Call):
    type: Literal["identify"]
    traits: Annotated[Properties, Field(max_length=200)] = Field(default_factory=dict)

    @property
    def content(self) -> Mapping[str, Any]:
        return self.traits


class Group(Call):
    type: Literal["group"]
    group_id: Id = Field(alias="groupId", min_length=1)
    traits: Properties = Field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.group_id

    @property
    def content(self) -> Mapping[str, Any]:
        return self.traits


class Alias(Call):
    type: Literal["alias"]
    previous_id: Id = Field(alias="previousId", min_length=1)


_call: TypeAdapter[Track | View | Identify | Group | Alias] = TypeAdapter(
    Annotated[Track | View | Identify | Group | Alias, Field(discriminator="type")]
)
_moment: TypeAdapter[datetime | None] = TypeAdapter(Moment | None)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who sends: a member, who speaks of nobody else, or the backend, which may of anybody."""

    member_id: UUID | None = None

    def subject(self, call: Call) -> Identity | None:
        if self.member_id is not None:
            return Identity.of_member(self.member_id)
        return user_identity(call.user_id) or anonymous_identity(call.anonymous_id)

    def joins(self, call: Call) -> tuple[Identity, ...]:
        """The ids `call` says are its subject's too. A member claims anonymous ids only."""
        if isinstance(call, Identify):
            claimed = [anonymous_identity(call.anonymous_id)]
        elif isinstance(call, Alias):
            former = user_identity(call.previous_id) if self.member_id is None else None
            claimed = [anonymous_identity(call.previous_id), former]
        else:
            return ()
        subject = self.subject(call)
        return tuple(identity for identity in claimed if identity and identity != subject)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message that was not taken, and why."""

    index: int
    message_id: str | None
    errors: list[dict[str, Any]]


async def document_of(request: Request) -> dict[str, Any]:
    """The request's JSON object. Raises Malformed, TooLarge or Unsupported."""
    content = await _content_of(request)
    try:
        document = _loads(content)
    except (ValueError, RecursionError):
        raise Malformed("The body is not JSON.") from None
    if not isinstance(document, dict):
        raise Malformed("The body must be a JSON object.")
    return document


def _loads(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        # Python's own json writes NaN and broken surrogates; refuse the message, not the batch
        return json.loads(content)


async def _content_of(request: Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > LARGEST_REQUEST:
            raise _too_large()
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        return bytes(content)
    if encoding != "gzip":
        raise Unsupported("Send the body as it is or with Content-Encoding: gzip.")
    return _gunzipped(bytes(content))


def _gunzipped(content: bytes) -> bytes:
    """Never unpacks more than the limit, however much the body claims to hold."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(content, LARGEST_REQUEST + 1)
    except zlib.error:
        raise Malformed("The body is not gzip, as Content-Encoding says.") from None
    if len(unpacked) > LARGEST_REQUEST:
        raise _too_large()
    if not unpacker.eof:
        raise Malformed("The gzipped body ends too early.")
    return unpacked


def _too_large() -> TooLarge:
    return TooLarge(f"A request may have {LARGEST_REQUEST >> 10} KB; send smaller batches.")


def messages_of(
    document: Mapping[str, Any], speaker: Speaker, received_at: datetime
) -> tuple[list[Message], list[Refusal]]:
    """The good messages of a batch, and the refused ones. Raises Invalid when it is no batch."""
    batch = document.get("batch")
    if not isinstance(batch, list):
        raise Invalid([_error("batch", "list_type", "must be a list of messages")])
    shared = document.get("context")
    read = _reader(
        speaker,
        _sent_at(document.get("sentAt")),
        received_at,
        shared if isinstance(shared, dict) else {},
    )
    results = [read(index, item) for index, item in enumerate(batch)]
    taken = [result for result in results if isinstance(result, Message)]
    return taken, [result for result in results if isinstance(result, Refusal)]


def message_of(
    document: Mapping[str, Any], kind: Kind, speaker: Speaker, received_at: datetime
) -> Message:
    """The message of a request of its own. Raises Invalid."""
    read = _reader(speaker, _sent_at(document.get("sentAt")), received_at, {})
    result = read(0, {**document, "type": kind.value})
    if isinstance(result, Refusal):
        raise Invalid(result.errors)
    return result


def _sent_at(value: object) -> datetime | None:
    """When it was sent by the device's clock; None, so no correction, if unreadable."""
    try:
        return _moment.validate_python(value)
    except ValidationError:
        return None


def _reader(
    speaker: Speaker, sent_at: datetime | None, received_at: datetime, shared: Mapping[str, Any]
) -> Callable[[int, object], Message | Refusal]:
    def read(index: int, item: object) -> Message | Refusal:
        if errors := _unfit(item):
            return Refusal(index, _id_of(item), errors)
        try:
            call = _call.validate_python(item)
        except ValidationError as error:
            return Refusal(index, _id_of(item), [_named(e) for e in error.errors()])
        subject = speaker.subject(call)
        if subject is None:
            detail = "userId or anonymousId must name somebody"
            return Refusal(index, call.message_id, [_error("userId", "names_nobody", detail)])
        return Message(
            kind=Kind(call.type),
            message_id=call.message_id or str(uuid7()),
            subject=subject,
            joins=speaker.joins(call),
            name=call.label,
            properties=call.content,
            context={**shared, **call.context},
            occurred_at=occurred_at(call.timestamp, sent_at, received_at),
        )

    return read


def _unfit(item: object) -> list[dict[str, Any]] | None:
    """What is wrong with an item before its fields are looked at."""
    if not isinstance(item, dict):
        return [_error("body", "dict_type", "must be an object")]
    try:
        size = len(encoded(item))
    except Unfit as refusal:
        return [_error("body", refusal.code, str(refusal))]
    if size > LARGEST_MESSAGE:
        return [_error("body", "too_large", f"may have {LARGEST_MESSAGE >> 10} KB")]
    return None


def _id_of(item: object) -> str | None:
    found = item.get("messageId") if isinstance(item, dict) else None
    return found[:LONGEST_ID] if isinstance(found, str) else None


def _named(error: Mapping[str, Any]) -> dict[str, Any]:
    """A field's error without the tag the union puts before it."""
    place = error["loc"][1:] if error["loc"] and error["loc"][0] in set(Kind) else error["loc"]
    return field_error({**error, "loc": place})


def _error(field: str, code: str, detail: str) -> dict[str, Any]:
    return {"field": field, "code": code, "detail": detail}
