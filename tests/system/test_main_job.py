"""The main job, as README.md shows it, through the gateway, as its three clients play it."""

import pytest

from rapport.smoke.play import Played, play
from rapport.smoke.steps import STEPS
from tests.system.deployment import Deployment

pytestmark = pytest.mark.deployment


async def test_the_main_job_works(system: Deployment) -> None:
    played: list[Played] = []
    await play(system.url, system.credentials, played.append)
    assert len(played) == len(STEPS)
