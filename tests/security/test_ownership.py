"""What belongs to somebody is not there for anybody else (OWASP API1).

Checks 1 and 2 of docs/security.md.
"""

import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import httpx
import pytest

from kit.auth import STAFF
from tests.gateway.edge import ask
from tests.security.belongings import THINGS, nothing_in, place_in, survey, ticket
from tests.security.samples import body_of
from tests.security.surface import Operation, operations
from tests.security.verdicts import VERDICTS
from tests.security.world import Person, World

JUDGED = [each for each in operations() if str(each) in VERDICTS]
NO_IDS = {"device": "one of the caller's own", "name": "of an issuer"}
"""Parameters of members' paths that are no ids, and for nobody a way to what is another's."""
OWNER_NAMES = ("member_id", "user_id", "owner_id", "customer_id", "subject", "sub", "email")
_IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def owned() -> Iterator[tuple[Operation, str, tuple[str, ...]]]:
    """Operations on what is somebody's: with an owner, and with others of the owner's role."""
    for operation in JUDGED:
        verdict = VERDICTS[str(operation)]
        if operation.places and verdict.owns("member"):
            yield operation, "ada", ("eve", "guest")
        if operation.places and any(verdict.owns(role) for role in STAFF):
            yield operation, "agent", ("marketer", "ada")
        if operation.places and verdict.owns("service"):
            yield operation, "ada", ("backend", "bystander")


OWNED = list(owned())


def said(answer: httpx.Response) -> tuple[int, str]:
    """An answer without the ids in it."""
    return answer.status_code, _IDS.sub("ID", answer.text)


@pytest.mark.parametrize(
    ("operation", "owner", "others"),
    OWNED,
    ids=[f"{operation} of {owner}" for operation, owner, _ in OWNED],
)
async def test_anothers_is_as_if_it_were_not_there(
    world: World, operation: Operation, owner: str, others: tuple[str, ...]
) -> None:
    owning = world.people[owner]
    place = await place_in(world, operation, owning)
    body = body_of(operation)
    for name in others:
        theirs, absent = [
            await world.call(operation.method, path, world.people[name], json=body, headers=key())
            for path in (place, nothing_in(operation))
        ]
        assert said(theirs) == said(absent)
        assert theirs.status_code in {403, 404}
        assert not [mark for mark in owning.marks if mark in theirs.text]
    own = await world.call(operation.method, place, owning, json=body, headers=key())
    assert own.is_success, own.text


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def test_every_owned_place_has_something_real_in_it() -> None:
    assert {place for operation, *_ in OWNED for place in operation.places} <= THINGS.keys()


LISTS = [
    each
    for each in JUDGED
    if each.method == "GET" and not each.places and "member" in VERDICTS[str(each)].roles
]


@pytest.mark.parametrize("operation", LISTS, ids=str)
async def test_no_list_shows_what_is_anothers_whoever_it_is_asked_about(
    world: World, operation: Operation, ada: Person, eve: Person
) -> None:
    await ticket(world, ada)
    await survey(world, ada)
    queries = [{}, *({name: ada.id} for name in OWNER_NAMES)]
    for query in queries:
        answer = await world.call("GET", operation.path, eve, params=query)
        assert answer.status_code < 500
        assert not [mark for mark in ada.marks if mark in answer.text]


async def test_a_thousand_neighbouring_ids_show_nothing(
    world: World, ada: Person, eve: Person
) -> None:
    number = UUID(await ticket(world, ada)).int
    ids = [UUID(int=number + distance) for distance in range(-500, 500)]
    replies = [
        await ask(world.gateway, "GET", f"/v1/tickets/{each}", headers=eve.headers) for each in ids
    ]
    assert {reply.status for reply in replies} == {404}


REACHED_BY_MEMBERS = [each for each in JUDGED if each.places and VERDICTS[str(each)].lets("member")]


@pytest.mark.parametrize("operation", REACHED_BY_MEMBERS, ids=str)
def test_ids_are_typed(operation: Operation) -> None:
    for parameter in operation.parameters("path"):
        schema = parameter["schema"]
        assert schema.get("format") == "uuid" or parameter["name"] in NO_IDS


async def test_ids_are_made_of_chance(world: World, ada: Person) -> None:
    ids = [UUID(await ticket(world, ada)) for _ in range(10)]
    assert {each.version for each in ids} == {7}
    assert len({each.int & (2**32 - 1) for each in ids}) == len(ids)
