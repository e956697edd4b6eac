"""Reading what Segment's libraries send: what is taken, and what is refused and why."""

import gzip
import json
import zlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.problems import Invalid, Malformed, Problem, TooLarge, Unsupported
from services.profile.api.messages import (
    LARGEST_MESSAGE,
    LARGEST_REQUEST,
    Speaker,
    document_of,
    message_of,
    messages_of,
)
from services.profile.api.values import DEEPEST
from services.profile.rules.identities import Identity, Namespace
from services.profile.rules.messages import Kind

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BACKEND = Speaker()
MEI = UUID("0198c0de-0000-7000-8000-000000000001")
TRACK = {"type": "track", "messageId": "m1", "userId": "u-1", "event": "Opened"}


class Sent:
    """A request as far as `document_of` looks at it."""

    def __init__(self, *chunks: bytes, **headers: str) -> None:
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self._chunks = chunks

    async def stream(self):
        for chunk in self._chunks:
            yield chunk


def user(value: str) -> Identity:
    return Identity(Namespace.USER, value)


def anonymous(value: str) -> Identity:
    return Identity(Namespace.ANONYMOUS, value)


def read(*batch: Any, speaker: Speaker = BACKEND, **document: Any):
    return messages_of({"batch": list(batch), **document}, speaker, NOON)


def read_one(speaker: Speaker = BACKEND, **message: Any):
    (taken,), refused = read({**TRACK, **message}, speaker=speaker)
    assert refused == []
    return taken


async def test_a_body_is_read_plain_and_gzipped_in_any_chunks() -> None:
    body = orjson.dumps({"batch": []})
    assert await document_of(Sent(body[:3], body[3:])) == {"batch": []}
    zipped = gzip.compress(body)
    sent = Sent(zipped[:5], zipped[5:], content_encoding="gzip")
    assert await document_of(sent) == {"batch": []}


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        pytest.param(Sent(b"{"), Malformed, id="broken JSON"),
        pytest.param(Sent(b""), Malformed, id="nothing"),
        pytest.param(Sent(b"[1]"), Malformed, id="no object"),
        pytest.param(Sent(b"\xff\xfe"), Malformed, id="no UTF-8"),
        pytest.param(Sent(b'{"a":' * 100_000), Malformed, id="nested without end"),
        pytest.param(Sent(b"x" * (LARGEST_REQUEST + 1)), TooLarge, id="too large"),
        pytest.param(Sent(*[b" " * 1000] * 600), TooLarge, id="too large in small chunks"),
        pytest.param(Sent(b"{}", content_encoding="gzip"), Malformed, id="gzip that is none"),
        pytest.param(Sent(b"{}", content_encoding="br"), Unsupported, id="another encoding"),
        pytest.param(
            Sent(gzip.compress(b'{"batch":[]}')[:-4], content_encoding="gzip"),
            Malformed,
            id="gzip cut short",
        ),
        pytest.param(
            Sent(gzip.compress(b" " * (64 << 20)), content_encoding="gzip"),
            TooLarge,
            id="a little gzip that holds 64 MB",
        ),
        pytest.param(
            Sent(zlib.compress(b"{}"), content_encoding="gzip"), Malformed, id="zlib is not gzip"
        ),
    ],
)
async def test_bodies_that_cannot_be_read_are_refused(sent, problem: type[Problem]) -> None:
    with pytest.raises(problem):
        await document_of(sent)


@pytest.mark.parametrize("document", [{}, {"batch": None}, {"batch": {}}, {"batch": "x"}])
def test_a_batch_without_a_list_is_refused(document) -> None:
    with pytest.raises(Invalid) as refusal:
        messages_of(document, BACKEND, NOON)
    assert refusal.value.extra["errors"][0]["field"] == "batch"


