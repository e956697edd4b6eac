"""The tracking API: who may send, what becomes of it, and whose history it is."""

import asyncio
import gzip

import orjson
import pytest

from kit import clock
from kit.ids import uuid7
from kit.testing import admin, agent, backend, member, name_of, until
from services.profile.actions.tracking import take_in
from services.profile.events import (
    ActivityTracked,
    LifecycleChanged,
    MemberIdentified,
    MemberUpdated,
    SegmentEntered,
)
from services.profile.rules.identities import Identity, Namespace
from services.profile.rules.messages import Kind, Message
from services.profile.store import identities as store_identities
from tests.profile.conftest import Profile, alias, identify, ids, registered, track

CALLS = ["batch", "track", "identify", "page", "screen", "group", "alias"]
SINGLE = {
    "track": {"event": "Opened"},
    "identify": {"traits": {"plan": "gold"}},
    "page": {"name": "Home"},
    "screen": {"name": "Cart"},
    "group": {"groupId": "g-1"},
    "alias": {"previousId": "a-1"},
}


@pytest.mark.parametrize("call", CALLS)
async def test_nobody_sends_without_signing_in(profile: Profile, call: str) -> None:
    answer = await profile.call(None, "POST", f"/v1/{call}", json={})
    assert answer.status_code == 401


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("caller", [agent(), admin(), backend("orders:write")], ids=name_of)
async def test_staff_and_keys_without_the_scope_may_not_send(profile, call, caller) -> None:
    answer = await profile.call(caller, "POST", f"/v1/{call}", json={"batch": []})
    assert answer.status_code == 403


@pytest.mark.parametrize(("call", "body"), SINGLE.items())
async def test_each_single_call_is_taken(profile: Profile, call: str, body) -> None:
    answer = await profile.call(
        profile.reporter, "POST", f"/v1/{call}", json={"userId": "u-1", **body}
    )
    assert (answer.status_code, answer.json()) == (200, {"success": True})


@pytest.mark.parametrize("call", SINGLE)
async def test_a_bad_single_call_is_answered_422(profile: Profile, call: str) -> None:
    answer = await profile.call(profile.reporter, "POST", f"/v1/{call}", json={"userId": "null"})
    assert answer.status_code == 422
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"{", 400), (b"[]", 400), (b'{"batch": 5}', 422), (b" " * (2 << 20), 413)],
)
async def test_a_bad_body_is_refused_and_nothing_is_kept(profile, content, status) -> None:
    answer = await profile.call(profile.reporter, "POST", "/v1/batch", content=content)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert await profile.created() == []


async def test_a_batch_is_answered_as_segment_does(profile: Profile) -> None:
    answer = await profile.send(track(userId="u-1"), writeKey="wk_1", integrations={})
    assert answer.json() == {"success": True}
    assert (await profile.send()).json() == {"success": True}


async def test_a_gzipped_batch_is_taken(profile: Profile) -> None:
    body = gzip.compress(orjson.dumps({"batch": [track(userId="u-1")]}))
    headers = {"Content-Encoding": "gzip"}
    answer = await profile.call(
        profile.reporter, "POST", "/v1/batch", content=body, headers=headers
    )
    assert answer.status_code == 200
    assert len(await profile.tracked()) == 1


async def test_a_gzipped_batch_with_an_idempotency_key_is_answered_twice_alike(profile) -> None:
    content = gzip.compress(orjson.dumps({"batch": [track(userId="u-1", messageId=None)]}))
    headers = {"Content-Encoding": "gzip", "Idempotency-Key": str(uuid7())}
    for replayed in (None, "true"):
        answer = await profile.call(
            profile.reporter, "POST", "/v1/batch", content=content, headers=headers
        )
        assert (answer.status_code, answer.json()) == (200, {"success": True})
        assert answer.headers.get("idempotent-replayed") == replayed
    assert len(await profile.tracked()) == 1


async def test_of_a_batch_the_good_are_taken_and_the_bad_are_named(profile: Profile) -> None:
    good = track(userId="u-1")
    answer = await profile.send(good, {"type": "track", "messageId": "bad", "userId": "u-1"})
    (refused,) = answer.json()["refused"]
    assert (refused["index"], refused["message_id"]) == (1, "bad")
    assert refused["errors"][0]["field"] == "event"
    assert [told for _, told in await profile.tracked()] == [ids([good])]


async def test_a_request_says_each_members_activities_once(profile: Profile) -> None:
    anna, boris = [track(userId="anna") for _ in range(3)], [track(userId="boris")]
    await profile.send(anna[0], boris[0], *anna[1:])
    told = [activities for _, activities in await profile.tracked()]
    assert sorted(told, key=len) == [ids(boris), ids(anna)]


