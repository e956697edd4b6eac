"""What a hostile client does to a connection: smuggling, desynchronising, dripping, flooding.

Checks 16, 17 and 26 of docs/security.md, against the real listener.
"""

import asyncio
import zlib
from collections.abc import Iterator

import pytest

from rapport.ports import LOOPBACK
from tests.security.wire import request, say
from tests.security.world import Person, World

SMUGGLED = b"POST /v1/tickets HTTP/1.1\r\nHost: smuggled\r\nContent-Length: 0\r\n\r\n"
POST = "POST /v1/tickets HTTP/1.1\r\nHost: rapport.example\r\n"
CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n"


def _post(headers: str, body: str = "") -> bytes:
    return f"{POST}{headers}\r\n\r\n{body}".encode("latin-1")


REFUSED_HEADS = {
    "two different lengths": _post("Content-Length: 1\r\nContent-Length: 2", "ab"),
    "a list of lengths": _post("Content-Length: 2, 2", "ab"),
    "a length with a sign": _post("Content-Length: +2", "ab"),
    "a negative length": _post("Content-Length: -2", "ab"),
    "a length in hex": _post("Content-Length: 0x2", "ab"),
    "a length with a space before the colon": _post("Content-Length : 2", "ab"),
    "a length no number holds": _post("Content-Length: 99999999999999999999999", "ab"),
    "TE.TE": _post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "0\r\n\r\n"),
    "an unknown coding": _post("Transfer-Encoding: xchunked", "0\r\n\r\n"),
    "chunked not last": _post("Transfer-Encoding: chunked, identity", "0\r\n\r\n"),
    "a space before the colon": _post("Transfer-Encoding : chunked", "0\r\n\r\n"),
    "a vertical tab": _post("Transfer-Encoding: \x0bchunked", "0\r\n\r\n"),
    "a folded header": _post("X-Any: a\r\n b"),
    "a folded coding": _post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n"),
    "a first header that begins with a space": b"GET / HTTP/1.1\r\n X: b\r\n\r\n",
    "a bare CR": _post("X: a\rY: b"),
    "a NUL in a header": _post("X: \x00"),
    "a NUL in the target": b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a space in the target": b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
    "a space in a name": _post("X User: 1"),
    "chunks in HTTP/1.0": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "an unknown version": b"GET / HTTP/1.2\r\nHost: a\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "a version in small letters": b"GET / http/1.1\r\nHost: a\r\n\r\n",
    "a tab after the method": b"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 100 + b"\r\n\r\n",
    "rubbish": b"\x00\x01\x02\r\n\r\n",
}
BROKEN_CHUNKS = {
    "a size in 0x": "0x1\r\na\r\n0\r\n\r\n",
    "a negative size": "-1\r\na\r\n0\r\n\r\n",
    "a size no number holds": "fffffffffffffffff\r\na\r\n0\r\n\r\n",
    "a chunk longer than its size": "1\r\nabc\r\n0\r\n\r\n",
    "lines that end in LF": "1\na\n0\n\n",
    "an extension that ends in LF": "1;a\nX\r\na\r\n0\r\n\r\n",
    "no size": "\r\na\r\n0\r\n\r\n",
}


def reached(world: World) -> int:
    """How many requests the services have seen."""
    return sum(heard.count for heard in world.services.values())


@pytest.mark.parametrize("head", REFUSED_HEADS.values(), ids=REFUSED_HEADS)
async def test_what_two_readers_could_read_differently_is_refused(
    world: World, head: bytes
) -> None:
    before = reached(world)
    said = await say(world.port, head + SMUGGLED, answers=2)
    assert said.statuses == [400]
    assert said.closed
    assert reached(world) == before


