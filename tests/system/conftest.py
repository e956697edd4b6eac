"""The whole system in each of its shapes, started once a run.

Tests marked `deployment` run one after another: two starts at once race for default ports.
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
