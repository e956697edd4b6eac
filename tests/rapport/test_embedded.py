"""The embedded servers as real processes: ended with us, refused twice, back after a crash."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from rapport import embedded, supervision
from rapport.errors import OperatorError
from rapport.ports import free_port
from rapport.processes import Trace
from rapport.reports import silent

HOLD = """
import json, signal, sys
from pathlib import Path
from rapport import embedded
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever ignores it above us
with embedded.servers(Path(sys.argv[1]), durable=False, only=sys.argv[2:]) as servers:
    pids = {name: server.child.pid for name, server in servers.running.items()}
    print(json.dumps({"pids": pids, "urls": servers.urls}), flush=True)
    signal.pause()
"""
QUICK = ("nats", "valkey")


class Holder:
    """Another process that runs servers over a folder."""

    def __init__(self, data: Path, *only: str) -> None:
        command = [sys.executable, "-c", HOLD, str(data), *only]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
        assert self.process.stdout
        said = json.loads(self.process.stdout.readline())
        self.children = [psutil.Process(pid) for pid in said["pids"].values()]
        self.urls = said["urls"]

    def send(self, number: signal.Signals) -> None:
        os.killpg(self.process.pid, number)
        self.process.wait(180)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Callable[..., Holder]]:
    holders: list[Holder] = []

    def start(*only: str) -> Holder:
        holders.append(Holder(tmp_path, *only))
        return holders[-1]

    yield start
    for holder in holders:
        holder.close()


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those still there after the time a clean stop may take."""
    return psutil.wait_procs(processes, timeout=180)[1]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_server_outlives_its_parent(hold: Callable[..., Holder], number: signal.Signals) -> None:
    holder = hold(*embedded.KINDS)
    family = [*holder.children, *(p for c in holder.children for p in c.children(recursive=True))]
    holder.send(number)
    assert len(family) > len(embedded.KINDS)
    assert not alive(family)


def test_the_terminals_interrupt_does_not_reach_the_servers(hold: Callable[..., Holder]) -> None:
    holder = hold(*QUICK)
    assert [os.getsid(child.pid) for child in holder.children] == [
        child.pid for child in holder.children
    ]


def test_a_second_start_on_the_same_data_names_the_first(
    hold: Callable[..., Holder], tmp_path: Path
) -> None:
    holder = hold(*QUICK)
    message = f"{tmp_path} is in use by process {holder.process.pid}"
    with pytest.raises(OperatorError, match=message), embedded.servers(tmp_path, only=QUICK):
        pass
    assert all(child.is_running() for child in holder.children)


def test_data_committed_before_a_kill_is_there_after(tmp_path: Path) -> None:
    async def execute(url: str, statement: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(url)
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()

    for _ in range(2):
        with embedded.servers(tmp_path, only=["postgres"]) as servers:
            asyncio.run(execute(servers.postgres_url, "CREATE TABLE IF NOT EXISTS kept (id int)"))
            asyncio.run(execute(servers.postgres_url, "INSERT INTO kept VALUES (1)"))
            kept = asyncio.run(execute(servers.postgres_url, "SELECT id FROM kept"))
            os.kill(servers.running["postgres"].child.pid or 0, signal.SIGKILL)
    assert len(kept) == 2


def test_a_crashed_server_comes_back_at_its_address(tmp_path: Path) -> None:
    with embedded.servers(tmp_path, only=QUICK) as servers:
        before = servers.urls
        for server in servers.running.values():
            os.kill(server.child.pid or 0, signal.SIGKILL)
            server.child.wait_until_stopped()
            asyncio.run(supervision.start(server, silent))
            assert asyncio.run(server.answers())
        assert servers.urls == before


def test_an_error_inside_stops_the_servers(tmp_path: Path) -> None:
    running: list[psutil.Process] = []

    def fail_inside() -> None:
        with embedded.servers(tmp_path, only=QUICK) as servers:
            running.extend(psutil.Process(s.child.pid) for s in servers.running.values())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_inside()
    assert running
    assert not any(process.is_running() for process in running)


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) not in {0, port}
    assert free_port(port) == port


def test_a_folder_of_another_major_version_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("12\n")
    children = psutil.Process().children()
    with (
        pytest.raises(OperatorError, match=r"written by PostgreSQL 12, .*pg_dumpall"),
        embedded.servers(tmp_path),
    ):
        pass
    assert psutil.Process().children() == children


def test_a_server_that_fails_says_what_its_log_says(tmp_path: Path) -> None:
    with embedded.servers(tmp_path, durable=False, only=["postgres"]):
        pass
    (tmp_path / "postgres" / "global" / "pg_control").unlink()
    with (
        pytest.raises(OperatorError, match="could not find the database system"),
        embedded.servers(tmp_path),
    ):
        pass


def test_a_cluster_left_half_made_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("half")
    with embedded.servers(tmp_path, durable=False, only=["postgres"]) as servers:
        assert "postgres" in servers.postgres_url


def test_a_path_too_long_for_sockets_is_no_obstacle(tmp_path: Path) -> None:
    with embedded.servers(tmp_path / ("long" * 20), only=["valkey"]) as servers:
        address = servers.valkey_url.removeprefix("unix://")
        assert Path(address).is_socket()
    assert not Path(address).parent.exists()


def test_what_an_earlier_start_left_running_is_ended(tmp_path: Path) -> None:
    left, spared = (subprocess.Popen(["sleep", "60"]) for _ in range(2))
    trace = Trace.of(left.pid, signal.SIGTERM)
    reused = Trace.of(spared.pid, signal.SIGTERM)
    traces = {
        "left": {"pid": trace.pid, "started_at": trace.started_at, "stop_signal": 15},
        "reused": {"pid": reused.pid, "started_at": time.time() - 999, "stop_signal": 15},
    }
    (tmp_path / "run.json").write_text(json.dumps({"pid": 1, "children": traces}))
    with embedded.servers(tmp_path, only=[]):
        ended, running = left.poll() is not None, spared.poll() is None
    spared.kill()
    spared.wait()
    assert (ended, running) == (True, True)


def test_an_absent_server_has_no_url(tmp_path: Path) -> None:
    with embedded.servers(tmp_path, only=["valkey"]) as servers:
        assert servers.nats_url == ""
        assert list(servers.urls) == ["VALKEY_URL"]
