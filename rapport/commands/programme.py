"""programme list, export, diff, import, publish."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rapport.commands import DATA, Data, console

if TYPE_CHECKING:
    from services.loyalty.rules.programme.comparing import Difference

app = typer.Typer(
    help="The loyalty programme: rules and tiers as a YAML file.", no_args_is_help=True
)

File = Annotated[Path, typer.Argument(help="The programme as YAML.")]


@app.command("list")
def list_versions(data: Data = DATA) -> None:
    """List the versions, newest first."""
    from rapport import deployment, programmes  # noqa: PLC0415

    deployment.enter(data)
    for version in programmes.known_versions():
        about = f"{version.version:>4}  {version.state:<8}{version.created_at:%F %T}  "
        console.print(about + version.note, markup=False, highlight=False)


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to; the screen if none.")] = None,
    version: Annotated[int | None, typer.Option(help="The live version if none.")] = None,
    data: Data = DATA,
) -> None:
    """Write a version as YAML."""
    from rapport import deployment, programmes  # noqa: PLC0415

    deployment.enter(data)
    text = programmes.exported(version)
    if file is None:
        console.print(text, end="", markup=False, highlight=False)
    else:
        file.write_text(text, encoding="utf-8")


@app.command()
def diff(file: File, data: Data = DATA) -> None:
    """Say what a file differs in from the live version."""
    from rapport import deployment, programmes  # noqa: PLC0415

    deployment.enter(data)
    show(programmes.compared(file))


@app.command("import")
def take_in(
    file: File,
    note: Annotated[str, typer.Option(help="What changed, for those who read the list.")] = "",
    *,
    publish: Annotated[bool, typer.Option("--publish", help="Make it live at once.")] = False,
    data: Data = DATA,
) -> None:
    """Make a draft of a file that differs from the live version."""
    from rapport import deployment, programmes  # noqa: PLC0415

    deployment.enter(data)
    found = programmes.taken_in(file, note)
    show(found.differences)
    if found.version is None:
        return
    version = found.version.version
    if publish:
        programmes.published(version)
    console.print(f"[green]✓[/] version {version} is {'live' if publish else 'a draft'}")


@app.command("publish")
def publish_version(
    version: Annotated[int, typer.Argument(help="The version's number.")], data: Data = DATA
) -> None:
    """Let a version pay everybody."""
    from rapport import deployment, programmes  # noqa: PLC0415

    deployment.enter(data)
    console.print(f"[green]✓[/] version {programmes.published(version).version} is live")


def show(differences: "Iterable[Difference]") -> None:
    """A line for each place that differs."""
    found = list(differences)
    for item in found:
        line = f"{item.change:<8} {item.place}"
        if item.change == "changed":
            line += f": {item.before} -> {item.after}"
        console.print(line, markup=False, highlight=False)
    if not found:
        console.print("nothing differs")
