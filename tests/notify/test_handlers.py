"""Members are told once, whatever comes twice, at once, out of order or broken."""

import asyncio
import random

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, member, until
from services.notify.events import InboxAdded
from services.notify.handlers import on_members_merged
from tests.notify.events import (
    created,
    earned,
    inbox_of,
    merged,
    registered,
    replied,
    stage_changed,
    survey,
    tier_changed,
    titles_of,
    updated,
)


async def mail_causes(harness: Harness) -> list[str]:
    async with harness.transaction() as session:
        rows = await session.execute(text("SELECT cause FROM deliveries ORDER BY cause"))
        return list(rows.scalars())


async def test_each_event_is_told_in_the_members_language(harness: Harness) -> None:
    mei = uuid7()
    await harness.deliver(created(mei))
    await harness.deliver(earned(mei), tier_changed(mei, "diamond"), replied(mei))
    await harness.deliver(survey(mei), stage_changed(mei, "silent"))
    assert await titles_of(harness, mei) == [
        "欢迎，Mei！",
        "您获得了 50 积分",
        "您已升级为diamond会员",
        "客服已回复您",
        "请为我们的服务打分",
        "Mei，好久不见",
    ]
    assert [item["action"] for item in await inbox_of(harness, mei)][:3] == ["/", *["/wallet"] * 2]


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(lambda m: tier_changed(m, "silver", reason="lapsed"), id="a lower tier"),
        pytest.param(lambda m: replied(m, author="member"), id="the member's own message"),
        pytest.param(lambda m: replied(m, author="system"), id="an automatic message"),
        pytest.param(lambda m: stage_changed(m, "active"), id="a member who is back"),
        pytest.param(lambda m: created(m, anonymous=True), id="a guest"),
        pytest.param(updated, id="a changed profile"),
    ],
)
async def test_nothing_is_told_of(harness: Harness, event) -> None:
    member_id = uuid7()
    await harness.deliver(event(member_id))
    assert await inbox_of(harness, member_id) == []


async def test_one_welcome_whichever_service_is_first(harness: Harness) -> None:
    for first, second in ((registered, created), (created, registered)):
        member_id = uuid7()
        await harness.deliver(first(member_id))
        await harness.deliver(second(member_id))
        assert await titles_of(harness, member_id) == ["欢迎，Mei！"]
    assert await mail_causes(harness) == ["welcome", "welcome"]


async def test_one_welcome_when_both_services_speak_at_once(harness: Harness) -> None:
    members = [uuid7() for _ in range(20)]
    await asyncio.gather(
        harness.deliver(*map(registered, members)),
        harness.deliver(*map(created, reversed(members))),
        harness.deliver(*(earned(member_id) for member_id in members)),
    )
    for member_id in members:
        assert len(await inbox_of(harness, member_id)) == 2
    assert len(await mail_causes(harness)) == 20


async def test_points_before_the_profile_are_told_in_the_fallback_language(
    harness: Harness,
) -> None:
    member_id = uuid7()
    await harness.deliver(earned(member_id, 1))
    await harness.deliver(created(member_id, language="ru"))
    await harness.deliver(earned(member_id, 22))
    assert await titles_of(harness, member_id) == [
        "You earned 1 point",
        "Добро пожаловать, Mei!",
        "Начислено: 22 балла",
    ]


async def test_an_event_delivered_twice_is_told_once(harness: Harness) -> None:
    member_id = uuid7()
    event = earned(member_id)
    await harness.deliver(event, event)
    await harness.deliver(event)
    assert len(await inbox_of(harness, member_id)) == 1
    assert len(await harness.published(InboxAdded)) == 1


async def test_the_same_fact_published_again_is_told_once(harness: Harness) -> None:
    member_id, entry_id = uuid7(), uuid7()
    again = [earned(member_id, entry_id=entry_id) for _ in range(3)]
    await harness.deliver(*again[:2])
    await harness.deliver(again[2])
    assert [item["seq"] for item in await inbox_of(harness, member_id)] == [1]


