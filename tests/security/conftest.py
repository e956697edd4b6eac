"""The system under attack: started once for these tests, with people in it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.security.surface import operations
from tests.security.world import Person, World, populate, whole_system

SCOPES = {scope for each in operations() for scope in each.spec.get("x-scopes", ())}


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def world(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with whole_system(worker_id, tmp_path_factory.mktemp("security")) as started:
        await populate(started, SCOPES)
        yield started


@pytest.fixture
def ada(world: World) -> Person:
    """A member who owns things."""
    return world.people["ada"]


@pytest.fixture
def eve(world: World) -> Person:
    """A member who wants them."""
    return world.people["eve"]
