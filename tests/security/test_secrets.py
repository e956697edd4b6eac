"""Secrets stay where they belong: not in databases, not in logs, not in answers.

Checks 10 and 28 of docs/security.md.
"""

import logging
import secrets
from collections.abc import Iterator
from uuid import uuid4

import orjson
import pytest

from kit.logs import JsonFormatter
from kit.testing import until
from tests.security.wire import request, say
from tests.security.world import BACKEND_KEY, PASSWORD, WRITE_KEY, Person, World

FORGED = '{"level":"INFO","message":"forged by a caller"}'
PHONE = "+8613800138000"


async def test_no_database_holds_a_secret_that_opens_anything(world: World, ada: Person) -> None:
    """Every row of every part, outbox and stored answers too, after much was signed in and made."""
    made = await world.made(
        "/v1/api-keys", {"name": "dumped", "scopes": ["orders:write"]}, world.people["admin"]
    )
    refreshed = await world.made("/v1/auth/refresh", {"refresh_token": await fresh(world)}, ada)
    dump = await world.dump()
    held = {
        "a password": PASSWORD,
        "an access token": ada.headers["Authorization"].removeprefix("Bearer "),
        "its signature": ada.headers["Authorization"].rsplit(".", 1)[1],
        "a refresh token": ada.refresh_token,
        "a rotated refresh token": refreshed["refresh_token"],
        "an API key": made["key"],
        "the first API key": BACKEND_KEY,
        "the write key": WRITE_KEY,
    }
    assert {name for name, secret in held.items() if secret in dump} == set()
    assert ada.id in dump  # it is a dump of what we looked for


async def fresh(world: World) -> str:
    body = {"device_id": "d", "platform": "ios", "app": "shop"}
    return str((await world.made("/v1/auth/guest", body, Person("", "")))["refresh_token"])


@pytest.fixture
def lines(world: World) -> Iterator[list[str]]:
    """Everything logged meanwhile at any level, as it would be written."""
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler, root = Kept(), logging.getLogger()
    handler.setFormatter(JsonFormatter())
    before = root.level
    names = ("httpx", "httpcore", "nats", "asyncio")
    quiet = {name: logging.getLogger(name).level for name in names}
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for name in quiet:  # kit.logs keeps these quiet, too
        logging.getLogger(name).setLevel(logging.WARNING)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)
    for name, level in quiet.items():
        logging.getLogger(name).setLevel(level)


async def test_logs_hold_nothing_of_anybody_at_any_level(world: World, lines: list[str]) -> None:
    """A life at level DEBUG, with what goes wrong in one: failing, writing, being refused."""
    world.gateway._log.flush()
    world.lines.truncate(0)
    world.lines.seek(0)
    email = f"logged.{secrets.token_hex(6)}@members.example"
    name, words = f"Name {secrets.token_hex(6)}", f"words {secrets.token_hex(6)}"
    body = {"email": email, "password": PASSWORD, "display_name": name}
    tokens = await world.made("/v1/auth/register", body, Person("", ""))
    member = Person("m", "member", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    await world.post("/v1/auth/register", body)
    await world.post("/v1/auth/login", {"email": email, "password": "wrong horse battery"})
    await world.post("/v1/auth/register", {"phone": PHONE, "password": PASSWORD[:4]})
    await world.post("/v1/tickets", {"subject": words, "text": words}, member)
    await world.post("/v1/tickets", {"subject": words, "text": words, "x": email}, member)
    query = {"q": words, "token": tokens["access_token"], "email": email}
    await world.call("GET", "/v1/faq", member, params=query)
    await world.call("GET", f"/v1/faq/{email}", member)
    await world.call("GET", "/v1/wallet", headers={"Authorization": f"Bearer {words}"})
    await until(lambda: _paid(world, member))
    world.gateway._log.flush()
    written = "\n".join([*lines, world.lines.getvalue().decode()])
    secret = [
        PASSWORD, "wrong horse", email, email.partition("@")[0], name, words, PHONE, PHONE[1:],
        tokens["access_token"], tokens["refresh_token"], tokens["access_token"].rsplit(".", 1)[1],
    ]  # fmt: skip
    assert [each for each in secret if each in written] == []
    assert '"route":"/v1/auth/register"' in written  # it is the log of what was done


async def _paid(world: World, member: Person) -> bool:
    return bool((await world.call("GET", "/v1/points/history", member)).json()["items"])


async def test_no_line_of_a_log_can_be_forged(world: World, lines: list[str], ada: Person) -> None:
    world.gateway._log.flush()
    world.lines.truncate(0)
    world.lines.seek(0)
    bad = f"x\\r\\n{FORGED}"
    token = f"Authorization: {ada.headers['Authorization']}"
    encoded = FORGED.replace('"', "%22").replace(" ", "%20")
    for target in (f"/v1/faq?q=%0d%0a{encoded}", f"/v1/%0a{encoded}", f"/v1/faq/%0d%0a{encoded}"):
        await say(world.port, request("GET", target, token, f"X-Request-Id: {bad}"))
    for name in ("X-Request-Id", "User-Agent", "traceparent", "Idempotency-Key", "Accept-Language"):
        await say(world.port, request("GET", "/v1/me", token, f"{name}: {bad}"))
    await say(world.port, request(f"GET{FORGED[:5]}", "/v1/me"))
    await world.post("/v1/tickets", {"subject": f"a\r\n{FORGED}", "text": f"\n{FORGED}\n"}, ada)
    world.gateway._log.flush()
    written = [*lines, *world.lines.getvalue().decode().splitlines()]
    assert written
    for line in written:
        read = orjson.loads(line)
        assert "\n" not in line
        assert read.get("message") != "forged by a caller"


async def test_an_error_says_nothing_of_what_is_inside(world: World, ada: Person) -> None:
    """A bug behind a route is answered with its request's id and no word more."""
    runtime = world.runtimes["feedback"]
    whole = runtime.readings.kw
    runtime.readings.kw = {**whole, "nonsense": PASSWORD}
    try:
        answer = await world.call("GET", "/v1/tickets", ada)
    finally:
        runtime.readings.kw = whole
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    inner = (PASSWORD, "nonsense", "Traceback", "TypeError")
    assert not [word for word in inner if word in answer.text]


async def test_lists_of_keys_show_no_key(world: World) -> None:
    body = {"name": f"k{uuid4().hex}", "scopes": ["orders:write"]}
    made = await world.made("/v1/api-keys", body, world.people["admin"])
    listed = await world.call("GET", "/v1/api-keys?limit=200", world.people["admin"])
    assert made["key_id"] in listed.text
    assert made["key"] not in listed.text
    assert made["key"][:11] in listed.text