@pytest.mark.parametrize("chunks", BROKEN_CHUNKS.values(), ids=BROKEN_CHUNKS)
async def test_a_broken_chunk_ends_the_connection_and_reaches_nobody(
    world: World, ada: Person, chunks: str
) -> None:
    before = reached(world)
    said = await say(world.port, authorised(ada, chunks) + SMUGGLED, answers=2)
    assert not [status for status in said.statuses if status < 400]
    assert len(said.statuses) <= 1
    assert said.closed
    assert reached(world) == before


def authorised(person: Person, chunks: str) -> bytes:
    token = person.headers["Authorization"]
    head = CHUNKED.replace("\r\n\r\n", f"\r\nAuthorization: {token}\r\n\r\n")
    return (head + chunks).encode("latin-1")


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 6\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 6",
    ],
    ids=["CL+TE", "TE+CL"],
)
async def test_of_length_and_chunks_only_chunks_count_and_nothing_follows(
    world: World, headers: str
) -> None:
    """RFC 9112, 6.3: the length is ignored and the connection closed behind the answer."""
    said = await say(world.port, _post(headers, "0\r\n\r\n") + SMUGGLED, answers=2)
    assert said.statuses == [401]
    assert said.closed


async def test_a_get_with_a_body_does_not_leave_the_body_behind(world: World) -> None:
    head = request("GET", "/healthz", f"Content-Length: {len(SMUGGLED)}", body=SMUGGLED)
    last = request("GET", "/v1/nothing", "Connection: close")
    assert (await say(world.port, head + last, answers=99)).statuses == [200, 404]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        pytest.param(
            "http://evil.example/v1/wallet", 401, id="absolute form: the path alone counts"
        ),
        pytest.param("http://evil.example/metrics", 404, id="absolute form of what is not public"),
        pytest.param("evil.example:80", 400, id="authority form"),
        pytest.param("*", 404, id="asterisk form"),
        pytest.param("/v1/wallet#x", 401, id="a fragment"),
        pytest.param("/v1/%77allet", 401, id="encoded letters"),
    ],
)
async def test_the_target_has_one_reading(world: World, target: str, status: int) -> None:
    said = await say(world.port, request("GET", target))
    assert said.statuses[0] in {status, 404}


@pytest.mark.parametrize(
    "hosts",
    [[], ["a", "b"], ["a@b"], ["a/../b"], [""], ["a,b"], ["a b"], ["[::1"]],
    ids=str,
)
async def test_a_request_names_one_well_formed_host(world: World, hosts: list[str]) -> None:
    lines = ["GET /healthz HTTP/1.1", *(f"Host: {host}" for host in hosts), "", ""]
    assert (await say(world.port, "\r\n".join(lines).encode())).statuses == [400]


async def test_an_upgrade_to_another_protocol_is_not_made(world: World) -> None:
    head = request(
        "GET", "/healthz", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
        "HTTP2-Settings: AAMAAABkAAQAAP__",
    )  # fmt: skip
    said = await say(world.port, head)
    assert said.statuses == [200]
    assert b" 101 " not in said.content


async def test_trailers_are_no_headers(world: World, ada: Person) -> None:
    before = reached(world)
    trailers = "2\r\n{}\r\n0\r\nX-User-Id: 1\r\nAuthorization: Bearer x\r\n\r\n"
    said = await say(world.port, authorised(ada, trailers))
    assert said.statuses == [422]
    (scope,) = list(world.services["feedback"].scopes)[before - reached(world) :]
    names = [name for name, _ in scope["headers"]]
    assert b"x-user-id" not in names
    assert names.count(b"authorization") == 1


@pytest.mark.parametrize(
    ("piece", "status"),
    [
        pytest.param(b"X: " + b"x" * 2**20 + b"\r\n", 431, id="a header of a mebibyte"),
        pytest.param(b"".join(b"X-%d: a\r\n" % n for n in range(10_000)), 431, id="many headers"),
    ],
)
async def test_a_boundless_head_is_refused(world: World, piece: bytes, status: int) -> None:
    said = await say(world.port, b"GET /healthz HTTP/1.1\r\nHost: a\r\n" + piece + b"\r\n")
    assert said.statuses == [status]


