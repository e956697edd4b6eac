"""A port once claimed is ours until we listen there, whoever else wants it in the meantime."""

import asyncio
import multiprocessing
import random
import socket
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from rapport import mail
from rapport.errors import OperatorError
from rapport.ports import LOOPBACK, Claim, bindable, claim, claim_at, claimed, is_well, url_of
from rapport.serving import Listener
from rapport.up import claimed_for_gateway


async def healthy(scope, receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"well"})


def taken() -> socket.socket:
    """A port somebody listens on."""
    return socket.create_server((LOOPBACK, 0))


@pytest.fixture
def kept() -> Iterator[Claim]:
    claimed = claim()
    yield claimed
    released(claimed)


def released(claim: Claim) -> int:
    """Its port, which others may have from now on."""
    assert claim.kept
    claim.kept.close()
    return claim.port


def test_a_claimed_port_is_had_by_nobody_else(kept: Claim) -> None:
    assert bindable(kept.port) == 0
    assert claimed(kept.port) is None
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind((LOOPBACK, kept.port))
    assert released(claim(kept.port)) not in {0, kept.port}
    released(kept)
    assert bindable(kept.port) == kept.port


def claim_each(ports: list[int], at_once: Any, mine: Any) -> None:
    """Claim one port after the other, each at the same moment as somebody else does."""
    for port in ports:
        at_once.wait(120)
        kept = claimed(port)
        mine.put(kept is not None)
        at_once.wait(120)
        if kept and kept.kept:
            kept.kept.close()


def test_of_two_that_want_a_port_at_once_one_gets_it() -> None:
    """Ports nobody is given who asks for any: systems take those from 32,768 upwards."""
    context = multiprocessing.get_context("spawn")
    ports = list(islice(filter(bindable, range(random.randrange(9_000, 29_000), 32_000)), 300))
    at_once, got = context.Barrier(2), [context.SimpleQueue() for _ in range(2)]
    both = [context.Process(target=claim_each, args=(ports, at_once, mine)) for mine in got]
    for each in both:
        each.start()
    counted = [sum(mine.get() for mine in got) for _ in ports]
    for each in both:
        each.join()
    assert counted == [1] * len(ports)


async def test_a_listener_takes_the_port_that_was_claimed_for_it(kept: Claim) -> None:
    with pytest.raises(OperatorError, match=f"port {kept.port} is taken"):
        Listener(healthy, LOOPBACK, kept.port)
    listener = Listener(healthy, LOOPBACK, kept)
    while not await is_well(kept.port, "/"):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    listener.stop()
    await listener.ended(5)


def test_a_port_asked_for_must_be_free() -> None:
    with taken() as listening:
        port = listening.getsockname()[1]
        with pytest.raises(OperatorError, match=f"port {port} is taken; choose another"):
            claimed_for_gateway(port, LOOPBACK)
    assert released(claimed_for_gateway(port, LOOPBACK)) == port


def test_a_port_free_on_loopback_alone_is_no_port_for_everybody() -> None:
    with socket.create_server(("127.0.0.2", 0)) as listening:
        port = listening.getsockname()[1]
        assert bindable(port) == port
        assert claimed(port, "0.0.0.0") is None


def test_a_url_of_others_is_left_to_them() -> None:
    assert claim_at("smtp://mail.example.com:25", []) is None
    with taken() as listening:
        assert claim_at(f"smtp://{LOOPBACK}:{listening.getsockname()[1]}", []) is None


async def test_mail_is_taken_at_the_port_that_was_claimed_for_it(
    tmp_path: Path, kept: Claim
) -> None:
    async with mail.catching(tmp_path, f"smtp://{LOOPBACK}:{kept.port}", [kept]):
        reader, writer = await asyncio.open_connection(LOOPBACK, kept.port)
        assert (await reader.readline()).startswith(b"220 ")
        writer.close()


def test_an_address_of_ipv6_is_bracketed_in_a_url() -> None:
    assert url_of("::", 80) == "http://[::1]:80"
    assert url_of("0.0.0.0", 80) == "http://127.0.0.1:80"