async def test_racing_batches_leave_no_gap_and_no_wrong_count(harness: Harness) -> None:
    members = [uuid7() for _ in range(5)]
    events = [earned(member_id) for member_id in members for _ in range(24)]
    random.Random(7).shuffle(events)
    batches = [events[start : start + 3] for start in range(0, 120, 3)]  # each of a few new boxes
    await asyncio.gather(*(harness.deliver(*batch) for batch in batches))
    for member_id in members:
        items = await inbox_of(harness, member_id)
        assert [item["seq"] for item in items] == list(range(1, 25))
        assert {item["unread"] for item in items} == {24}
    said = await harness.published(InboxAdded)
    assert sorted((str(e.member_id), e.seq, e.unread) for e in said) == sorted(
        (str(member_id), seq, seq) for member_id in members for seq in range(1, 25)
    )


async def test_a_batch_that_fails_leaves_nothing(harness: Harness) -> None:
    member_id = uuid7()
    bad = earned(member_id, points="many")
    with pytest.raises(ValidationError):
        await harness.deliver(earned(member_id), bad)
    assert await inbox_of(harness, member_id) == []
    assert await harness.published(InboxAdded) == []


async def test_an_older_snapshot_changes_nothing(harness: Harness) -> None:
    member_id = uuid7()
    new = updated(member_id, language="ru", updated_at="2026-03-02T08:00:00Z")
    old = created(member_id, language="zh-CN", updated_at="2026-03-01T08:00:00Z")
    await harness.deliver(new)
    await harness.deliver(old)
    await harness.deliver(earned(member_id, 5))
    assert (await titles_of(harness, member_id))[-1] == "Начислено: 5 баллов"


async def test_a_registration_fills_in_but_never_overwrites_a_profile(harness: Harness) -> None:
    known, unknown = uuid7(), uuid7()
    await harness.deliver(updated(known, language="ru", display_name="Mei Lin", email=None))
    await harness.deliver(registered(known), registered(unknown, language="en"))
    async with harness.transaction() as session:
        rows = await session.execute(
            text("SELECT email, display_name, language FROM contacts WHERE member_id = :id"),
            {"id": known},
        )
        assert tuple(rows.one()) == ("mei@example.com", "Mei Lin", "ru")
    assert await titles_of(harness, unknown) == ["Welcome, Mei!"]


async def test_a_name_with_template_marks_stays_text(harness: Harness) -> None:
    member_id = uuid7()
    await harness.deliver(created(member_id, language="en", display_name="{{7*7}}<script>"))
    assert await titles_of(harness, member_id) == ["Welcome, {{7*7}}<script>!"]


async def test_text_with_nul_characters_is_told(harness: Harness) -> None:
    member_id = uuid7()
    await harness.deliver(created(member_id, display_name="M\x00ei"), replied(member_id, "a\x00b"))
    assert (await inbox_of(harness, member_id))[1]["body"] == "ab"


async def test_what_follows_from_an_event_names_it_as_its_cause(harness: Harness) -> None:
    first, second = earned(uuid7()), earned(uuid7())
    await harness.deliver(first, second)
    caused = {e.causation_id for e in await harness.events(InboxAdded.type)}
    assert caused == {str(first.id), str(second.id)}


async def test_the_item_said_is_the_item_stored(harness: Harness) -> None:
    member_id = uuid7()
    await harness.deliver(earned(member_id))
    said = (await harness.published(InboxAdded))[0].model_dump(mode="json")
    stored = (await inbox_of(harness, member_id))[0]
    assert {**stored, "member_id": str(member_id)} == {**said, "read_at": None}


async def test_a_guest_has_no_mail_and_a_stranger_may_get_some(harness: Harness) -> None:
    guest, stranger = uuid7(), uuid7()
    await harness.deliver(created(guest, anonymous=True, email=None))
    await harness.deliver(replied(guest), replied(stranger))
    async with harness.transaction() as session:
        members = await session.execute(text("SELECT member_id FROM deliveries"))
        assert list(members.scalars()) == [stranger]


