"""Events posted: signed as a stranger verifies it, at least once, each receiver by itself."""

import asyncio
import base64
import os
import signal
import socket
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from standardwebhooks import Webhook, WebhookVerificationError

from kit import clock
from kit.testing import Harness, example, member, until
from services.notify.actions.webhooks import LEASE
from services.notify.jobs import FORGET_WEBHOOKS
from services.notify.posting import signatures
from services.notify.store import erasure
from services.notify.webhooks import OVERDUE, WAITING
from tests.notify.hooks import (
    EARNED,
    call,
    earn,
    log_of,
    new_endpoint,
    pass_time,
    post_all,
    posting,
    receiving,
)


def test_signing_is_that_of_the_specification() -> None:
    """The vector of standard-webhooks' own tests."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    message_id, timestamp, body = (
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signatures([secret], message_id, timestamp, body) == expected


async def test_an_event_is_posted_as_it_was_published_and_signed(harness: Harness) -> None:
    async with receiving() as receiver:
        endpoint = await new_endpoint(harness, receiver.url)
        event_id = await earn(harness, points=30)
        await harness.deliver(example("loyalty.tier.changed.v1"))
        await post_all(harness)
        said = receiver.verified(endpoint["secret"])
    assert len(receiver.posted) == 1
    assert (said["id"], said["type"], said["data"]["points"]) == (event_id, EARNED, 30)
    assert receiver.posted[0].headers["webhook-id"] == event_id
    [logged] = await log_of(harness, endpoint)
    assert (logged["state"], logged["status"], logged["attempts"]) == ("delivered", 204, 1)


async def test_a_changed_body_is_found_out(harness: Harness) -> None:
    async with receiving() as receiver:
        endpoint = await new_endpoint(harness, receiver.url)
        await earn(harness)
        await post_all(harness)
        one = receiver.posted[0]
        with pytest.raises(WebhookVerificationError):
            Webhook(endpoint["secret"]).verify(one.body + b" ", one.headers)


async def test_an_event_heard_twice_is_posted_once(harness: Harness) -> None:
    async with receiving() as receiver:
        await new_endpoint(harness, receiver.url)
        said = example(EARNED, member_id=member().subject)
        for _ in range(2):
            await harness.deliver(said)
            async with harness.transaction() as session:
                await session.execute(text("DELETE FROM inbox"))
        await post_all(harness)
    assert len(receiver.posted) == 1


async def test_a_failure_is_tried_again_with_the_same_id(harness: Harness) -> None:
    async with receiving(answer=lambda number: 500 if number == 1 else 200) as receiver:
        endpoint = await new_endpoint(harness, receiver.url)
        event_id = await earn(harness)
        await post_all(harness)
        [logged] = await log_of(harness, endpoint)
        assert (logged["state"], logged["status"]) == ("queued", 500)
        await post_all(harness)
        assert len(receiver.posted) == 1
        await pass_time(harness, timedelta(seconds=7))
        await post_all(harness)
    assert [one.headers["webhook-id"] for one in receiver.posted] == [event_id, event_id]
    path = f"/{endpoint['endpoint_id']}/deliveries/{logged['delivery_id']}/attempts"
    tried = (await call(harness, "GET", path))["items"]
    assert [(one["attempt"], one["status"]) for one in tried] == [(1, 500), (2, 200)]
    assert (await call(harness, "GET", f"/{endpoint['endpoint_id']}"))["failing_since"] is None


async def test_retry_after_is_honoured(harness: Harness) -> None:
    async with receiving(answer=lambda _: (503, {"Retry-After": "3600"})) as receiver:
        endpoint = await new_endpoint(harness, receiver.url)
        await earn(harness)
        await post_all(harness)
    [logged] = await log_of(harness, endpoint)
    due_at = datetime.fromisoformat(logged["due_at"])
    assert due_at - clock.now() > timedelta(minutes=59)


async def test_the_last_attempt_is_the_tenth(harness: Harness) -> None:
    async with receiving(answer=lambda _: 500) as receiver:
        endpoint = await new_endpoint(harness, receiver.url)
        await earn(harness)
        for _ in range(12):
            await post_all(harness)
            async with harness.transaction() as session:
                await session.execute(text("UPDATE webhook_deliveries SET due_at = now()"))
    assert len(receiver.posted) == 10
    [logged] = await log_of(harness, endpoint)
    assert (logged["state"], logged["attempts"]) == ("failed", 10)


async def test_redirects_are_not_followed(harness: Harness) -> None:
    async with receiving() as other, receiving() as receiver:
        receiver.answer = lambda _: (307, {"Location": other.url})
        endpoint = await new_endpoint(harness, receiver.url)
        await earn(harness)
        await post_all(harness)
        assert (len(receiver.posted), other.posted) == (1, [])
    [logged] = await log_of(harness, endpoint)
    assert (logged["state"], logged["status"]) == ("queued", 307)


async def test_a_slow_endpoint_holds_up_nobody_else(harness: Harness) -> None:
    async with receiving(answer=lambda _: -1) as slow, receiving() as quick:
        await new_endpoint(harness, slow.url)
        await new_endpoint(harness, quick.url)
        for _ in range(12):
            await earn(harness)
        async with posting(harness, timeout_s=30) as hooks:

            async def all_quick() -> bool:
                await hooks.begin()
                return len(quick.posted) == 12

            await until(all_quick)
            assert slow.open == 4
            await slow.stop()


async def test_who_does_not_answer_is_given_up(harness: Harness) -> None:
    async with receiving(answer=lambda _: -1) as receiver:
        endpoint = await new_endpoint(harness, receiver.url)
        await earn(harness)
        await post_all(harness, timeout_s=0.2)
        [logged] = await log_of(harness, endpoint)
    assert (logged["state"], logged["error"]) == ("queued", "no answer within 0.2 s")


async def test_a_name_that_leads_inside_is_not_called(harness: Harness) -> None:
    """The name is looked at before each attempt, whatever it was when it was given."""
    async with receiving() as receiver:
        url = receiver.url.replace("127.0.0.1", "localhost")
        endpoint = await new_endpoint(harness, url)
        await earn(harness)
        await post_all(harness, networks=[])
        assert receiver.posted == []
    [logged] = await log_of(harness, endpoint)
    assert "not on the public internet" in logged["error"]


async def test_a_name_with_one_address_inside_is_not_called(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the public one comes first."""

    async def found(*_: object, **__: object) -> list[Any]:
        kinds = socket.AF_INET, socket.SOCK_STREAM, 6, ""
        return [(*kinds, ("93.184.216.34", 443)), (*kinds, ("10.0.0.1", 443))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", found)
    endpoint = await new_endpoint(harness, "https://rebinding.example.com/")
    await earn(harness)
    await post_all(harness, networks=[])
    [logged] = await log_of(harness, endpoint)
    assert "not on the public internet" in logged["error"]


async def test_of_an_erased_member_nothing_waits_any_more(harness: Harness) -> None:
    async with receiving() as receiver:
        endpoint = await new_endpoint(harness, receiver.url)
        said = example(EARNED, member_id=member().subject)
        await harness.deliver(said)
        async with harness.transaction() as session:
            await erasure.erase(session, [UUID(said.subject)])
        await post_all(harness)
        assert receiver.posted == []
    assert await log_of(harness, endpoint) == []


async def test_who_dies_before_settling_is_posted_for_again(harness: Harness) -> None:
    """Claimed and committed, then killed with SIGKILL while the receiver holds the request."""
    async with receiving(answer=lambda number: -1 if number == 1 else 200) as receiver:
        endpoint = await new_endpoint(harness, receiver.url)
        event_id = await earn(harness)
        await harness.runtime.engine.dispose()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.notify.dying_webhooks", harness.settings.database),
            env=os.environ,
        )

        async def holds_one() -> bool:
            return receiver.open == 1

        await until(holds_one)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        await post_all(harness)
        assert len(receiver.posted) == 1
        await pass_time(harness, LEASE)
        await post_all(harness)
        assert receiver.verified(endpoint["secret"])["id"] == event_id
    assert [one.headers["webhook-id"] for one in receiver.posted] == [event_id] * 2
    [logged] = await log_of(harness, endpoint)
    assert (logged["state"], logged["attempts"]) == ("delivered", 2)


