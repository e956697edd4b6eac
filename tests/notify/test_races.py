"""What happens at once to the same few members waits in no circle: all lock in one order."""

import asyncio
import random
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from kit import clock
from kit.erasure import Erasure
from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, until
from services.notify.rules import Channel, DeliveryState, Outcome
from services.notify.store import deliveries
from tests.notify.events import created, earned, merged, registered, survey

Telling = Callable[[UUID, UUID], Event]
"""What is told of a guest and of the member they become."""


@pytest.mark.parametrize(
    "tellings",
    [
        pytest.param([merged, lambda g, _: created(g, anonymous=True)], id="guests are described"),
        pytest.param([merged, lambda _, account: earned(account)], id="accounts are told"),
    ],
)
async def test_racing_batches_wait_in_no_circle(harness: Harness, tellings: list[Telling]) -> None:
    chance = random.Random(7)
    pairs = [(uuid7(), uuid7()) for _ in range(8)]

    async def batch() -> None:
        some = chance.sample(pairs, 4)
        await harness.deliver(*(chance.choice(tellings)(*pair) for pair in some))

    await asyncio.gather(*(batch() for _ in range(12)))


async def test_what_became_of_mail_and_an_erasure_wait_in_no_circle(harness: Harness) -> None:
    """The erasing is the first to wait for a delivery; who waits for it too holds no other."""
    mei = uuid7()
    await harness.deliver(created(mei, email="mei@example.com"), registered(mei), survey(mei))
    async with harness.transaction() as session:
        known = {"campaigns": False, "now": clock.now(), "limit": 10}
        due = await deliveries.lock_due(session, Channel.EMAIL, **known)
    mails = sorted(due, key=lambda mail: mail.delivery_id)
    assert len(mails) > 1

    async def erase() -> None:
        async with harness.transaction() as session:
            assert harness.service.erase is not None
            await harness.service.erase(session, Erasure(uuid7(), (mei,), clock.now()), clock.now())

    async def settle() -> None:
        outcomes = [deliveries.Settled(mail, Outcome(DeliveryState.SENT)) for mail in mails[::-1]]
        async with harness.transaction() as session:
            await deliveries.settle(session, outcomes, clock.now())

    async with harness.transaction() as session:
        statement = "SELECT FROM deliveries WHERE delivery_id = :first FOR UPDATE"
        await session.execute(text(statement), {"first": mails[0].delivery_id})
        erasing = asyncio.create_task(erase())
        await until(lambda: waiting(harness, 1))
        settling = asyncio.create_task(settle())
        await until(lambda: waiting(harness, 2))
    await asyncio.gather(erasing, settling)
    assert await harness.traces(mei) == set()


async def waiting(harness: Harness, number: int) -> bool:
    """Whether so many wait for rows that others hold."""
    statement = text("""
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
    """)
    async with harness.transaction() as session:
        return int((await session.execute(statement)).scalar_one()) >= number
