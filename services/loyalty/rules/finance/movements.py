"""What changes the points outstanding: opening + movements = closing, to the point.

Outstanding is what members have: available, pending and held. What they owe stands apart; every
movement changes the outstanding less the debt by exactly what its entries say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from services.loyalty.rules.ledger import Kind


class Movement(StrEnum):
    EARNED = "earned"
    IMPORTED = "imported"
    OWED = "owed"
    """Debts brought along from another programme, or let go with it: no points were issued."""
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"
    REFUNDED = "refunded"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    REVERSED = "reversed"
    ADJUSTED = "adjusted"
    SHIFTED = "shifted"
    """Between available, pending and held: comes to nothing in all."""


class Origin(StrEnum):
    """What brought points in, and so what they are in the books."""

    ORDER = "order"
    """Sold with an order: a material right, paid for with it."""
    IMPORT = "import"
    """Brought along from another programme, with the liability for them."""
    OTHER = "other"
    """Given for nothing: a cost of marketing."""


MOVEMENTS: Mapping[str, Movement] = {
    Kind.EARN: Movement.EARNED,
    Kind.IMPORT: Movement.IMPORTED,
    Kind.ACTIVATE: Movement.SHIFTED,
    Kind.HOLD: Movement.SHIFTED,
    Kind.VOID: Movement.SHIFTED,
    Kind.EXTEND: Movement.SHIFTED,
    Kind.SPEND: Movement.REDEEMED,
    Kind.CAPTURE: Movement.REDEEMED,
    Kind.REFUND: Movement.REFUNDED,
    Kind.REVERSE: Movement.REVERSED,
    Kind.EXPIRE: Movement.EXPIRED,
    Kind.ADJUST: Movement.ADJUSTED,
}
"""What entries of each kind are; a transfer goes in or out, by its sign, and imports may owe."""

_CASES = " ".join(f"WHEN '{kind}' THEN '{movement}'" for kind, movement in MOVEMENTS.items())

MOVEMENT_OF = f"""
    CASE WHEN kind = 'import' AND leg = CASE WHEN entries.points < 0 THEN 'import' ELSE 'undo' END
        THEN '{Movement.OWED}'
    ELSE CASE kind {_CASES} WHEN 'transfer' THEN CASE WHEN entries.points > 0
        THEN '{Movement.TRANSFERRED_IN}' ELSE '{Movement.TRANSFERRED_OUT}' END END END
"""
"""The same as SQL, of `entries`."""

ISSUING = frozenset(
    {
        Movement.EARNED,
        Movement.IMPORTED,
        Movement.TRANSFERRED_IN,
        Movement.TRANSFERRED_OUT,
        Movement.REVERSED,
        Movement.ADJUSTED,
    }
)
"""What makes points, or unmakes them as if they had never been."""


@dataclass(frozen=True, slots=True)
class Points:
    """Points by where they are, and what is owed."""

    available: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0

    def __add__(self, other: "Points") -> "Points":
        return Points(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def outstanding(self) -> int:
        return self.available + self.pending + self.held

    @property
    def net(self) -> int:
        """What is outstanding less what is owed: this is what entries add up to."""
        return self.outstanding - self.debt


@dataclass(frozen=True, slots=True)
class RollForward:
    """From the points at the beginning of a time to those at its end."""

    opening: Points
    movements: Mapping[Movement, Points]

    @property
    def closing(self) -> Points:
        return sum(self.movements.values(), self.opening)

    @property
    def net(self) -> Mapping[Movement, int]:
        """The movements as a reader adds them up."""
        return {name: self.movements.get(name, Points()).net for name in Movement}
