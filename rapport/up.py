"""A whole deployment on one machine: stores, a mail catcher, all parts, first credentials."""

import asyncio
import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Thread

from rapport import credentials, embedded, mail, serving, sms
from rapport.embedded.folder import DataFolder
from rapport.errors import OperatorError
from rapport.parts import GATEWAY, load_all
from rapport.ports import LOOPBACK, bindable, free_port, reachable_at
from rapport.screen import Screen
from rapport.shapes import SHAPES, Machine, Shape
from rapport.welcome import welcome

MAIL_PORT = 2525
SMS_PORT = 2526
OPERATIONS_PORT = 8090


def up(data: Path, *, host: str, port: int | None, shape: str, screen: Screen) -> None:
    """Run until told to stop. A server named in the environment is used instead of ours."""
    began = time.monotonic()
    if shape == "process":
        # While the stores start there is time to import what this process will run.
        Thread(target=warm_up, daemon=True).start()
    port, operations_port = chosen_port(port), free_port(OPERATIONS_PORT)
    url = f"http://{reachable_at(host)}:{port}"
    missing = [name for name in embedded.KINDS if not os.environ.get(embedded.variable(name))]
    with embedded.servers(data, only=missing, report=screen.report) as servers:
        folder = servers.folder
        take_settings(folder, servers.urls | settings_of(folder, url))

        def ready() -> None:
            metrics = f"http://{LOOPBACK}:{operations_port}/metrics"
            seconds = time.monotonic() - began
            welcome(screen.console, folder.path, url=url, metrics=metrics, seconds=seconds)

        machine = Machine(
            folder=folder,
            stores=list(servers.running.values()),
            host=host,
            port=port,
            operations_port=operations_port,
            report=screen.report,
            ready=ready,
        )
        with logging_to(folder.log("rapport")):
            serving.run(partial(run_shape, SHAPES[shape], machine))


def warm_up() -> None:
    """Import the parts; what is wrong with one is said when it is used."""
    with contextlib.suppress(Exception):
        load_all()


def chosen_port(asked: int | None) -> int:
    """The port asked for, which must be free; else the default or any free one."""
    if asked and not bindable(asked):
        raise OperatorError(f"port {asked} is taken; choose another with --port")
    return asked or free_port(GATEWAY.port)


def settings_of(folder: DataFolder, url: str) -> dict[str, str]:
    """The settings of the parts of this deployment."""
    return {
        "JWKS": f"{url}/.well-known/jwks.json",
        "PUBLIC_URL": url,
        "SECRET_KEY_FILE": str(folder.path / "secret_key"),
        "MESSAGE_SECRET_FILE": str(folder.path / "message_secret"),
        "SMTP_URL": f"smtp://{LOOPBACK}:{free_port(MAIL_PORT)}",
        "SMS_URL": f"http://{LOOPBACK}:{free_port(SMS_PORT)}/sms",
        "SMS_SECRET": secrets.token_urlsafe(32),
    }


def take_settings(folder: DataFolder, settings: dict[str, str]) -> None:
    """Put settings and credentials into our environment, but for what the operator has set.

    What other commands need of it is noted; credentials have a file of their own.
    """
    for name, value in (settings | credentials.of_folder(folder.path).environment).items():
        os.environ[name] = os.environ.get(name) or value
    names = [*settings, *map(embedded.variable, embedded.KINDS)]
    folder.note(url=settings["PUBLIC_URL"], environment={name: os.environ[name] for name in names})


@contextlib.contextmanager
def logging_to(file: Path) -> Iterator[None]:
    """Send what this process logs to a file: the terminal is for people."""
    from kit import logs  # noqa: PLC0415 -- after the stores have begun to start

    with file.open("a") as log, contextlib.redirect_stderr(log):
        logs.configure(os.environ.get("LOG_LEVEL", "INFO"))
        yield


async def run_shape(shape: Shape, machine: Machine, told: asyncio.Event) -> None:
    """Run `shape` until told, beside the catchers of its mail and text messages."""
    folder, environment = machine.folder.path, os.environ
    async with (
        mail.catching(folder, environment["SMTP_URL"]),
        sms.receiving(folder, environment["SMS_URL"], environment["SMS_SECRET"]),
    ):
        await shape(machine, told)
