"""A deployment as an operator starts it: `rapport up` in a process of its own."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx

from rapport.credentials import Credentials, of_folder
from rapport.run_file import noted

SHAPES = ("process", "services")
START_S = 240
STOP_S = 240
PATIENT = {
    "SHED_LAG_MS": "5000",
    "REQUEST_TIMEOUT_MS": "60000",
    "ACCESS_TOKEN_S": "3600",
    "LIMIT_SIGN_IN": "10000/1",
    "LIMIT_SIGN_IN_ACCOUNT": "10000/1",
}
"""Other tests that keep the machine busy are no overload, and all callers share an address."""
STORES = ("POSTGRES_URL", "NATS_URL", "VALKEY_URL")


@dataclass(frozen=True, slots=True)
class Deployment:
    """A running system: where it is, what opens it, and its process."""

    shape: str
    url: str
    data: Path
    credentials: Credentials
    process: "subprocess.Popen[str]"
    settings: Mapping[str, str]

    def client(self, token: str | None = None, **headers: str) -> httpx.AsyncClient:
        """A client of the gateway, with an access token or an API key."""
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=90, trust_env=False)

    def backend(self) -> httpx.AsyncClient:
        return self.client(**{"X-Api-Key": self.credentials.backend_key})

    @property
    def environment(self) -> dict[str, str]:
        """The settings its parts were given."""
        return {**self.settings, **noted(self.data)["environment"]}


@contextlib.contextmanager
def new_folder() -> Iterator[Path]:
    """Where a deployment may keep its data.

    Not pytest's own folder: each pytest that begins closes that to the user PostgreSQL runs as.
    """
    with tempfile.TemporaryDirectory(prefix="rapport-up-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextlib.contextmanager
def deployed(shape: str, data: Path, **settings: str) -> Iterator[Deployment]:
    """Start `shape` over `data`, wait until it is ready, and stop it at the end."""
    log = data.with_suffix(".out")
    chosen = PATIENT | settings
    environment = {k: v for k, v in os.environ.items() if k not in STORES} | chosen
    command = [sys.executable, "-m", "rapport", "up", "--shape", shape, "--data", str(data)]
    with ExitStack() as stack:
        with log.open("w") as output:
            process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, env=environment, text=True
            )
        stack.callback(_stop, process)
        url = _url_when_ready(process, log)
        yield Deployment(shape, url, data, of_folder(data), process, chosen)


def _url_when_ready(process: "subprocess.Popen[str]", log: Path) -> str:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if found := re.search(r"Ready in .*(http://[\d.]+:\d+)", log.read_text()):
            return found[1]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    message = f"the system did not start:\n{log.read_text()}"
    raise AssertionError(message)


def _stop(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
