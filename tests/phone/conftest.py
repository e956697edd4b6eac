"""What a phone relies on, tested over all parts at once."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway import home, receipts
from tests.phone.whole import Whole


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def started(worker_id: str) -> AsyncIterator[Whole]:
    whole = await Whole.begun(worker_id)
    yield whole
    await whole.rest()


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no reason for a part to be missing."""
    monkeypatch.setattr(home, "PARTS_S", 30.0)
    monkeypatch.setattr(receipts, "PARTS_S", 30.0)


@pytest.fixture
async def whole(started: Whole) -> Whole:
    """The whole system on empty databases."""
    await started.empty()
    return started
