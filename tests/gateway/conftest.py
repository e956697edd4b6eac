"""Identity under test: its routes on real stores, called as they are through the edge."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from gateway import limits, rules
from gateway.identity import Identity
from kit.testing import Harness, harness_of
from tests.gateway.issuer import LocalIssuer
from tests.gateway.people import Door, Settings, create_app

harness = harness_of(create_app, Settings)


@pytest.fixture
async def identity(harness: Harness) -> AsyncIterator[Identity]:
    """Identity just started on an empty database; the routes of `harness` use it."""
    started = Identity(harness.settings, harness.runtime)
    harness.app.state.identity = started
    await started.start()
    yield started
    started.close()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Valkey be away when it is, and not when this machine stands still for a moment."""
    monkeypatch.setattr(limits, "WITHIN_S", 60)


@pytest.fixture
def long_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the first block last an hour: on a busy machine a second is over before one looks."""
    hour = timedelta(hours=1)
    monkeypatch.setattr(
        rules, "delay_after", lambda failures: hour * (failures >= rules.FREE_FAILURES)
    )


@pytest.fixture
def door(harness: Harness, identity: Identity) -> Door:
    return Door(harness, identity)


@pytest.fixture
async def admin(door: Door) -> str:
    """An administrator's access token."""
    return await door.admin()


@pytest_asyncio.fixture
async def issuer() -> AsyncIterator[LocalIssuer]:
    local = LocalIssuer()
    await local.start()
    local.add_key("one")
    yield local
    await local.stop()
