"""Processes of a benchmark: started, awaited, ended with the block, on loopback only."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx

from rapport import credentials
from rapport.credentials import Credentials

READY_WITHIN_S = 90


@contextlib.contextmanager
def process(
    *command: str | Path, url: str = "", log: Path, environment: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `command` while the block runs; the block begins when `url` answers."""
    with log.open("wb") as output:
        child = subprocess.Popen(  # noqa: S603
            list(map(str, command)),
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
    try:
        if url:
            wait_for(url, child, log)
        yield child
    finally:
        child.terminate()
        child.wait(40)


def wait_for(url: str, child: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and child.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url, timeout=2, trust_env=False).status_code < 500:  # noqa: PLR2004
                return
        time.sleep(0.05)
    message = f"{url} did not answer:\n{log.read_text()[-3000:]}"
    raise RuntimeError(message)


@contextlib.contextmanager
def system(
    folder: Path, port: int, shape: str = "process", **settings: str
) -> Iterator[tuple[str, Credentials, int]]:
    """`rapport up`: its address, what opens it, and its process id."""
    url = f"http://127.0.0.1:{port}"
    data = folder / "data"
    command = [sys.executable, "-m", "rapport", "up", "--shape", shape, "--data", str(data)]
    environment = {
        "LIMIT_WRITE": "1000000/1",
        "LIMIT_READ": "1000000/1",
        "LIMIT_SIGN_IN": "100000/1",
    }
    environment |= {"LIMIT_BACKEND": "1000000/1", "LIMIT_INGEST": "1000000/1", **settings}
    with process(
        *command,
        *("--port", str(port)),
        url=f"{url}/readyz",
        log=folder / "up.log",
        environment=environment,
    ) as child:
        wait_for(f"{url}/docs", child, folder / "up.log")
        yield url, credentials.of_folder(data), child.pid
