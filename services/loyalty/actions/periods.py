"""Changing when something begins and ends."""

from collections.abc import Mapping
from typing import Any

from kit.problems import Unprocessable


class WrongPeriod(Unprocessable):
    code = "loyalty.wrong_period"
    title = "It would end before it begins"


def check_period(known: object, changes: Mapping[str, Any], begins: str, ends: str) -> None:
    """Raise WrongPeriod if what is `known`, changed so, would not end after it begins."""
    beginning, end = (changes.get(name, getattr(known, name)) for name in (begins, ends))
    if beginning and end and end <= beginning:
        raise WrongPeriod(f"`{ends}` must be after `{begins}`, {beginning:%FT%TZ}.", field=ends)
