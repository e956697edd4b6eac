"""Choosing a port on loopback."""

import socket


def free_port(preferred: int = 0) -> int:
    """`preferred` when it can be had, else any free port."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    msg = "no free port on 127.0.0.1"
    raise OSError(msg)
