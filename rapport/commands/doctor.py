"""doctor."""

import asyncio
import sys

import typer

from rapport.commands import DATA, Data, console

app = typer.Typer()


@app.command()
def doctor(data: Data = DATA) -> None:
    """Check stores, migrations, streams, consumers, dead letters and the ledger."""
    from rapport import deployment  # noqa: PLC0415
    from rapport.doctor import examine  # noqa: PLC0415

    deployment.enter(data)

    async def say_findings() -> int:
        wrong = 0
        async for finding in examine():
            mark = "[green]✓[/]" if finding.well else "[red]✗[/]"
            console.print(f"{mark} {finding.subject:<9} {finding.said}", highlight=False)
            if finding.advice:
                console.print(f"  [yellow]→ {finding.advice}[/]", highlight=False)
                wrong += 1
        return wrong

    if wrong := asyncio.run(say_findings()):
        console.print(f"\n{wrong} to put right")
        sys.exit(1)
    console.print("\nall is well")
