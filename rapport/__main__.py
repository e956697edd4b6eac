"""`rapport`, or `python -m rapport`."""

import sys

import typer
from pydantic_core import ErrorDetails, ValidationError
from rich.console import Console
from rich.markup import escape

from rapport.commands import (
    dead_letters,
    doctor,
    documents,
    imports,
    keys,
    mail,
    programme,
    running,
    secrets,
    staff,
    trying,
)
from rapport.errors import OperatorError

app = typer.Typer(
    help="The customer-relationship backend of a mobile app.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for commands in (running, trying, doctor, documents):
    app.add_typer(commands.app)
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(mail.app, name="mail")
app.add_typer(staff.app, name="staff")
app.add_typer(keys.app, name="keys")
app.add_typer(secrets.app, name="secrets")
app.add_typer(programme.app, name="programme")
app.add_typer(imports.app, name="import")


def main() -> None:
    """Run the command; what the operator can put right is said in a sentence, not a trace."""
    try:
        app()
    except OperatorError as problem:
        fail(str(problem))
    except ValidationError as problem:
        fail("\n".join(map(said_of, problem.errors())))


def said_of(error: ErrorDetails) -> str:
    """A setting that is wrong, under its name in the environment; what it held may be a secret."""
    name, *within = map(str, error["loc"] or ("settings",))
    return f"{'.'.join([name.upper(), *within])}: {error['msg']}"


def fail(message: str) -> None:
    """Say why, and leave with status 1."""
    Console(stderr=True).print(
        f"[red]rapport:[/] {escape(message)}", highlight=False, soft_wrap=True
    )
    sys.exit(1)


if __name__ == "__main__":
    main()
