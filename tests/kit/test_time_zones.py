"""A time zone is one of the IANA database, by its exact name; nothing else opens a file."""

from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError

from kit.time_zones import TimeZone, zone_of


@pytest.mark.parametrize("name", ["Asia/Shanghai", "Europe/Moscow", "UTC"])
def test_a_zone_is_found_by_its_name(name: str) -> None:
    assert zone_of(name) == ZoneInfo(name)
    assert TypeAdapter(TimeZone).validate_python(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "Mars/Olympus", "asia/shanghai", "Asia", "../UTC", "/etc/localtime", "UTC\x00", "x" * 999],
)
def test_anything_else_is_none(name: str) -> None:
    assert zone_of(name) is None
    with pytest.raises(ValidationError, match="such as Asia/Shanghai"):
        TypeAdapter(TimeZone).validate_python(name)


def test_no_name_is_no_zone() -> None:
    assert zone_of(None) is None
