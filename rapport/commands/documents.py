"""asyncapi and openapi."""

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


@app.command()
def openapi() -> None:
    """Write the OpenAPI document of everything that can be reached to standard output."""
    from gateway.openapi import merge  # noqa: PLC0415
    from gateway.routes import Table  # noqa: PLC0415
    from kit.app import openapi_of  # noqa: PLC0415
    from rapport.parts import PARTS  # noqa: PLC0415

    documents = {name: openapi_of(part.service) for name, part in PARTS.items()}
    written = orjson.dumps(merge(documents, Table()), option=orjson.OPT_INDENT_2)
    sys.stdout.write(written.decode() + "\n")
