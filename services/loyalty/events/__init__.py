"""What loyalty says, and the parts it reads of what others say."""

from services.loyalty.events.heard import (
    ActivityTracked,
    MemberDescribed,
    MemberMerged,
    MemberUpdated,
    OrderChanged,
    OrderPlaced,
    SegmentEntered,
    SegmentExited,
    Told,
    TrackedActivity,
)
from services.loyalty.events.points import (
    PointsActivated,
    PointsEarned,
    PointsExpired,
    PointsHeld,
    PointsRefunded,
    PointsReleased,
    PointsReversed,
    PointsSpent,
    TierChanged,
)
from services.loyalty.events.rewards import (
    CheckInRecorded,
    RewardRedeemed,
)

PUBLISHED = (
    PointsEarned,
    PointsActivated,
    PointsSpent,
    PointsHeld,
    PointsReleased,
    PointsRefunded,
    PointsReversed,
    PointsExpired,
    TierChanged,
    RewardRedeemed,
    CheckInRecorded,
)

__all__ = [
    "PUBLISHED",
    "ActivityTracked",
    "CheckInRecorded",
    "MemberDescribed",
    "MemberMerged",
    "MemberUpdated",
    "OrderChanged",
    "OrderPlaced",
    "PointsActivated",
    "PointsEarned",
    "PointsExpired",
    "PointsHeld",
    "PointsRefunded",
    "PointsReleased",
    "PointsReversed",
    "PointsSpent",
    "RewardRedeemed",
    "SegmentEntered",
    "SegmentExited",
    "TierChanged",
    "Told",
    "TrackedActivity",
]
