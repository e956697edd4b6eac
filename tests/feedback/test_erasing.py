"""A member who is erased: no ticket, message, note or file is left; scores stay, nobody's."""

import asyncio
from collections.abc import Collection
from uuid import UUID

import pytest
from sqlalchemy import text

from kit import clock
from kit.erasure import Erasure
from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, agent, example, member, until
from services.feedback.events import MemberErased
from services.feedback.files import Files
from tests.feedback.conversations import ask, done_or_waiting, resolve, say
from tests.feedback.test_attachments import on_disk, sent


def erased(member_id: UUID, *former_ids: UUID) -> Event:
    told = {"member_id": member_id, "former_ids": list(former_ids), "erasure_id": uuid7()}
    return example("profile.member.erased.v1", **told)


async def erase(harness: Harness, event: Event) -> None:
    await harness.deliver(event)
    await harness.erase()


async def conversation(harness: Harness, caller) -> tuple[str, str]:
    """A ticket with messages, a note and a file; its id and the file's."""
    ticket_id = (await ask(harness, caller, text="I live in Harbin"))["ticket_id"]
    photo = await sent(harness, caller, ticket_id)
    said = await say(harness, caller, ticket_id, "My passport", attachment_ids=[photo])
    assert said.status_code == 201, said.text
    async with harness.client(agent()) as client:
        note = {"client_msg_id": str(uuid7()), "text": "Sounds upset"}
        answer = await client.post(f"/v1/tickets/{ticket_id}/notes", json=note)
        assert answer.status_code == 201, answer.text
    return ticket_id, photo


async def test_nothing_of_the_person_is_left(harness: Harness) -> None:
    caller = member()
    await harness.deliver(
        example("profile.member.created.v1", member_id=caller.member_id, display_name="Mei L")
    )
    _, photo = await conversation(harness, caller)
    event = erased(caller.member_id)
    await erase(harness, event)
    words = ("Harbin", "My passport", "Sounds upset", "Mei L", photo, caller.subject)
    assert await harness.traces(*words) == set()
    assert on_disk(harness, photo) == [False]
    (said,) = await harness.published(MemberErased)
    assert str(said.erasure_id) == event.data["erasure_id"]


async def test_scores_are_still_counted(harness: Harness) -> None:
    caller = member()
    ticket_id, _ = await conversation(harness, caller)
    await resolve(harness, agent(), ticket_id)
    async with harness.transaction() as session:
        await session.execute(
            text("UPDATE surveys SET score = 5, comment = 'Call me', answered_at = now()")
        )
    await erase(harness, erased(caller.member_id))
    assert await harness.traces("Call me", ticket_id, caller.subject) == set()
    async with harness.transaction() as session:
        assert list((await session.execute(text("SELECT score FROM surveys"))).scalars()) == [5]


async def test_files_that_cannot_be_deleted_are_tried_again(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = member()
    _, photo = await conversation(harness, caller)

    async def fail(_: Files, __: Collection[UUID]) -> None:
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(Files, "delete", fail)
        await erase(harness, erased(caller.member_id))
    assert await harness.published(MemberErased) == []
    assert on_disk(harness, photo) == [True]
    await harness.erase()
    assert on_disk(harness, photo) == [False]
    assert len(await harness.published(MemberErased)) == 1


async def test_what_comes_late_makes_nobody(harness: Harness) -> None:
    mei, guest = uuid7(), uuid7()
    await erase(harness, erased(mei, guest))
    late = [
        example("profile.member.created.v1", member_id=mei),
        example("profile.member.merged.v1", member_id=mei, merged_member_id=guest),
        example("loyalty.tier.changed.v1", member_id=mei),
    ]
    await harness.deliver(*late, *late)
    assert await harness.traces(mei, guest) == set()


async def test_a_message_to_a_ticket_that_is_being_erased_waits_in_no_circle(
    harness: Harness,
) -> None:
    """The erasing comes first; who waits for the same ticket holds nothing it needs."""
    caller = member()
    ticket_id, _ = await conversation(harness, caller)
    asked = Erasure(uuid7(), (caller.member_id,), clock.now())

    async def erase_now() -> None:
        async with harness.transaction() as session:
            assert harness.service.erase is not None
            await harness.service.erase(session, asked, clock.now())

    async with harness.transaction() as session:
        await session.execute(text("SELECT FROM tickets FOR UPDATE"))
        erasing = asyncio.create_task(erase_now())
        await until(lambda: done_or_waiting(harness, erasing))
        saying = asyncio.create_task(say(harness, caller, ticket_id))
        await until(lambda: done_or_waiting(harness, saying, 2))
    await erasing
    assert (await saying).status_code == 404
    assert await harness.traces(ticket_id) == set()
