"""smoke, seed."""

import asyncio
import time
from typing import TYPE_CHECKING, Annotated

import typer

from rapport.commands import DATA, Data, console

if TYPE_CHECKING:
    from rapport.smoke.play import Played

app = typer.Typer()

Url = Annotated[str | None, typer.Option(help="A gateway elsewhere, such as a compose deployment.")]


@app.command()
def smoke(data: Data = DATA, url: Url = None) -> None:
    """Play the main job through the gateway as app, backend and agent; fail loudly.

    Credentials come from ADMIN_EMAIL, ADMIN_PASSWORD and BACKEND_KEY, else from the data folder.
    """
    from rapport import credentials, deployment  # noqa: PLC0415
    from rapport.smoke.play import play  # noqa: PLC0415

    def say(step: "Played") -> None:
        mark = f"[green]✓[/] {step.title:<64}"
        console.print(f"{mark} {step.seconds * 1000:>6.0f} ms  [dim]{step.remark}[/]")

    began = time.monotonic()
    secrets = credentials.known(data)
    asyncio.run(play(deployment.url_of(data, url), secrets, say))
    console.print(f"the main job works: {time.monotonic() - began:.1f} s")
