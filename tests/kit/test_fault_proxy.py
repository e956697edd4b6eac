"""The fault proxy does what it says to the bytes of a server, and nothing else."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from kit.fault_proxy import FaultProxy, Faults

ANSWER = bytes(range(256)) * 16


@contextlib.asynccontextmanager
async def proxied(**faults) -> AsyncIterator[FaultProxy]:
    """A proxy before a server that answers each line with `ANSWER`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while await reader.readline():
                writer.write(ANSWER)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        async with FaultProxy("127.0.0.1", port, Faults(**faults)) as proxy:
            yield proxy
    finally:
        server.close()


async def ask(proxy: FaultProxy) -> bytes:
    """One exchange on a connection of its own: what came until all, or the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    heard = b""
    try:
        writer.write(b"?\n")
        while len(heard) < len(ANSWER) and (data := await reader.read(65_536)):
            heard += data
    finally:
        writer.close()
    return heard


async def test_without_faults_bytes_pass_unchanged() -> None:
    async with proxied() as proxy:
        assert await ask(proxy) == ANSWER


async def test_latency_holds_the_answer_back() -> None:
    async with proxied(latency_s=0.2) as proxy:
        began = asyncio.get_running_loop().time()
        assert await ask(proxy) == ANSWER
        assert asyncio.get_running_loop().time() - began >= 0.2


async def test_a_reset_is_an_error_and_not_an_end() -> None:
    async with proxied(reset_after=0) as proxy:
        with pytest.raises(ConnectionResetError):
            await ask(proxy)


async def test_a_reset_within_the_answer_lets_no_more_through() -> None:
    async with proxied(reset_after=1_000) as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(b"?\n")
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(1_001)
        writer.close()


async def test_a_truncated_answer_ends_early_without_an_error() -> None:
    async with proxied(truncate_after=1_000) as proxy:
        assert await ask(proxy) == ANSWER[:1_000]


async def test_a_dripping_answer_comes_whole_in_small_pieces() -> None:
    async with proxied(drip=1_024, drip_s=0.01) as proxy:
        assert await ask(proxy) == ANSWER


async def test_an_answer_with_certain_bytes_never_arrives() -> None:
    async with proxied(reset_on=ANSWER[500:520]) as proxy:
        with pytest.raises(ConnectionResetError):
            await ask(proxy)
        proxy.faults = Faults(reset_on=b"not in it")
        assert await ask(proxy) == ANSWER


async def test_half_open_means_that_nothing_comes_and_nothing_ends() -> None:
    async with proxied(half_open=True) as proxy:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask(proxy), 0.2)


async def test_the_next_exchange_of_a_connection_follows_a_change() -> None:
    async with proxied() as proxy:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(b"?\n")
        assert await reader.readexactly(len(ANSWER)) == ANSWER
        proxy.faults = Faults(truncate_after=10)
        writer.write(b"?\n")
        assert await reader.read() == ANSWER[:10]
        writer.close()
        assert (proxy.connections, proxy.exchanges) == (1, 2)


async def test_away_refuses_and_back_is_the_same_port() -> None:
    async with proxied() as proxy:
        await proxy.go_away()
        with pytest.raises(OSError):  # noqa: PT011  (refused or reset, as the system sees it)
            await ask(proxy)
        await proxy.come_back()
        assert await ask(proxy) == ANSWER


async def test_chance_is_a_part_of_the_exchanges() -> None:
    async with proxied(truncate_after=1, chance=0.5) as proxy:
        whole = sum([await ask(proxy) == ANSWER for _ in range(40)])
        assert 5 < whole < 35
