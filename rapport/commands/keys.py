"""keys create."""

from typing import Annotated

import typer

from rapport.commands import DATA, Data, console

app = typer.Typer(help="API keys of the company's backends and Segment SDKs.", no_args_is_help=True)


@app.callback()
def noun() -> None:
    """Keep `create` a word of its own although it is alone."""


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[
        list[str] | None, typer.Option(help="Such as orders:write; may be repeated.")
    ] = None,
    *,
    write: Annotated[bool, typer.Option("--write", help="A Segment write key.")] = False,
    data: Data = DATA,
) -> None:
    """Create an API key and print it once."""
    from rapport import access, deployment  # noqa: PLC0415

    deployment.enter(data)
    console.print(access.create_key(name, scope or [], write=write), highlight=False)
