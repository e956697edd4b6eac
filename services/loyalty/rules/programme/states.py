"""The life of a version, of a back-test, and the periods caps count in."""

from enum import StrEnum


class VersionState(StrEnum):
    DRAFT = "draft"
    """May still be changed; pays nobody."""
    TRIAL = "trial"
    """Pays a share of the members, beside the live one."""
    LIVE = "live"
    """Pays everybody who is not in a trial. There is always one."""
    RETIRED = "retired"


class BacktestState(StrEnum):
    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"


class Period(StrEnum):
    """What a cap counts in: a calendar period where the member lives, or for ever."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    EVER = "ever"
