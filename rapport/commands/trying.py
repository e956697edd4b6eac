"""smoke, seed."""

import asyncio
import time
from typing import TYPE_CHECKING, Annotated

import typer

from rapport.commands import DATA, Data, console

if TYPE_CHECKING:
    from rich.progress import TaskID

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


@app.command()
def seed(
    data: Data = DATA,
    members: Annotated[int, typer.Option(min=1, max=999, help="How many members.")] = 500,
    days: Annotated[int, typer.Option(min=1, max=365, help="How many days they have lived.")] = 60,
) -> None:
    """Fill a deployment with a believable brand: the same one at every run of a day."""
    from rich.progress import Progress  # noqa: PLC0415

    from rapport import deployment  # noqa: PLC0415
    from rapport.seed.sowing import PASSWORD, sow  # noqa: PLC0415

    deployment.enter(data)
    with Progress(console=console) as progress:
        tasks: dict[str, TaskID] = {}

        def say(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what)
            progress.update(tasks[what], completed=done, total=total)

        asyncio.run(sow(members, days, say))
    console.print(f"members sign in as member001@example.com ..., password: {PASSWORD}")
    console.print("agents: mei, oleg and grace @example.com, the same password")
