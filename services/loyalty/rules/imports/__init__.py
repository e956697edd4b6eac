"""Files of another programme: reading them (`files`), and what a row of each kind says (`rows`)."""

from dataclasses import dataclass
from enum import StrEnum


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


WORKING = (ImportState.CHECKING, ImportState.COMMITTING, ImportState.UNDOING)
"""States in which there is work to do."""


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
