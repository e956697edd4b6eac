"""Real things for the places in paths: made through the API, each belonging to somebody.

`THINGS` says for each place, written as its path template, how a new one is made. A place that is
missing fails the build.
"""

from collections.abc import Awaitable, Callable, Mapping
from uuid import uuid4

from sqlalchemy import text

from kit.db import transaction
from tests.security.surface import PARAMETER, Operation
from tests.security.world import PASSWORD, Person, World

Maker = Callable[[World, Person], Awaitable[str]]

MARK = "belongs-to-"
ARTICLE = {"texts": {"en": {"title": "Where?", "body": "There."}}}


async def place_in(world: World, operation: Operation, owner: Person | None = None) -> str:
    """The operation's path with something of the owner's at each place, Ada's if not said."""
    path = operation.path
    for place in operation.places:
        thing = await THINGS[place](world, owner or world.people["ada"])
        path = path.replace(PARAMETER.findall(place)[-1].join("{}"), thing, 1)
    return path


def nothing_in(operation: Operation) -> str:
    """The operation's path with ids of nothing."""
    return PARAMETER.sub(lambda _: str(uuid4()), operation.path)


async def ticket(world: World, owner: Person) -> str:
    """A ticket, when its owner is one of the members; else one of Ada's."""
    writer = owner if owner.role == "member" else world.people["ada"]
    mark = f"{MARK}{writer.id}"
    made = await world.made("/v1/tickets", {"subject": mark, "text": mark}, writer)
    return str(made["ticket_id"])


async def attachment(world: World, owner: Person) -> str:
    """A file in the ticket just made for the path."""
    writer = owner if owner.role == "member" else world.people["ada"]
    newest = (await world.call("GET", "/v1/tickets", writer)).json()["items"][0]["ticket_id"]
    sent = await world.call(
        "POST",
        f"/v1/tickets/{newest}/attachments",
        writer,
        params={"name": "mark.txt"},
        content=f"{MARK}{writer.id}".encode(),
    )
    return str(sent.json()["attachment_id"])


async def survey(world: World, owner: Person) -> str:
    """An open survey; there is only one of a kind, so the one of before is closed first."""
    async with transaction(world.runtimes["feedback"].sessions) as session:
        await session.execute(
            text("DELETE FROM surveys WHERE member_id = :member"), {"member": owner.id}
        )
    body = {"kind": "csat", "question": {"en": MARK}, "member_ids": [owner.id]}
    await world.made("/v1/surveys", body, world.people["marketer"])
    surveys = (await world.call("GET", "/v1/surveys", owner)).json()["items"]
    return str(surveys[0]["survey_id"])


async def session_of(world: World, owner: Person) -> str:
    """A further session of the owner's, which may be ended."""
    way = "/v1/auth/login" if owner.role == "member" else "/v1/auth/staff/login"
    made = await world.made(way, {"email": owner.email, "password": PASSWORD}, Person("", ""))
    return str(made["session_id"])


async def receipt(world: World, owner: Person) -> str:
    """The key of a write of the owner's."""
    key = str(uuid4())
    is_member = owner.role == "member"
    path, body = (
        ("/v1/tickets", {"subject": MARK, "text": MARK}) if is_member else ("/v1/faq", ARTICLE)
    )
    answer = await world.post(path, body, owner, **{"Idempotency-Key": key})
    assert answer.is_success, answer.text
    return key


async def entry(world: World, owner: Person) -> str:
    """The welcome points' entry, which every member has."""
    history = await world.call("GET", "/v1/points/history", owner)
    return str(history.json()["items"][0]["entry_id"])


THINGS: Mapping[str, Maker] = {
    "/v1/auth/sessions/{session_id}": session_of,
    "/v1/points/history/{explained_id}": entry,
    "/v1/receipts/{key}": receipt,
    "/v1/surveys/{survey_id}": survey,
    "/v1/tickets/{ticket_id}": ticket,
    "/v1/tickets/{ticket_id}/attachments/{attachment_id}": attachment,
}
