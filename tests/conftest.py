"""One set of real servers for the whole run, shared by all workers; sockets reach loopback only.

Servers named in the environment (POSTGRES_URL, NATS_URL, VALKEY_URL) are used instead of ours.
"""

import contextlib
import os
import re
import tempfile
from pathlib import Path

import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from rapport import embedded

pytest_plugins = ["kit.testing"]

hypothesis.settings.register_profile(
    "searching", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
"""A busy machine is no failure; HYPOTHESIS_PROFILE=searching tries other examples each time."""

hypothesis.settings.register_profile(
    "same", hypothesis.settings.get_profile("searching"), derandomize=True
)
"""The same examples in every run, so that a run that fails has failed for what was changed."""

hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

SERVERS = pytest.StashKey[contextlib.ExitStack]()
DEPLOYMENT_S = int(os.environ.get("DEPLOYMENT_S", "1200"))
"""A test that starts the system, and kills it again and again, may take longer."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.option.allow_hosts = "127.0.0.1,::1"
    config.option.allow_unix_socket = True
    is_worker = hasattr(config, "workerinput")
    if is_worker:  # workers count sign-ins apart
        number = int(config.workerinput["workerid"].removeprefix("gw")) % 15 + 1
        os.environ["VALKEY_URL"] += f"?db={number}"
    elif not config.option.collectonly:
        config.stash[SERVERS] = servers_until_closed()


DEPLOYMENTS = ("rapport", "system", "faults")
"""Where tests of whole deployments are: `make test` looks for them nowhere else."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("deployment"):
            if item.path.parent.name not in DEPLOYMENTS:
                message = f"{item.nodeid}: deployments are tested in {', '.join(DEPLOYMENTS)}"
                raise pytest.UsageError(message)
            item.add_marker(pytest.mark.timeout(DEPLOYMENT_S))


class OneWorkerEach(LoadScopeScheduling):
    """`--dist loadscope`: the tests of one deployment run in one worker, one after another."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, test = nodeid.partition("::")
        folder = path.rpartition("/")[0]
        shape = re.search(r"\[(process|services)\b", test)
        started_for = folder if folder.endswith("system") else path
        return f"{started_for} {shape[1] if shape else ''}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneWorkerEach | None:
    return OneWorkerEach(config, log) if config.getvalue("dist") == "loadscope" else None


def servers_until_closed() -> contextlib.ExitStack:
    """Start what the environment does not name, and tell the workers through it."""
    missing = [name for name in embedded.KINDS if f"{name.upper()}_URL" not in os.environ]
    with contextlib.ExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory(prefix="rapport-tests-"))
        started = embedded.servers(Path(data), durable=False, only=missing)
        servers = stack.enter_context(started)
        os.environ.update(servers.urls)
        if servers.nats_url:
            os.environ["NATS_URL"] = servers.nats_url  # tests' parts have subjects of their own
        return stack.pop_all()


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVERS in config.stash:
        config.stash[SERVERS].close()
