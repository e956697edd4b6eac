"""staff create."""

from typing import Annotated

import typer

from rapport.commands import DATA, Data, console

app = typer.Typer(help="Staff accounts.", no_args_is_help=True)


@app.callback()
def noun() -> None:
    """Keep `create` a word of its own although it is alone."""


@app.command()
def create(
    email: Annotated[str, typer.Argument(help="What they sign in by.")],
    role: Annotated[str, typer.Option(help="agent, marketer, analyst or admin.")] = "agent",
    name: Annotated[str, typer.Option(help="As members see it.")] = "",
    password: Annotated[
        str, typer.Option(envvar="STAFF_PASSWORD", help="A generated one when none is given.")
    ] = "",
    data: Data = DATA,
) -> None:
    """Create a staff account and print its password once."""
    from rapport import access, deployment  # noqa: PLC0415

    deployment.enter(data)
    chosen = access.create_staff(email, role, name or email.partition("@")[0], password)
    console.print(f"[green]✓[/] {role} {email}, password: {chosen}", highlight=False)
