"""Who gets in where: the merged OpenAPI against the verdicts, and both against the system.

Checks 1, 20 and 29 of docs/security.md.
"""

import pytest

from tests.security.belongings import nothing_in
from tests.security.surface import Operation, operations
from tests.security.verdicts import TABLE, VERDICTS, Verdict
from tests.security.wire import Answer, exchange
from tests.security.world import NOBODY, World

CALLERS = ("ada", "agent", "marketer", "analyst", "admin", "backend", "bystander", "writer")
KEYS = {"bystander": "nothing:read", "writer": "activities:write"}
MORE_WANTED = {"gateway.password_required"}
"""Codes of 403 that do not speak of the role: who may call shall also show something else."""
JUDGED = [each for each in operations() if str(each) in VERDICTS]
every_operation = pytest.mark.parametrize("operation", JUDGED, ids=str)


def test_every_operation_has_a_verdict_and_every_verdict_an_operation() -> None:
    assert sorted(VERDICTS) == sorted(map(str, operations()))


def test_no_line_of_the_table_stands_twice() -> None:
    lines = [tuple(line.split()[:2]) for line in TABLE.strip().splitlines()]
    assert len(set(lines)) == len(lines)


@every_operation
def test_the_document_says_who_may_call(operation: Operation) -> None:
    verdict = VERDICTS[str(operation)]
    said = set(operation.spec["x-roles"])
    expected = set() if verdict.open else set(verdict.roles) | _service(verdict)
    assert said == expected
    assert set(operation.spec.get("x-scopes", ())) == verdict.scopes


def _service(verdict: Verdict) -> set[str]:
    return {"service"} if verdict.scopes else set()


@every_operation
def test_an_operation_that_asks_for_a_caller_says_so(operation: Operation) -> None:
    optional = operation.spec["security"] == [] or {} in operation.spec["security"]
    assert optional == VERDICTS[str(operation)].open


@every_operation
def test_a_path_with_an_id_says_whose_it_is(operation: Operation) -> None:
    reach = VERDICTS[str(operation)].roles.get("member")
    assert reach is None or not operation.places or reach in {"own", "any"}


@every_operation
async def test_whom_the_verdict_leaves_out_gets_nothing(world: World, operation: Operation) -> None:
    """About nothing and with no body: who may not call is told so before anything else is said."""
    verdict = VERDICTS[str(operation)]
    path = nothing_in(operation)
    let_in, wrong = [], []
    for name in CALLERS:
        person = world.people[name]
        [answer] = await exchange(world.port, [world.raw(operation.method, path, person)])
        allowed = verdict.lets(person.role) and not (
            name in KEYS and verdict.scopes and KEYS[name] not in verdict.scopes
        )
        if is_refusal(answer) == allowed or answer.status >= 500:
            wrong.append(f"{name}: {answer.status} {answer.content[:200]!r}")
        let_in += [name] if allowed else []
    assert not wrong
    assert let_in


def is_refusal(answer: Answer) -> bool:
    return answer.status == 401 or (answer.status == 403 and answer.code not in MORE_WANTED)


@every_operation
async def test_without_a_token_only_what_is_open_answers(
    world: World, operation: Operation
) -> None:
    answer = await world.call(operation.method, nothing_in(operation), NOBODY)
    assert (answer.status_code == 401) != VERDICTS[str(operation)].open, answer.text
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["code"] == "unauthenticated"


async def test_the_document_is_the_one_the_gateway_serves(world: World) -> None:
    served = (await world.call("GET", "/openapi.json")).json()
    described = [
        f"{method.upper()} {path}" for path, item in served["paths"].items() for method in item
    ]
    assert sorted(described) == sorted(map(str, operations()))
