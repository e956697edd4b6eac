"""The live stream loses nothing and repeats nothing, whatever NATS, notify and the phone do."""

import asyncio
import os
import random
from collections.abc import AsyncIterator

import orjson
import pytest

from gateway import stream
from gateway.stream import Streams
from kit.bus import Bus
from kit.ids import uuid7
from kit.settings import Settings
from kit.testing import member, until
from tests.gateway.streams import Inbox, Phone, Publisher, ready


@pytest.fixture
async def bus(worker_id: str, prefix: str) -> AsyncIterator[Bus]:
    settings = Settings(nats_url=os.environ["NATS_URL"], subject_prefix=prefix)
    async with Bus(settings, f"stream-{worker_id}") as connected:
        await connected.wait_connected()
        yield connected


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def prefix() -> str:
    return f"evt_{uuid7().hex[-12:]}"


@pytest.fixture
async def streams(bus: Bus, inbox: Inbox, prefix: str, monkeypatch) -> AsyncIterator[Streams]:
    monkeypatch.setattr(stream, "RETRY_S", 0.02)
    made = Streams(
        bus=bus,
        notify=inbox,
        tokens=inbox.callers.internal,
        has_revoked=inbox.revoked.__contains__,
        per_member=3,
        heartbeat_s=15,
    )
    running = asyncio.create_task(made.run())
    await bus.client.flush()
    yield made
    running.cancel()


@pytest.fixture
def publish(bus: Bus, prefix: str) -> Publisher:
    return Publisher(bus, prefix)


@pytest.fixture
async def phone(streams: Streams) -> AsyncIterator[Phone]:
    made = Phone(streams, member())
    yield made
    await made.leave()


async def test_news_arrives_as_an_event(phone: Phone, inbox: Inbox, publish: Publisher) -> None:
    phone.listen()
    await ready(inbox)
    item = inbox.add(phone.caller)
    await publish(item)
    await phone.sees(1)
    sent = phone.raw.split(b"\n\n")[1].split(b"\n")
    assert sent[:2] == [b"id: 1", b"event: inbox"]
    assert orjson.loads(sent[2].removeprefix(b"data: ")) == {
        name: item[name] for name in stream.FIELDS
    }


async def test_a_new_stream_begins_with_what_is_new(
    phone: Phone, inbox: Inbox, publish: Publisher
) -> None:
    for _ in range(3):
        inbox.add(phone.caller)
    phone.listen()
    await ready(inbox)
    await publish(inbox.add(phone.caller))
    await phone.sees(4)


async def test_what_comes_while_a_new_stream_finds_its_place_is_not_lost(
    phone: Phone, inbox: Inbox, publish: Publisher, streams: Streams
) -> None:
    async def heard() -> bool:
        (open_stream,) = streams._of_member[phone.caller.subject]
        return len(open_stream.items) == 2

    inbox.add(phone.caller)
    inbox.answers.clear()
    phone.listen()
    await ready(inbox)
    await publish(inbox.add(phone.caller), inbox.add(phone.caller))
    await until(heard)
    inbox.answers.set()
    await phone.sees(2, 3)


async def test_a_stream_resumes_where_the_phone_left_off(
    phone: Phone, inbox: Inbox, publish: Publisher
) -> None:
    for _ in range(450):
        inbox.add(phone.caller)
    phone.listen(last=2)
    await phone.sees(*range(3, 451))
    await publish(inbox.add(phone.caller))
    await phone.sees(*range(3, 452))


async def test_who_can_send_no_headers_resumes_by_a_parameter(phone: Phone, inbox: Inbox) -> None:
    for _ in range(5):
        inbox.add(phone.caller)
    phone.query = b"last_event_id=3"
    phone.listen()
    await phone.sees(4, 5)


async def test_what_nats_repeats_or_reorders_comes_once_and_in_order(
    phone: Phone, inbox: Inbox, publish: Publisher
) -> None:
    phone.listen(last=0)
    await ready(inbox)
    one, two, three = (inbox.add(phone.caller) for _ in range(3))
    await publish(two, one, one, three, two)
    await phone.sees(1, 2, 3)


