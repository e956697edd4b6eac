"""Campaigns to members who are merged on the way: told once, and where they are now."""

import asyncio

from kit import clock
from kit.ids import uuid7
from kit.testing import Harness, until
from services.notify.actions.audiences import deliver_to_inboxes
from services.notify.handlers import on_members_merged
from tests.notify.campaigns import begun, run_jobs, tally
from tests.notify.events import created, inbox_of, listed, merged, titles_of
from tests.notify.test_handlers import waits_or_is_done

DOUBLED = {"sent": 1, "skipped": 1, "reasons": {"merged": 1}}


async def test_what_was_queued_before_a_merge_reaches_who_goes_on(harness: Harness) -> None:
    campaign_id = await begun(harness)
    guest, known = uuid7(), uuid7()
    await harness.deliver(listed(campaign_id, [guest]))
    await harness.deliver(merged(guest, known), created(known, anonymous=True))
    await run_jobs(harness)
    assert await titles_of(harness, known) == ["Spring is here, Mei"]
    assert await inbox_of(harness, guest) == []
    assert await tally(harness, campaign_id) == {"sent": 1}


async def test_an_audience_listed_before_a_merge_and_heard_after_it_reaches_who_goes_on(
    harness: Harness,
) -> None:
    campaign_id = await begun(harness)
    guest, known = uuid7(), uuid7()
    await harness.deliver(merged(guest, known))
    await harness.deliver(listed(campaign_id, [guest, known]))
    await run_jobs(harness)
    assert len(await inbox_of(harness, known)) == 1
    assert await inbox_of(harness, guest) == []
    assert await tally(harness, campaign_id) == {"sent": 1}, "one member, not two"


async def test_members_merged_into_one_are_told_once(harness: Harness) -> None:
    campaign_id = await begun(harness)
    guest, known = uuid7(), uuid7()
    await harness.deliver(listed(campaign_id, [guest, known]))
    await harness.deliver(merged(guest, known))
    await run_jobs(harness)
    assert len(await inbox_of(harness, known)) == 1
    assert await inbox_of(harness, guest) == []
    assert await tally(harness, campaign_id) == DOUBLED


async def test_guests_merged_into_one_whom_no_page_lists_are_told_once(harness: Harness) -> None:
    campaign_id = await begun(harness)
    phone, tablet, known = uuid7(), uuid7(), uuid7()
    await harness.deliver(listed(campaign_id, [phone, tablet]))
    await harness.deliver(merged(phone, known), merged(tablet, known))
    await run_jobs(harness)
    assert len(await inbox_of(harness, known)) == 1
    assert await tally(harness, campaign_id) == DOUBLED


async def test_a_merge_in_flight_is_waited_for(harness: Harness) -> None:
    campaign_id = await begun(harness)
    guest, known = uuid7(), uuid7()
    await harness.deliver(listed(campaign_id, [guest]))
    async with harness.transaction() as merging:
        await on_members_merged(merging, [merged(guest, known)])
        telling = asyncio.create_task(run_jobs(harness))
        await until(lambda: waits_or_is_done(harness, telling))
    await telling
    assert len(await inbox_of(harness, known)) == 1
    assert await inbox_of(harness, guest) == []


async def test_a_merge_during_the_delivery_takes_over_what_was_delivered(harness: Harness) -> None:
    campaign_id = await begun(harness)
    guest, known = uuid7(), uuid7()
    await harness.deliver(listed(campaign_id, [guest]))
    async with harness.transaction() as telling:
        await deliver_to_inboxes(telling, clock.now())
        merging = asyncio.create_task(harness.deliver(merged(guest, known)))
        await until(lambda: waits_or_is_done(harness, merging))
    await merging
    assert len(await inbox_of(harness, known)) == 1


async def test_mail_queued_before_a_merge_is_sent_once_to_who_goes_on(
    harness: Harness, server, lane
) -> None:
    campaign_id = await begun(harness, channels=["email"])
    guest, tablet, known = uuid7(), uuid7(), uuid7()
    await harness.deliver(
        created(guest, anonymous=True, email="old@example.com"),
        created(tablet, anonymous=True, email="older@example.com"),
        created(known, anonymous=True, email="now@example.com"),
        listed(campaign_id, [guest, tablet]),
    )
    await harness.deliver(merged(guest, known), merged(tablet, known))
    await lane(campaigns=True).send_portion(clock.now())
    assert [message["To"] for message in server.accepted] == ["now@example.com"]
    assert await tally(harness, campaign_id, "email") == DOUBLED
