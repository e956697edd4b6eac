"""mail list, mail show: what the catchers of `rapport up` have taken, text messages too."""

from typing import Annotated

import typer

from rapport.commands import DATA, Data, console

app = typer.Typer(
    help="E-mails and text messages the local catchers have kept.", no_args_is_help=True
)


@app.command("list")
def list_messages(data: Data = DATA) -> None:
    """List the kept messages, oldest first."""
    from rapport import mail  # noqa: PLC0415

    for number, file in enumerate(mail.messages(data), 1):
        message = mail.read(file)
        line = f"{number:>5}  {message['date']}  {message['to']:<32}  {message['subject']}"
        console.print(line, markup=False, highlight=False)


@app.command()
def show(
    number: Annotated[int, typer.Argument(help="As listed; -1 is the newest.")] = -1,
    data: Data = DATA,
) -> None:
    """Show one message."""
    from rapport import mail  # noqa: PLC0415

    message = mail.message_numbered(data, number)
    for name in ("from", "to", "date", "subject"):
        console.print(f"[bold]{name}:[/] {message[name]}", highlight=False)
    console.print()
    console.print(mail.text_of(message), markup=False, highlight=False)