async def test_more_than_a_hundred_activities_are_said_in_portions(profile: Profile) -> None:
    sent = [track(userId="anna") for _ in range(250)]
    await profile.send(*sent)
    told = await profile.tracked()
    assert [len(activities) for _, activities in told] == [100, 100, 50]
    assert sorted(activity for _, portion in told for activity in portion) == sorted(ids(sent))


async def test_activities_are_said_in_the_order_they_happened(profile: Profile) -> None:
    late, early = (track(userId="anna", timestamp=f"2026-03-01T1{hour}:00:00Z") for hour in (5, 2))
    await profile.send(late, early)
    assert await profile.tracked() == [((await profile.created())[0], ids([early, late]))]


async def test_a_repeated_message_changes_nothing(profile: Profile) -> None:
    message = track(userId="anna")
    await profile.send(message, message)
    await profile.send(message)
    assert len(await profile.tracked()) == 1
    (member_id,) = await profile.created()
    assert len(await profile.timeline(member_id)) == 1


async def test_the_same_message_id_of_two_members_is_two_messages(profile: Profile) -> None:
    await profile.send(track(userId="anna", messageId="1"), track(userId="boris", messageId="1"))
    assert len(await profile.tracked()) == 2


async def test_racing_repeats_are_recorded_once_and_make_one_member(profile: Profile) -> None:
    messages = [track(anonymousId="phone-1"), track(userId="anna"), track(userId="boris")]
    await asyncio.gather(*(profile.send(*messages[::step]) for step in [1, -1] * 4))
    assert len(await profile.created()) == 3
    told = [activity for _, portion in await profile.tracked() for activity in portion]
    assert sorted(told) == sorted(ids(messages))


async def test_a_new_member_is_said_with_stage_and_segment(profile: Profile) -> None:
    await profile.send(track(anonymousId="phone-1"))
    (member_id,) = await profile.created()
    (stage,) = await profile.harness.published(LifecycleChanged)
    assert (stage.member_id, stage.stage, stage.previous) == (member_id, "new", None)
    (segment,) = await profile.harness.published(SegmentEntered)
    assert (segment.member_id, segment.segment) == (member_id, "new")
    shown = await profile.shown(member_id)
    assert (shown["standing"], shown["segments"]) == ("anonymous", ["new"])


async def test_a_member_speaks_of_itself_whatever_it_says(profile: Profile) -> None:
    anna, boris = uuid7(), await profile.register()
    await profile.send(
        track(userId=str(boris)), identify(userId=str(boris), traits={"x": 1}), by=member(anna)
    )
    assert [member_id for member_id, _ in await profile.tracked()] == [anna]
    assert (await profile.shown(boris))["traits"] == {}
    assert (await profile.shown(anna))["traits"] == {"x": 1}


async def test_the_backend_may_name_a_member_id_or_its_own(profile: Profile) -> None:
    mei = await profile.register()
    await profile.send(track(userId=str(mei)), track(userId="shop-42"))
    members = {member_id for member_id, _ in await profile.tracked()}
    assert mei in members
    assert len(members) == 2


async def test_a_member_id_heard_of_before_its_account_is_the_same_member(profile) -> None:
    mei = uuid7()
    await profile.send(track(userId=str(mei)))
    await profile.register(mei, email="mei@example.com")
    shown = await profile.shown(mei)
    assert (shown["standing"], shown["email"]) == ("registered", "mei@example.com")
    assert len(await profile.timeline(mei)) == 1
    assert await profile.created() == [mei]
    assert [event.anonymous for event in await profile.harness.published(MemberUpdated)] == [False]


async def test_the_companys_own_id_of_a_member_is_said_once(profile: Profile) -> None:
    await profile.send(track(userId="C-1"), track(userId="C-1"), track(anonymousId="a-1"))
    await profile.send(track(userId="C-1"), track(userId="0198c0de-0000-7000-8000-00000000000b"))
    [said] = await profile.harness.published(MemberIdentified)
    [tracked, *_] = await profile.harness.published(ActivityTracked)
    assert (said.external_id, said.member_id) == ("C-1", tracked.member_id)


async def test_identify_sets_traits_and_of_the_backend_contact(profile: Profile) -> None:
    traits = {"email": "anna@example.com", "name": "Anna", "plan": "gold"}
    await profile.send(identify(userId="anna", traits=traits))
    (member_id,) = await profile.created()
    shown = await profile.shown(member_id)
    assert (shown["email"], shown["display_name"]) == ("anna@example.com", "Anna")
    assert shown["traits"] == traits


