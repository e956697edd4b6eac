"""Large JSON goes out compressed to who can read that, and always reads the same."""

import zlib

import brotli
import pytest

from gateway.compression import IN_THREAD_BYTES, LEAST_BYTES, codec_of
from kit.testing import member
from tests.gateway.edge import Edge, Service, answering

LARGE = {"items": ["points and tiers, points and tiers"] * 200}
WALLET = "/v1/wallet"


def unpacked(encoding: str, body: bytes) -> bytes:
    return brotli.decompress(body) if encoding == "br" else zlib.decompress(body, 31)


@pytest.mark.parametrize(
    ("accept", "codec"),
    [
        (b"gzip", b"gzip"),
        (b"gzip, deflate, br", b"br"),
        (b"br;q=0, gzip", b"gzip"),
        (b"br; q=0.000, gzip;q=0.5", b"gzip"),
        (b"*", b"br"),
        (b"*;q=0", b""),
        (b"identity", b""),
        (b"", b""),
        (b"GZIP", b"gzip"),
        (b"gzipped", b""),
    ],
)
def test_the_best_codec_both_know_is_taken(accept: bytes, codec: bytes) -> None:
    assert codec_of(accept) == codec_of(accept) == codec


@pytest.mark.parametrize("encoding", ["br", "gzip"])
async def test_a_large_answer_is_smaller_on_the_way_and_the_same_at_the_end(encoding: str) -> None:
    edge = Edge({"loyalty": Service(answering(LARGE, 200, (b"etag", b'"1"')))})
    plain = await edge.ask("GET", WALLET, member())
    packed = await edge.ask("GET", WALLET, member(), headers={"Accept-Encoding": encoding})
    assert packed.headers["content-encoding"] == encoding
    assert len(packed.body) < len(plain.body) / 4
    assert unpacked(encoding, packed.body) == plain.body
    assert packed.headers["etag"] == 'W/"1"'
    assert plain.headers["etag"] == '"1"'
    assert "content-length" not in packed.headers
    assert packed.headers["vary"] == plain.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize("size", [1, IN_THREAD_BYTES])
async def test_what_streams_is_passed_on_piece_by_piece(size: int) -> None:
    pieces = [bytes([65 + n]) * size for n in range(8)]
    seen: list[int] = []

    async def stream(_scope, _receive, send) -> None:
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            seen.append(1)
        await send({"type": "http.response.body", "body": b""})

    edge = Edge({"loyalty": Service(stream)})
    reply = await edge.ask("GET", WALLET, member(), headers={"Accept-Encoding": "gzip"})
    assert unpacked("gzip", reply.body) == b"".join(pieces)


@pytest.mark.parametrize(
    ("status", "headers", "method"),
    [
        pytest.param(200, [(b"content-length", b"%d" % (LEAST_BYTES - 1))], "GET", id="small"),
        pytest.param(200, [(b"content-type", b"image/png")], "GET", id="a picture"),
        pytest.param(200, [(b"content-encoding", b"gzip")], "GET", id="compressed already"),
        pytest.param(206, [(b"content-range", b"bytes 0-9/99")], "GET", id="a part"),
        pytest.param(404, [], "GET", id="a refusal"),
        pytest.param(200, [(b"cache-control", b"no-transform")], "GET", id="not to be changed"),
        pytest.param(200, [], "HEAD", id="no body at all"),
    ],
)
async def test_what_would_gain_nothing_or_lose_its_meaning_stays(status, headers, method) -> None:
    edge = Edge({"loyalty": Service(answering(LARGE, status, *headers))})
    reply = await edge.ask(method, WALLET, member(), headers={"Accept-Encoding": "br, gzip"})
    assert reply.headers.get("content-encoding") == dict(headers).get(
        b"content-encoding", b""
    ).decode() or not reply.headers.get("content-encoding")
    assert reply.json == LARGE


async def test_answers_that_hold_tokens_are_never_compressed() -> None:
    edge = Edge({"gateway": Service(answering(LARGE))})
    reply = await edge.ask("POST", "/v1/auth/login", headers={"Accept-Encoding": "br, gzip"})
    assert "content-encoding" not in reply.headers
