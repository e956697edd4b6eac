"""secrets rotate, secrets reseal."""

import typer

from rapport.commands import DATA, Data, console

app = typer.Typer(help="The gateway's secret, and changing it.", no_args_is_help=True)


@app.command()
def rotate(data: Data = DATA) -> None:
    """Make a new secret in SECRET_KEY_FILE; the one before stays beside it for a while."""
    from rapport import deployment, secrets  # noqa: PLC0415

    deployment.enter(data)
    console.print(secrets.rotate())


@app.command()
def reseal(data: Data = DATA) -> None:
    """Seal under SECRET_KEY what was sealed under SECRET_KEY_OTHER, and forget the file of that."""
    from rapport import deployment, secrets  # noqa: PLC0415

    deployment.enter(data)
    console.print(secrets.reseal())
