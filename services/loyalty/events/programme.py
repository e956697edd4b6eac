"""What loyalty says of the programme itself."""

from datetime import datetime
from typing import ClassVar

from kit.events import Payload


class TrialEnded(Payload):
    """A version tried out with a `share` (percent) of the members pays nobody any more.

    `reason` is `budget` where it would have issued more than its ceiling, begins with `anomaly`
    where its members earned suspiciously much, and otherwise says who ended it, or what replaced
    it.
    """

    type: ClassVar[str] = "loyalty.trial.ended.v1"
    version: int
    reason: str
    share: int
    issued_points: int
    ceiling_points: int | None
    ended_at: datetime

    @property
    def aggregate_id(self) -> str:
        return f"programme:{self.version}"
