"""asyncapi."""

import sys
from importlib.metadata import version

import orjson
import typer

app = typer.Typer()


@app.command()
def asyncapi() -> None:
    """Write the AsyncAPI document of all events to standard output."""
    from kit.asyncapi import document  # noqa: PLC0415
    from rapport.parts import PARTS  # noqa: PLC0415

    services = [part.service for part in PARTS.values()]
    written = orjson.dumps(document(services, version("rapport")), option=orjson.OPT_INDENT_2)
    sys.stdout.write(written.decode() + "\n")
