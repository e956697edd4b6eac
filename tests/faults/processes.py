"""The processes of a deployment under test: finding one, and doing it harm."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from tests.system.deployment import Deployment

PARTS = ("gateway", "profile", "loyalty", "feedback", "notify")
STORES = ("postgres", "nats-server", "valkey-server")


def process_of(system: Deployment, name: str) -> psutil.Process | None:
    """The process of a part or a store; never one of another deployment."""
    for process in psutil.Process(system.process.pid).children():
        try:
            command = process.cmdline()
        except psutil.Error:
            continue
        program = command[0].partition(" ")[0] if command else ""  # valkey writes a title here
        if program.endswith(f"/{name}") or (name in PARTS and name in command):
            return process
    return None


def existing(system: Deployment, name: str) -> psutil.Process:
    """The process, which must be there."""
    process = process_of(system, name)
    assert process is not None, f"{name} does not run"
    return process


@contextmanager
def silenced(system: Deployment, name: str) -> Iterator[None]:
    """While this lasts, the process neither answers nor hangs up: worse than being away."""
    process = existing(system, name)
    process.suspend()
    try:
        yield
    finally:
        process.resume()


def port_of(process: psutil.Process) -> int:
    """Where a part listens."""
    command = process.cmdline()
    return int(command[command.index("--port") + 1])
