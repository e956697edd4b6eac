"""What happens at once to the same few members waits in no circle: all lock in one order."""

import asyncio
import random
from collections.abc import Callable
from uuid import UUID

import pytest

from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness
from tests.notify.events import created, earned, merged

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
