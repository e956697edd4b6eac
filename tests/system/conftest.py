"""The whole system in each of its shapes, started once a run. Tests of one shape share a worker."""

from collections.abc import Iterator

import pytest

from tests.system.deployment import SHAPES, Deployment, deployed


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec and "system" in callspec.params:
            item.add_marker(pytest.mark.xdist_group(callspec.params["system"]))


@pytest.fixture(scope="session", params=SHAPES)
def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    with deployed(request.param, tmp_path_factory.mktemp("system") / "data") as running:
        yield running
