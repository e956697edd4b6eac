"""What was kept long enough goes."""

from datetime import timedelta

from kit import clock, dead_letters
from kit.housekeeping import housekeeping
from kit.ids import uuid7
from kit.testing import Harness, event
from tests.kit.notes import Greeted


async def test_a_settled_dead_letter_goes_in_time(harness: Harness) -> None:
    (purge,) = [job for job in housekeeping(harness.runtime) if job.name == "kit.purge"]
    waiting, settled = (
        event(Greeted.type, {"member_id": uuid7(), "text": "hello"}) for _ in range(2)
    )
    async with harness.transaction() as session:
        for one in (waiting, settled):
            await dead_letters.park(session, one.id, one.type, one.encode(), "Error: broken", 8)
        assert await dead_letters.discard(session, settled.id, clock.now())
    await harness.run(purge)
    async with harness.transaction() as session:
        assert await dead_letters.find(session, settled.id) is not None
    await harness.run(purge, clock.now() + timedelta(days=365))
    async with harness.transaction() as session:
        assert await dead_letters.find(session, settled.id) is None
        assert await dead_letters.find(session, waiting.id) is not None
