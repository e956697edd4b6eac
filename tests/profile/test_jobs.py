"""What happens by the clock: stages end, audiences are listed."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from kit import clock
from kit.ids import uuid7
from kit.testing import example, marketer
from services.profile.actions import audiences, segments
from services.profile.actions.audiences import list_audience
from services.profile.events import (
    AudienceListed,
    LifecycleChanged,
    MemberUpdated,
    SegmentEntered,
    SegmentExited,
)
from services.profile.jobs import FILL_SEGMENTS, FLIP_STAGES, LIST_AUDIENCES
from tests.profile.conftest import Profile, track


async def flip(profile: Profile, *, after_days: float) -> datetime:
    at = clock.now() + timedelta(days=after_days)
    await profile.harness.run(FLIP_STAGES, at)
    return at


async def stages(profile: Profile) -> list[tuple[str | None, str]]:
    return [(e.previous, e.stage) for e in await profile.harness.published(LifecycleChanged)]


async def test_a_member_who_never_comes_back_falls_silent_and_lapses(profile: Profile) -> None:
    mei = await profile.register()
    for days in (6.9, 7.1, 20, 29.9, 30.1, 400):
        await flip(profile, after_days=days)
    assert await stages(profile) == [(None, "new"), ("new", "silent"), ("silent", "lapsed")]
    shown = await profile.shown(mei)
    assert (shown["stage"], shown["segments"]) == ("lapsed", ["lapsed"])
    assert [e.stage for e in await profile.harness.published(MemberUpdated)] == ["silent", "lapsed"]


async def test_segments_of_stages_are_exited_and_entered(profile: Profile) -> None:
    mei = await profile.register()
    at = await flip(profile, after_days=8)
    (exited,) = await profile.harness.published(SegmentExited)
    assert (exited.member_id, exited.segment, exited.changed_at) == (mei, "new", at)
    entered = await profile.harness.published(SegmentEntered)
    assert [event.segment for event in entered] == ["new", "silent"]


async def test_an_activity_keeps_a_member_active_although_no_index_was_touched(profile) -> None:
    old = clock.now() - timedelta(days=20)
    mei = await profile.register(registered_at=old)
    assert (await profile.shown(mei))["stage"] == "silent"
    await profile.send(track(userId=str(mei)))
    assert (await profile.shown(mei))["stage"] == "active"
    await profile.send(track(userId=str(mei)))
    await flip(profile, after_days=6.9)
    assert (await profile.shown(mei))["stage"] == "active"
    await flip(profile, after_days=7.1)
    assert (await profile.shown(mei))["stage"] == "silent"


async def test_a_lapsed_member_who_returns_is_active_at_once(profile: Profile) -> None:
    mei = await profile.register(registered_at=clock.now() - timedelta(days=90))
    await profile.send(track(userId=str(mei)))
    assert await stages(profile) == [(None, "lapsed"), ("lapsed", "active")]


async def test_every_member_due_flips_once_however_many_and_racing(profile, monkeypatch) -> None:
    monkeypatch.setattr(segments, "FLIP_PORTION", 3)
    members = [await profile.register() for _ in range(10)]
    await asyncio.gather(*(flip(profile, after_days=8) for _ in range(3)))
    await flip(profile, after_days=8)
    told = [e.member_id for e in await profile.harness.published(LifecycleChanged) if e.previous]
    assert sorted(told) == sorted(members)


async def test_merged_members_flip_no_more(profile: Profile) -> None:
    await profile.send(track(anonymousId="phone-1"))
    mei = await profile.register(anonymous_id="phone-1")
    await flip(profile, after_days=8)
    told = [e.member_id for e in await profile.harness.published(LifecycleChanged) if e.previous]
    assert told == [mei]


def requested(segment: str, audience_id: UUID | None = None):
    return example(
        "notify.audience.requested.v1",
        audience_id=audience_id or uuid7(),
        segment=segment,
        requested_at=clock.now(),
    )


async def test_an_audience_is_listed_in_pages_in_member_order(profile, monkeypatch) -> None:
    monkeypatch.setattr(audiences, "MOST_LISTED", 3)
    members = sorted([await profile.register() for _ in range(7)])
    request = requested("new")
    await profile.harness.deliver(request)
    await profile.harness.run(LIST_AUDIENCES)
    pages = await profile.harness.published(AudienceListed)
    assert [page.page for page in pages] == [0, 1, 2]
    assert [page.last for page in pages] == [False, False, True]
    assert [m for page in pages for m in page.member_ids] == members
    assert {str(page.audience_id) for page in pages} == {request.data["audience_id"]}
    events = await profile.harness.events(AudienceListed.type)
    assert {event.subject for event in events} == {request.data["audience_id"]}


async def test_a_full_last_page_is_the_last(profile: Profile, monkeypatch) -> None:
    monkeypatch.setattr(audiences, "MOST_LISTED", 3)
    for _ in range(6):
        await profile.register()
    await profile.harness.deliver(requested("new"))
    await profile.harness.run(LIST_AUDIENCES)
    pages = await profile.harness.published(AudienceListed)
    assert [(len(page.member_ids), page.last) for page in pages] == [(3, False), (3, True)]


@pytest.mark.parametrize("segment", ["lapsed", "never-made"])
async def test_an_audience_of_nobody_is_one_empty_page(profile: Profile, segment: str) -> None:
    await profile.harness.deliver(requested(segment))
    await profile.harness.run(LIST_AUDIENCES)
    (page,) = await profile.harness.published(AudienceListed)
    assert (page.page, page.member_ids, page.last) == (0, [], True)


async def test_a_request_told_by_two_events_is_answered_once(profile: Profile) -> None:
    audience_id = uuid7()
    await profile.register()
    for _ in range(2):
        await profile.harness.deliver(requested("new", audience_id))
        await profile.harness.run(LIST_AUDIENCES)
    assert len(await profile.harness.published(AudienceListed)) == 1


async def die_after_listing(profile: Profile) -> None:
    async with profile.harness.transaction() as session:
        await list_audience(session, clock.now())
        raise ConnectionError


async def test_listing_goes_on_where_it_died(profile: Profile, monkeypatch) -> None:
    monkeypatch.setattr(audiences, "MOST_LISTED", 2)
    members = sorted([await profile.register() for _ in range(6)])
    await profile.harness.deliver(requested("new"))
    async with profile.harness.transaction() as session:
        assert await list_audience(session, clock.now())
    with pytest.raises(ConnectionError):
        await die_after_listing(profile)
    await asyncio.gather(*(profile.harness.run(LIST_AUDIENCES) for _ in range(3)))
    await profile.harness.run(LIST_AUDIENCES)
    pages = await profile.harness.published(AudienceListed)
    assert [page.page for page in pages] == [0, 1, 2]
    assert [m for page in pages for m in page.member_ids] == members


async def test_an_audience_waits_for_its_segment_to_be_filled(profile: Profile) -> None:
    mei = await profile.register()
    body = {"key": "all", "name": "All", "rule": {"not": {"tag": "none"}}}
    await profile.call(marketer(), "POST", "/v1/segments", json=body)
    await profile.harness.deliver(requested("all"))
    await profile.harness.run(LIST_AUDIENCES)
    assert await profile.harness.published(AudienceListed) == []
    await profile.harness.run(FILL_SEGMENTS)
    await profile.harness.run(LIST_AUDIENCES)
    (page,) = await profile.harness.published(AudienceListed)
    assert page.member_ids == [mei]
