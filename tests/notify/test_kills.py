"""A campaign whose process dies half-way: nobody twice, and nobody silently left out."""

import asyncio
import os
import signal
import sys
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from kit import clock
from kit.ids import uuid7
from kit.testing import Harness
from services.notify import store
from services.notify.actions.deliveries import LEASE
from services.notify.events import InboxAdded
from services.notify.jobs import DELIVER_TO_INBOXES, FINISH_CAMPAIGNS, GIVE_UP_LOST
from tests.notify.events import created, inbox_of, listed
from tests.notify.test_campaigns import begun, shown, tally
from tests.notify.test_dispatch import DiesBefore, Killed

WORKER = """
import asyncio, sys
from kit.clock import now
from kit.db import create_engine, create_sessions
from services.notify.dispatch import Lane
from services.notify.settings import Settings
from services.notify.smtp import SmtpSender

async def main():
    settings = Settings()
    sessions = create_sessions(create_engine(settings))
    lane = Lane(sessions, SmtpSender(settings.smtp_url), settings, campaigns=True)
    while True:
        await lane.send_portion(now())

asyncio.run(main())
"""


def die_after(monkeypatch, module, name: str, times: int = 1) -> None:
    """Let the process die right after `module.name` has done its work, on its `times`-th call."""
    work, calls = getattr(module, name), Counter()

    async def dying(*args, **options):
        result = await work(*args, **options)
        calls[name] += 1
        if calls[name] == times:
            raise Killed
        return result

    monkeypatch.setattr(module, name, dying)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        pytest.param(store.campaigns, "lock", id="after the campaign is locked"),
        pytest.param(store.campaigns, "add_page", id="after the page is noted"),
        pytest.param(store.deliveries, "insert_new", id="after the deliveries are written"),
    ],
)
async def test_killed_while_a_page_is_taken(harness, monkeypatch, module, name) -> None:
    campaign_id = await begun(harness)
    members = [uuid7() for _ in range(10)]
    pages = [
        listed(campaign_id, members[:5], 0, last=False),
        listed(campaign_id, members[5:], 1, last=True),
    ]
    await harness.deliver(pages[0])
    with monkeypatch.context() as patch:
        die_after(patch, module, name)
        with pytest.raises(Killed):
            await harness.deliver(pages[1])
    await harness.deliver(pages[1])
    await harness.run(DELIVER_TO_INBOXES)
    await harness.run(FINISH_CAMPAIGNS)
    assert await tally(harness, campaign_id) == {"sent": 10}
    assert (await shown(harness, campaign_id))["state"] == "finished"


@pytest.mark.parametrize(
    ("module", "name"),
    [
        pytest.param(store.deliveries, "lock_due", id="after the claim"),
        pytest.param(store.inbox, "insert_items", id="after the items are written"),
        pytest.param(store.inbox, "save_mailboxes", id="after the counts are written"),
        pytest.param(store.deliveries, "settle", id="after the deliveries are marked"),
    ],
)
async def test_killed_while_items_are_put_in_inboxes(harness, monkeypatch, module, name) -> None:
    campaign_id = await begun(harness)
    members = [uuid7() for _ in range(10)]
    await harness.deliver(listed(campaign_id, members))
    with monkeypatch.context() as patch:
        die_after(patch, module, name)
        with pytest.raises(Killed):
            await harness.run(DELIVER_TO_INBOXES)
    assert await harness.published(InboxAdded) == []
    await harness.run(DELIVER_TO_INBOXES)
    assert await tally(harness, campaign_id) == {"sent": 10}
    for member_id in members:
        assert len(await inbox_of(harness, member_id)) == 1
    assert len(await harness.published(InboxAdded)) == 10


async def test_a_campaign_with_mail_on_its_way_is_not_finished(harness, lane) -> None:
    campaign_id = await begun(harness, channels=["email"])
    member_id = uuid7()
    await harness.deliver(created(member_id, anonymous=True), listed(campaign_id, [member_id]))
    now = clock.now()
    with pytest.raises(Killed):
        await lane(DiesBefore(), campaigns=True).send_portion(now)
    await harness.run(FINISH_CAMPAIGNS)
    assert (await shown(harness, campaign_id))["state"] == "running"
    await harness.run(GIVE_UP_LOST, now + LEASE + timedelta(seconds=1))
    await harness.run(FINISH_CAMPAIGNS)
    assert await tally(harness, campaign_id, "email") == {
        "unknown": 1,
        "reasons": {"the sender was lost": 1},
    }
    assert (await shown(harness, campaign_id))["state"] == "finished"


async def test_killed_for_good_between_any_two_mails(harness: Harness, server, lane) -> None:
    """A process that sends a campaign is killed with SIGKILL twice; a third finishes it."""
    campaign_id = await begun(harness, channels=["email"])
    members = [uuid7() for _ in range(60)]
    await harness.deliver(*(created(m, anonymous=True, email=f"{m}@example.com") for m in members))
    await harness.deliver(listed(campaign_id, members))
    for kill_at in (7, 31):
        await send_until_killed(harness, server, kill_at)
    later = clock.now() + LEASE + timedelta(seconds=1)
    await harness.run(GIVE_UP_LOST, later)
    for _ in range(6):
        await lane(campaigns=True).send_portion(later)
    await harness.run(FINISH_CAMPAIGNS, later)

    received = Counter(message["To"] for message in server.accepted)
    assert max(received.values()) == 1
    counts = await tally(harness, campaign_id, "email")
    assert counts["unknown"] >= 1
    assert counts["sent"] + counts["unknown"] == 60
    assert counts["sent"] <= len(received)
    assert (await shown(harness, campaign_id))["state"] == "finished"
    async with harness.transaction() as session:
        rows = await session.execute(text("SELECT member_id, state FROM deliveries"))
        unsent = {f"{row.member_id}@example.com" for row in rows if row.state == "unknown"}
    assert set(received) | unsent == {f"{m}@example.com" for m in members}


async def send_until_killed(harness: Harness, server, kill_at: int) -> None:
    """Send with a process of its own, killed while the `kill_at`-th mail is being accepted."""
    settings = harness.settings
    environment = {
        "POSTGRES_URL": settings.postgres_url,
        "DATABASE": settings.database,
        "SMTP_URL": server.url,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, env=os.environ | environment
    )

    def answer(_: str) -> None:
        if len(server.accepted) + 1 == kill_at:
            os.kill(process.pid, signal.SIGKILL)

    server.on_message = answer
    async with asyncio.timeout(240):
        assert await process.wait() == -signal.SIGKILL
    server.on_message = lambda _: None
