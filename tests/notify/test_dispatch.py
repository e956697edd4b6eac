"""E-mail: who gets which, once, whatever happens between the claim and the mark."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from kit import clock
from kit.ids import uuid7
from kit.testing import Harness, member, until
from services.notify import dispatch
from services.notify.actions.deliveries import LEASE
from services.notify.dispatch import PAUSE_AFTER_TROUBLE_S
from services.notify.events import MessageFailed, MessageSent
from services.notify.jobs import EXPIRE, GIVE_UP_LOST
from services.notify.rules import LIFETIME, Failure
from services.notify.smtp import NotSent
from tests.notify.events import created, replied, stage_changed, survey, updated


class Killed(BaseException):
    """The process is gone: nothing after this point is run."""


class DiesBefore:
    """A sender whose process is killed before anything goes out."""

    async def send(self, _) -> None:
        raise Killed

    async def close(self) -> None: ...


class DiesAfter(DiesBefore):
    """A sender whose process is killed when the server has accepted the mail."""

    def __init__(self, sender) -> None:
        self._sender = sender

    async def send(self, mail) -> None:
        await self._sender.send(mail)
        raise Killed


async def deliveries(harness: Harness) -> list[tuple]:
    """Of each delivery: template, state, reason, attempts."""
    async with harness.transaction() as session:
        statement = text("SELECT template, state, reason, attempt FROM deliveries ORDER BY cause")
        return [tuple(row) for row in await session.execute(statement)]


async def test_a_welcome_is_sent_in_the_members_language(harness, server, lane) -> None:
    member_id = uuid7()
    await harness.deliver(created(member_id))
    await lane().send_portion(clock.now())
    (message,) = server.accepted
    assert (message["To"], message["Subject"]) == ("mei@example.com", "欢迎，Mei！")
    text_part, html = (part.get_content() for part in message.iter_parts())
    assert "打开应用: https://app.example.com/" in text_part
    assert 'href="https://app.example.com/"' in html
    assert message["List-Unsubscribe"] is None
    (sent,) = await harness.published(MessageSent)
    assert (sent.member_id, sent.channel, sent.template) == (member_id, "email", "welcome")
    assert str(sent.message_id) in message["Message-ID"]
    await lane().send_portion(clock.now())
    assert len(server.accepted) == 1


async def test_marketing_can_be_unsubscribed_from_with_one_click(harness, server, lane) -> None:
    caller = member()
    await harness.deliver(created(caller.member_id), stage_changed(caller.member_id, "silent"))
    await lane().send_portion(clock.now())
    (mail,) = (mail for mail in server.accepted if mail["List-Unsubscribe"])
    link = mail["List-Unsubscribe"].strip("<>")
    assert link.startswith("https://crm.example.com/v1/unsubscribe/")
    assert link in mail.get_body(("plain",)).get_content()
    async with harness.client() as anyone, harness.client(caller) as client:
        answer = await anyone.post(
            link.removeprefix("https://crm.example.com"), data={"List-Unsubscribe": "One-Click"}
        )
        assert answer.status_code == 200
        chosen = (await client.get("/v1/preferences")).json()["categories"]
    assert chosen["marketing"]["email"] is False


async def test_html_in_a_name_is_escaped(harness, server, lane) -> None:
    member_id = uuid7()
    await harness.deliver(created(member_id, display_name="<script>{{7*7}}", language="en"))
    await lane().send_portion(clock.now())
    html = server.accepted[0].get_body(("html",)).get_content()
    assert "Welcome, &lt;script&gt;{{7*7}}!" in html
    assert "<script" not in html


async def test_an_address_that_comes_after_the_message_is_used(harness, server, lane) -> None:
    member_id = uuid7()
    await harness.deliver(replied(member_id))
    now = clock.now()
    await lane().send_portion(now)
    assert await deliveries(harness) == [("agent_replied", "queued", "awaiting_address", 0)]
    await harness.deliver(updated(member_id, email="late@example.com", language="ru"))
    await lane().send_portion(now + timedelta(minutes=2))
    assert server.accepted[0]["To"] == "late@example.com"
    assert server.accepted[0]["Subject"] == "Поддержка ответила вам"


async def test_a_member_whose_profile_has_no_address_is_skipped(harness, server, lane) -> None:
    member_id = uuid7()
    await harness.deliver(replied(member_id))
    await harness.deliver(updated(member_id, email=None))
    await lane().send_portion(clock.now())
    assert await deliveries(harness) == [("agent_replied", "skipped", "no_address", 0)]
    assert server.accepted == []


async def test_switching_off_counts_until_the_last_moment(harness, server, lane) -> None:
    caller = member()
    await harness.deliver(created(caller.member_id, anonymous=True), survey(caller.member_id))
    async with harness.client(caller) as client:
        chosen = {"surveys": {"email": False}}
        await client.put("/v1/preferences", json={"categories": chosen})
    await lane().send_portion(clock.now())
    assert await deliveries(harness) == [("survey", "skipped", "preference_off", 0)]
    assert server.accepted == []


async def test_quiet_hours_put_mail_off_and_never_drop_it(harness, server, lane) -> None:
    caller = member()
    now = clock.now()
    starts, ends = now - timedelta(hours=1), now + timedelta(hours=2)
    async with harness.client(caller) as client:
        quiet = {"starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
        body = {"categories": {}, "quiet_hours": quiet, "time_zone": "UTC"}
        assert (await client.put("/v1/preferences", json=body)).status_code == 200
    await harness.deliver(created(caller.member_id), replied(caller.member_id))
    await lane().send_portion(clock.now())
    assert [message["Subject"] for message in server.accepted] == ["欢迎，Mei！"], "urgent"
    assert (await deliveries(harness))[0] == ("agent_replied", "queued", "quiet_hours", 0)
    await lane().send_portion(now + timedelta(minutes=118))
    assert len(server.accepted) == 1
    await lane().send_portion(ends)
    assert server.accepted[1]["Subject"] == "客服已回复您"


@pytest.mark.parametrize(
    ("on_recipient", "on_message", "expected"),
    [
        ("550 5.1.1 no such user", None, ("welcome", "failed", "550 no such user", 1)),
        (None, "554 spam", ("welcome", "failed", "554 spam", 1)),
        ("450 later", None, ("welcome", "queued", "450 later", 1)),
        (None, "451 later", ("welcome", "queued", "451 later", 1)),
    ],
)
async def test_refusals(harness, server, lane, on_recipient, on_message, expected) -> None:
    await harness.deliver(created(uuid7()))
    server.on_recipient, server.on_message = lambda _: on_recipient, lambda _: on_message
    await lane().send_portion(clock.now())
    ((template, state, reason, attempt),) = await deliveries(harness)
    assert (template, state, attempt) == (expected[0], expected[1], expected[3])
    assert reason.split()[0] == expected[2].split()[0]
    failed = await harness.published(MessageFailed)
    assert [event.reason for event in failed] == ([reason] if state == "failed" else [])


async def test_a_server_that_is_down_is_tried_ever_more_slowly(harness, server, lane) -> None:
    await harness.deliver(created(uuid7()))
    await server.stop()
    now = clock.now()
    assert await lane().send_portion(now) == PAUSE_AFTER_TROUBLE_S
    for minutes in (0.9, 1.1, 5, 6.5, 20, 22):
        await lane().send_portion(now + timedelta(minutes=minutes))
    assert (await deliveries(harness))[0][3] == 4, "tried after 0, 1, 6 and 21 minutes"
    await server.start()
    await lane().send_portion(now + timedelta(hours=2))
    assert len(server.accepted) == 1
    assert (await deliveries(harness))[0][1] == "sent"


async def test_what_cannot_be_sent_for_days_is_given_up(harness, server, lane) -> None:
    await harness.deliver(created(uuid7()))
    server.on_recipient = lambda _: "450 later"
    now = clock.now()
    for hours in range(0, 80, 2):
        await lane().send_portion(now + timedelta(hours=hours))
    assert (await deliveries(harness))[0][1] == "failed"
    assert len(await harness.published(MessageFailed)) == 1


async def test_what_was_queued_for_too_long_expires(harness) -> None:
    await harness.deliver(replied(uuid7()))
    await harness.run(EXPIRE, clock.now() + LIFETIME - timedelta(minutes=1))
    assert (await deliveries(harness))[0][1] == "queued"
    await harness.run(EXPIRE, clock.now() + LIFETIME + timedelta(minutes=1))
    assert await deliveries(harness) == [("agent_replied", "failed", "expired", 0)]
    assert [event.reason for event in await harness.published(MessageFailed)] == ["expired"]


async def restart(harness: Harness, lane, now) -> None:
    """Another process takes over when the lease is over."""
    await harness.run(GIVE_UP_LOST, now + LEASE + timedelta(seconds=1))
    await lane().send_portion(now + LEASE + timedelta(minutes=2))


async def test_killed_before_sending_the_message_is_sent_later(harness, server, lane) -> None:
    await harness.deliver(created(uuid7()))
    now = clock.now()
    with pytest.raises(Killed):
        await lane(DiesBefore()).send_portion(now)
    assert await deliveries(harness) == [("welcome", "in_flight", None, 1)]
    await lane().send_portion(now + LEASE - timedelta(seconds=1))
    assert server.accepted == [], "the lease is somebody's"
    await restart(harness, lane, now)
    assert len(server.accepted) == 1
    assert (await deliveries(harness))[0][1:] == ("sent", None, 2)


async def test_killed_after_sending_it_is_sent_again_as_the_same_message(
    harness, server, sender, lane
) -> None:
    await harness.deliver(created(uuid7()))
    now = clock.now()
    with pytest.raises(Killed):
        await lane(DiesAfter(sender)).send_portion(now)
    await restart(harness, lane, now)
    first, second = server.accepted
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


@pytest.mark.parametrize("dies", ["before", "after"])
async def test_marketing_in_doubt_is_unknown_and_never_sent_again(
    harness, server, sender, lane, dies
) -> None:
    member_id = uuid7()
    await harness.deliver(created(member_id, anonymous=True), stage_changed(member_id, "silent"))
    now = clock.now()
    dying = DiesAfter(sender) if dies == "after" else DiesBefore()
    with pytest.raises(Killed):
        await lane(dying).send_portion(now)
    await restart(harness, lane, now)
    assert len(server.accepted) == (1 if dies == "after" else 0)
    assert await deliveries(harness) == [("silent_member", "unknown", "the sender was lost", 1)]
    assert len(await harness.published(MessageFailed)) == 1


@pytest.mark.parametrize(
    ("event", "state"), [(replied, "queued"), (lambda m: stage_changed(m, "silent"), "unknown")]
)
async def test_a_lost_answer_is_in_doubt(harness, server, lane, event, state) -> None:
    member_id = uuid7()
    await harness.deliver(created(member_id, anonymous=True), event(member_id))
    server.on_message = lambda _: "keep drop"
    await lane().send_portion(clock.now())
    assert (await deliveries(harness))[0][1] == state


async def test_a_sender_thought_lost_may_still_report(harness, server, sender, lane) -> None:
    """What it knows replaces `unknown`, and never what a later attempt did."""
    member_id = uuid7()
    await harness.deliver(created(member_id, anonymous=True), stage_changed(member_id, "silent"))
    now = clock.now()

    class IsSlow(DiesBefore):
        async def send(self, mail) -> None:
            await sender.send(mail)
            await harness.run(GIVE_UP_LOST, now + LEASE + timedelta(seconds=1))
            assert (await deliveries(harness))[0][1] == "unknown"

    await lane(IsSlow()).send_portion(now)
    assert (await deliveries(harness))[0][1:] == ("sent", None, 1)


async def test_an_overtaken_attempt_changes_nothing(harness, lane) -> None:
    await harness.deliver(created(uuid7()))
    now = clock.now()

    class IsOvertaken(DiesBefore):
        async def send(self, _) -> None:
            await harness.run(GIVE_UP_LOST, now + LEASE + timedelta(seconds=1))
            with pytest.raises(Killed):
                await lane(DiesBefore()).send_portion(now + LEASE + timedelta(minutes=2))
            raise NotSent(Failure.PERMANENT, "550 refused")

    await lane(IsOvertaken()).send_portion(now)
    assert (await deliveries(harness))[0][1:] == ("in_flight", "the sender was lost", 2)
    assert await harness.published(MessageFailed) == []


async def test_two_senders_at_once_send_each_message_once(harness, server, lane) -> None:
    await harness.deliver(*(created(uuid7(), email=f"{n}@example.com") for n in range(60)))
    for _ in range(4):
        await asyncio.gather(*(lane().send_portion(clock.now()) for _ in range(3)))
    addresses = [message["To"] for message in server.accepted]
    assert sorted(addresses) == sorted(f"{n}@example.com" for n in range(60))


async def test_a_mail_that_cannot_be_made_harms_no_other(harness, server, lane) -> None:
    await harness.deliver(created(uuid7()), created(uuid7(), email="x\r\ny"))
    await lane().send_portion(clock.now())
    assert sorted(state for _, state, _, _ in await deliveries(harness)) == ["failed", "sent"]


async def test_an_empty_queue_is_asked_again_soon_and_a_full_one_at_once(harness, lane) -> None:
    assert 0 < await lane().send_portion(clock.now()) < 1
    await harness.deliver(*(created(uuid7()) for _ in range(20)))
    assert await lane().send_portion(clock.now()) == 0


async def test_the_worker_sends_and_finishes_what_it_began_when_stopped(
    harness, server, monkeypatch
) -> None:
    settings = harness.settings.model_copy(update={"smtp_url": server.url})
    monkeypatch.setattr(harness.runtime, "settings", settings)
    arrived, released = asyncio.Event(), asyncio.Event()
    await harness.deliver(created(uuid7()))

    class Slow(dispatch.SmtpSender):
        async def send(self, mail) -> None:
            arrived.set()
            await released.wait()
            await super().send(mail)

    monkeypatch.setattr(dispatch, "SmtpSender", Slow)
    worker = asyncio.create_task(dispatch.send_direct(harness.runtime))
    await arrived.wait()
    worker.cancel()
    asyncio.get_running_loop().call_later(0.1, released.set)
    await asyncio.gather(worker, return_exceptions=True)
    assert len(server.accepted) == 1
    assert (await deliveries(harness))[0][1] == "sent"


async def test_without_a_mail_server_nothing_is_sent_and_nothing_breaks(harness) -> None:
    await asyncio.wait_for(dispatch.send_direct(harness.runtime), 30)


async def test_the_worker_goes_on_after_an_error(harness, server, monkeypatch) -> None:
    settings = harness.settings.model_copy(update={"smtp_url": server.url})
    monkeypatch.setattr(harness.runtime, "settings", settings)
    monkeypatch.setattr(dispatch, "PAUSE_AFTER_TROUBLE_S", 0)
    claim_mail, failures = dispatch.claim_mail, iter([OSError("the store is away")])

    async def failing_once(*args, **options):
        for failure in failures:
            raise failure
        return await claim_mail(*args, **options)

    monkeypatch.setattr(dispatch, "claim_mail", failing_once)
    await harness.deliver(created(uuid7()))
    worker = asyncio.create_task(dispatch.send_direct(harness.runtime))

    async def accepted() -> bool:
        return bool(server.accepted)

    await until(accepted)
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


async def test_what_is_said_of_a_mail_is_on_account_of_what_caused_it(
    harness, server, lane
) -> None:
    caused = [
        replace(created(uuid7()), correlation_id=f"chain {n}", receipt_id=uuid7()) for n in "ab"
    ]
    await harness.deliver(*caused)
    await lane().send_portion(clock.now())
    said = await harness.events(MessageSent.type)
    assert {(one.correlation_id, one.causation_id, one.receipt_id) for one in said} == {
        (one.correlation_id, str(one.id), one.receipt_id) for one in caused
    }
