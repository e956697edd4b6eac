from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from kit.testing import Harness, harness_of
from services.notify.dispatch import Lane
from services.notify.main import create_app
from services.notify.settings import Settings
from services.notify.smtp import Sender, SmtpSender
from tests.notify.mail import MailServer

MESSAGE_SECRET = "what the gateway and notify share, in tests"

OPTIONS: dict[str, Any] = {
    "app_url": "https://app.example.com",
    "public_url": "https://crm.example.com",
    "message_secret": MESSAGE_SECRET,
    "webhook_networks": "127.0.0.0/8",
}

harness = harness_of(create_app, Settings, **OPTIONS)


@pytest_asyncio.fixture
async def server() -> AsyncIterator[MailServer]:
    server = MailServer()
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def sender(server: MailServer) -> AsyncIterator[SmtpSender]:
    sender = SmtpSender(server.url, timeout_s=30)
    yield sender
    await sender.close()


@pytest.fixture
def lane(harness: Harness, sender: SmtpSender) -> Callable[..., Lane]:
    """A lane that sends to the test's mail server."""

    def made(through: Sender = sender, **options: Any) -> Lane:
        return Lane(harness.sessions, through, harness.settings, **options)

    return made
