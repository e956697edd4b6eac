"""What profile does with events: once, in any order, racing."""

import asyncio
from itertools import permutations

import pytest
from pydantic import ValidationError

from kit import clock
from kit.events import Event
from kit.ids import uuid7
from kit.testing import example, member
from services.profile.events import (
    AccountRegistered,
    AudienceRequested,
    GuestCreated,
    LifecycleChanged,
    MemberCreated,
    MemberUpdated,
    SegmentEntered,
)
from tests.profile.conftest import Profile, ids, registered, track


def guest_created(member_id, **guest) -> Event:
    told = {"member_id": member_id, "created_at": clock.now(), **guest}
    return example("gateway.guest.created.v1", **told)


async def test_a_guest_becomes_an_anonymous_member(profile: Profile) -> None:
    guest = uuid7()
    await profile.harness.deliver(guest_created(guest, language="ru"))
    shown = await profile.shown(guest)
    assert (shown["standing"], shown["language"], shown["email"]) == ("anonymous", "ru", None)
    (created,) = await profile.harness.published(MemberCreated)
    assert (created.member_id, created.anonymous) == (guest, True)


async def test_an_account_becomes_a_registered_member(profile: Profile) -> None:
    mei = await profile.register(
        email="mei@example.com", phone="+86138", display_name="Mei", channel="app_store"
    )
    (created,) = await profile.harness.published(MemberCreated)
    assert created.member_id == mei
    assert (created.email, created.phone, created.display_name, created.channel) == (
        "mei@example.com", "+86138", "Mei", "app_store",
    )  # fmt: skip
    assert (created.anonymous, created.stage, created.time_zone) == (False, "new", "UTC")


async def test_a_guest_who_registers_stays_the_same_member(profile: Profile) -> None:
    mei = uuid7()
    await profile.harness.deliver(guest_created(mei))
    await profile.send(track(userId=str(mei)))
    await profile.register(mei)
    assert await profile.created() == [mei]
    (updated,) = await profile.harness.published(MemberUpdated)
    assert (updated.member_id, updated.anonymous) == (mei, False)
    assert len(await profile.timeline(mei)) == 1


async def test_events_in_either_order_lead_to_the_same_member(profile: Profile) -> None:
    now = clock.now()
    for order in permutations([0, 1]):
        mei = uuid7()
        events = [
            guest_created(mei, language="ru", created_at=now),
            registered(mei, language="zh-CN", email=f"{mei}@example.com"),
        ]
        for index in order:
            await profile.harness.deliver(events[index])
        shown = await profile.shown(mei)
        assert (shown["standing"], shown["language"]) == ("registered", "zh-CN")
        assert shown["email"] == f"{mei}@example.com"


async def test_an_event_delivered_twice_is_handled_once(profile: Profile) -> None:
    mei = uuid7()
    event = registered(mei, anonymous_id="phone-1")
    await profile.send(track(anonymousId="phone-1"))
    for batch in ([event, event], [event], [event]):
        await profile.harness.deliver(*batch)
    assert len(await profile.created()) == 2
    assert len(await profile.merged()) == 1


async def test_the_same_account_told_by_two_events_changes_nothing_more(profile) -> None:
    mei, now = uuid7(), clock.now()
    for _ in range(2):
        await profile.register(mei, anonymous_id="phone-1", registered_at=now)
    assert await profile.created() == [mei]
    assert await profile.harness.published(MemberUpdated) == []


async def test_racing_deliveries_make_each_member_once(profile: Profile) -> None:
    members = [uuid7() for _ in range(6)]
    events = [guest_created(m) for m in members] + [registered(m) for m in members]
    await asyncio.gather(
        *(profile.harness.deliver(*events[::step]) for step in (1, -1, 1, -1)),
        *(profile.send(track(userId=str(m)), track(userId=str(members[0]))) for m in members),
    )
    assert sorted(await profile.created()) == sorted(members)
    for member_id in members:
        assert (await profile.shown(member_id))["standing"] == "registered"


async def test_a_batch_of_accounts_names_each_ones_cause(profile: Profile) -> None:
    events = [registered(uuid7()) for _ in range(3)]
    await profile.harness.deliver(*events)
    causes = {event.subject: str(event.id) for event in events}
    for kind in (MemberCreated, LifecycleChanged, SegmentEntered):
        told = await profile.harness.events(kind.type)
        assert {event.subject: event.causation_id for event in told} == causes


