"""Identity under test: its routes on real stores, called as they are through the edge."""

from collections.abc import AsyncIterator

import pytest

from gateway.identity import Identity
from kit.testing import Harness, harness_of
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


@pytest.fixture
def door(harness: Harness, identity: Identity) -> Door:
    return Door(harness, identity)
