"""PostgreSQL, NATS JetStream and Valkey from wheels, as child processes over one data folder.

    with embedded.servers(Path(".rapport")) as servers:
        servers.postgres_url, servers.nats_url, servers.valkey_url

Started in parallel, handed over when all answer, stopped when the block ends. Nothing is left
behind when this process is killed (see `processes`), and one data folder is used by one process at
a time (see `folder`). Call it from the main thread.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rapport.embedded.folder import DataFolder
from rapport.embedded.nats import Nats
from rapport.embedded.postgres import Postgres
from rapport.embedded.valkey import Valkey
from rapport.reports import Report, silent
from rapport.supervision import running

Store = Postgres | Nats | Valkey
KINDS: dict[str, type[Store]] = {"postgres": Postgres, "nats": Nats, "valkey": Valkey}


@dataclass(frozen=True, slots=True)
class Servers:
    """The running servers by name; a URL is empty for a server that was not asked for."""

    running: dict[str, Store]
    folder: DataFolder

    @property
    def postgres_url(self) -> str:
        """`postgresql://postgres@/postgres?host=<socket folder>`."""
        return self._url("postgres")

    @property
    def nats_url(self) -> str:
        """`nats://operator:<password>@127.0.0.1:<port>`, who may do everything."""
        nats = self.running.get("nats")
        return nats.operator_url if isinstance(nats, Nats) else ""

    @property
    def valkey_url(self) -> str:
        """`unix://<socket>`."""
        return self._url("valkey")

    @property
    def urls(self) -> dict[str, str]:
        """The URLs under the names the settings of every part read from the environment.

        Each part connects to NATS under its own name, and may do no more than it does.
        """
        return {variable(name): server.url for name, server in self.running.items()}

    def _url(self, name: str) -> str:
        return self.running[name].url if name in self.running else ""


def variable(name: str) -> str:
    """The environment variable whose URL replaces the server `name`."""
    return f"{name.upper()}_URL"


@contextmanager
def servers(
    data: Path,
    *,
    durable: bool = True,
    only: Collection[str] = tuple(KINDS),
    report: Report = silent,
) -> Iterator[Servers]:
    """Run the servers named in `only` over `data`; raise `OperatorError` with what to do.

    `durable=False` trades every guarantee for speed: for tests, whose data is thrown away.
    """
    with DataFolder.taken(data) as folder:
        started = {name: KINDS[name](folder, durable=durable) for name in only}
        with running(started.values(), report):
            yield Servers(started, folder)