async def test_registration_joins_what_was_done_before(profile: Profile) -> None:
    before = [track(anonymousId="phone-1") for _ in range(3)]
    await profile.send(*before)
    (guest,) = await profile.created()
    mei = await profile.register(anonymous_id="phone-1")
    late = [track(anonymousId="phone-1"), track(userId=str(guest)), track()]
    await profile.send(*late[:2])
    await profile.send(late[2], by=member(guest))
    assert await profile.merged() == [(mei, guest)]
    assert sorted(a["activity_id"] for a in await profile.timeline(mei)) == sorted(
        ids([*before, *late])
    )
    assert {member_id for member_id, _ in (await profile.tracked())[1:]} == {mei}


async def test_an_anonymous_id_registered_before_its_first_activity_is_the_members(
    profile: Profile,
) -> None:
    mei = await profile.register(anonymous_id="phone-1")
    await profile.send(track(anonymousId="phone-1"))
    assert await profile.created() == [mei]
    assert [member_id for member_id, _ in await profile.tracked()] == [mei]


async def test_a_second_account_on_one_phone_is_a_second_member(profile: Profile) -> None:
    anna = await profile.register(anonymous_id="phone-1")
    boris = await profile.register(anonymous_id="phone-1")
    assert await profile.merged() == []
    await profile.send(track(anonymousId="phone-1"))
    assert [member_id for member_id, _ in await profile.tracked()] == [anna]
    assert (await profile.shown(boris))["standing"] == "registered"


@pytest.mark.parametrize("nobody", ["null", "", "00000000-0000-0000-0000-000000000000"])
async def test_an_anonymous_id_of_nobody_is_passed_over(profile: Profile, nobody: str) -> None:
    for _ in range(2):
        await profile.register(anonymous_id=nobody)
    assert len(await profile.created()) == 2
    assert await profile.merged() == []


async def test_a_guest_merged_away_who_registers_after_all_is_a_member_again(profile) -> None:
    guest, anna = uuid7(), uuid7()
    await profile.harness.deliver(guest_created(guest))
    await profile.send(track(userId=str(guest)))
    await profile.register(anna, anonymous_id=str(guest))
    assert await profile.merged() == [(anna, guest)]
    await profile.register(guest, email="guest@example.com")

    assert (await profile.shown(guest))["email"] == "guest@example.com"
    assert (await profile.shown(anna))["member_id"] == str(anna)
    await profile.send(track(userId=str(guest)))
    assert (await profile.tracked())[-1][0] == guest
    assert len(await profile.timeline(guest)) == 2
    assert (await profile.shown(guest))["stage"] == "new"


async def test_merging_is_said_after_both_members_are_known(profile: Profile) -> None:
    await profile.send(track(anonymousId="phone-1"))
    mei = await profile.register(anonymous_id="phone-1")
    created = await profile.harness.events("profile.member.created.v1")
    (merged,) = await profile.harness.events("profile.member.merged.v1")
    assert all(event.id < merged.id for event in created)
    assert merged.subject == str(mei)


@pytest.mark.parametrize("kind", [GuestCreated, AccountRegistered, AudienceRequested])
async def test_an_event_that_cannot_be_read_is_no_passing_error(profile: Profile, kind) -> None:
    bad = example(kind.type, member_id="nobody", audience_id="none")
    with pytest.raises(ValidationError):
        await profile.harness.deliver(bad)


def guest_merged(guest, account) -> Event:
    return example("gateway.guest.merged.v1", guest_id=guest, member_id=account)


def identifier_changed(member_id, **changes) -> Event:
    return example("gateway.identifier.changed.v1", member_id=member_id, **changes)


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_what_a_guest_did_follows_to_the_account_in_any_order(
    profile: Profile, order: tuple[int, ...]
) -> None:
    guest, account = uuid7(), uuid7()
    events = [guest_created(guest), registered(account), guest_merged(guest, account)]
    for index in order:
        await profile.harness.deliver(events[index])
    await profile.harness.deliver(guest_merged(guest, account))
    assert await profile.merged() == [(account, guest)]
    assert (await profile.shown(guest))["member_id"] == str(account)
    assert (await profile.shown(account))["standing"] == "registered"


async def test_a_new_address_replaces_the_old(profile: Profile) -> None:
    mei = await profile.register(email="old@example.com", phone="+8613800138000")
    await profile.harness.deliver(identifier_changed(mei, kind="email", value="new@example.com"))
    await profile.harness.deliver(identifier_changed(mei, kind="phone", value=None))
    shown = await profile.shown(mei)
    assert (shown["email"], shown["phone"]) == ("new@example.com", None)
    (first, second) = await profile.harness.published(MemberUpdated)
    assert (first.email, first.phone) == ("new@example.com", "+8613800138000")
    assert (second.email, second.phone) == ("new@example.com", None)
