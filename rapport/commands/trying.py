"""smoke, seed."""

import typer

app = typer.Typer()
