"""A whole deployment on one machine: stores, a mail catcher, all parts, first credentials."""

import asyncio
import logging
import os
import time
from functools import partial
from pathlib import Path

from rapport import credentials, embedded, mail, serving
from rapport.credentials import Credentials
from rapport.embedded.folder import DataFolder
from rapport.parts import GATEWAY
from rapport.ports import LOOPBACK, bindable, free_port
from rapport.processes import OperatorError
from rapport.screen import Screen
from rapport.shapes import SHAPES, Machine, Shape

MAIL_PORT = 2525

READY = """
[bold]Ready in {seconds:.1f} s.[/]  {url}/docs
  staff sign in as {secrets.admin_email}; password and keys are in {file}
  logs in {logs}
  see also: rapport doctor, rapport smoke, rapport mail list

A member registers, is paid welcome points and finds them in the inbox:
"""

TRY = """\
TOKEN=$(curl -s {url}/v1/auth/register -H 'Content-Type: application/json' \\
  -d '{{"email":"ada.'$(date +%s)'@example.com","password":"correct horse battery"}}' \\
  | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
curl -s -X POST {url}/v1/checkins -H "Authorization: Bearer $TOKEN"
curl -s {url}/v1/wallet -H "Authorization: Bearer $TOKEN"
curl -s {url}/v1/inbox -H "Authorization: Bearer $TOKEN"
"""


def up(data: Path, *, host: str, port: int | None, shape: str, screen: Screen) -> None:
    """Run until told to stop. A server named in the environment is used instead of ours."""
    began = time.monotonic()
    port = chosen_port(port)
    missing = [name for name in embedded.KINDS if not os.environ.get(embedded.variable(name))]
    with embedded.servers(data, only=missing, report=screen.report) as servers:
        folder = servers.folder
        url = f"http://{LOOPBACK}:{port}"
        secrets = credentials.of_folder(folder.path)
        take_settings(folder, servers.urls | settings_of(folder, url, secrets))
        log_to(folder)
        machine = Machine(
            folder=folder,
            stores=list(servers.running.values()),
            host=host,
            port=port,
            report=screen.report,
            ready=lambda: welcome(screen, folder, url, secrets, time.monotonic() - began),
        )
        serving.run(partial(run_shape, SHAPES[shape], machine))


def chosen_port(asked: int | None) -> int:
    """The port asked for, which must be free; else the default or any free one."""
    if asked and not bindable(asked):
        raise OperatorError(f"port {asked} is taken; choose another with --port")
    return asked or free_port(GATEWAY.port)


def settings_of(folder: DataFolder, url: str, secrets: Credentials) -> dict[str, str]:
    """The settings of the parts of this deployment."""
    return {
        "JWKS": f"{url}/.well-known/jwks.json",
        "PUBLIC_URL": url,
        "SECRET_KEY_FILE": str(folder.path / "secret_key"),
        "SMTP_URL": f"smtp://{LOOPBACK}:{free_port(MAIL_PORT)}",
        **secrets.environment,
    }


def take_settings(folder: DataFolder, settings: dict[str, str]) -> None:
    """Put the settings into our environment, but for what the operator has set, and note them."""
    for name, value in settings.items():
        os.environ[name] = os.environ.get(name) or value
    noted = {
        name: os.environ[name] for name in (*settings, *map(embedded.variable, embedded.KINDS))
    }
    folder.note(url=settings["PUBLIC_URL"], environment=noted)


def log_to(folder: DataFolder) -> None:
    """Send this process's log to a file: the terminal is for people."""
    from kit.logs import JsonFormatter  # noqa: PLC0415 -- after the stores have begun to start

    handler = logging.FileHandler(folder.log("rapport"))
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO"), handlers=[handler])


async def run_shape(shape: Shape, machine: Machine, told: asyncio.Event) -> None:
    """Run `shape` until told, beside the catcher of its mail."""
    async with mail.catching(machine.folder.path, os.environ["SMTP_URL"]):
        await shape(machine, told)


def welcome(
    screen: Screen, folder: DataFolder, url: str, secrets: Credentials, seconds: float
) -> None:
    """Say what to open and what to try."""
    screen.console.print(
        READY.format(
            seconds=seconds,
            url=url,
            secrets=secrets,
            file=folder.path / credentials.FILE,
            logs=folder.path / "logs",
        ),
        highlight=False,
    )
    screen.console.print(TRY.format(url=url), markup=False, highlight=False, soft_wrap=True)
