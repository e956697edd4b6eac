"""What the operator sees while things start, crash, come back and stop.

One line for each change, the same in a terminal and in a log; a terminal also shows what is
awaited.
"""

from rich.console import Console
from rich.status import Status

from rapport.reports import State

LINES: dict[State, str] = {
    "ready": "  [green]✓[/] {:<10} ready in {:.1f} s",
    "crashed": "  [red]✗[/] {:<10} ended after {:.1f} s; starting it again",
    "stopped": "  [dim]· {:<10} stopped[/]",
}


class Screen:
    """Draws the reports of servers; see `reports.Report`."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._awaited: list[str] = []
        self._status: Status | None = None

    def report(self, name: str, state: State, seconds: float) -> None:
        """Draw one change of state."""
        self._awaited = [other for other in self._awaited if other != name]
        if state == "starting":
            self._awaited.append(name)
        else:
            self.console.print(LINES[state].format(name, seconds), highlight=False)
        self._show_awaited()

    def _show_awaited(self) -> None:
        if not self._awaited or not self.console.is_terminal:
            self.close()
            return
        text = f"[dim]starting {', '.join(self._awaited)}[/]"
        if self._status is None:
            self._status = self.console.status(text)
            self._status.start()
        self._status.update(text)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._status:
            self._status.stop()
            self._status = None
