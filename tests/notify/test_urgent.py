"""Messages somebody waits for: sent at once whatever else goes on, and kept no longer than that."""

import asyncio
import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import orjson
import pytest
import pytest_asyncio
from pydantic import ValidationError
from sqlalchemy import text

from kit import clock
from kit.events import Event
from kit.ids import uuid7
from kit.languages import LANGUAGES
from kit.testing import Harness, event, example, until
from kit.vault import Vault
from services.notify.jobs import EXPIRE_URGENT, FORGET_URGENT
from services.notify.settings import Settings
from services.notify.sms import SmsSender
from services.notify.smtp import SmtpSender
from services.notify.urgent import Urgent
from tests.notify.conftest import MESSAGE_SECRET
from tests.notify.mail import MailServer
from tests.notify.webhook import Webhook

SMS_SECRET = "what notify signs text messages under"
CODE = "428571"


def issued(channel: str = "email", *, secret: str = MESSAGE_SECRET, **changes: object) -> Event:
    """A code as the gateway issues it."""
    message_id = uuid7()
    content = {
        "to": "mei@example.com" if channel == "email" else "+8613800138000",
        "template": "code_sign_in",
        "language": "en",
        "facts": {"code": CODE, "minutes": 10},
        "action": "/sign-in#lk_secret",
        "for_staff": False,
        **changes,
    }
    sealed = Vault(secret).seal(f"message {message_id}", orjson.dumps(content))
    now = clock.now()
    data = {
        "message_id": message_id,
        "channel": channel,
        "sealed": b64encode(sealed).decode(),
        "issued_at": now,
        "expires_at": now + timedelta(minutes=10),
    }
    return event("gateway.message.issued.v1", data, subject=message_id)


@pytest_asyncio.fixture
async def webhook() -> AsyncIterator[Webhook]:
    webhook = Webhook()
    await webhook.start()
    yield webhook
    await webhook.stop()


@pytest_asyncio.fixture
async def sms(webhook: Webhook) -> AsyncIterator[SmsSender]:
    sender = SmsSender(webhook.url, SMS_SECRET, lambda: 1_772_366_400.0)
    yield sender
    await sender.close()


@pytest.fixture
def urgent(harness: Harness, sender: SmtpSender, sms: SmsSender) -> Urgent:
    return Urgent(harness.sessions, harness.settings, sender, sms)


async def send(urgent: Urgent) -> None:
    """Let the lane do what is due, once."""
    await urgent.begin()
    await urgent.finish()


async def rows(harness: Harness) -> list[tuple]:
    async with harness.transaction() as session:
        statement = text("SELECT state, sealed, attempt, reason FROM urgent_messages ORDER BY 1")
        return [tuple(row) for row in await session.execute(statement)]


async def make_due(harness: Harness) -> None:
    async with harness.transaction() as session:
        await session.execute(text("UPDATE urgent_messages SET due_at = issued_at"))


async def test_a_code_is_mailed(harness: Harness, urgent: Urgent, server: MailServer) -> None:
    await harness.deliver(issued())
    await send(urgent)
    (mail,) = server.accepted
    assert (mail["to"], mail["subject"]) == ("mei@example.com", f"Your sign-in code: {CODE}")
    content = mail.get_body(("plain",)).get_content()
    assert f"\n{CODE}\n" in content
    assert "https://app.example.com/sign-in#lk_secret" in content
    assert mail["list-unsubscribe"] is None
    assert mail["auto-submitted"] == "auto-generated"
    assert await rows(harness) == [("sent", None, 1, None)]


