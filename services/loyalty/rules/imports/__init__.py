"""Files of another programme: reading them (`files`), and what a row of each kind says (`rows`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final


class ImportKind(StrEnum):
    """What the rows of a file are."""

    BALANCES = "balances"
    TIERS = "tiers"
    HISTORY = "history"
    COUPONS = "coupons"
    REFERRAL_CODES = "referral_codes"
    REFERRALS = "referrals"
    CHECKINS = "checkins"


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


class ImportState(StrEnum):
    RECEIVING = "receiving"
    CHECKING = "checking"
    """Every row is done as it would be, and taken back."""
    CHECKED = "checked"
    COMMITTING = "committing"
    COMMITTED = "committed"
    UNDOING = "undoing"
    UNDONE = "undone"
    DISCARDED = "discarded"
    STOPPED = "stopped"
    """Its work failed again and again; what was done stands, and somebody must say how to go on."""


WORKING = (ImportState.CHECKING, ImportState.COMMITTING, ImportState.UNDOING)
"""States in which there is work to do."""

RETRIES: Final[Sequence[timedelta]] = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
)
"""When a portion that failed is tried again; after the last one it is stopped."""


def retry_after(failures: int) -> timedelta | None:
    """How long to wait after so many failures in a row; None: it has been tried enough."""
    return RETRIES[failures - 1] if failures <= len(RETRIES) else None


class RowState(StrEnum):
    ACCEPTED = "accepted"
    """Checked, and nothing was wrong."""
    REPEATED = "repeated"
    """Imported before, from this file or another."""
    REFUSED = "refused"
    IMPORTED = "imported"
    KEPT = "kept"
    """Imported, and not undone with the rest: somebody has used it since."""
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, in which column, and what would be right."""

    column: str | None
    code: str
    detail: str

    @property
    def kept(self) -> dict[str, str | None]:
        """As it is stored."""
        return {"column": self.column, "code": self.code, "detail": self.detail}