@pytest.mark.parametrize(
    "target",
    [
        "/v1/faq?" + "&".join(f"a{n}=1" for n in range(10_000)),
        "/v1/faq?q=" + "a" * 20_000,
        "/v1/faq/" + "a" * 20_000,
    ],
    ids=["10,000 parameters", "a long parameter", "a long path"],
)
async def test_a_boundless_target_is_refused(world: World, target: str) -> None:
    assert (await say(world.port, request("GET", target))).statuses[0] in {414, 431}


def _pieces(count: int) -> Iterator[bytes]:
    yield CHUNKED.encode()
    for _ in range(count):
        yield b"10000\r\n" + b"x" * 65_536 + b"\r\n"


@pytest.mark.parametrize("path", ["/v1/tickets", "/v1/batch", "/v1/auth/login"])
async def test_chunks_past_the_limit_are_not_read_to_the_end(
    world: World, ada: Person, path: str
) -> None:
    """A sender of 64 MiB gets an answer or is hung up on; no service hears of it."""
    before = reached(world)
    token = f"Authorization: {ada.headers['Authorization']}\r\n"
    head, *rest = _pieces(1_024)
    head = head.replace(b"/v1/tickets", path.encode()).replace(
        b"Transfer", token.encode() + b"Transfer"
    )
    said = await say(world.port, head, *rest)
    assert not [status for status in said.statuses if status != 413]
    assert reached(world) == before


async def test_a_length_past_the_limit_is_refused_unread(world: World, ada: Person) -> None:
    token = f"Authorization: {ada.headers['Authorization']}"
    said = await say(
        world.port, request("POST", "/v1/tickets", token, "Content-Length: 9000000000")
    )
    assert said.statuses == [413]


async def test_others_are_served_while_many_drip(world: World, ada: Person) -> None:
    """Slowloris: 300 connections that send half a head, half a body, or nothing, and wait."""
    token = f"Authorization: {ada.headers['Authorization']}"
    heads = (
        b"",
        b"GET /v1/wallet HTTP/1.1\r\nHost: a\r\nX-Slow: ",
        request("POST", "/v1/tickets", token, "Content-Length: 100", body=b"{"),
    )
    connections = await asyncio.gather(
        *(asyncio.open_connection(LOOPBACK, world.port) for _ in range(300))
    )
    try:
        for number, (_, writer) in enumerate(connections):
            writer.write(heads[number % len(heads)])
            await writer.drain()
        answers = await asyncio.gather(*(world.call("GET", "/v1/wallet", ada) for _ in range(20)))
        assert {answer.status_code for answer in answers} == {200}
    finally:
        for _, writer in connections:
            writer.close()


async def test_a_body_that_does_not_come_is_given_up(
    world: World, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.inbound.BODY_S", 0.2)
    token = f"Authorization: {ada.headers['Authorization']}"
    said = await say(
        world.port, request("POST", "/v1/tickets", token, "Content-Length: 9", body=b"{")
    )
    assert said.statuses == [408]


async def test_a_bomb_of_gzip_is_not_unpacked(world: World, ada: Person) -> None:
    """A gibibyte in a mebibyte: refused by its real size, and read no further."""
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(480)) + packer.flush()
    assert len(bomb) < 500_000
    answer = await world.call(
        "POST",
        "/v1/batch",
        ada,
        content=bomb,
        headers={"Content-Encoding": "gzip", "Content-Type": "application/json"},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "ranges", ["bytes=" + ",".join(f"{n}-{n + 1}" for n in range(5_000)), "bytes=0-,0-"]
)
async def test_ranges_are_not_multiplied(world: World, ada: Person, ranges: str) -> None:
    for path in ("/openapi.json", "/docs", "/v1/wallet"):
        answer = await world.call("GET", path, ada, headers={"Range": ranges})
        assert answer.status_code in {200, 400, 416, 431}
        assert "content-range" not in answer.headers
