"""At NATS a part may say what it says and hear what it hears, and nothing else.

A real server with the users that deployments have. Check 30 of docs/security.md.
"""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
import pytest
import pytest_asyncio
from nats.aio.client import Client
from nats.errors import TimeoutError as NoAnswer
from nats.js.api import StreamConfig

from kit.bus import Bus, inbox_prefix
from kit.consumer import consumed
from kit.events import stream_name
from kit.settings import Settings
from kit.testing import until
from rapport import permissions
from rapport.embedded.folder import DataFolder
from rapport.embedded.nats import Nats, users_of
from rapport.parts import PARTS

SERVICES = {name: part.service for name, part in PARTS.items()}
PAIRS = list(itertools.permutations(SERVICES, 2))
ANSWERS_WITHIN_S = 0.3
"""How long an answer is waited for that must not come."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Nats]:
    with DataFolder.taken(tmp_path_factory.mktemp("nats") / "data") as folder:
        started = Nats(folder, durable=False)
        await started.prepare()
        started.start()
        try:
            await until(started.answers)
            for name in SERVICES:  # each makes its own stream, which nobody else can
                async with bus_of(started, name) as bus:
                    await bus.ensure_stream(stream_name("evt", name), [f"evt.{name}.>"])
            yield started
        finally:
            started.child.ask_to_stop()
            started.child.wait_until_stopped()


@asynccontextmanager
async def bus_of(server: Nats, part: str) -> AsyncIterator[Bus]:
    async with Bus(Settings(nats_url=server.url), part) as bus:
        await bus.wait_connected()
        yield bus


class Refusals:
    """A connection as a part's user, and what the server refused it."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.client = Client()

    async def hear(self, error: Exception) -> None:
        self.said.append(str(error).lower())

    def concern(self, subject: str) -> bool:
        """Whether something to do with a subject was refused."""
        violations = [said for said in self.said if "permissions violation" in said]
        return any(subject.lower() in said for said in violations)

    async def come(self, subject: str) -> None:
        """Wait until what was done with a subject is refused."""

        async def is_refused() -> bool:
            return self.concern(subject)

        await until(is_refused)


@asynccontextmanager
async def signed_in(server: Nats, part: str) -> AsyncIterator[Refusals]:
    refusals = Refusals()
    await refusals.client.connect(
        server.url.replace("{part}", part),
        error_cb=refusals.hear,
        inbox_prefix=inbox_prefix(part),
        allow_reconnect=False,
    )
    try:
        yield refusals
    finally:
        await refusals.client.close()


async def size(server: Nats, part: str) -> int:
    """How many events a part's stream has, as an operator sees it."""
    client = await nats.connect(server.operator_url)
    try:
        return (await client.jetstream().stream_info(stream_name("evt", part))).state.messages
    finally:
        await client.close()


def test_the_users_are_those_the_parts_need() -> None:
    """`make permissions` writes them anew."""
    assert permissions.FILE.read_text() == permissions.users_conf(SERVICES.values())


@pytest.mark.parametrize("name", SERVICES)
async def test_a_part_says_its_own_events_and_hears_what_it_consumes(
    server: Nats, name: str
) -> None:
    async with bus_of(server, name) as bus:
        own = stream_name("evt", name)
        subject = f"evt.{name}.thing.happened.v1.p00"
        places = await bus.publish([(subject, f"{name}-{n}", b"{}") for n in range(20)])
        assert None not in places
        assert (await bus.jetstream.get_msg(own, int(places[0] or 0), direct=True)).data == b"{}"
    for source, handlers in consumed(SERVICES[name].handlers).items():
        said = f"evt.{next(iter(handlers))}.p00"
        async with bus_of(server, source) as speaking:
            assert None not in await speaking.publish([(said, f"{name} hears {source}", b"{}")])
        async with bus_of(server, name) as hearing:
            await _hears(hearing, source, name, [said])


async def _hears(bus: Bus, source: str, name: str, subjects: list[str]) -> None:
    stream = stream_name("evt", source)
    await bus.wait_for_stream(stream)
    pull = await bus.pull(stream, name, subjects)
    [message, *_] = await pull.batch(10)
    await message.ack_sync(timeout=5)
    assert await bus.lag(stream, name) >= 0
    await pull.close()


