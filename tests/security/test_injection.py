"""Text that would like to be more: SQL, templates, markup, headers, URLs (API7, API10).

Checks 24 and 30 of docs/security.md.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import orjson
import pytest
import pytest_asyncio
from pydantic import ValidationError

from kit import inbox
from kit.app import Runtime
from kit.db import transaction
from kit.events import Event
from kit.testing import event
from rapport.parts import PARTS
from rapport.ports import LOOPBACK
from services.notify.handlers import HANDLERS, OWN
from tests.security.belongings import nothing_in
from tests.security.samples import body_of, sample
from tests.security.surface import PARAMETER, Operation, operations, parts_of
from tests.security.test_bodies import caller_for
from tests.security.verdicts import VERDICTS
from tests.security.wire import exchange
from tests.security.world import World

JUDGED = [each for each in operations() if str(each) in VERDICTS]
LOCKED_OUT = {"PUT /v1/traffic/policy"}
TEXTS = (
    "'; DROP TABLE members; --", "' OR '1'='1", '" OR 1=1 --', "1); SELECT pg_sleep(9)--", "\\",
    "%", "_" * 50,
    "{{7*7}}", "{{ ''.__class__ }}", "{% for x in range(9**9) %}x{% endfor %}", "${7*7}",
    "#{7*7}", "<%= 7*7 %>", "${jndi:ldap://x}", "<script>alert(1)</script>", '"><img src=x>',
    "javascript:alert(1)", "a\r\nBcc: x@evil.example", "\u202egpj.exe", "\x7f", "﷽" * 40,
    "evt.*.>", "a b", "../../etc/passwd", "file:///etc/passwd", "*", "a" * 5_000, "ſ", "𝒳",
)  # fmt: skip

ANY_TEXT = {"text", "0"}
"""What a sample has where any text will do."""

FETCHED = {
    "webhook", "url", "uri", "callback", "avatar", "image", "link", "issuer", "jwks", "endpoint",
}  # fmt: skip
GUARDED = {
    "POST /v1/auth/account/issuers issuer": "a name of the settings, never a place",
    "POST /v1/auth/login/issuer issuer": "a name of the settings, never a place",
    **{
        f"POST /v1/auth/{way} link": "the secret of a link, never a place"
        for way in (
            "account/approvals/confirm",
            "account/identifiers/confirm",
            "login/code",
            "password/reset",
            "register/confirm",
            "staff/password/reset",
        )
    },
    "PUT /v1/traffic/policy upstreams{}[].url": "an administrator's, for the services",
    "PATCH /v1/webhooks/{endpoint_id} url": "an administrator's; no address inside is called",
    "POST /v1/webhooks url": "an administrator's; no address inside is called",
}
"""Fields that look like URLs, and why none lets a caller make us fetch what they like."""


def texts_in(value: Any, text: str) -> Iterator[Any]:
    """The value with `text` in the place of each text in it, one at a time."""
    if isinstance(value, str):
        yield text
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from ({**value, name: changed} for changed in texts_in(inner, text))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            changed = texts_in(inner, text)
            yield from ([*value[:place], each, *value[place + 1 :]] for each in changed)


def whole_body(operation: Operation) -> Any:
    body = sample(operation.body or {}, whole=True)
    return body | body_of(operation) if isinstance(body, dict) else body


@pytest.mark.parametrize(
    "operation", [each for each in JUDGED if each.body and str(each) not in LOCKED_OUT], ids=str
)
async def test_text_in_a_body_is_only_text(world: World, operation: Operation) -> None:
    """Each text field in turn, each with another nasty text: taken or refused, never a bug."""
    caller = caller_for(world, operation)
    first = sum(str(operation).encode())  # another for each operation, the same in every run
    for number, body in enumerate(texts_in(whole_body(operation), "?"), first):
        text = TEXTS[number % len(TEXTS)]
        sent = _replaced(body, text)
        answer = await world.call(
            operation.method,
            nothing_in(operation),
            caller,
            json=sent,
            headers={"Idempotency-Key": str(uuid4())},
        )
        assert answer.status_code < 500, (text, answer.text)


def _replaced(value: Any, text: str) -> Any:
    if value == "?":
        return text
    if isinstance(value, dict):
        return {name: _replaced(inner, text) for name, inner in value.items()}
    return [_replaced(inner, text) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "operation", [each for each in JUDGED if each.parameters("query")], ids=str
)
async def test_text_in_a_query_is_only_text(world: World, operation: Operation) -> None:
    if operation.path.startswith("/v1/stream"):
        pytest.skip("never ends")
    caller, path = caller_for(world, operation), nothing_in(operation)
    queries = [
        urlencode({parameter["name"]: text})
        for parameter in operation.parameters("query")
        for text in TEXTS
    ]
    sent = [world.raw(operation.method, f"{path}?{query}", caller) for query in queries]
    answers = await exchange(world.port, sent)
    assert not [each for each in zip(queries, answers, strict=True) if each[1].status >= 500]


@pytest.mark.parametrize("operation", [each for each in JUDGED if each.places], ids=str)
async def test_text_in_a_path_is_only_text(world: World, operation: Operation) -> None:
    caller, body = caller_for(world, operation), orjson.dumps(body_of(operation))
    texts = ("%27%20OR%201=1--", "%7B%7B7*7%7D%7D", "-1", "9" * 40, "%F0%9F%8D%B5", "*")
    paths = [PARAMETER.sub(text, operation.path) for text in texts]
    sent = [world.raw(operation.method, path, caller, body) for path in paths]
    answers = await exchange(world.port, sent)
    assert not [each for each in zip(texts, answers, strict=True) if each[1].status >= 500]


def url_fields() -> list[str]:
    """Fields of bodies and queries that a caller could take for a place to fetch."""
    found = []
    for operation in JUDGED:
        schemas = [("", operation.body)] if operation.body else []
        schemas += [(p["name"], p["schema"]) for p in operation.parameters("query")]
        for name, schema in schemas:
            for place, part in parts_of(schema):
                last = (place or name).rsplit(".", 1)[-1].strip("[]{}#").lower()
                if set(last.split("_")) & FETCHED or part.get("format") == "uri":
                    found.append(f"{operation} {place or name}")
    return sorted(set(found))


def test_no_field_is_a_url_that_nobody_has_judged() -> None:
    assert set(url_fields()) <= GUARDED.keys()


@pytest_asyncio.fixture(loop_scope="session")
async def visited() -> AsyncIterator[tuple[str, list[str]]]:
    """A place on this machine, and who came."""
    visits: list[str] = []

    async def visit(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append("somebody")
        writer.close()

    server = await asyncio.start_server(visit, LOOPBACK, 0)
    async with server:
        yield f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}/", visits


async def test_no_text_makes_us_fetch_anything(
    world: World, visited: tuple[str, list[str]]
) -> None:
    """A URL in every text field of every write, and in the headers that speak of places."""
    url, visits = visited
    for operation in JUDGED:
        if operation.body is None or str(operation) in LOCKED_OUT:
            continue
        headers = {"Idempotency-Key": str(uuid4()), "Referer": url, "Origin": url, "Forwarded": url}
        await world.call(
            operation.method,
            nothing_in(operation),
            caller_for(world, operation),
            json=_with_place(whole_body(operation), url),
            headers=headers,
        )
    assert visits == []


def _with_place(value: Any, url: str) -> Any:
    """The value with `url` wherever any text will do."""
    if isinstance(value, dict):
        return {name: _with_place(inner, url) for name, inner in value.items()}
    if isinstance(value, list):
        return [_with_place(inner, url) for inner in value]
    return url if isinstance(value, str) and value in ANY_TEXT else value


async def test_what_a_member_is_called_is_never_a_template_nor_markup(world: World) -> None:
    """The name goes into letters and inbox; the search finds text and not patterns."""
    member = await world.member("named")
    name = "{{7*7}} <b>&\"' ${7*7}"
    changed = await world.call("PATCH", "/v1/me", member, json={"display_name": name})
    assert changed.json()["display_name"] == name
    for query in ("%", "_", "' OR 1=1 --", "*", "a & b | !c", "<->", "((("):
        found = await world.call("GET", "/v1/faq", member, params={"q": query})
        assert found.status_code == 200, found.text
    told = (await world.call("GET", "/v1/inbox", member)).json()["items"]
    assert not [item for item in told if "49" in item["title"] + item["body"]]


BAD_DATA: tuple[Any, ...] = (
    {}, {"member_id": 7}, {"member_id": "not an id"}, {"member_id": None}, {"a": "\x00"},
    {"member_id": "00000000-0000-0000-0000-000000000000", "points": "9" * 40},
    {"member_id": ["x"], "order_id": {"a": 1}}, {"items": [[[[[]]]]]},
)  # fmt: skip


def heard() -> list[tuple[str, str]]:
    """Every kind of event that a service hears of and reads: webhooks pass on what they do not."""
    passed_on = {("notify", event_type) for event_type in HANDLERS.keys() - OWN.keys()}
    every = {(name, each) for name, part in PARTS.items() for each in part.service.handlers}
    return sorted(every - passed_on)


@pytest.mark.parametrize(("part", "event_type"), heard())
async def test_an_event_that_is_none_is_set_aside_and_changes_nothing(
    world: World, part: str, event_type: str
) -> None:
    """Data of others is checked like a caller's: what is wrong can never succeed, and is parked."""
    for data in BAD_DATA:
        with pytest.raises((ValidationError, inbox.Unprocessable)):
            await _heard_by(world.runtimes[part], event(event_type, data))


async def _heard_by(runtime: Runtime, said: Event) -> None:
    service = runtime.service
    async with transaction(runtime.sessions) as session:
        await inbox.receive(session, service.name, service.handlers, [said])
