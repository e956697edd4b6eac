"""How fast points may leave a member's hands: what a thief of an account cannot do.

What is redeemed, given away or shared from a device the member has not had for long must be
little, unless they approve the device from one they have had. The first device of all needs no
approval.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """None: no limit. A device is new for `new_device_hours`, and may then spend less at once.

    Who has tried `hourly_wrong_codes` within an hour claims and tries none until that hour is over.
    """

    hourly_redemptions: int | None = 20
    daily_redemptions: int | None = 50
    daily_points: int | None = None
    new_device_hours: int = 24
    new_device_points: int | None = 1_000
    hourly_wrong_codes: int | None = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What a member has redeemed lately, and when the limits let go of the first of it."""

    in_hour: int = 0
    in_day: int = 0
    points_in_day: int = 0
    oldest_in_hour: datetime | None = None
    oldest_in_day: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStanding:
    """The device of a session: since when it is known, whether it was approved or is the first."""

    known_since: datetime | None = None
    trusted: bool = False


def too_fast_until(pace: Pace, points: int, limits: Limits) -> datetime | None:
    """When a redemption of `points` may be tried again, if not now."""
    hourly, daily = limits.hourly_redemptions, limits.daily_redemptions
    if hourly is not None and pace.in_hour >= hourly and pace.oldest_in_hour:
        return pace.oldest_in_hour + HOUR
    over = limits.daily_points is not None and pace.points_in_day + points > limits.daily_points
    many = daily is not None and pace.in_day >= daily
    return pace.oldest_in_day + DAY if (over or many) and pace.oldest_in_day else None


def after(pace: Pace, points: int, now: datetime) -> Pace:
    """The pace once `points` have been redeemed at `now`, too."""
    return replace(
        pace,
        in_hour=pace.in_hour + 1,
        in_day=pace.in_day + 1,
        points_in_day=pace.points_in_day + points,
        oldest_in_hour=pace.oldest_in_hour or now,
        oldest_in_day=pace.oldest_in_day or now,
    )


def needs_approval(device: DeviceStanding, points: int, now: datetime, limits: Limits) -> bool:
    """Whether the device is too new to spend as many points at once."""
    if device.trusted or limits.new_device_points is None or points <= limits.new_device_points:
        return False
    settled = timedelta(hours=limits.new_device_hours)
    return device.known_since is None or device.known_since > now - settled