async def test_what_nats_lost_is_read_from_notify(
    phone: Phone, inbox: Inbox, publish: Publisher
) -> None:
    phone.listen(last=0)
    await ready(inbox)
    inbox.add(phone.caller)
    inbox.add(phone.caller)
    await publish(inbox.add(phone.caller))
    await phone.sees(1, 2, 3)


async def test_after_a_lost_connection_to_nats_every_stream_catches_up(
    phone: Phone, inbox: Inbox, bus: Bus, publish: Publisher
) -> None:
    phone.listen(last=0)
    await ready(inbox)
    inbox.add(phone.caller)  # its event is published while we are not connected
    bus.client._transport.close()  # type: ignore[union-attr]
    await phone.sees(1)
    await bus.wait_connected()
    await publish(inbox.add(phone.caller))
    await phone.sees(1, 2)


async def test_while_notify_is_away_nothing_is_lost(
    phone: Phone, inbox: Inbox, publish: Publisher
) -> None:
    inbox.away = True
    inbox.add(phone.caller)
    phone.listen(last=0)
    await publish(inbox.add(phone.caller))
    await ready(inbox, asked=3)
    inbox.away = False
    await phone.sees(1, 2)


async def test_streams_that_hear_nothing_of_notify_do_not_wait_for_ever(
    streams: Streams, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine that is gone says nothing of it: its connections stay, and are silent."""
    monkeypatch.setattr(stream, "ANSWER_S", 0.2)
    inbox.answers.clear()
    phones = [
        Phone(streams, caller).listen(0) for caller in (member(), member(), member()) for _ in "ab"
    ]
    monkeypatch.setattr(streams, "_turn", asyncio.Semaphore(2))
    for phone in phones:
        inbox.add(phone.caller)
    await ready(inbox, 2)
    inbox.answers = asyncio.Event()  # those who waited are never answered
    inbox.answers.set()
    for phone in phones:
        await phone.sees(1, 2)
        await phone.leave()


async def test_a_member_sees_only_what_is_theirs(
    streams: Streams, phone: Phone, inbox: Inbox, publish: Publisher
) -> None:
    phone.listen(last=0)
    await ready(inbox)
    other = member()
    await publish(inbox.add(other), inbox.add(other), inbox.add(phone.caller))
    await phone.sees(1)
    assert phone.raw.count(b"data: ") == 1


async def test_all_phones_of_a_member_see_it(
    streams: Streams, inbox: Inbox, publish: Publisher
) -> None:
    caller = member()
    phones = [Phone(streams, caller).listen(last=0) for _ in range(3)]
    await ready(inbox, asked=3)
    await publish(inbox.add(caller))
    for phone in phones:
        await phone.sees(1)
        await phone.leave()
    assert not streams._of_member


async def test_many_streams_at_once_end_all_but_the_newest(streams: Streams, inbox: Inbox) -> None:
    caller = member()
    phones = [Phone(streams, caller).listen(last=0) for _ in range(7)]
    for phone in phones[:4]:
        await asyncio.wait_for(phone.ended.wait(), 30)
    assert not any(phone.ended.is_set() for phone in phones[4:])
    for phone in phones:
        await phone.leave()


async def test_one_stream_too_many_ends_the_oldest(streams: Streams, inbox: Inbox) -> None:
    caller = member()
    phones = []
    for number in range(1, 5):
        phones.append(Phone(streams, caller).listen(last=0))
        await ready(inbox, asked=number)
    await asyncio.wait_for(phones[0].ended.wait(), 30)
    assert not any(phone.ended.is_set() for phone in phones[1:])
    for phone in phones:
        await phone.leave()


async def test_a_phone_that_does_not_read_is_dropped_and_loses_nothing(
    phone: Phone, inbox: Inbox, publish: Publisher
) -> None:
    phone.listen(last=0)
    await ready(inbox)
    phone.reads.clear()
    items = [inbox.add(phone.caller) for _ in range(stream.MOST_WAITING + 10)]
    await publish(*items)
    await phone._streams._bus.client.flush()
    phone.reads.set()
    await asyncio.wait_for(phone.ended.wait(), 30)
    seen = len(phone.seen)
    assert phone.seen == list(range(1, seen + 1))
    phone.listen(last=seen)
    await phone.sees(*range(1, len(items) + 1))


async def test_a_send_that_hangs_ends_the_stream(
    phone: Phone, inbox: Inbox, publish: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "SLOWEST_SEND_S", 0.05)
    phone.listen(last=0)
    await ready(inbox)
    phone.reads.clear()
    await publish(inbox.add(phone.caller))
    with pytest.raises(TimeoutError):
        await phone._task  # type: ignore[misc]
    assert not phone._streams._of_member


async def test_a_quiet_stream_says_that_it_lives(streams: Streams, phone: Phone) -> None:
    streams._heartbeat_s = 0.02
    phone.listen(last=0)

    async def beats() -> bool:
        return phone.raw.count(b":\n\n") >= 3

    await until(beats)


async def test_a_revoked_session_ends_its_stream(
    streams: Streams, phone: Phone, inbox: Inbox
) -> None:
    streams._heartbeat_s = 0.02
    phone.listen(last=0)
    await ready(inbox)
    inbox.revoked.add(phone.caller)
    await asyncio.wait_for(phone.ended.wait(), 30)


@pytest.mark.parametrize("reason", ["revoked", "drain", "replaced"])
async def test_a_stream_says_why_it_ends(
    streams: Streams, phone: Phone, inbox: Inbox, reason: str
) -> None:
    phone.listen(last=0)
    await ready(inbox)
    for stream_ in streams._of_member[phone.caller.subject]:
        stream_.end(reason)
    await asyncio.wait_for(phone.ended.wait(), 30)
    assert phone.raw.endswith(b'event: end\ndata: {"reason":"%b"}\n\n' % reason.encode())


async def test_draining_ends_streams_gracefully(
    streams: Streams, phone: Phone, inbox: Inbox
) -> None:
    phone.listen(last=0)
    await ready(inbox)
    streams.drain()
    await asyncio.wait_for(phone.ended.wait(), 30)
    late = Phone(streams, member()).listen()
    await asyncio.wait_for(late.ended.wait(), 30)


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b'{"id":1}', b"[]", b"\xff"])
async def test_what_is_no_event_disturbs_nobody(
    phone: Phone, inbox: Inbox, publish: Publisher, body: bytes
) -> None:
    phone.listen(last=0)
    await ready(inbox)
    await publish.raw(body)
    await publish(inbox.add(phone.caller))
    await phone.sees(1)


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 30])
async def test_a_strange_last_event_id_is_refused(streams: Streams, last: str) -> None:
    phone = Phone(streams, member())
    phone.listen(last=last)  # type: ignore[arg-type]
    await asyncio.wait_for(phone.ended.wait(), 30)
    assert orjson.loads(phone.raw)["code"] == "malformed"


async def test_nothing_is_lost_or_repeated_whatever_happens(
    streams: Streams, inbox: Inbox, publish: Publisher
) -> None:
    """NATS drops, doubles and shuffles; notify goes and comes back; the phone too."""
    chance = random.Random(4)
    phone = Phone(streams, member()).listen(last=0)
    held: list[dict] = []
    for _ in range(300):
        held.append(inbox.add(phone.caller))
        inbox.away = chance.random() < 0.2
        if chance.random() < 0.5:
            sent = [item for item in held if chance.random() < 0.7] * chance.choice([1, 1, 2])
            chance.shuffle(sent)
            held.clear()
            await publish(*sent)
        if chance.random() < 0.1:
            await phone.leave()
            phone.listen(last=phone.seen[-1] if phone.seen else 0)
        if chance.random() < 0.2:
            await asyncio.sleep(0.001)
    inbox.away = False
    await publish(inbox.add(phone.caller))
    await phone.sees(*range(1, 302))
    await phone.leave()
