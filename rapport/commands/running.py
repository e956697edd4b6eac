"""up, serve, migrate."""

import asyncio
from enum import StrEnum
from typing import Annotated

import typer

from rapport.commands import DATA, Data, console
from rapport.errors import OperatorError

app = typer.Typer()

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int | None, typer.Option(help="Port of the gateway; 8080, or a free one.")]


class Shape(StrEnum):
    """How many processes the parts share."""

    PROCESS = "process"
    SERVICES = "services"


@app.command()
def up(
    data: Data = DATA,
    host: Host = "127.0.0.1",
    port: Port = None,
    shape: Annotated[
        Shape, typer.Option(help="All parts in one process, or a process for each.")
    ] = Shape.PROCESS,
) -> None:
    """Run everything on this machine: stores, gateway, services, a mail catcher."""
    from rapport.screen import Screen  # noqa: PLC0415

    try:
        from rapport.up import up  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise OperatorError(f"{missing.name} is missing: install rapport[embedded]") from missing

    screen = Screen(console)
    try:
        up(data, host=host, port=port, shape=shape, screen=screen)
    finally:
        screen.close()


@app.command()
def serve(
    part: Annotated[str, typer.Argument(help="gateway, profile, loyalty, feedback or notify.")],
    host: Host = "0.0.0.0",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8080,
    operations_host: Annotated[
        str, typer.Option(help="Address of the gateway's health and metrics.")
    ] = "0.0.0.0",
    operations_port: Annotated[
        int, typer.Option(help="Port of the gateway's health and metrics, which is not public.")
    ] = 8090,
    *,
    migrate: Annotated[bool, typer.Option("--migrate", help="Migrate its database first.")] = False,
    kept: Annotated[
        list[int] | None,
        typer.Option(hidden=True, help="A port that who starts us keeps for us, to be shared."),
    ] = None,
) -> None:
    """Run one part in this process, against the stores named in the environment."""
    from rapport.part import serve  # noqa: PLC0415
    from rapport.ports import Claim  # noqa: PLC0415

    shared = {number: Claim(number) for number in kept or []}
    serve(
        part,
        host=host,
        port=shared.get(port, port),
        operations_at=(operations_host, shared.get(operations_port, operations_port)),
        migrate=migrate,
    )


@app.command()
def migrate(
    parts: Annotated[list[str] | None, typer.Argument(help="All parts when none is named.")] = None,
    data: Data = DATA,
) -> None:
    """Bring databases to the newest version, creating them where absent."""
    from rapport import deployment, migrations  # noqa: PLC0415
    from rapport.parts import parts_named  # noqa: PLC0415

    deployment.enter(data)
    for part in parts_named(parts or []):
        asyncio.run(migrations.migrate([part]))
        console.print(f"[green]✓[/] {part.name}")
