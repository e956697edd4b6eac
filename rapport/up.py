"""A whole deployment on one machine: stores, a mail catcher, all parts, first credentials."""

import asyncio
import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread

from kit import memory
from rapport import credentials, embedded, mail, serving, sms
from rapport.embedded.folder import DataFolder
from rapport.errors import OperatorError
from rapport.parts import GATEWAY, load_all
from rapport.ports import LOOPBACK, Claim, claim, claimed, url_of
from rapport.screen import Screen
from rapport.shapes import SHAPES, Machine, Shape
from rapport.welcome import welcome

MAIL_PORT = 2525
SMS_PORT = 2526
OPERATIONS_PORT = 8090


def up(data: Path, *, host: str, port: int | None, shape: str, screen: Screen) -> None:
    """Run until told to stop. A server named in the environment is used instead of ours."""
    began = time.monotonic()
    memory.keep_one_heap()
    if shape == "process":
        # While the stores start there is time to import what this process will run.
        Thread(target=warm_up, daemon=True).start()
    ports = Ports(gateway=claimed_for_gateway(port, host))
    url = url_of(host, ports.gateway.port)
    missing = [name for name in embedded.KINDS if not os.environ.get(embedded.variable(name))]
    with embedded.servers(data, only=missing, report=screen.report) as servers:
        folder = servers.folder
        take_settings(folder, servers.urls | settings_of(folder, url, ports))

        def ready() -> None:
            metrics = f"http://{LOOPBACK}:{ports.operations.port}/metrics"
            seconds = time.monotonic() - began
            welcome(screen.console, folder.path, url=url, metrics=metrics, seconds=seconds)

        machine = Machine(
            folder=folder,
            stores=list(servers.running.values()),
            host=host,
            gateway=ports.gateway,
            operations=ports.operations,
            report=screen.report,
            ready=ready,
        )
        with logging_to(folder.log("rapport")):
            serving.run(partial(run_shape, SHAPES[shape], machine, ports))


def warm_up() -> None:
    """Import the parts; what is wrong with one is said when it is used."""
    with contextlib.suppress(Exception):
        load_all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The ports this process will listen on, nobody else's from now on."""

    gateway: Claim
    operations: Claim = field(default_factory=partial(claim, OPERATIONS_PORT))
    mail: Claim = field(default_factory=partial(claim, MAIL_PORT))
    sms: Claim = field(default_factory=partial(claim, SMS_PORT))


def claimed_for_gateway(asked: int | None, host: str) -> Claim:
    """The port asked for, which must be free; else the default or any free one."""
    if not asked:
        return claim(GATEWAY.port, host)
    if (kept := claimed(asked, host)) is None:
        raise OperatorError(f"port {asked} is taken; choose another with --port")
    return kept


def settings_of(folder: DataFolder, url: str, ports: Ports) -> dict[str, str]:
    """The settings of the parts of this deployment."""
    return {
        "JWKS": f"{url}/.well-known/jwks.json",
        "INTERNAL_KEYS_FOLDER": str(folder.path / "internal_keys"),
        "PUBLIC_URL": url,
        "SECRET_KEY_FILE": str(folder.path / "secret_key"),
        "MESSAGE_SECRET_FILE": str(folder.path / "message_secret"),
        "ATTACHMENTS_FOLDER": str(folder.path / "attachments"),
        "SMTP_URL": f"smtp://{LOOPBACK}:{ports.mail.port}",
        "SMS_URL": f"http://{LOOPBACK}:{ports.sms.port}/sms",
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


async def run_shape(shape: Shape, machine: Machine, ports: Ports, told: asyncio.Event) -> None:
    """Run `shape` until told, beside the catchers of its mail and text messages."""
    folder, environment = machine.folder.path, os.environ
    async with (
        mail.catching(folder, environment["SMTP_URL"], [ports.mail]),
        sms.receiving(folder, environment["SMS_URL"], environment["SMS_SECRET"], [ports.sms]),
    ):
        await shape(machine, told)