async def test_two_senders_at_once_post_each_message_once(harness: Harness) -> None:
    async with receiving() as receiver:
        await new_endpoint(harness, receiver.url)
        ids = {await earn(harness) for _ in range(10)}
        await asyncio.gather(post_all(harness), post_all(harness), post_all(harness))
        sent = [one.headers["webhook-id"] for one in receiver.posted]
    assert sorted(sent) == sorted(ids)


async def test_old_messages_are_forgotten_with_their_log(harness: Harness) -> None:
    async with receiving() as receiver:
        endpoint = await new_endpoint(harness, receiver.url)
        await earn(harness)
        await post_all(harness)
    await harness.run(FORGET_WEBHOOKS, datetime.now(UTC) + timedelta(days=29))
    assert len(await log_of(harness, endpoint)) == 1
    await harness.run(FORGET_WEBHOOKS, datetime.now(UTC) + timedelta(days=31))
    assert await log_of(harness, endpoint) == []


async def test_gauges_tell_what_waits(harness: Harness) -> None:
    await new_endpoint(harness, "https://example.com/")
    await earn(harness)
    await pass_time(harness, timedelta(hours=1))
    async with posting(harness) as hooks:
        await hooks.measure()
    assert WAITING._value.get() == 1
    assert OVERDUE._value.get() >= 3600
