"""What rules may pay for. How they decide is in `rules.programme`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from services.loyalty.rules.ledger import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Something a member did that rules may pay for. `event` is all that is known of it.

    `at` is our time: no phone's clock decides what a day's cap allows.
    """

    member_id: UUID
    trigger: str
    source: Source
    at: datetime
    event: Mapping[str, Any]
    through: frozenset[str] = frozenset()
    """The rules whose pay led to it, which do not pay for it."""

    @property
    def name(self) -> tuple[Source, str]:
        """What is decided on once, however often it is told."""
        return self.source, self.trigger


class Kept(NamedTuple):
    """An occasion to keep: with a version's decision where its rules speak of it."""

    id: UUID
    occasion: Occasion
    version: int | None = None
    member: Mapping[str, Any] | None = None
    outcomes: Sequence[Mapping[str, Any]] | None = None
    points: int = 0


def local_day(moment: datetime, time_zone: str) -> date:
    """The calendar day of `moment` where the member lives."""
    return moment.astimezone(ZoneInfo(time_zone)).date()