async def test_a_member_cannot_set_its_email_by_traits(profile: Profile) -> None:
    guest = member()
    await profile.send(identify(traits={"email": "victim@example.com"}), by=guest)
    shown = await profile.shown(guest.subject)
    assert shown["email"] is None


async def test_identify_joins_what_the_phone_did_before(profile: Profile) -> None:
    mei = await profile.register()
    before = track(anonymousId="phone-1")
    await profile.send(before)
    (guest,) = set(await profile.created()) - {mei}
    await profile.send(identify(anonymousId="phone-1"), by=member(mei))
    after = track(anonymousId="phone-1")
    await profile.send(after)

    assert await profile.merged() == [(mei, guest)]
    assert [told for told in await profile.tracked() if told[0] == mei] == [(mei, ids([after]))]
    timeline = await profile.timeline(mei)
    assert [activity["activity_id"] for activity in timeline] == ids([after, before])
    assert (await profile.shown(guest))["member_id"] == str(mei)


async def test_an_anonymous_id_first_heard_of_in_identify_makes_no_member(profile) -> None:
    mei = await profile.register()
    await profile.send(identify(anonymousId="phone-1"), by=member(mei))
    await profile.send(track(anonymousId="phone-1"))
    assert await profile.created() == [mei]
    assert [member_id for member_id, _ in await profile.tracked()] == [mei]


async def test_a_message_recorded_before_a_merge_is_not_recorded_again(profile) -> None:
    mei = await profile.register()
    before = track(anonymousId="phone-1")
    await profile.send(before)
    await profile.send(identify(anonymousId="phone-1"), by=member(mei))
    await profile.send(before)
    assert len(await profile.tracked()) == 1
    assert len(await profile.timeline(mei)) == 1


async def test_a_phone_passed_on_does_not_join_two_accounts(profile: Profile) -> None:
    anna, boris = await profile.register(), await profile.register()
    await profile.send(identify(anonymousId="phone-1"), by=member(anna))
    await profile.send(identify(anonymousId="phone-1"), by=member(boris))
    await profile.send(track(anonymousId="phone-1"))
    assert await profile.merged() == []
    assert [member_id for member_id, _ in await profile.tracked()] == [anna]


@pytest.mark.parametrize("nobody", ["null", "undefined", "00000000-0000-0000-0000-000000000000"])
async def test_values_that_name_nobody_join_nobody(profile: Profile, nobody: str) -> None:
    for mei in (await profile.register(), await profile.register()):
        await profile.send(identify(anonymousId=nobody), by=member(mei))
    answer = await profile.send(track(anonymousId=nobody))
    assert answer.json()["refused"][0]["errors"][0]["code"] == "names_nobody"
    assert await profile.merged() == []


async def test_alias_of_the_backend_joins_its_own_id_to_the_account(profile: Profile) -> None:
    mei = await profile.register()
    await profile.send(track(userId="shop-42"))
    (shop,) = set(await profile.created()) - {mei}
    await profile.send(alias(previousId="shop-42", userId=str(mei)))
    assert await profile.merged() == [(mei, shop)]


async def test_alias_never_joins_two_people_the_company_tells_apart(profile: Profile) -> None:
    anna, boris = await profile.register(), await profile.register()
    await profile.send(track(userId="shop-1"), track(userId="shop-2"))
    await profile.send(
        alias(previousId=str(anna), userId=str(boris)),
        alias(previousId="shop-1", userId="shop-2"),
    )
    assert await profile.merged() == []


async def test_a_member_cannot_take_over_a_known_member_by_alias(profile: Profile) -> None:
    anna, mei = await profile.register(), await profile.register()
    await profile.send(track(userId="shop-42"))
    await profile.send(alias(previousId="shop-42"), alias(previousId=str(anna)), by=member(mei))
    assert await profile.merged() == []


async def test_what_is_not_trusted_joins_no_known_member_whatever_it_claims(profile) -> None:
    mei = await profile.register()
    await profile.send(track(userId="shop-42"))
    claim = Message(
        kind=Kind.ALIAS,
        message_id="m1",
        subject=Identity.of_member(mei),
        joins=(Identity(Namespace.USER, "shop-42"),),
        occurred_at=clock.now(),
    )
    async with profile.harness.transaction() as session:
        await take_in(session, [claim], clock.now(), trusted=False)
    assert await profile.merged() == []


async def test_ids_claimed_in_opposite_orders_do_not_deadlock(profile: Profile) -> None:
    identities = [Identity(Namespace.ANONYMOUS, f"phone-{n}") for n in range(2000)]

    async def claim_in(order: int) -> None:
        async with profile.harness.transaction() as session:
            await store_identities.claim(session, dict.fromkeys(identities[::order], uuid7()))
            await session.rollback()

    await asyncio.gather(*(claim_in(order) for order in [1, -1] * 3))


