"""Files sent to tickets: taken by content, sent once, read by those who may, and tidied away."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import ABSENT, Harness, agent, event, marketer, member
from services.feedback.files import INCOMING, Files
from services.feedback.jobs import SCHEDULE, file_jobs
from services.feedback.rules.attachments import LARGEST_BYTES, MOST_PER_MESSAGE, MOST_PER_TICKET
from services.feedback.rules.tickets import REOPEN_PERIOD
from services.feedback.tables import Attachment
from tests.feedback.conversations import ask, read, resolve, say, shift

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)
PDF = b"%PDF-1.7\n" + bytes(64)
DROP = next(job for job in SCHEDULE if job.name == "feedback.drop_attachments")


async def upload(
    harness: Harness,
    caller: Caller,
    ticket_id: str,
    content: bytes | AsyncIterator[bytes] = PNG,
    name: str = "photo.png",
    **headers: str,
) -> httpx.Response:
    async with harness.client(caller) as client:
        return await client.post(
            f"/v1/tickets/{ticket_id}/attachments",
            params={"name": name},
            content=content,
            headers=headers,
        )


async def sent(harness: Harness, caller: Caller, ticket_id: str, **changes: Any) -> str:
    """The id of a file that waits for its message."""
    answer = await upload(harness, caller, ticket_id, **changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["attachment_id"])


async def fetch(harness: Harness, caller: Caller, ticket_id: str, attachment_id: str, **headers):
    async with harness.client(caller) as client:
        path = f"/v1/tickets/{ticket_id}/attachments/{attachment_id}"
        return await client.get(path, headers=headers)


def folder_of(harness: Harness) -> Path:
    return harness.app.state.runtime.settings.attachments_folder


def on_disk(harness: Harness, *attachment_ids: str) -> list[bool]:
    files = Files(folder_of(harness))
    return [files.path_of(UUID(one)).exists() for one in attachment_ids]


async def test_a_file_goes_with_the_message_that_names_it(harness: Harness) -> None:
    caller = member()
    ticket_id = (await ask(harness, caller))["ticket_id"]
    photo = await sent(harness, caller, ticket_id)
    paper = await sent(harness, caller, ticket_id, content=PDF, name="../receipt.exe")
    said = await say(harness, caller, ticket_id, "Look", attachment_ids=[paper, photo, paper])
    assert said.status_code == 201, said.text
    shown = [(f["name"], f["media_type"], f["size_bytes"]) for f in said.json()["attachments"]]
    assert shown == [
        ("receipt.exe.pdf", "application/pdf", len(PDF)),
        ("photo.png", "image/png", len(PNG)),
    ]
    whole = await read(harness, agent(), f"/v1/tickets/{ticket_id}")
    listed = await read(harness, caller, f"/v1/tickets/{ticket_id}/messages", after=1)
    assert whole["messages"][1]["attachments"] == said.json()["attachments"]
    assert listed["items"][0]["attachments"] == said.json()["attachments"]
    assert whole["messages"][0]["attachments"] == []


async def test_a_file_is_given_back_as_a_download_of_its_own_kind(harness: Harness) -> None:
    caller = member()
    ticket_id = (await ask(harness, caller))["ticket_id"]
    attachment_id = await sent(harness, caller, ticket_id, name="фото.png")
    got = await fetch(harness, caller, ticket_id, attachment_id)
    assert (got.status_code, got.content) == (200, PNG)
    assert got.headers["content-type"] == "image/png"
    assert got.headers["content-disposition"].startswith("attachment; filename*=utf-8''%D1%84")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    assert "public" not in got.headers["cache-control"]
    part = await fetch(harness, caller, ticket_id, attachment_id, Range="bytes=1-3")
    assert (part.status_code, part.content) == (206, b"PNG")


async def test_a_file_is_read_by_who_may_read_its_ticket(harness: Harness) -> None:
    owner, stranger, helper = member(), member(), agent()
    ticket_id = (await ask(harness, owner))["ticket_id"]
    hers = (await ask(harness, stranger))["ticket_id"]
    mine = await sent(harness, owner, ticket_id)
    internal = await sent(harness, helper, ticket_id, content=PDF, name="draft.pdf")

    async def status(caller: Caller, ticket: str, attachment: str) -> int:
        return (await fetch(harness, caller, ticket, attachment)).status_code

    assert await status(helper, ticket_id, mine) == 200
    assert await status(stranger, ticket_id, mine) == 404
    assert await status(stranger, hers, mine) == 404, "by way of a ticket of her own"
    assert await status(owner, ticket_id, internal) == 404, "nobody has said it yet"
    assert await status(owner, ticket_id, str(ABSENT)) == 404
    assert await status(marketer(), ticket_id, mine) == 403
    assert (await upload(harness, stranger, ticket_id)).status_code == 404
    assert (await upload(harness, marketer(), ticket_id)).status_code == 403
    await say(harness, helper, ticket_id, "Here", attachment_ids=[internal])
    assert await status(owner, ticket_id, internal) == 200


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        pytest.param(b"", 422, "feedback.attachment_empty", id="nothing"),
        pytest.param(b"MZ" + bytes(90), 415, "feedback.attachment_kind", id="a program"),
        pytest.param(b"PK\x03\x04" + bytes(90), 415, "feedback.attachment_kind", id="an archive"),
        pytest.param(bytes(90), 415, "feedback.attachment_kind", id="bytes of no kind"),
        pytest.param("日本".encode()[:-1], 415, "feedback.attachment_kind", id="half a character"),
        pytest.param(b"\xff\xfea\x00", 415, "feedback.attachment_kind", id="another encoding"),
    ],
)
async def test_what_is_not_taken_is_refused_by_its_content(harness, content, status, code) -> None:
    caller = member()
    ticket_id = (await ask(harness, caller))["ticket_id"]
    refused = await upload(harness, caller, ticket_id, content, "photo.png")
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert list((folder_of(harness) / INCOMING).iterdir()) == []


async def test_text_is_taken_however_it_is_cut_into_pieces(harness: Harness) -> None:
    caller = member()
    ticket_id = (await ask(harness, caller))["ticket_id"]
    content = "你好, Привет!\n".encode() * 100_000

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 65_537):
            yield content[start : start + 65_537]

    attachment_id = await sent(harness, caller, ticket_id, content=pieces(), name="app.log")
    got = await fetch(harness, caller, ticket_id, attachment_id)
    assert got.headers["content-type"].startswith("text/plain")
    assert got.content == content


async def test_a_file_over_the_limit_is_refused_before_and_while_it_comes(harness: Harness) -> None:
    caller = member()
    ticket_id = (await ask(harness, caller))["ticket_id"]
    came = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal came
        yield PNG
        while True:
            came += 1
            yield bytes(1024 * 1024)

    said = await upload(harness, caller, ticket_id, **{"Content-Length": str(LARGEST_BYTES + 1)})
    unsaid = await upload(harness, caller, ticket_id, endless())
    assert [said.status_code, unsaid.status_code] == [413, 413]
    assert unsaid.json()["code"] == "feedback.attachment_too_large"
    assert came <= LARGEST_BYTES // 1024**2 + 2
    whole = PNG + bytes(LARGEST_BYTES - len(PNG))
    assert (await upload(harness, caller, ticket_id, whole)).status_code == 201


async def test_a_form_is_refused_with_what_to_send(harness: Harness) -> None:
    caller = member()
    ticket_id = (await ask(harness, caller))["ticket_id"]
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    refused = await upload(harness, caller, ticket_id, b"--x", **form)
    assert (refused.status_code, refused.json()["code"]) == (415, "feedback.attachment_form")
    assert "?name=" in refused.json()["detail"]


async def test_the_same_file_sent_again_or_at_once_is_one(harness: Harness) -> None:
    caller, content = member(), PNG + uuid7().bytes
    ticket_id = (await ask(harness, caller))["ticket_id"]
    answers = await asyncio.gather(*(upload(harness, caller, ticket_id, content) for _ in range(6)))
    again = await upload(harness, caller, ticket_id, content, name="other.png")
    (only,) = {answer.json()["attachment_id"] for answer in (*answers, again)}
    kept = [file.name for file in folder_of(harness).glob("*/*") if file.read_bytes() == content]
    assert kept == [only]
    await say(harness, caller, ticket_id, "One", attachment_ids=[only])
    assert await sent(harness, caller, ticket_id, content=content) != only, "that one was said"


async def test_a_message_sent_again_is_answered_with_its_files(harness: Harness) -> None:
    caller, sent_as = member(), str(uuid7())
    ticket_id = (await ask(harness, caller))["ticket_id"]
    photo = await sent(harness, caller, ticket_id)
    body = {"client_msg_id": sent_as, "attachment_ids": [photo]}
    first, second = [await say(harness, caller, ticket_id, "Look", **body) for _ in range(2)]
    without = await say(harness, caller, ticket_id, "Look", client_msg_id=sent_as)
    assert first.json() == second.json()
    assert without.json()["code"] == "feedback.client_msg_id_reused"


async def test_a_file_is_said_once_and_by_its_author(harness: Harness) -> None:
    caller, helper = member(), agent()
    ticket_id = (await ask(harness, caller))["ticket_id"]
    photo = await sent(harness, caller, ticket_id)
    foreign = await say(harness, helper, ticket_id, "Mine now", attachment_ids=[photo])
    racing = await asyncio.gather(
        *(say(harness, caller, ticket_id, "Mine", attachment_ids=[photo]) for _ in range(4))
    )
    unknown = await say(harness, caller, ticket_id, "This", attachment_ids=[str(uuid7())])
    assert foreign.json()["code"] == "feedback.attachment_not_waiting"
    assert sorted(one.status_code for one in racing) == [201, 422, 422, 422]
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "attachment_ids")
    last = (await read(harness, caller, f"/v1/tickets/{ticket_id}"))["last_number"]
    assert last == 2, "a refused message leaves no gap"


async def test_a_message_takes_so_many_files_and_a_ticket_so_many(harness: Harness) -> None:
    caller = member()
    ticket_id = (await ask(harness, caller))["ticket_id"]
    many = [str(uuid7()) for _ in range(MOST_PER_MESSAGE + 1)]
    refused = await say(harness, caller, ticket_id, "All", attachment_ids=many)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    async with harness.transaction() as session:
        session.add_all(
            attachment_to(ticket_id, caller, bytes([n])) for n in range(MOST_PER_TICKET)
        )
    full = await upload(harness, caller, ticket_id)
    assert (full.status_code, full.json()["code"]) == (409, "feedback.too_many_attachments")


def attachment_to(ticket_id: str, caller: Caller, sha256: bytes) -> Attachment:
    return Attachment(
        attachment_id=uuid7(),
        ticket_id=UUID(ticket_id),
        author="member",
        author_id=caller.subject,
        name="a.png",
        media_type="image/png",
        size_bytes=1,
        sha256=sha256,
        created_at=clock.now(),
    )


async def test_a_file_follows_its_message_into_the_ticket_that_follows(harness: Harness) -> None:
    caller = member()
    ticket_id = (await ask(harness, caller))["ticket_id"]
    await resolve(harness, agent(), ticket_id)
    await shift(harness, ticket_id, REOPEN_PERIOD + timedelta(hours=1))
    photo = await sent(harness, caller, ticket_id)
    said = (await say(harness, caller, ticket_id, "Again", attachment_ids=[photo])).json()
    assert said["ticket_id"] != ticket_id
    assert (await fetch(harness, caller, said["ticket_id"], photo)).content == PNG


async def test_files_of_a_merged_member_are_the_survivors(harness: Harness) -> None:
    guest, survivor = member(), member()
    ticket_id = (await ask(harness, guest))["ticket_id"]
    photo = await sent(harness, guest, ticket_id)
    merge = {
        "member_id": survivor.subject,
        "merged_member_id": guest.subject,
        "merged_at": "2026-03-01T10:00:00Z",
    }
    await harness.deliver(event("profile.member.merged.v1", merge))
    said = await say(harness, survivor, ticket_id, "Mine", attachment_ids=[photo])
    assert said.status_code == 201, said.text
    assert (await fetch(harness, guest, ticket_id, photo)).status_code == 404


async def one_piece() -> AsyncIterator[bytes]:
    yield PNG


def age(path: Path, by: timedelta) -> None:
    then = path.stat().st_mtime - by.total_seconds()
    os.utime(path, (then, then))


async def test_files_nobody_named_and_files_nobody_knows_are_deleted(harness: Harness) -> None:
    caller, files = member(), Files(folder_of(harness))
    ticket_id = (await ask(harness, caller))["ticket_id"]
    said = await sent(harness, caller, ticket_id)
    await say(harness, caller, ticket_id, "Look", attachment_ids=[said])
    forgotten = await sent(harness, caller, ticket_id, content=PDF)
    orphan, fresh = uuid7(), uuid7()
    await files.keep(orphan, one_piece())
    await files.keep(fresh, one_piece())
    cut_off = folder_of(harness) / INCOMING / str(uuid7())
    cut_off.write_bytes(PNG)
    for path in (*map(files.path_of, (UUID(said), UUID(forgotten), orphan)), cut_off):
        age(path, timedelta(days=2))
    (sweep,) = file_jobs(files)

    await harness.run(sweep)
    assert on_disk(harness, said, forgotten, str(orphan), str(fresh)) == [True, True, False, True]
    assert not cut_off.exists()
    await harness.run(DROP, clock.now() + timedelta(hours=23))
    await harness.run(sweep)
    assert on_disk(harness, forgotten) == [True], "its day is not over"
    await harness.run(DROP, clock.now() + timedelta(hours=25))
    await harness.run(sweep)
    assert on_disk(harness, said, forgotten, str(fresh)) == [True, False, True]
    assert (await fetch(harness, caller, ticket_id, forgotten)).status_code == 404


async def test_beside_an_empty_database_files_are_left_alone(harness: Harness) -> None:
    files, attachment_id = Files(folder_of(harness)), uuid7()
    await files.keep(attachment_id, one_piece())
    age(files.path_of(attachment_id), timedelta(days=2))
    (sweep,) = file_jobs(files)
    await harness.run(sweep)
    assert on_disk(harness, str(attachment_id)) == [True]


async def test_an_upload_that_breaks_off_leaves_nothing(harness: Harness) -> None:
    files, attachment_id = Files(folder_of(harness)), uuid7()

    async def broken() -> AsyncIterator[bytes]:
        yield PNG
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await files.keep(attachment_id, broken())
    assert list(folder_of(harness).glob(f"*/{attachment_id}")) == []


async def test_a_folder_that_takes_nothing_is_a_store_that_is_away(harness: Harness) -> None:
    caller = member()
    ticket_id = (await ask(harness, caller))["ticket_id"]
    folder = folder_of(harness)
    elsewhere = folder.with_name(f"{folder.name}-elsewhere")
    folder.rename(elsewhere)
    folder.write_text("a file where the folder should be")
    try:
        refused = await upload(harness, caller, ticket_id)
    finally:
        folder.unlink()
        elsewhere.rename(folder)
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert refused.headers["retry-after"]
