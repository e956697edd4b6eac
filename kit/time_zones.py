"""Time zones as members and staff name them: those of the IANA database, by their exact names."""

from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator


@cache
def names() -> frozenset[str]:
    """All there are. They are looked for on the disk, once."""
    return frozenset(available_timezones())


def zone_of(name: str | None) -> ZoneInfo | None:
    """The time zone of that name, or None if there is none."""
    return ZoneInfo(name) if name in names() else None


def _known(name: str) -> str:
    if name not in names():
        raise ValueError("must be an IANA time zone such as Asia/Shanghai")
    return name


TimeZone = Annotated[str, AfterValidator(_known)]
"""The name of a time zone, in a body."""
