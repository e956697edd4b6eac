"""Birthdays: told where the member lives, once a year, whatever becomes of the date meanwhile."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.testing import member
from services.profile.events import MemberBirthday
from services.profile.jobs import TELL_BIRTHDAYS
from services.profile.rules.birthdays import birthdays_about, celebrated
from tests.profile.conftest import Profile, alias, identify, track
from tests.profile.test_erasing import close


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


async def born(profile: Profile, birthday: Any, time_zone: str = "UTC", **account: Any) -> UUID:
    mei = await profile.register(**account)
    await profile.send(identify(userId=str(mei), traits={"birthday": birthday}))
    await moved(profile, mei, time_zone)
    return mei


async def moved(profile: Profile, mei: UUID, time_zone: str) -> None:
    body = {"time_zone": time_zone}
    answer = await profile.call(member(mei), "PATCH", "/v1/me", json=body)
    assert answer.status_code == 200, answer.text


async def told(profile: Profile, *moments: str) -> list[tuple[UUID, int]]:
    """Who was told of so far, once the clock has been at these moments."""
    for moment in moments:
        await profile.harness.run(TELL_BIRTHDAYS, at(moment))
    return [(e.member_id, e.year) for e in await profile.harness.published(MemberBirthday)]


@pytest.mark.parametrize(
    ("birthday", "time_zone", "moment", "year"),
    [
        pytest.param("1990-05-04", "UTC", "2026-05-04T00:00", 2026, id="on the day"),
        pytest.param("1990-05-04", "UTC", "2026-05-03T23:59", None, id="not before"),
        pytest.param("1990-05-04", "Asia/Shanghai", "2026-05-03T16:00", 2026, id="east of us"),
        pytest.param("1990-05-04", "America/Los_Angeles", "2026-05-04T06:59", None, id="west"),
        pytest.param("1990-05-04", "Pacific/Kiritimati", "2026-05-03T10:00", 2026, id="far east"),
        pytest.param("1990-05-04", "UTC", "2026-05-06T23:59", 2026, id="a little late"),
        pytest.param("1990-05-04", "UTC", "2026-05-07T00:00", None, id="not for ever"),
        pytest.param("1990-12-31", "UTC", "2027-01-02T12:00", 2026, id="late, in the next year"),
        pytest.param("1992-02-29", "UTC", "2028-02-29T12:00", 2028, id="a leap day"),
        pytest.param("1992-02-29", "UTC", "2026-02-28T12:00", 2026, id="in other years the 28th"),
        pytest.param("1992-02-29", "UTC", "2028-02-28T12:00", None, id="but not in leap years"),
        pytest.param("1990-05-04T08:30:00Z", "UTC", "2026-05-04T00:00", 2026, id="with a time"),
        pytest.param("04.05.1990", "UTC", "2026-05-04T00:00", None, id="no date of ISO 8601"),
        pytest.param("1990-13-04", "UTC", "2026-05-04T00:00", None, id="no date at all"),
        pytest.param(19900504, "UTC", "2026-05-04T00:00", None, id="a number"),
        pytest.param("2027-05-04", "UTC", "2026-05-04T00:00", None, id="yet to be born"),
    ],
)
def test_when_a_birthday_is(birthday, time_zone: str, moment: str, year: int | None) -> None:
    assert celebrated(birthday, time_zone, at(moment)) == year


@given(
    st.dates(date(1930, 1, 1), date(2020, 1, 1)),
    st.sampled_from(["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"]),
    st.integers(0, 5 * 365 * 24).map(lambda hours: at("2024-01-01T00:30") + timedelta(hours=hours)),
)
def test_whoever_has_a_birthday_is_looked_at(birthday, time_zone: str, now: datetime) -> None:
    if celebrated(birthday.isoformat(), time_zone, now):
        assert f"{birthday:%m-%d}" in birthdays_about(now)


@given(st.dates(date(1930, 1, 1), date(2020, 1, 1)))
def test_everybody_has_one_every_year(birthday) -> None:
    days = [datetime(2027, 1, 3, 12, tzinfo=UTC) + timedelta(days=n) for n in range(365)]
    years = {celebrated(birthday.isoformat(), "UTC", day) for day in days} - {None}
    assert 2027 in years


async def test_a_birthday_is_told_where_the_member_lives_without_its_date(profile) -> None:
    mei = await born(profile, "1990-05-04", "Asia/Shanghai")
    ann = await born(profile, "1985-05-04", "America/New_York")
    assert await told(profile, "2026-05-03T15:50") == []
    assert await told(profile, "2026-05-03T16:00") == [(mei, 2026)]
    assert await told(profile, "2026-05-04T04:00") == [(mei, 2026), (ann, 2026)]
    (one, _) = await profile.harness.published(MemberBirthday)
    assert set(one.model_dump()) == {"member_id", "year"}


async def test_it_is_told_once_however_often_the_job_runs_also_at_once(profile) -> None:
    mei = await born(profile, "1990-05-04")
    moment = at("2026-05-04T00:10")
    await asyncio.gather(*(profile.harness.run(TELL_BIRTHDAYS, moment) for _ in range(4)))
    assert await told(profile, "2026-05-04T00:20", "2026-05-05T00:20") == [(mei, 2026)]
    assert await told(profile, "2027-05-04T00:00") == [(mei, 2026), (mei, 2027)]


@pytest.mark.parametrize("birthday", ["1990-06-01", "1990-05-05", "1991-01-02"])
async def test_another_birthday_brings_no_second_one_within_a_year(profile, birthday) -> None:
    mei = await born(profile, "1990-05-04")
    await told(profile, "2026-05-04T00:00")
    await profile.send(identify(userId=str(mei), traits={"birthday": birthday}))
    around = [f"2026-{birthday[5:]}T12:00", f"2027-{birthday[5:]}T12:00"]
    before = [moment for moment in around if at(moment) < at("2027-04-01T00:00")]
    assert await told(profile, *before) == [(mei, 2026)]


async def test_another_time_zone_brings_no_second_one(profile) -> None:
    mei = await born(profile, "1990-05-04", "Pacific/Kiritimati")
    await told(profile, "2026-05-03T10:00")
    await moved(profile, mei, "America/Los_Angeles")
    assert await told(profile, "2026-05-04T12:00") == [(mei, 2026)]
    await moved(profile, mei, "Pacific/Kiritimati")
    assert await told(profile, "2027-05-03T10:00") == [(mei, 2026), (mei, 2027)]


async def test_who_has_no_account_has_no_birthday(profile) -> None:
    await profile.send(identify(anonymousId="a-1", traits={"birthday": "1990-05-04"}))
    assert await told(profile, "2026-05-04T00:00") == []


async def test_a_merged_member_has_no_second_birthday(profile) -> None:
    """The shop knew her under an id of its own, and told of her birthday already."""
    mei = await profile.register()
    await profile.send(track(userId="shop-42"))
    await profile.send(identify(userId="shop-42", traits={"birthday": "1990-05-04"}))
    assert len(await told(profile, "2026-05-04T00:00")) == 1
    await profile.send(alias(previousId="shop-42", userId=str(mei)))
    assert len(await told(profile, "2026-05-04T01:00")) == 1
    assert (await told(profile, "2027-05-04T01:00"))[1:] == [(mei, 2027)]


async def test_nothing_is_kept_of_it_once_the_member_is_erased(profile) -> None:
    mei = await born(profile, "1990-05-04")
    await told(profile, "2026-05-04T00:00")
    await close(profile, mei)
    assert await profile.harness.traces(mei) == {"members"}
