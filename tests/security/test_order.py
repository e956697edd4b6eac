"""Every write refuses in one order: 401, 403, the missing key, the body. So refusals tell nothing.

Who may not call learns neither that a key is asked for nor what a body would have to hold. Checks
20 and 23 of docs/security.md.
"""

from uuid import uuid4

import httpx
import pytest

from tests.security.belongings import nothing_in
from tests.security.surface import JSON, PARAMETER, Operation, operations
from tests.security.test_bodies import caller_for
from tests.security.verdicts import VERDICTS
from tests.security.world import NOBODY, Person, World

WRITES = [each for each in operations() if each.writes and str(each) in VERDICTS]
CLOSED = [each for each in WRITES if not VERDICTS[str(each)].open]
LIMITED = [
    each
    for each in CLOSED
    if not all(VERDICTS[str(each)].lets(role) for role in ("member", "agent"))
]
KEYED = [
    each
    for each in WRITES
    if any(
        parameter["name"].lower() == "idempotency-key" and parameter.get("required")
        for parameter in each.parameters("header")
    )
]
NONSENSE = {"content": b'{"neither": "JSON"', "headers": {"Content-Type": JSON}}
"""What would be refused by itself, were anybody to look at it."""


async def said(
    world: World, operation: Operation, person: Person, path: str
) -> tuple[int, str, httpx.Response]:
    answer = await world.call(operation.method, path, person, **NONSENSE)
    return answer.status_code, answer.json()["code"], answer


@pytest.mark.parametrize("operation", CLOSED, ids=str)
async def test_nobody_is_told_to_sign_in_first(world: World, operation: Operation) -> None:
    status, code, _ = await said(world, operation, NOBODY, nothing_in(operation))
    assert (status, code) == (401, "unauthenticated")


@pytest.mark.parametrize("operation", LIMITED, ids=str)
async def test_who_may_not_is_told_so_before_anything_else(
    world: World, operation: Operation
) -> None:
    verdict = VERDICTS[str(operation)]
    others = [world.people[name] for name in ("ada", "agent", "analyst", "bystander")]
    for person in others:
        if verdict.lets(person.role) and person.name != "bystander":
            continue
        for path in (nothing_in(operation), PARAMETER.sub("no-id", operation.path)):
            status, code, answer = await said(world, operation, person, path)
            assert status == 403, (person, answer.text)
            assert code in {"forbidden", "gateway.forbidden"}, (person, answer.text)


@pytest.mark.parametrize("operation", KEYED, ids=str)
async def test_who_may_is_asked_for_the_key_before_the_body_is_read(
    world: World, operation: Operation
) -> None:
    caller, path = caller_for(world, operation), nothing_in(operation)
    assert (await said(world, operation, caller, path))[:2] == (400, "idempotency_key_required")
    headers = {**NONSENSE["headers"], "Idempotency-Key": str(uuid4())}
    answer = await world.call(
        operation.method, path, caller, content=NONSENSE["content"], headers=headers
    )
    assert answer.json()["code"] != "idempotency_key_required"


def test_where_value_moves_a_key_is_asked_for() -> None:
    assert len(KEYED) > 10
    assert {
        "POST /v1/checkins",
        "POST /v1/members/{member_id}/points/adjustments",
        "POST /v1/missions/{mission_id}/claims",
        "POST /v1/offers/{offer_id}/claims",
        "POST /v1/rewards/{reward_id}/redemptions",
    } <= set(map(str, KEYED))
