"""`rapport up` as operators run it, in both shapes: it works, survives crashes, leaves nothing."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import nats
import psutil
import pytest

from rapport.ports import claimed
from rapport.run_file import noted
from tests.faults.processes import port_of
from tests.rapport.typed import Done, typed, typed_apart
from tests.system.deployment import PATIENT, new_folder

READY_WITHIN_S = 240
pytestmark = pytest.mark.deployment


def rapport(data: Path, *arguments: str) -> Done:
    return typed(without_stores(), *arguments, "--data", str(data))


def without_stores() -> dict[str, str]:
    stores = {"POSTGRES_URL", "NATS_URL", "VALKEY_URL"}
    return {name: value for name, value in os.environ.items() if name not in stores}


def wait_until(condition: Callable[[], bool], what: Callable[[], str]) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, f"too late: {what()}"
        time.sleep(0.05)


class Deployment:
    """A running `rapport up`."""

    def __init__(self, data: Path, shape: str) -> None:
        self.data = data
        self.output = data.with_suffix(".out")
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "rapport", "up", "--data", str(data), "--shape", shape],
                env=without_stores() | PATIENT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_until(lambda: "Ready in" in self.said or not self.running, lambda: self.said)
        assert self.running, self.said

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    @property
    def said(self) -> str:
        return self.output.read_text()

    @property
    def noted(self) -> dict[str, Any]:
        return noted(self.data)

    @property
    def url(self) -> str:
        return str(self.noted["url"])

    @property
    def children(self) -> dict[str, psutil.Process]:
        children = self.noted["children"].items()
        return {name: psutil.Process(child["pid"]) for name, child in children}

    def kill(self, *names: str, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Kill children at once, do something meanwhile, and wait until all are back."""
        before = {name: self.times_ready(name) for name in names}
        victims = self.children
        for name in names:
            victims[name].kill()
        meanwhile()
        for name, times in before.items():
            wait_until(
                lambda name=name, times=times: self.times_ready(name) > times,
                lambda name=name: f"{name} back in\n{self.said}",
            )
            assert re.search(rf"{name} +ended after", self.said)

    def times_ready(self, name: str) -> int:
        return self.said.count(f"{name:<10} ready")


@pytest.fixture(scope="module", params=["process", "services"])
def deployment(request: pytest.FixtureRequest) -> Iterator[Deployment]:
    with new_folder() as folder:
        started = Deployment(folder / "data", request.param)
        yield started
        started.process.kill()
        started.process.wait()


def test_the_main_job_works(deployment: Deployment) -> None:
    played = typed_apart(without_stores(), "smoke", "--data", str(deployment.data))
    assert played.returncode == 0, played.stdout + played.stderr
    assert "the main job works" in played.stdout


def test_the_lines_it_prints_work_as_printed(deployment: Deployment) -> None:
    lines = deployment.said[deployment.said.index("TOKEN=") :]
    printed = subprocess.run(["bash", "-ec", lines], capture_output=True, text=True, check=True)
    assert '"streak":1' in printed.stdout
    assert '"growth_points":' in printed.stdout
    assert '"unread":' in printed.stdout


def test_the_doctor_finds_nothing(deployment: Deployment) -> None:
    found = rapport(deployment.data, "doctor")
    assert found.returncode == 0, found.stdout
    assert "all is well" in found.stdout


def test_staff_and_keys_made_by_the_operator_are_good(deployment: Deployment) -> None:
    made = rapport(deployment.data, "staff", "create", "ada@example.com", "--role", "admin")
    password = made.stdout.split("password: ")[1].strip()
    body = {"email": "ada@example.com", "password": password}
    with httpx.Client(base_url=deployment.url, timeout=60, trust_env=False) as client:
        assert client.post("/v1/auth/staff/login", json=body).status_code == 200
        key = rapport(deployment.data, "keys", "create", "till", "--scope", "members:read").stdout
        listed = client.get("/v1/members", headers={"X-Api-Key": key.strip()})
        assert listed.status_code == 200, listed.text
    again = rapport(deployment.data, "staff", "create", "ada@example.com")
    assert again.returncode == 1
    assert "A staff member has this e-mail address" in again.stderr


def test_mail_is_caught_and_shown(deployment: Deployment) -> None:
    assert rapport(deployment.data, "smoke").returncode == 0

    def welcomes() -> list[str]:
        lines = rapport(deployment.data, "mail", "list").stdout.splitlines()
        return [line.split()[0] for line in lines if "smoke." in line and "Welcome" in line]

    wait_until(lambda: bool(welcomes()), lambda: "a letter that welcomes the member")
    shown = rapport(deployment.data, "mail", "show", welcomes()[0]).stdout
    assert "to: smoke." in shown


def test_a_poisoned_event_is_listed_told_by_the_doctor_and_discarded(
    deployment: Deployment,
) -> None:
    asyncio.run(publish_poison(deployment))

    def listed() -> list[list[str]]:
        lines = rapport(deployment.data, "dead-letters", "list", "loyalty").stdout.splitlines()
        return [line.split() for line in lines]

    wait_until(lambda: len(listed()) == 1, lambda: str(listed()))
    event_id = listed()[0][3]
    found = rapport(deployment.data, "doctor")
    assert found.returncode == 1
    assert "look at `rapport dead-letters list loyalty`" in found.stdout
    replayed = rapport(deployment.data, "dead-letters", "replay", "loyalty", event_id)
    assert replayed.returncode == 1
    assert "it fails again" in replayed.stderr
    for part in ("loyalty", "profile", "notify"):
        wait_until(
            lambda p=part: (
                rapport(deployment.data, "dead-letters", "discard", p, event_id).returncode == 0
            ),
            lambda p=part: p,
        )
    assert rapport(deployment.data, "doctor").returncode == 0


async def publish_poison(deployment: Deployment) -> None:
    """Publish something to the gateway's stream that is no event."""
    url = deployment.noted["environment"]["NATS_URL"]
    client = await nats.connect(url.replace("{part}", "operator"))
    await client.jetstream().publish("evt.gateway.account.registered.v1.p00", b"{}")
    await client.close()


def test_killed_stores_come_back_with_all_they_held(deployment: Deployment) -> None:
    known = ("staff", "create", "grace@example.com")
    assert rapport(deployment.data, *known).returncode == 0
    deployment.kill("postgres", "nats", "valkey")
    played = rapport(deployment.data, "smoke")
    assert played.returncode == 0, played.stdout + played.stderr
    assert "has this e-mail address" in rapport(deployment.data, *known).stderr
    assert "all is well" in rapport(deployment.data, "doctor").stdout


def test_killed_parts_come_back_to_ports_that_were_theirs_all_the_time(
    deployment: Deployment,
) -> None:
    parts = deployment.children.keys() - {"postgres", "nats", "valkey"}
    ports = [port_of(deployment.children[name]) for name in parts]

    def nobody_gets_them() -> None:
        assert [claimed(port) for port in ports] == [None] * len(parts)

    deployment.kill(*parts, meanwhile=nobody_gets_them)
    played = rapport(deployment.data, "smoke")
    assert played.returncode == 0, played.stdout + played.stderr


def test_the_end_is_clean_and_leaves_no_process(deployment: Deployment) -> None:
    children = list(deployment.children.values())
    deployment.process.send_signal(signal.SIGTERM)
    assert deployment.process.wait(120) == 0
    assert not psutil.wait_procs(children, timeout=30)[1]
    assert "Traceback" not in deployment.said
    assert not (deployment.data / "run.json").exists()
