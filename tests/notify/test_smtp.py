"""What is known when a mail server does not do as it should."""

import socket
from datetime import UTC, datetime

import pytest

from services.notify.rules import Failure
from services.notify.smtp import Mail, NotSent, SmtpSender

UNSUBSCRIBE = (
    f"https://crm.{'a' * 60}.example.com/v1/unsubscribe/0190a8f0-2b5e-7c31-9d4a-6f1e2d3c4b5a"
)


def mail(**changes) -> Mail:
    known = {
        "sender": "Чай & Co <no-reply@example.com>",
        "to": "mei@example.com",
        "message_id": "<1@example.com>",
        "subject": "欢迎，Mei！",
        "text": "Привет\n.\nend",
        "html": "<p>欢迎" + "长" * 2000 + "</p>",
        "date": datetime(2026, 3, 1, tzinfo=UTC),
    }
    return Mail(**{**known, **changes})


async def test_a_mail_arrives_as_it_was_written(server, sender) -> None:
    await sender.send(mail(unsubscribe_url=UNSUBSCRIBE))
    (message,) = server.accepted
    assert message["Subject"] == "欢迎，Mei！"
    assert message["From"] == "Чай & Co <no-reply@example.com>"
    assert message["Message-ID"] == "<1@example.com>"
    assert message["List-Unsubscribe"] == f"<{UNSUBSCRIBE}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] is None
    text, html = message.iter_parts()
    assert text.get_content().splitlines() == ["Привет", ".", "end"]
    assert "长" * 2000 in html.get_content()


async def test_what_is_not_marketing_says_that_a_machine_wrote_it(server, sender) -> None:
    await sender.send(mail())
    (message,) = server.accepted
    assert message["List-Unsubscribe"] is None
    assert message["Auto-Submitted"] == "auto-generated"


async def test_connections_are_used_again(server, sender) -> None:
    for _ in range(5):
        await sender.send(mail())
    assert (server.connections, len(server.accepted)) == (1, 5)


async def test_a_connection_that_died_while_idle_is_replaced(server, sender) -> None:
    await sender.send(mail())
    await server.stop()
    await server.start()
    await sender.send(mail())
    assert (server.connections, len(server.accepted)) == (2, 2)


@pytest.mark.parametrize(
    ("on_recipient", "on_message", "failure"),
    [
        pytest.param("550 no such user", None, Failure.PERMANENT, id="no such address"),
        pytest.param("450 greylisted", None, Failure.TEMPORARY, id="come back later"),
        pytest.param(None, "554 spam", Failure.PERMANENT, id="content refused"),
        pytest.param(None, "452 disk full", Failure.TEMPORARY, id="server full"),
        pytest.param(None, "421 closing", Failure.TEMPORARY, id="server closing"),
        pytest.param("drop", None, Failure.TEMPORARY, id="hung up before the content"),
        pytest.param(None, "drop", Failure.UNCERTAIN, id="hung up after the content"),
        pytest.param(None, "keep drop", Failure.UNCERTAIN, id="taken, and the answer lost"),
    ],
)
async def test_failures(server, sender, on_recipient, on_message, failure) -> None:
    server.on_recipient = lambda _: on_recipient
    server.on_message = lambda _: on_message
    with pytest.raises(NotSent) as caught:
        await sender.send(mail())
    assert caught.value.failure is failure
    server.on_recipient = server.on_message = lambda _: None
    await sender.send(mail())
    assert server.accepted[-1]["Message-ID"] == "<1@example.com>"


async def test_nobody_listening_is_temporary() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        sender = SmtpSender(f"smtp://127.0.0.1:{free.getsockname()[1]}", timeout_s=30)
        with pytest.raises(NotSent) as caught:
            await sender.send(mail())
    assert caught.value.failure is Failure.TEMPORARY


async def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sender = SmtpSender(f"smtp://127.0.0.1:{silent.getsockname()[1]}", timeout_s=0.2)
        with pytest.raises(NotSent) as caught:
            await sender.send(mail())
    assert caught.value.failure is Failure.TEMPORARY


async def test_a_wrong_password_is_our_fault_and_passes(server) -> None:
    sender = SmtpSender(server.url.replace("://", "://user:wrong@"), timeout_s=30)
    with pytest.raises(NotSent) as caught:
        await sender.send(mail())
    assert caught.value.failure is Failure.TEMPORARY


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b\r\nBcc: x@y",
        "мэй@пример.рф",
        "a@b\nTo: c@d",
        "@",
        "<>",
        "a@b, c@d",
        "A <a@b>",
    ],
)
async def test_an_address_that_is_none_is_refused_for_good(server, sender, address) -> None:
    with pytest.raises(NotSent) as caught:
        await sender.send(mail(to=address))
    assert caught.value.failure is Failure.PERMANENT
    assert server.accepted == []


async def test_a_reason_does_not_tell_the_address(server, sender) -> None:
    server.on_recipient = lambda address: f"550 <{address}> is not here"
    with pytest.raises(NotSent) as caught:
        await sender.send(mail())
    assert caught.value.reason == "550 <the address> is not here"
