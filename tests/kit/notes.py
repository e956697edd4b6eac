"""A small service, so that kit is tested on something real: notes, and greetings it hears."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar, NamedTuple
from uuid import UUID

from fastapi import FastAPI, Request, Response
from sqlalchemy import MetaData, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, col

import kit.settings
from kit import app, auth, bodies, combining, etags, ids, outbox, pages, problems
from kit.db import NAMING, Tx
from kit.events import Cause, Event, Payload, Reading, current_cause
from kit.idempotency import RequiresKey, combined
from kit.problems import Problem
from kit.scheduler import Job


class Settings(kit.settings.Settings):
    database: str = Field("notes", description="Name of the part's database.")


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    pass


class Note(Table, table=True):
    __tablename__ = "notes"
    id: UUID = Field(primary_key=True)
    author: str
    text: str


class NotePinned(Payload):
    type: ClassVar[str] = "notes.note.pinned.v1"
    on_receipt: ClassVar[tuple[str, ...]] = ("text",)
    member_id: UUID
    note_id: UUID
    text: str


class Greeted(Reading):
    type: ClassVar[str] = "greeter.member.greeted.v1"
    member_id: UUID
    text: str


class TooRude(problems.Conflict):
    code = "notes.too_rude"
    title = "Too rude"


class NoteBody(bodies.Body):
    text: bodies.Name


class NoteAnswer(bodies.Answer):
    id: UUID
    text: str


router = app.Router(tags=["notes"])


async def pin(session: AsyncSession, member_id: UUID, words: str) -> UUID:
    note_id = ids.uuid7()
    await session.execute(insert(Note).values(id=note_id, author=str(member_id), text=words))
    await outbox.publish(session, NotePinned(member_id=member_id, note_id=note_id, text=words))
    if words == "rude":
        raise TooRude("Be kind.")
    return note_id


@router.post("/v1/notes", status_code=201)
async def post_note(
    body: NoteBody, member_id: auth.MemberId, tx: Tx, response: Response
) -> NoteAnswer:
    response.headers["Cache-Control"] = "no-store"
    return NoteAnswer(id=await pin(tx, member_id, body.text), text=body.text)


@router.post("/v1/gifts", dependencies=[RequiresKey])
async def post_gift(body: NoteBody, member_id: auth.MemberId, tx: Tx) -> NoteAnswer:
    return NoteAnswer(id=await pin(tx, member_id, body.text), text=body.text)


class Wished(NamedTuple):
    author: UUID
    text: str
    cause: Cause | None


async def pin_together(session: AsyncSession, wishes: Sequence[Wished]) -> list[UUID | Problem]:
    """Pin notes of several callers; a rude one is refused, and `poison` breaks whatever it is in.

    `busy` may succeed another time.
    """
    made: list[UUID | Problem] = []
    for wish in wishes:
        if wish.text == "rude":
            made.append(TooRude("Be kind."))
        elif wish.text == "busy":
            made.append(problems.TooMany("Later."))
        else:
            note_id = ids.uuid7()
            author = str(wish.author)
            await session.execute(insert(Note).values(id=note_id, author=author, text=wish.text))
            said = NotePinned(member_id=wish.author, note_id=note_id, text=wish.text)
            await outbox.publish(session, said.because(wish.cause) if wish.cause else said)
            if wish.text == "poison":
                raise RuntimeError("this one always fails")
            made.append(note_id)
    return made


@router.post("/v1/pins", dependencies=[RequiresKey])
@combined
async def post_pin(body: NoteBody, member_id: auth.MemberId, request: Request) -> Response:
    def shown(note_id: UUID) -> Response:
        answer = NoteAnswer(id=note_id, text=body.text)
        return Response(answer.model_dump_json(), 201, media_type="application/json")

    wish = Wished(member_id, body.text, current_cause())
    return await combining.answer(request, pin_together, wish, shown)


@router.get("/v1/notes")
async def get_notes(
    tx: Tx, _: auth.CurrentCaller, limit: pages.Limit = 50, cursor: pages.CursorParameter = None
) -> pages.Page[NoteAnswer]:
    statement = select(Note).order_by(col(Note.id)).limit(limit + 1)
    if cursor:
        (after,) = pages.decode_cursor(cursor, UUID)
        statement = statement.where(col(Note.id) > after)
    rows = (await tx.execute(statement)).scalars().all()
    return pages.page(rows, limit, NoteAnswer.model_validate, lambda note: (note.id,))


@router.get("/v1/notes/{note_id}")
async def get_note(note_id: UUID, request: Request, tx: Tx) -> Response:
    note = await tx.get(Note, note_id)
    if note is None:
        raise problems.NotFound("There is no such note.")
    return etags.respond(request, NoteAnswer.model_validate(note))


@router.get("/v1/motto")
async def get_motto(member_id: auth.MemberId, tx: Tx) -> NoteAnswer:
    """The member's first note, which is made when it is first looked at."""
    statement = select(Note).where(col(Note.author) == str(member_id))
    if (found := (await tx.execute(statement)).scalars().first()) is not None:
        return NoteAnswer.model_validate(found)
    return NoteAnswer(id=await pin(tx, member_id, "Be kind."), text="Be kind.")


@router.get("/v1/slow")
async def get_slow(tx: Tx) -> None:
    await tx.execute(text("SELECT pg_sleep(5)"))


@router.get("/v1/broken")
async def get_broken() -> None:
    raise RuntimeError("secret 4711")


@router.get("/v1/audit", dependencies=[auth.requires(auth.Role.ANALYST, scope="notes:read")])
async def get_audit() -> dict[str, str]:
    return {"state": "fine"}


async def on_greeted(session: AsyncSession, events: Sequence[Event]) -> None:
    for event in events:
        greeting = Greeted.of(event)
        if greeting.text == "poison":
            raise RuntimeError("this one always fails")
        note_id = ids.uuid7()
        values = {"id": note_id, "author": str(greeting.member_id), "text": greeting.text}
        await session.execute(insert(Note).values(values))
        pinned = NotePinned(member_id=greeting.member_id, note_id=note_id, text=greeting.text)
        await outbox.publish(session, pinned.because(event))


async def tidy(session: AsyncSession, now: datetime) -> bool:
    del now
    statement = text("DELETE FROM notes WHERE id IN (SELECT id FROM notes LIMIT 2) RETURNING id")
    return len((await session.execute(statement)).all()) == 2


TIDY = Job("tidy", timedelta(minutes=1), tidy)

SERVICE = app.Service(
    name="notes",
    title="Notes",
    metadata=Table.metadata,
    migrations=Path(__file__).parent / "notes_migrations",
    routers=[router],
    handlers={Greeted.type: on_greeted},
    publishes=[NotePinned],
    schedule=[TIDY],
)


def create_app(settings: Settings) -> FastAPI:
    return app.create_app(SERVICE, settings)
