"""The API document that is kept in the repository says what the code does, and says it well."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
from typer.testing import CliRunner

from gateway.examples import Examples
from gateway.guide import TAGS
from rapport.__main__ import app

KEPT = Path("docs/openapi.json")
TYPES = Path("clients/typescript/api.d.ts")
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


@cache
def written() -> bytes:
    """What `rapport openapi` writes."""
    result = CliRunner().invoke(app, ["openapi"])
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


@cache
def document() -> dict[str, Any]:
    read: dict[str, Any] = orjson.loads(written())
    return read


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document()["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def test_the_kept_document_is_fresh() -> None:
    assert orjson.loads(KEPT.read_bytes()) == document(), "run make openapi"


def test_the_types_are_made_from_the_kept_document() -> None:
    """Compared by digest, so that it needs no npm."""
    found = re.search(r"sha256 ([0-9a-f]{64})", TYPES.read_text()[:400])
    assert found
    assert found[1] == hashlib.sha256(KEPT.read_bytes()).hexdigest(), "run make client"


def test_every_operation_says_what_it_does_and_for_whom() -> None:
    silent = [
        name
        for name, operation in operations()
        if not operation.get("summary") or "**For:** " not in operation["description"]
    ]
    assert silent == []


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(set(names)) == len(names)


def test_every_write_takes_a_key_but_the_queue() -> None:
    without = [
        name
        for name, operation in operations()
        if not name.startswith(("GET", "HEAD", "OPTIONS"))
        and not any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", ()))
    ]
    assert without == ["POST /v1/sync"]


def test_a_key_is_required_where_value_moves() -> None:
    redeem = document()["paths"]["/v1/rewards/{reward_id}/redemptions"]["post"]
    (key,) = [one for one in redeem["parameters"] if one["name"] == "Idempotency-Key"]
    assert key["required"]


def test_every_json_body_and_answer_has_an_example_that_fits() -> None:
    wrong = []
    for name, operation in operations():
        bodied = {"request": operation.get("requestBody", {}), **operation["responses"]}
        for place, content in bodied.items():
            for media_type, shown in content.get("content", {}).items():
                if "json" in media_type and "schema" in shown:
                    wrong += [f"{name} {place}: {e}" for e in faults(shown)]
    assert wrong == []


def faults(shown: dict[str, Any]) -> list[str]:
    """Why the example of a body is none."""
    if "example" not in shown:
        return ["no example"]
    schema = {**shown["schema"], "components": document()["components"]}
    validator = jsonschema_rs.Draft202012Validator(schema)
    return [error.message[:200] for error in validator.iter_errors(shown["example"])]


@pytest.mark.parametrize(
    ("schema", "name", "expected"),
    [
        pytest.param({"type": "integer", "minimum": 10}, "", 10, id="a bound"),
        pytest.param({"type": "integer"}, "points", 129, id="a name"),
        pytest.param({"type": "integer", "maximum": 5}, "points", 3, id="a name that does not fit"),
        pytest.param({"enum": ["b", "a"], "type": "string"}, "", "b", id="one of several"),
        pytest.param({"type": "string", "examples": ["mine"]}, "text", "mine", id="one given"),
        pytest.param({"type": "string", "pattern": r"^\d{4}-\d\d$"}, "", "2026-03", id="a pattern"),
        pytest.param({"anyOf": [{"type": "null"}, {"type": "boolean"}]}, "", True, id="or null"),
        pytest.param({"type": "array", "items": {"const": 7}}, "", [7], id="a list"),
        pytest.param(
            {"type": "object", "properties": {"a": {"const": 1}}}, "", {"a": 1}, id="an object"
        ),
        pytest.param(
            {"type": "object", "additionalProperties": {"const": 1}}, "", {"zh-CN": 1}, id="a map"
        ),
        pytest.param({}, "", {}, id="anything"),
    ],
)
def test_an_example_is_chosen(schema: dict[str, Any], name: str, expected: Any) -> None:
    assert Examples({}).of(schema, name) == expected


def test_what_contains_itself_ends() -> None:
    node = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/N"}}},
    }
    example = Examples({"N": node}).of({"$ref": "#/components/schemas/N"})
    assert example["children"]


def test_every_group_is_described() -> None:
    assert [tag["name"] for tag in document()["tags"]] == list(TAGS)
    assert all(tag["description"] for tag in document()["tags"])
