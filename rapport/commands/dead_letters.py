"""dead-letters list, show, replay, discard."""

from typing import Annotated
from uuid import UUID

import typer

from rapport.commands import DATA, Data, console
from rapport.errors import OperatorError

app = typer.Typer(help="Events that could not be handled.", no_args_is_help=True)

PartName = Annotated[str, typer.Argument(help="The part that could not handle it.")]
EventId = Annotated[UUID, typer.Argument(help="The event's id, as listed.")]


@app.command("list")
def list_letters(
    parts: Annotated[list[str] | None, typer.Argument(help="All parts when none is named.")] = None,
    data: Data = DATA,
) -> None:
    """List what waits for a decision, oldest first."""
    from rapport import deployment, parked  # noqa: PLC0415

    deployment.enter(data)
    for part, letter in parked.waiting(parts or []):
        line = "{parked_at:%F %T}  {event_id}  {type}  {error}".format(**letter)
        console.print(f"{part:<9} {line}", markup=False, highlight=False)


@app.command()
def show(part: PartName, event: EventId, data: Data = DATA) -> None:
    """Show one event with its error."""
    from rapport import deployment, parked  # noqa: PLC0415

    deployment.enter(data)
    letter = parked.letter(part, event)
    console.print(f"[bold]error:[/] {letter['error']}", highlight=False)
    console.print_json(letter["body"].decode(errors="replace"))


@app.command()
def replay(part: PartName, event: EventId, data: Data = DATA) -> None:
    """Handle the event once more, now."""
    from rapport import deployment, parked  # noqa: PLC0415

    deployment.enter(data)
    settle(parked.replay(part, event), "handled")


@app.command()
def discard(part: PartName, event: EventId, data: Data = DATA) -> None:
    """Give the event up; it stays in the table as discarded."""
    from rapport import deployment, parked  # noqa: PLC0415

    deployment.enter(data)
    settle(parked.discard(part, event), "discarded")


def settle(done: bool, verb: str) -> None:  # noqa: FBT001 -- an answer, not a switch
    """Say what became of it."""
    if not done:
        raise OperatorError("no such event waits; see `rapport dead-letters list`")
    console.print(f"[green]✓[/] {verb}")
