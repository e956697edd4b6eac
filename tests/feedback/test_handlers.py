"""What is heard: delivered twice, shuffled, racing, poisoned."""

import asyncio
import itertools
import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from kit import clock
from kit.auth import Caller
from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, agent, example, member, until
from services.feedback.actions.tickets import open_ticket
from services.feedback.events import TicketOpened
from services.feedback.rules.tickets import Author, Channel, Draft
from tests.feedback.conversations import (
    ask,
    done_or_waiting,
    read,
    resolve,
    say,
    tier_changed,
)

DAYS = [f"2026-03-0{day}T08:00:00Z" for day in (1, 2, 3)]


async def known(harness: Harness, caller: Caller) -> dict[str, Any]:
    statement = text("SELECT * FROM members WHERE member_id = :id")
    async with harness.transaction() as session:
        row = (await session.execute(statement, {"id": caller.member_id})).mappings().one()
        return dict(row)


def updated(caller: Caller, name: str, day: str) -> Event:
    return example(
        "profile.member.updated.v1", member_id=caller.subject, display_name=name, updated_at=day
    )


async def test_agents_see_whom_they_talk_to(harness: Harness) -> None:
    caller = member()
    created = example("profile.member.created.v1", member_id=caller.subject, language="ru")
    await harness.deliver(created)
    await ask(harness, caller)
    [ticket] = (await read(harness, agent(), "/v1/tickets"))["items"]
    assert ticket["member"] == {
        "display_name": created.data["display_name"],
        "language": "ru",
        "tier": "normal",
    }


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
async def test_the_latest_description_wins_in_any_order(
    harness: Harness, order: tuple[int, ...]
) -> None:
    caller = member()
    events = [updated(caller, f"name {n}", DAYS[n]) for n in range(3)]
    for n in order:
        await harness.deliver(events[n], events[n])
    await harness.deliver(*events)
    assert (await known(harness, caller))["display_name"] == "name 2"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
async def test_the_latest_tier_wins_in_any_order(harness: Harness, order: tuple[int, ...]) -> None:
    caller = member()
    tiers = ["silver", "platinum", "gold"]
    events = [tier_changed(caller.subject, tiers[n], DAYS[n]) for n in range(3)]
    for n in order:
        await harness.deliver(events[n])
    await harness.deliver(*events)
    assert (await known(harness, caller))["tier"] == "gold"


async def test_the_latest_tier_of_a_batch_wins(harness: Harness) -> None:
    caller = member()
    tiers = {"gold": DAYS[2], "silver": DAYS[0], "platinum": DAYS[1]}
    await harness.deliver(*(tier_changed(caller.subject, *change) for change in tiers.items()))
    assert (await known(harness, caller))["tier"] == "gold"


async def test_descriptions_and_tiers_do_not_undo_each_other(harness: Harness) -> None:
    caller = member()
    await harness.deliver(
        tier_changed(caller.subject, "gold", DAYS[0]), updated(caller, "Mei", DAYS[0])
    )
    found = await known(harness, caller)
    assert (found["display_name"], found["tier"]) == ("Mei", "gold")


async def test_batches_that_race_leave_the_latest(harness: Harness) -> None:
    callers = [member() for _ in range(20)]

    async def deliver(n: int) -> None:
        events = [updated(caller, f"name {n}", DAYS[n]) for caller in callers]
        await harness.deliver(*(events if n % 2 else reversed(events)))

    await asyncio.gather(*(deliver(n) for n in range(3)))
    assert {(await known(harness, caller))["display_name"] for caller in callers} == {"name 2"}


async def test_an_open_ticket_gains_when_its_member_rises(harness: Harness) -> None:
    caller = member()
    ticket = await ask(harness, caller)
    await harness.deliver(tier_changed(caller.subject, "platinum", DAYS[0]))
    after = await read(harness, agent(), f"/v1/tickets/{ticket['ticket_id']}")
    assert after["priority"] == "urgent"
    waits = datetime.fromisoformat(after["first_response_due_at"]) - datetime.fromisoformat(
        after["opened_at"]
    )
    assert timedelta(hours=1) <= waits < timedelta(hours=1, minutes=5)


async def test_an_open_ticket_loses_nothing_when_its_member_falls(harness: Harness) -> None:
    caller = member()
    await harness.deliver(tier_changed(caller.subject, "gold", DAYS[0]))
    ticket = await ask(harness, caller)
    await harness.deliver(tier_changed(caller.subject, "normal", DAYS[1]))
    after = await read(harness, caller, f"/v1/tickets/{ticket['ticket_id']}")
    for field in ("priority", "first_response_due_at"):
        assert after[field] == ticket[field]


async def test_an_answered_ticket_rises_but_its_clock_stands(harness: Harness) -> None:
    caller = member()
    ticket = await ask(harness, caller)
    await say(harness, agent(), ticket["ticket_id"])
    await harness.deliver(tier_changed(caller.subject, "platinum", DAYS[0]))
    after = await read(harness, caller, f"/v1/tickets/{ticket['ticket_id']}")
    assert after["priority"] == "urgent"
    assert after["first_response_due_at"] == ticket["first_response_due_at"]


