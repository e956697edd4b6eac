"""The whole system in each of its shapes, started once a run.

Tests marked `deployment` run in two processes, those of one deployment in one of them and one
after another (`OneWorkerEach` in tests/conftest.py); ports are claimed: starts do not race for them.
"""

from collections.abc import Iterator

import pytest

from tests.system.deployment import SHAPES, Deployment, deployed


@pytest.fixture(scope="session", params=SHAPES)
def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    with deployed(request.param, tmp_path_factory.mktemp("system") / "data") as running:
        yield running