async def test_a_code_is_texted_and_signed(
    harness: Harness, urgent: Urgent, webhook: Webhook
) -> None:
    given = issued("sms", language="zh-CN")
    await harness.deliver(given)
    await send(urgent)
    (post,) = webhook.posted
    message_id = given.data["message_id"]
    assert post.json == {
        "message_id": message_id,
        "to": "+8613800138000",
        "text": f"【Rapport】验证码{CODE}，用于登录，10分钟内有效。请勿告诉他人。",
        "template": "code_sign_in",
        "language": "zh-CN",
        "facts": {"brand": "Rapport", "code": CODE, "minutes": 10},
    }
    assert post.headers["webhook-id"] == message_id
    signed = f"{message_id}.1772366400.".encode() + post.body
    expected = hmac.new(SMS_SECRET.encode(), signed, hashlib.sha256).digest()
    version, _, given_signature = post.headers["webhook-signature"].partition(",")
    assert (version, b64decode(given_signature)) == ("v1", expected)
    assert await rows(harness) == [("sent", None, 1, None)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", ["code_sign_in", "code_reset_password", "code_confirm"])
async def test_a_text_message_holds_the_code_and_is_short(
    harness: Harness, urgent: Urgent, webhook: Webhook, language: str, template: str
) -> None:
    await harness.deliver(issued("sms", language=language, template=template))
    await send(urgent)
    content = webhook.posted[-1].json["text"]
    assert CODE in content
    assert len(content) <= 2 * 67  # two parts of a UCS-2 message


async def test_what_is_heard_twice_is_sent_once(
    harness: Harness, urgent: Urgent, server: MailServer
) -> None:
    given = issued()
    await harness.deliver(given, given)
    await harness.deliver(given)
    await asyncio.gather(*(urgent.begin() for _ in range(4)))
    await urgent.finish()
    assert len(server.accepted) == 1


async def test_nothing_readable_is_kept(harness: Harness) -> None:
    await harness.deliver(issued())
    ((_, sealed, *_),) = await rows(harness)
    for part in (CODE, "mei@example.com", "lk_secret"):
        assert part not in sealed
        assert part.encode() not in b64decode(sealed)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        pytest.param(503, "queued", id="a server in trouble is asked again"),
        pytest.param(429, "queued", id="a busy one too"),
        pytest.param(0, "queued", id="and one that hung up: twice is better than never"),
        pytest.param(400, "failed", id="a refusal is final"),
        pytest.param(302, "failed", id="no redirect is followed"),
    ],
)
async def test_after_a_failed_attempt(
    harness: Harness, urgent: Urgent, webhook: Webhook, status: int, state: str
) -> None:
    webhook.answer = lambda _: status
    await harness.deliver(issued("sms"))
    await send(urgent)
    ((found, sealed, attempt, reason),) = await rows(harness)
    assert (found, attempt) == (state, 1)
    assert (sealed is None) == (state == "failed")
    assert reason


async def test_a_retry_has_the_same_id(harness: Harness, urgent: Urgent, webhook: Webhook) -> None:
    webhook.answer = lambda number: 500 if number == 1 else 200
    await harness.deliver(issued("sms"))
    await send(urgent)
    await send(urgent)
    assert len(webhook.posted) == 1  # not due yet
    await make_due(harness)
    await send(urgent)
    first, second = webhook.posted
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert [row[0] for row in await rows(harness)] == ["sent"]


async def test_mail_that_is_greylisted_is_sent_again(
    harness: Harness, urgent: Urgent, server: MailServer
) -> None:
    server.on_recipient = lambda _: "451 later"
    await harness.deliver(issued())
    await send(urgent)
    server.on_recipient = lambda _: None
    await make_due(harness)
    await send(urgent)
    assert len(server.accepted) == 1
    assert await rows(harness) == [("sent", None, 2, None)]


async def test_what_a_dead_process_had_claimed_is_sent_by_another(
    harness: Harness, urgent: Urgent, server: MailServer
) -> None:
    await harness.deliver(issued())
    async with harness.transaction() as session:
        statement = "UPDATE urgent_messages SET attempt = 1, due_at = now() - interval '1 second'"
        await session.execute(text(statement))
    await send(urgent)
    assert len(server.accepted) == 1


async def test_a_late_report_changes_nothing(
    harness: Harness, urgent: Urgent, webhook: Webhook
) -> None:
    """An attempt that outlived its lease, and failed after the next one succeeded."""
    await harness.deliver(issued("sms"))
    reached, may_go_on = asyncio.Event(), asyncio.Event()
    post = urgent._sms._post  # type: ignore[union-attr]

    async def slow(*given: object) -> int:
        reached.set()
        await may_go_on.wait()
        return 400

    urgent._sms._post = slow  # type: ignore[union-attr]
    await urgent.begin()
    await reached.wait()
    urgent._sms._post = post  # type: ignore[union-attr]
    await make_due(harness)
    other = Urgent(harness.sessions, harness.settings, None, urgent._sms)
    await send(other)
    may_go_on.set()
    await urgent.finish()
    assert await rows(harness) == [("sent", None, 2, None)]


