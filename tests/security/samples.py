"""The least that a schema takes, made from the schema: bodies that get past validation."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import uuid4

from hypothesis import find, settings
from hypothesis import strategies as st

from tests.security.surface import Operation, resolved

OF_FORMAT = {
    "date-time": "2026-11-20T08:00:00Z",
    "date": "2026-11-20",
    "time": "08:00:00",
    "email": "somebody@brand.example",
    "uri": "https://brand.example/",
}
SIMPLEST = "0A"
"""Most patterns match one of these; looking for the simplest match takes long."""
QUIETLY = settings(derandomize=True, database=None, deadline=None)


def sample(schema: Mapping[str, Any], *, whole: object = False) -> Any:
    """A value the schema takes; `whole`, with the fields that may be left out."""
    schema = resolved(schema)
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            return sample(_best(schema[keyword]), whole=whole)
    if "allOf" in schema:
        merged = {key: value for part in schema["allOf"] for key, value in resolved(part).items()}
        return sample(merged, whole=whole)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("examples"):
        return schema["examples"][0]
    return OF_TYPE[schema.get("type", "object")](schema, whole)


def _best(choices: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The first that is not null."""
    return next((each for each in choices if each.get("type") != "null"), choices[0])


def _object(schema: Mapping[str, Any], whole: object) -> dict[str, Any]:
    fields = schema.get("properties", {})
    wanted = fields if whole else schema.get("required", ())
    value = {name: sample(fields[name], whole=whole) for name in wanted}
    inner = schema.get("additionalProperties")
    if not fields and isinstance(inner, Mapping) and (whole or schema.get("minProperties")):
        names = schema.get("propertyNames", {})
        value[sample(names) if "enum" in resolved(names) else "en"] = sample(inner, whole=whole)
    return value


def _array(schema: Mapping[str, Any], whole: object) -> list[Any]:
    count = max(schema.get("minItems", 0), 1 if whole else 0)
    return [sample(schema.get("items", {"type": "string"}), whole=whole) for _ in range(count)]


def _string(schema: Mapping[str, Any], _whole: object) -> str:
    if schema.get("format") == "uuid":
        return str(uuid4())
    if schema.get("format") in OF_FORMAT:
        return OF_FORMAT[schema["format"]]
    if "pattern" in schema:
        return _matching(schema["pattern"], max(schema.get("minLength", 1), 1))
    return "text".ljust(schema.get("minLength", 0), "t")[: schema.get("maxLength")]


@cache
def _matching(pattern: str, least: int) -> str:
    """The simplest text that matches and has so many characters."""
    for letter in SIMPLEST:
        if re.search(pattern, letter * least):
            return letter * least
    text = st.from_regex(pattern, fullmatch=True)
    return find(text, lambda found: least <= len(found.strip()) < 100, settings=QUIETLY)


def _number(schema: Mapping[str, Any], _whole: object) -> int:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    return int(max(least, min(1, schema.get("maximum", 1))))


OF_TYPE = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _number,
    "number": _number,
    "boolean": lambda _schema, _whole: True,
    "null": lambda _schema, _whole: None,
}

BODIES: Mapping[str, Any] = {
    "POST /v1/tickets/{ticket_id}/attachments": {"is": "a file of text as well"},
    "POST /v1/surveys/{survey_id}/answers": {"score": 5},
}
"""What the schema alone cannot say; most operations need no line here."""


def body_of(operation: Operation) -> Any:
    """A body the operation takes; None where it takes none."""
    if str(operation) in BODIES:
        return BODIES[str(operation)]
    return sample(operation.body) if operation.body is not None else None
