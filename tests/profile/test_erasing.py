"""A closed account: the member is gone, whatever comes late, twice or in another order."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest

from kit import clock
from kit.events import Event
from kit.ids import uuid7
from kit.testing import example, member
from services.profile.events import MemberErased
from tests.profile.conftest import Profile, identify, registered, track
from tests.profile.test_orders import order


def closed(member_id: UUID, erasure_id: UUID | None = None) -> Event:
    told = {"member_id": member_id, "erasure_id": erasure_id or uuid7()}
    return example("gateway.account.closed.v1", **told)


def guest_merged(guest_id: UUID, member_id: UUID) -> Event:
    return example("gateway.guest.merged.v1", guest_id=guest_id, member_id=member_id)


def guest_created(guest_id: UUID) -> Event:
    return example("gateway.guest.created.v1", member_id=guest_id)


async def close(profile: Profile, member_id: UUID) -> MemberErased:
    await profile.harness.deliver(closed(member_id))
    await profile.harness.erase()
    return (await profile.harness.published(MemberErased))[-1]


async def test_nothing_of_the_person_is_left(profile: Profile) -> None:
    mei = await profile.register(email="mei@example.com", phone="+861380000", display_name="Mei L")
    said = identify(userId=str(mei), traits={"city": "Harbin", "birthday": "1990-02-03"})
    await profile.send(said, track(userId=str(mei), event="Fever reported"))
    erased = await close(profile, mei)
    assert (erased.member_id, erased.former_ids) == (mei, [])
    personal = ("mei@example.com", "+861380000", "Mei L", "Harbin", "1990-02-03", "Fever reported")
    assert await profile.harness.traces(*personal) == set()
    assert await profile.harness.traces(mei) == {"members"}
    answer = await profile.call(member(mei), "GET", "/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (403, "profile.member_erased")


async def test_those_who_were_merged_into_the_member_are_erased_too(profile: Profile) -> None:
    guest, mei = uuid7(), uuid7()
    await profile.harness.deliver(guest_created(guest))
    await profile.send(track(userId=str(guest), event="Seen as guest"))
    await profile.register(mei)
    await profile.send(identify(userId=str(mei), anonymousId="phone-1"))
    await profile.harness.deliver(guest_merged(guest, mei))
    erased = await close(profile, mei)
    assert guest in erased.former_ids
    assert await profile.harness.traces("Seen as guest", "phone-1") == set()


async def test_a_guest_who_became_somebody_else_takes_nothing_of_theirs_along(
    profile: Profile,
) -> None:
    guest, mei = uuid7(), uuid7()
    await profile.harness.deliver(guest_created(guest))
    await profile.send(track(userId=str(guest), event="Seen as guest"))
    await profile.register(mei, email="mei@example.com")
    await profile.harness.deliver(guest_merged(guest, mei))
    erased = await close(profile, guest)
    assert (erased.member_id, erased.former_ids) == (guest, [])
    assert (await profile.shown(mei))["email"] == "mei@example.com"
    assert await profile.harness.traces("Seen as guest") == set()


async def test_orders_stay_for_the_accounts_and_can_still_be_refunded(profile: Profile) -> None:
    mei = await profile.register()
    placed = await profile.call(profile.shop, "POST", "/v1/orders", json=order(mei, order_id="A-1"))
    assert placed.status_code == 201, placed.text
    await close(profile, mei)
    status = {"status": "cancelled"}
    changed = await profile.call(profile.shop, "PUT", "/v1/orders/A-1/status", json=status)
    assert (changed.status_code, changed.json()["status"]) == (200, "cancelled")
    another = await profile.call(
        profile.shop, "POST", "/v1/orders", json=order(mei, order_id="A-2")
    )
    assert another.json()["code"] == "profile.unknown_member"
    assert await profile.harness.traces(mei) == {"members", "orders"}


async def test_what_comes_late_makes_nobody(profile: Profile) -> None:
    mei = await profile.register(email="mei@example.com")
    await close(profile, mei)
    late = [
        registered(mei, email="mei@example.com"),
        guest_created(mei),
        example("gateway.identifier.changed.v1", member_id=mei, value="mei@example.com"),
    ]
    await profile.harness.deliver(*late, *late)
    await profile.send(
        track(userId=str(mei)), identify(userId=str(mei), traits={"email": "mei@example.com"})
    )
    assert await profile.harness.traces("mei@example.com") == set()
    assert await profile.harness.traces(mei) == {"members"}


async def test_a_device_says_no_more_of_before_but_may_be_somebody_again(profile: Profile) -> None:
    mei = await profile.register()
    await profile.send(identify(userId=str(mei), anonymousId="phone-1"))
    await close(profile, mei)
    hour = timedelta(hours=1)
    before = (clock.now() - hour).isoformat()
    await profile.send(track(anonymousId="phone-1", event="Before", timestamp=before))
    assert await profile.harness.traces("Before", "phone-1") == set()
    await profile.send(track(anonymousId="phone-1", event="After"))
    assert await profile.harness.traces("After") == {"activities"}


@pytest.mark.parametrize("places", list(permutations(range(4))))
async def test_whatever_comes_in_whatever_order_and_twice_nothing_is_left(
    profile: Profile, places: tuple[int, ...]
) -> None:
    guest, mei, erasure = uuid7(), uuid7(), uuid7()
    events = [
        guest_created(guest),
        registered(mei, email="mei@example.com"),
        guest_merged(guest, mei),
        closed(mei, erasure),
    ]
    for place in places:
        await profile.harness.deliver(events[place], events[place])
        await profile.harness.erase()
    await profile.send(track(userId=str(mei)))
    assert await profile.harness.traces("mei@example.com") == set()
    assert [erased.erasure_id for erased in await profile.harness.published(MemberErased)] == [
        erasure
    ]
