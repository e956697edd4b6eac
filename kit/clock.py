"""The one place that asks the time. Edges ask; rules and actions take `now` as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
