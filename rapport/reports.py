"""What happens to servers, reported to whoever draws it (see `screen`)."""

from collections.abc import Callable
from typing import Literal

State = Literal["starting", "ready", "crashed", "stopped"]
Report = Callable[[str, State, float], None]
"""Hears a server's name, its new state, and how many seconds the one before took."""


def silent(_name: str, _state: State, _seconds: float) -> None:
    """Draw nothing."""