async def test_a_resolved_ticket_stays_as_it_was(harness: Harness) -> None:
    caller = member()
    ticket = await ask(harness, caller)
    await resolve(harness, agent(), ticket["ticket_id"])
    await harness.deliver(tier_changed(caller.subject, "platinum", DAYS[0]))
    after = await read(harness, caller, f"/v1/tickets/{ticket['ticket_id']}")
    assert after["priority"] == "normal"


async def test_a_ticket_opened_while_its_member_rises_is_not_forgotten(harness: Harness) -> None:
    """The rise waits for the ticket that has read the old tier and is not committed yet."""
    caller = member()
    await harness.deliver(tier_changed(caller.subject, "silver", DAYS[0]))
    rise = tier_changed(caller.subject, "platinum", DAYS[1])
    draft = Draft(Author.MEMBER, caller.subject, uuid7(), "Help")
    async with harness.transaction() as session:
        ticket = await open_ticket(
            session,
            caller.member_id,
            draft,
            subject="Help",
            channel=Channel.APP,
            now=clock.now(),
        )
        rising = asyncio.create_task(harness.deliver(rise))
        await until(lambda: done_or_waiting(harness, rising))
    await rising
    after = await read(harness, caller, f"/v1/tickets/{ticket.ticket_id}")
    assert after["priority"] == "urgent"


async def test_a_merged_members_tickets_and_surveys_go_to_who_remains(harness: Harness) -> None:
    guest, survivor, sent_as = member(), member(), str(uuid7())
    ticket = await ask(harness, guest)
    said = await say(harness, guest, ticket["ticket_id"], "As a guest", client_msg_id=sent_as)
    await resolve(harness, agent(), ticket["ticket_id"])
    merge = merged(guest, survivor)
    await harness.deliver(merge)
    await harness.deliver(merge)
    mine = await read(harness, survivor, "/v1/tickets")
    assert [found["ticket_id"] for found in mine["items"]] == [ticket["ticket_id"]]
    assert len((await read(harness, survivor, "/v1/surveys"))["items"]) == 1
    assert (await read(harness, guest, "/v1/tickets"))["items"] == []
    again = await say(harness, survivor, ticket["ticket_id"], "As a guest", client_msg_id=sent_as)
    assert again.json()["number"] == said.json()["number"]


async def test_a_merged_member_asks_for_who_goes_on(harness: Harness) -> None:
    guest, device, survivor = member(), member(), member()
    await harness.deliver(merged(guest, device), merged(device, survivor))
    asked = [await ask(harness, guest), await ask(harness, device)]
    mine = await read(harness, survivor, "/v1/tickets")
    assert {found["ticket_id"] for found in mine["items"]} == {
        ticket["ticket_id"] for ticket in asked
    }
    assert (await say(harness, guest, asked[0]["ticket_id"])).status_code == 404
    assert (await say(harness, survivor, asked[0]["ticket_id"])).status_code == 201


async def test_a_guest_merged_away_who_gets_an_account_goes_on_for_both(harness: Harness) -> None:
    guest, device = member(), member()
    await harness.deliver(merged(guest, device))
    before = await ask(harness, guest)
    await harness.deliver(merged(device, guest))
    after = [await ask(harness, guest), await ask(harness, device)]
    mine = await read(harness, guest, "/v1/tickets")
    assert {found["ticket_id"] for found in mine["items"]} == {
        t["ticket_id"] for t in (before, *after)
    }


async def test_a_merged_member_described_later_goes_on_alone(harness: Harness) -> None:
    guest, known = member(), member()
    before, after = (updated(guest, "Ada", f"2026-03-01T08:00:0{n}Z") for n in (0, 2))
    await harness.deliver(merged(guest, known), before)
    assert (await ask(harness, guest))["member_id"] == known.subject
    await harness.deliver(after)
    assert (await ask(harness, guest))["member_id"] == guest.subject


def merged(old: Caller, new: Caller) -> Event:
    changes = {"member_id": new.subject, "merged_member_id": old.subject}
    return example("profile.member.merged.v1", **changes)


async def test_racing_merges_and_tiers_wait_in_no_circle(harness: Harness) -> None:
    chance, pairs = random.Random(7), [(member(), member()) for _ in range(8)]

    async def batch() -> None:
        some = chance.sample(pairs, 5)
        tiers = [tier_changed(guest.subject, "gold", DAYS[0]) for guest, _ in some]
        await harness.deliver(*chance.choice([tiers, list(itertools.starmap(merged, some))]))

    await asyncio.gather(*(batch() for _ in range(12)))


async def test_a_chain_of_merges_ends_with_the_last(harness: Harness) -> None:
    first, second, third = member(), member(), member()
    ticket = await ask(harness, first)
    await harness.deliver(merged(first, second), merged(second, third))
    mine = await read(harness, third, "/v1/tickets")
    assert [found["ticket_id"] for found in mine["items"]] == [ticket["ticket_id"]]


async def test_a_batch_with_an_unreadable_event_changes_nothing(harness: Harness) -> None:
    caller = member()
    good = tier_changed(caller.subject, "gold", DAYS[0])
    bad = tier_changed("nobody", "gold", DAYS[0])
    with pytest.raises(ValidationError):
        await harness.deliver(good, bad)
    await ask(harness, caller)
    [opened] = await harness.published(TicketOpened)
    assert opened.priority == "normal"