def test_a_message_as_the_python_library_sends_it() -> None:
    message = read_one(
        integrations={},
        anonymousId=None,
        properties={"sku": "tea-01"},
        timestamp="2026-03-01T11:00:00.000+00:00",
        context={"library": {"name": "analytics-python", "version": "2.4.0"}},
    )
    assert message.kind is Kind.TRACK
    assert message.subject == user("u-1")
    assert (message.name, message.properties) == ("Opened", {"sku": "tea-01"})
    assert message.context["library"]["name"] == "analytics-python"
    assert message.occurred_at == datetime(2026, 3, 1, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "name", "properties"),
    [
        ({"type": "page", "name": "Home"}, "Home", {}),
        (
            {"type": "page", "category": "Docs", "name": None, "properties": None},
            "Docs",
            {"category": "Docs"},
        ),
        ({"type": "screen", "name": "Cart", "category": "Shop"}, "Cart", {"category": "Shop"}),
        ({"type": "screen"}, "", {}),
        ({"type": "group", "groupId": 42, "traits": {"size": 3}}, "42", {"size": 3}),
        ({"type": "identify", "traits": {"plan": "gold"}}, "", {"plan": "gold"}),
        ({"type": "identify", "traits": None, "context": None}, "", {}),
    ],
)
def test_the_other_calls(changes, name, properties) -> None:
    message = read_one(**changes)
    assert (message.kind, message.name, message.properties) == (changes["type"], name, properties)


def test_a_message_without_an_id_gets_one() -> None:
    one, other = read_one(messageId=None), read_one(messageId=None)
    assert one.message_id != other.message_id


def test_context_of_the_batch_is_every_messages() -> None:
    (message,), _ = read({**TRACK, "context": {"ip": "a"}}, context={"ip": "b", "os": "ios"})
    assert message.context == {"ip": "a", "os": "ios"}


def test_the_clock_is_corrected_by_sent_at_of_the_batch() -> None:
    late = {**TRACK, "timestamp": "2026-03-01T15:00:00Z"}
    (message,), _ = read(late, sentAt="2026-03-01T16:00:00Z")
    assert message.occurred_at == datetime(2026, 3, 1, 11, tzinfo=UTC)
    (message,), _ = read(late, sentAt="no time")
    assert message.occurred_at == NOON


@pytest.mark.parametrize(
    ("ids", "subject"),
    [
        ({"userId": "u-1", "anonymousId": "a-1"}, user("u-1")),
        ({"userId": 17}, user("17")),
        ({"userId": str(MEI).upper()}, Identity.of_member(MEI)),
        ({"userId": None, "anonymousId": "a-1"}, anonymous("a-1")),
        ({"userId": "null", "anonymousId": "a-1"}, anonymous("a-1")),
    ],
)
def test_whom_the_backend_speaks_of(ids, subject) -> None:
    assert read_one(**ids).subject == subject


@pytest.mark.parametrize("ids", [{"userId": "u-2"}, {"userId": None}, {"anonymousId": "a-1"}])
def test_a_member_speaks_of_itself_only(ids) -> None:
    assert read_one(Speaker(MEI), **ids).subject == Identity.of_member(MEI)


