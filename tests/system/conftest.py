"""The whole system in each of its shapes, started once a run.

Tests marked `deployment` run in two processes, those of one deployment in one of them and one
after another (`OneWorkerEach` in tests/conftest.py).
"""

from collections.abc import Iterator

import pytest

from tests.system.deployment import SHAPES, Deployment, deployed, new_folder


@pytest.fixture(scope="session", params=SHAPES)
def system(request: pytest.FixtureRequest) -> Iterator[Deployment]:
    with new_folder() as folder, deployed(request.param, folder / "data") as running:
        yield running
