"""Clocks of the services five minutes apart, in both directions: all goes on, and it is said."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.processes import PARTS
from tests.rapport.typed import typed_apart
from tests.system.deployment import Deployment, deployed, new_folder

pytestmark = pytest.mark.deployment

SHIFTED = Path(__file__).with_name("shifted")
CLOCKS = {"profile": -300, "loyalty": 300, "feedback": -300, "notify": 300}


@pytest.fixture(scope="module")
def system() -> Iterator[Deployment]:
    clocks = ",".join(f"{part}={seconds}" for part, seconds in CLOCKS.items())
    paths = os.pathsep.join([str(SHIFTED), *filter(None, [os.environ.get("PYTHONPATH")])])
    with (
        new_folder() as folder,
        deployed("services", folder / "data", CLOCKS=clocks, PYTHONPATH=paths) as running,
    ):
        yield running


def test_the_main_job_works(system: Deployment) -> None:
    played = typed_apart(dict(os.environ), "smoke", "--data", str(system.data))
    assert played.returncode == 0, played.stdout + played.stderr
    assert "the main job works" in played.stdout


def test_each_part_says_that_its_clock_is_another(system: Deployment) -> None:
    said = {part: (system.data / "logs" / f"{part}.log").read_text() for part in PARTS}
    apart = {part for part, log in said.items() if "have both set by NTP" in log}
    assert apart == set(CLOCKS)