@pytest.mark.parametrize(
    ("message", "from_backend", "from_member"),
    [
        pytest.param({"anonymousId": "a-1"}, (), (), id="an activity joins nothing"),
        pytest.param(
            {"type": "identify", "anonymousId": "a-1"},
            (anonymous("a-1"),),
            (anonymous("a-1"),),
            id="identify joins its anonymous id",
        ),
        pytest.param(
            {"type": "identify", "anonymousId": "undefined"}, (), (), id="but not nobody's"
        ),
        pytest.param(
            {"type": "alias", "previousId": "p-1"},
            (anonymous("p-1"), user("p-1")),
            (anonymous("p-1"),),
            id="alias joins a former id; of a member, an anonymous one only",
        ),
        pytest.param(
            {"type": "alias", "previousId": "u-1", "userId": "u-1"},
            (anonymous("u-1"),),
            (anonymous("u-1"),),
            id="nobody is joined to itself",
        ),
    ],
)
def test_joins(message, from_backend, from_member) -> None:
    assert read_one(**message).joins == from_backend
    assert read_one(Speaker(MEI), **message).joins == from_member


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("item", "field", "code"),
    [
        pytest.param(5, "body", "dict_type", id="no object"),
        pytest.param({**TRACK, "type": "import"}, "body", "union_tag_invalid", id="unknown type"),
        pytest.param({"userId": "u"}, "body", "union_tag_not_found", id="no type"),
        pytest.param({**TRACK, "event": None}, "event", "string_type", id="no event name"),
        pytest.param({**TRACK, "event": ""}, "event", "string_too_short", id="empty event name"),
        pytest.param({**TRACK, "event": "x" * 201}, "event", "string_too_long", id="long name"),
        pytest.param({**TRACK, "userId": None}, "userId", "names_nobody", id="nobody"),
        pytest.param({**TRACK, "userId": "null"}, "userId", "names_nobody", id="null"),
        pytest.param({**TRACK, "userId": True}, "userId", "string_type", id="an id that is none"),
        pytest.param({**TRACK, "userId": "x" * 201}, "userId", "too_long", id="long id"),
        pytest.param({**TRACK, "userId": {"$ne": 1}}, "userId", "string_type", id="injected id"),
        pytest.param(
            {**TRACK, "timestamp": "soon"}, "timestamp", "datetime_from_date_parsing", id="t"
        ),
        pytest.param({**TRACK, "properties": []}, "properties", "dict_type", id="properties"),
        pytest.param({**TRACK, "properties": {"x": "\0"}}, "body", "nul", id="NUL in a value"),
        pytest.param({**TRACK, "properties": {"\0": 1}}, "body", "nul", id="NUL in a name"),
        pytest.param(
            {**TRACK, "properties": {"x": "y" * LARGEST_MESSAGE}}, "body", "too_large", id="large"
        ),
        pytest.param(
            {**TRACK, "properties": {"x": nested(DEEPEST)}}, "body", "too_deep", id="too deep"
        ),
        pytest.param({**TRACK, "properties": {"x": 2**70}}, "body", "not_json", id="huge integer"),
        pytest.param({**TRACK, "properties": {"x": "\ud800"}}, "body", "not_json", id="surrogate"),
        pytest.param(
            {**TRACK, "type": "identify", "traits": {f"t{n}": n for n in range(201)}},
            "traits",
            "too_long",
            id="too many traits",
        ),
        pytest.param({**TRACK, "type": "alias"}, "previousId", "missing", id="alias of nothing"),
        pytest.param({**TRACK, "type": "group"}, "groupId", "missing", id="group of nothing"),
    ],
)
def test_a_bad_message_is_refused_by_itself_and_named(item, field, code) -> None:
    taken, (refusal,) = read({**TRACK, "messageId": "good"}, item, TRACK)
    assert [message.message_id for message in taken] == ["good", "m1"]
    assert refusal.index == 1
    assert refusal.message_id == ("m1" if isinstance(item, dict) and "messageId" in item else None)
    assert (refusal.errors[0]["field"], refusal.errors[0]["code"]) == (field, code)


def test_what_looks_like_an_escaped_nul_is_only_text() -> None:
    assert read_one(properties={"x": "\\u0000"}).properties == {"x": "\\u0000"}


def test_deep_enough_is_taken() -> None:
    read_one(properties={"x": nested(DEEPEST - 2)})


async def test_python_json_with_nan_costs_its_own_value_only() -> None:
    body = json.dumps({"batch": [{**TRACK, "properties": {"x": float("nan")}}, TRACK]}).encode()
    taken, refused = messages_of(await document_of(Sent(body)), BACKEND, NOON)
    assert (len(taken), refused) == (2, [])


def test_a_single_message_needs_no_type_and_is_refused_whole() -> None:
    message = message_of({"userId": "u-1", "event": "Opened"}, Kind.TRACK, BACKEND, NOON)
    assert message.kind is Kind.TRACK
    with pytest.raises(Invalid) as refusal:
        message_of({"userId": "u-1"}, Kind.TRACK, BACKEND, NOON)
    assert refusal.value.extra["errors"][0]["field"] == "event"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
fields = st.sampled_from(
    [
        "type",
        "messageId",
        "userId",
        "anonymousId",
        "event",
        "properties",
        "traits",
        "timestamp",
        "context",
        "name",
        "category",
        "groupId",
        "previousId",
    ]
)


@given(st.lists(st.dictionaries(fields, json_values | st.sampled_from(list(Kind))), max_size=4))
def test_each_message_is_either_taken_or_refused_whatever_it_holds(batch) -> None:
    taken, refused = read(*batch, sentAt="2026-03-01T12:00:00Z")
    assert len(taken) + len(refused) == len(batch)
    assert all(message.occurred_at <= NOON for message in taken)
