"""import loyalty."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rapport.commands import DATA, Data, console
from rapport.errors import OperatorError

if TYPE_CHECKING:
    from services.loyalty.tables import Import

app = typer.Typer(help="Move in from another programme.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Move in from another programme."""


@app.command()
def loyalty(
    file: Annotated[Path, typer.Argument(help="A file of rows: .csv with a header, or .jsonl.")],
    kind: Annotated[
        str,
        typer.Option(
            help="balances, tiers, history, coupons, referral_codes, referrals or checkins."
        ),
    ] = "balances",
    programme: Annotated[
        str, typer.Option(help="Your name of the programme they come from.")
    ] = "previous",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check, and import nothing.")] = False,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Import the other rows although some are wrong.")
    ] = False,
    errors: Annotated[
        Path | None, typer.Option(help="Where to write what is wrong: a CSV file.")
    ] = None,
    data: Data = DATA,
) -> None:
    """Check a file of another programme, and import it. The same file again does nothing."""
    from rapport import deployment, imports  # noqa: PLC0415

    deployment.enter(data)
    with console.status("") as status:
        found = imports.checked(file, kind, programme, lambda at: status.update(progress(at)))
    console.print(f"import {found.import_id}")
    show("checked", found)
    if found.refused and errors is not None:
        imports.write_errors(found.import_id, errors)
        console.print(f"what is wrong is in {errors}")
    if dry_run:
        if found.state == "checked":
            imports.given_up(found.import_id)
        return
    if found.refused and not skip_refused and found.state == "checked":
        raise OperatorError("mend the file and send it again, or say --skip-refused")
    with console.status("") as status:
        found = imports.imported(
            found.import_id, lambda at: status.update(progress(at)), skip_refused=skip_refused
        )
    show(found.state, found)
    for point_type, points in sorted(found.totals.get("ledger", {}).items()):
        console.print(f"  {point_type:<8} {points:>+15,} in the ledger", highlight=False)


def progress(found: "Import") -> str:
    return f"{found.state}: row {found.reached} of {found.rows}"


def show(what: str, found: "Import") -> None:
    """A line with what became of the rows."""
    line = f"{what}: {found.rows} rows, {found.accepted} right, {found.repeated} imported before"
    console.print(f"{line}, {found.refused} refused", highlight=False)
