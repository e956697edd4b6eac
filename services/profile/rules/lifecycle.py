"""Lifecycle stages: how alive a member is, by age and last activity.

- new: first seen less than `NEW_FOR` ago;
- active: not new, last activity less than `ACTIVE_FOR` ago;
- silent: last activity less than `SILENT_FOR` ago;
- lapsed: longer than that.

First sight counts as an activity, so a member who never came back falls silent too.
"""

from datetime import datetime, timedelta
from enum import StrEnum

NEW_FOR = timedelta(days=7)
ACTIVE_FOR = timedelta(days=7)
SILENT_FOR = timedelta(days=30)


class Stage(StrEnum):
    """Where a member is in the lifecycle."""

    NEW = "new"
    ACTIVE = "active"
    SILENT = "silent"
    LAPSED = "lapsed"


def stage_at(
    now: datetime, *, created_at: datetime, last_active_at: datetime | None
) -> tuple[Stage, datetime | None]:
    """The stage at `now`, and when it ends if nothing more happens (None: never)."""
    alive_at = max(created_at, last_active_at or created_at)
    if now < (until := created_at + NEW_FOR):
        return Stage.NEW, until
    if now < (until := alive_at + ACTIVE_FOR):
        return Stage.ACTIVE, until
    if now < (until := alive_at + SILENT_FOR):
        return Stage.SILENT, until
    return Stage.LAPSED, None