@pytest.mark.parametrize(("name", "other"), PAIRS)
async def test_a_part_cannot_speak_for_another(server: Nats, name: str, other: str) -> None:
    before = await size(server, other)
    subject = f"evt.{other}.thing.happened.v1.p00"
    async with signed_in(server, name) as part:
        await part.client.publish(subject, b"{}")
        await part.come(subject)
    assert await size(server, other) == before


def _streams_of_others(name: str) -> list[str]:
    return [stream_name("evt", other) for other in SERVICES if other != name]


@pytest.mark.parametrize("name", SERVICES)
async def test_a_part_cannot_change_the_stream_of_another(server: Nats, name: str) -> None:
    async with signed_in(server, name) as part:
        for stream in _streams_of_others(name):
            for verb in ("CREATE", "UPDATE", "DELETE", "PURGE", "MSG.DELETE"):
                subject = f"$JS.API.STREAM.{verb}.{stream}"
                await part.client.publish(subject, b"{}")
                await part.come(subject)
        config = StreamConfig(name="EVT_MINE", subjects=["evt.>"])
        with pytest.raises(NoAnswer):
            await part.client.jetstream(timeout=ANSWERS_WITHIN_S).add_stream(config)
        for subject in ("$JS.API.STREAM.NAMES", "$JS.API.INFO", "$SYS.REQ.SERVER.PING"):
            await part.client.publish(subject, b"")
            await part.come(subject)


@pytest.mark.parametrize("name", SERVICES)
async def test_a_part_reads_no_stream_that_it_does_not_consume(server: Nats, name: str) -> None:
    heard = {stream_name("evt", source) for source in consumed(SERVICES[name].handlers)}
    async with signed_in(server, name) as part:
        for stream in set(_streams_of_others(name)) - heard:
            for what in (f"CONSUMER.CREATE.{stream}.x", f"CONSUMER.MSG.NEXT.{stream}.x",
                         f"DIRECT.GET.{stream}", f"STREAM.INFO.{stream}"):  # fmt: skip
                subject = f"$JS.API.{what}"
                await part.client.publish(subject, b"{}")
                await part.come(subject)


@pytest.mark.parametrize("name", SERVICES)
async def test_a_part_hears_live_only_what_it_says_it_listens_to(server: Nats, name: str) -> None:
    others = [inbox_prefix(other) for other in SERVICES if other != name]
    wanted = ["evt.>", ">", "_INBOX.>", "$JS.>", *(f"{prefix}.>" for prefix in others)]
    wanted += [f"evt.{other}.>" for other in SERVICES]
    async with signed_in(server, name) as part:
        for subject in wanted:
            await part.client.subscribe(subject)
            await part.come(subject)
        for event_type in SERVICES[name].listens:
            part.said.clear()
            await part.client.subscribe(f"evt.{event_type}.*")
            await part.client.subscribe(f"refused.{event_type}")
            await part.come(f"refused.{event_type}")  # so the one before was looked at, too
            assert not part.concern(f"evt.{event_type}.*")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("nats://127.0.0.1:{port}", id="nobody"),
        pytest.param("nats://loyalty:wrong@127.0.0.1:{port}", id="a wrong password"),
        pytest.param("nats://rapport:{password}@127.0.0.1:{port}", id="no user"),
    ],
)
async def test_nobody_else_gets_in(server: Nats, url: str) -> None:
    client, where = Client(), url.format(port=server.port, password=server.password)
    try:
        with pytest.raises(nats.errors.Error, match=r"(?i)authorization"):
            await client.connect(where, allow_reconnect=False)
    finally:
        await client.close()


def test_other_subjects_have_users_of_the_same_kind() -> None:
    """A deployment with SUBJECT_PREFIX: nothing of the default is left."""
    users = users_of("brand")
    assert '"brand.loyalty.>"' in users
    assert "$JS.API.STREAM.CREATE.BRAND_LOYALTY" in users
    assert "evt." not in users.replace("$JS.EVENT", "")
    assert "EVT_" not in users