async def test_a_member_merged_away_hands_over_what_is_unread(harness: Harness) -> None:
    guest, known = member(), member()
    await harness.deliver(earned(guest.member_id, 1), earned(guest.member_id, 2))
    await harness.deliver(earned(known.member_id, 3), earned(guest.member_id, 4))
    async with harness.client(guest) as client:
        await client.post("/v1/inbox/read", json={"up_to_seq": 1})
    merge = merged(guest.member_id, known.member_id)
    await harness.deliver(merge)
    await harness.deliver(merge, merged(guest.member_id, known.member_id))
    assert await titles_of(harness, known.member_id) == [
        "You earned 3 points",
        "You earned 2 points",
        "You earned 4 points",
    ]
    async with harness.client(guest) as client:
        assert (await client.get("/v1/inbox")).json()["unread"] == 0


async def test_what_comes_late_for_a_merged_member_is_told_to_who_goes_on(harness: Harness) -> None:
    guest, known, last = uuid7(), uuid7(), uuid7()
    await harness.deliver(merged(guest, known), replied(guest))
    await harness.deliver(merged(known, last), replied(guest), replied(known))
    assert await inbox_of(harness, guest) == []
    assert len(await inbox_of(harness, last)) == 3


async def test_a_guest_merged_away_who_gets_an_account_goes_on_for_both(harness: Harness) -> None:
    guest, device = uuid7(), uuid7()
    await harness.deliver(merged(guest, device), replied(guest))
    await harness.deliver(merged(device, guest), replied(device), replied(guest))
    assert len(await inbox_of(harness, guest)) == 3


async def test_what_comes_during_a_merge_is_told_to_who_goes_on(harness: Harness) -> None:
    guest, known = uuid7(), uuid7()
    async with harness.transaction() as merging:
        await on_members_merged(merging, [merged(guest, known)])
        telling = asyncio.create_task(harness.deliver(replied(guest)))
        await until(lambda: waits_or_is_done(harness, telling))
    await telling
    assert len(await inbox_of(harness, known)) == 1


async def waits_or_is_done(harness: Harness, task: asyncio.Task[None]) -> bool:
    """Whether the task has ended or stands before a lock in this database."""
    statement = text("""
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
    """)
    async with harness.transaction() as session:
        return task.done() or bool((await session.execute(statement)).scalar_one())


async def test_a_merged_member_described_later_goes_on_alone(harness: Harness) -> None:
    guest, known = uuid7(), uuid7()
    before, after = (updated(guest, updated_at=f"2026-03-01T08:00:0{n}Z") for n in (0, 2))
    await harness.deliver(merged(guest, known))
    await harness.deliver(before, replied(guest))
    await harness.deliver(after, replied(guest))
    assert len(await inbox_of(harness, known)) == len(await inbox_of(harness, guest)) == 1


async def test_a_member_merged_away_hands_over_choices_not_made_yet(harness: Harness) -> None:
    guest, fresh, decided = member(), member(), member()
    await choose(harness, guest, "surveys")
    await choose(harness, decided, "points")
    for receiver in (fresh, decided):
        await harness.deliver(merged(guest.member_id, receiver.member_id))
    assert await switched_off(harness, fresh) == {"surveys"}
    assert await switched_off(harness, decided) == {"points"}


async def choose(harness: Harness, caller: Caller, off: str) -> None:
    async with harness.client(caller) as client:
        await client.put("/v1/preferences", json={"categories": {off: {"inbox": False}}})


async def switched_off(harness: Harness, caller: Caller) -> set[str]:
    async with harness.client(caller) as client:
        categories = (await client.get("/v1/preferences")).json()["categories"]
    return {name for name, channels in categories.items() if not channels["inbox"]}