async def test_a_phone_that_registers_while_it_reports_meets_no_deadlock(profile: Profile) -> None:
    phones = {f"phone-{n}": uuid7() for n in range(100)}
    reports = [
        message
        for phone, member_id in phones.items()
        for message in (track(anonymousId=phone), track(userId=str(member_id)))
    ]
    accounts = [registered(m, anonymous_id=phone) for phone, m in phones.items()]
    for start in range(0, 100, 20):
        some = slice(start, start + 20)
        await asyncio.gather(
            profile.harness.deliver(*accounts[some]), profile.send(*reports[2 * start :][:40])
        )
    assert len(await profile.tracked()) >= len(phones)


async def test_who_is_given_a_phones_id_holds_none_that_a_report_on_both_phones_waits_for(
    profile: Profile,
) -> None:
    mei = await profile.register()
    middle = Identity(Namespace.ANONYMOUS, "phone-2")
    reports = [track(anonymousId=f"phone-{n}") for n in (1, 2, 3)]
    joined = [alias(previousId="phone-1", userId=str(mei)), track(anonymousId="phone-3")]
    async with profile.harness.transaction() as session:
        await store_identities.claim(session, {middle: uuid7()})
        first = asyncio.create_task(profile.send(*reports))
        await until(lambda: profile.waiting(1))
        then = asyncio.create_task(profile.send(*joined))
        await until(lambda: profile.waiting(2))
        await session.rollback()
    await asyncio.gather(first, then)
    assert len(await profile.tracked()) == len(reports) + 1


async def test_merges_in_a_chain_end_at_the_last_survivor(profile: Profile) -> None:
    mei = await profile.register()
    sent = [track(anonymousId=f"phone-{n}") for n in range(3)]
    await profile.send(*sent)
    await profile.send(alias(previousId="phone-0", userId="shop-42"))
    await profile.send(alias(previousId="phone-1", userId="shop-42"))
    await profile.send(alias(previousId="shop-42", userId=str(mei)))
    await profile.send(alias(previousId="phone-2", userId=str(mei)))
    late = [track(anonymousId=f"phone-{n}") for n in range(3)] + [track(userId="shop-42")]
    await profile.send(*late, *sent)
    (told,) = [activities for _, activities in (await profile.tracked())[3:]]
    assert told == ids(late)
    assert len(await profile.timeline(mei)) == 7


async def test_several_phones_join_in_one_batch(profile: Profile) -> None:
    mei = await profile.register()
    await profile.send(*(track(anonymousId=f"phone-{n}") for n in range(3)))
    await profile.send(*(identify(anonymousId=f"phone-{n}") for n in range(3)), by=member(mei))
    assert {survivor for survivor, _ in await profile.merged()} == {mei}
    assert len(await profile.timeline(mei)) == 3


async def test_racing_identifies_join_once(profile: Profile) -> None:
    mei = await profile.register()
    await profile.send(track(anonymousId="phone-1"))
    again = identify(anonymousId="phone-1"), track(anonymousId="phone-1", messageId="last")
    await asyncio.gather(*(profile.send(*again, by=member(mei)) for _ in range(6)))
    assert len(await profile.merged()) == 1
    assert len(await profile.timeline(mei)) == 2


async def test_activities_racing_with_a_merge_are_all_the_survivors(profile: Profile) -> None:
    mei = await profile.register()
    sent = [track(anonymousId="phone-1") for _ in range(12)]
    await profile.send(sent[0])
    join = profile.harness.deliver(registered(mei, anonymous_id="phone-1"))
    await asyncio.gather(*(profile.send(message) for message in sent[1:]), join)
    timeline = await profile.timeline(mei)
    assert sorted(activity["activity_id"] for activity in timeline) == sorted(ids(sent))
    shown = await profile.shown(mei)
    assert shown["last_active_at"] == max(activity["occurred_at"] for activity in timeline)


async def test_group_is_recorded_but_is_no_activity(profile: Profile) -> None:
    await profile.send({"type": "group", "userId": "anna", "groupId": "club"})
    (member_id,) = await profile.created()
    assert [a["kind"] for a in await profile.timeline(member_id)] == ["group"]
    assert await profile.tracked() == []
    assert (await profile.shown(member_id))["last_active_at"] is None


async def test_text_that_looks_like_sql_is_only_text(profile: Profile) -> None:
    nasty = "'; DROP TABLE members; --"
    await profile.send(track(userId=nasty, event=nasty, properties={nasty: "{{7*7}}"}))
    (member_id,) = await profile.created()
    (activity,) = await profile.timeline(member_id)
    assert (activity["name"], activity["properties"]) == (nasty, {nasty: "{{7*7}}"})
