"""schemathesis against the merged OpenAPI: no 5xx, and no answer the document does not describe.

Each operation is called a bounded number of times with the same cases in every run: some that the
schema takes, some that it does not, as somebody whom the operation lets in.
"""

import asyncio
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from rapport.ports import LOOPBACK
from tests.security.surface import Operation, document, operations
from tests.security.verdicts import VERDICTS
from tests.security.world import NOBODY, Person, World

CASES = int(os.environ.get("CONTRACT_CASES", "3"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
LOCKED_OUT = {
    "GET /v1/stream": "never ends",
    "GET /v1/stream/ws": "is no HTTP",
    "PUT /v1/traffic/policy": "may shut everybody out; tests/gateway has it",
}
"""Operations that are not called here, and why."""
SETTINGS = hypothesis.settings(
    max_examples=CASES,
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
FUZZED = [each for each in operations() if str(each) in VERDICTS and str(each) not in LOCKED_OUT]


@cache
def schema() -> Any:
    return schemathesis.openapi.from_dict(dict(document()))


def strategy_of(operation: Operation, mode: GenerationMode) -> Any:
    described = schema()[operation.path][operation.method]
    return described.as_strategy(generation_mode=mode)


def caller_for(world: World, operation: Operation) -> Person:
    """Whom the operation lets in: a member who is there to be spoiled, or staff, or a backend."""
    verdict = VERDICTS[str(operation)]
    if verdict.open:
        return NOBODY
    names = ("victim", "admin", "agent", "marketer", "backend")
    return next(world.people[name] for name in names if verdict.lets(world.people[name].role))


MODES = [
    pytest.param(operation, mode, id=f"{operation} {mode.value}")
    for operation in FUZZED
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or operation.body or operation.spec.get("parameters")
]


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # the system does, beside it
@pytest.mark.parametrize(("operation", "mode"), MODES)
async def test_answers_are_as_described(
    world: World, operation: Operation, mode: GenerationMode
) -> None:
    headers = {**caller_for(world, operation).headers, "X-Forwarded-For": world.address()}
    await asyncio.to_thread(fuzz, operation, mode, f"http://{LOOPBACK}:{world.port}", headers)


def fuzz(operation: Operation, mode: GenerationMode, url: str, headers: Mapping[str, str]) -> None:
    """Call the operation with each case, and check each answer."""

    @SETTINGS
    @hypothesis.given(case=strategy_of(operation, mode))
    def check(case: Any) -> None:
        case.call_and_validate(base_url=url, headers=dict(headers), checks=CHECKS)

    check()
