"""The files of deploy/ and beside it, parsed. Nothing here needs Docker or a cluster."""

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text())


@pytest.fixture(scope="session")
def compose() -> Any:
    return read("docker-compose.yml")


@pytest.fixture(scope="session")
def alerts() -> list[Any]:
    return [rule for group in read("deploy/rules/alerts.yml")["groups"] for rule in group["rules"]]


@pytest.fixture(scope="session")
def recordings() -> list[Any]:
    groups = read("deploy/rules/recording.yml")["groups"]
    return [rule for group in groups for rule in group["rules"]]
