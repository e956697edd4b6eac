"""The whole system in each of its shapes, started once a run.

All tests that start deployments share a worker: two starts at once would race for default ports.
"""

from collections.abc import Iterator

import pytest

from tests.system.deployment import SHAPES, Deployment, deployed


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "system" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("deployments"))


@pytest.fixture(scope="session", params=SHAPES)
def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    with deployed(request.param, tmp_path_factory.mktemp("system") / "data") as running:
        yield running