async def test_a_slow_message_holds_no_other_up(
    harness: Harness, urgent: Urgent, server: MailServer, webhook: Webhook
) -> None:
    may_go_on = asyncio.Event()

    async def slow(*_: object) -> int:
        await may_go_on.wait()
        return 200

    urgent._sms._post = slow  # type: ignore[union-attr]
    await harness.deliver(issued("sms"))
    await urgent.begin()
    await harness.deliver(issued())
    await urgent.begin()

    async def has_arrived() -> bool:
        return bool(server.accepted)

    await until(has_arrived)
    may_go_on.set()
    await urgent.finish()
    assert [row[0] for row in await rows(harness)] == ["sent", "sent"]


async def test_what_came_too_late_is_not_sent_and_not_kept(
    harness: Harness, urgent: Urgent, server: MailServer
) -> None:
    await harness.deliver(issued())
    async with harness.transaction() as session:
        await session.execute(text("UPDATE urgent_messages SET expires_at = now()"))
    await send(urgent)
    assert server.accepted == []
    await harness.run(EXPIRE_URGENT)
    assert await rows(harness) == [("failed", None, 0, "expired")]
    await harness.run(FORGET_URGENT, clock.now() + timedelta(days=8))
    assert await rows(harness) == []


async def test_a_message_sealed_under_another_secret_is_given_up(
    harness: Harness, urgent: Urgent, server: MailServer
) -> None:
    await harness.deliver(issued(secret="another secret than notify was given"))
    await send(urgent)
    ((state, sealed, _, reason),) = await rows(harness)
    assert (state, sealed) == ("failed", None)
    assert "MESSAGE_SECRET" in reason
    assert server.accepted == []


async def test_a_message_swapped_for_another_does_not_open(
    harness: Harness, urgent: Urgent, server: MailServer
) -> None:
    one, other = issued(), issued(to="thief@example.com")
    await harness.deliver(one, other)
    async with harness.transaction() as session:
        statement = text("""
            UPDATE urgent_messages SET sealed = :sealed WHERE message_id = :message_id
        """)
        known = {"sealed": one.data["sealed"], "message_id": UUID(other.data["message_id"])}
        await session.execute(statement, known)
    await send(urgent)
    assert [mail["to"] for mail in server.accepted] == ["mei@example.com"]


async def test_without_a_server_it_is_said_at_once(harness: Harness) -> None:
    await harness.deliver(issued(), issued("sms"))
    await send(Urgent(harness.sessions, harness.settings, None, None))
    assert sorted(row[3] for row in await rows(harness)) == [
        "SMS_URL is not set",
        "SMTP_URL is not set",
    ]


async def test_staff_are_led_to_the_console(
    harness: Harness, urgent: Urgent, server: MailServer
) -> None:
    facts = {"inviter": "Ada", "until": "2026-03-04 12:00 UTC"}
    given = issued(template="staff_invitation", facts=facts, action="/invitation#x", for_staff=True)
    await harness.deliver(given)
    await send(urgent)
    content = server.accepted[0].get_body(("plain",)).get_content()
    assert "https://crm.example.com/pages/invitation#x" in content
    assert "Rapport invited you" in content


async def test_the_example_of_the_contract_is_taken(harness: Harness) -> None:
    await harness.deliver(example("gateway.message.issued.v1"))
    assert len(await rows(harness)) == 1


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"sms_url": "ftp://x", "sms_secret": SMS_SECRET}, id="no HTTP"),
        pytest.param({"sms_url": "https://x"}, id="no secret to sign under"),
        pytest.param({"sms_url": "https://x", "sms_secret": "short"}, id="a guessable secret"),
        pytest.param({"message_secret": "short"}, id="a guessable seal"),
    ],
)
def test_settings_are_refused_with(settings: dict) -> None:
    with pytest.raises(ValidationError):
        Settings(**settings)
