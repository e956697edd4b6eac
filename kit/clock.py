"""The one place that asks the time. Edges ask; rules and actions take `now` as an argument."""

from datetime import UTC, datetime
from typing import Final

APART_S: Final = 300.0
"""By how much the clocks of two machines may differ before what one says is refused or missed."""


def now() -> datetime:
    return datetime.now(UTC)
