"""Examples for the API document, made from the schemas where nobody has written one.

An example is worth reading when its values look like those of a real shop, so values are chosen by
a field's name first, and by its type and format otherwise. Whatever is chosen fits the schema: a
test has every example validated.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

Document = dict[str, Any]

ID: Final = "01964b1e-8f3c-7a52-9d41-6c0f2b7e5a10"
MOMENT: Final = "2026-03-02T08:30:00Z"
DEEPEST: Final = 6

BY_NAME: Final[Mapping[str, Sequence[Any]]] = {
    "access_token": ["eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTk2NGIxZSJ9.c2ln"],
    "action": ["/rewards"],
    "amount_minor": [12_900],
    "app": ["shop 4.2"],
    "balance": [1_329],
    "body": ["You earned 129 points."],
    "category": ["points"],
    "channel": ["inbox", "app"],
    "city": ["Shanghai"],
    "code": ["482913"],
    "country": ["CN"],
    "currency": ["CNY"],
    "cursor": ["WyIwMTk2NGIxZSJd"],
    "detail": ["Check these fields: text."],
    "device_id": ["6f1c9a52-iphone"],
    "display_name": ["Mei"],
    "email": ["mei@example.com"],
    "event": ["Product Viewed"],
    "growth_points": [2_400],
    "key": ["spring-2026"],
    "kind": ["earned"],
    "language": ["zh-CN"],
    "month": ["2026-03"],
    "more": [False],
    "name": ["Jasmine tea"],
    "order_id": ["A-20260302-0017"],
    "password": ["correct horse battery staple"],
    "phone": ["+8613800138000"],
    "platform": ["ios"],
    "points": [129],
    "quantity": [1],
    "reason": ["Sorry for the delay"],
    "refresh_token": ["rt_2vQ0mQ9b1xJ7c5tR8yH3kD6fL4sN0wP"],
    "replayed": [False],
    "route": ["POST /v1/orders"],
    "score": [5],
    "segment": ["loyal-tea-drinkers"],
    "seq": [17],
    "service": ["loyalty"],
    "signature": ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    "sku": ["TEA-100"],
    "state": ["done", "available", "active", "answered", "ok"],
    "status": [201, "open", "paid"],
    "streak": [3],
    "stuck_in": [[]],
    "subject": ["Where is my order?"],
    "text": ["It should have come on Monday."],
    "tier": ["silver"],
    "time_zone": ["Asia/Shanghai"],
    "title": ["Points for you"],
    "trigger": ["profile.order.placed", "order.placed"],
    "type": ["loyalty.points.earned.v1", "track"],
    "unavailable": [[]],
    "unread": [2],
    "waits_for": [["notify"]],
}

_BY_FORMAT: Final[Mapping[str, Any]] = {
    "uuid": ID,
    "date-time": MOMENT,
    "date": "2026-03-02",
    "time": "22:00:00",
    "email": "mei@example.com",
    "uri": "https://shop.example.com/tea",
    "password": "correct horse battery staple",
    "duration": "P7D",
    "binary": "",
}


class Examples:
    """Makes examples of the schemas of one document."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas

    def of(self, schema: Document, name: str = "", depth: int = 0) -> Any:
        """A value as the schema asks; None where none was found."""
        for value in self._candidates(schema, name, depth):
            if _fits(value, schema):
                return value
        return None

    def _candidates(self, schema: Document, name: str, depth: int) -> Sequence[Any]:
        if (reference := schema.get("$ref")) is not None:
            return [self.of(self._schemas[reference.rsplit("/", 1)[-1]], name, depth)]
        options = [one for kind in ("anyOf", "oneOf", "allOf") for one in schema.get(kind, ())]
        given = [*schema.get("examples", ()), *_present(schema, "example", "const")]
        if not options:  # what a name suggests may fit none of them
            given += BY_NAME.get(name, ())
        given += [*_present(schema, "default"), *schema.get("enum", ())[:1]]
        chosen = [value for value in given if value is not None]
        chosen += [self.of(one, name, depth) for one in options if one != {"type": "null"}]
        return [*chosen, *self._of_type(schema, name, depth), None]

    def _of_type(self, schema: Document, name: str, depth: int) -> Sequence[Any]:
        kind = schema.get("type")
        if kind == "object":
            return [self._object(schema, depth), {}]
        if kind == "array":
            of_items = schema.get("items", {})
            items = [self.of(of_items, _singular(name), depth + 1)] if depth < DEEPEST else []
            return [items, []]
        if kind == "string":
            return _strings(schema, name)
        if kind in ("integer", "number"):
            return _numbers(schema)
        return [True] if kind == "boolean" else [{}]

    def _object(self, schema: Document, depth: int) -> Document:
        required = set(schema.get("required", ()))
        properties = {
            name: self.of(one, name, depth + 1)
            for name, one in schema.get("properties", {}).items()
            if depth < DEEPEST or name in required
        }
        known = {n: v for n, v in properties.items() if v is not None or n in required}
        more = schema.get("additionalProperties")
        if known or not isinstance(more, dict) or depth >= DEEPEST:
            return known
        keys = schema.get("propertyNames", {})
        key = self.of({"type": "string", **keys}, "language", depth + 1)
        return {str(key): self.of(more, "", depth + 1)}


def _fits(value: Any, schema: Document) -> bool:
    """Whether a value is as a schema asks, as far as examples can go wrong."""
    asked = schema.get("type", _kind(value))
    if asked != _kind(value) and (asked, _kind(value)) != ("number", "integer"):
        return False
    if value not in schema.get("enum", [schema.get("const", value)]):
        return False
    if isinstance(value, str):
        return _is_text(value, schema)
    if isinstance(value, list):
        return bool(len(value) >= schema.get("minItems", 0))
    return asked not in ("integer", "number") or _is_within(value, schema)


def _kind(value: Any) -> str:
    """The JSON type of a value."""
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return kinds.get(type(value), "null" if value is None else "object")


def _is_text(value: str, schema: Document) -> bool:
    known = _BY_FORMAT.get(schema.get("format", ""), value)
    long_enough = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
    as_asked = re.search(schema.get("pattern", ""), value) is not None
    return bool(long_enough and as_asked and value == known)


def _is_within(value: float, schema: Document) -> bool:
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    above, below = (
        schema.get("exclusiveMinimum", value - 1),
        schema.get("exclusiveMaximum", value + 1),
    )
    return bool(least <= value <= most and above < value < below)


def _present(schema: Document, *names: str) -> list[Any]:
    return [schema[name] for name in names if name in schema]


def _singular(name: str) -> str:
    return name.removesuffix("s")


def _strings(schema: Document, name: str) -> list[str]:
    """By format, by what the name says of it, and, failing all, of the length that is asked."""
    chosen = [_BY_FORMAT[schema["format"]]] if schema.get("format") in _BY_FORMAT else []
    if name.endswith("_id"):
        chosen.append(ID)
    if name.endswith("_at"):
        chosen.append(MOMENT)
    length = max(schema.get("minLength", 1), 1)
    words = (name.replace("_", " ") or "text").capitalize()
    slug = name.replace("_", "-") or "text"
    chosen += [words, slug, "en", "2026-03", "2026-03-02", "/rewards", "A-1", "a" * length]
    chosen += ["0" * length, f"+{'1' * length}", "22:00", ID]
    return [text[: schema.get("maxLength", len(text))] for text in chosen]


def _numbers(schema: Document) -> list[float]:
    bounds = _present(schema, "minimum", "maximum")
    above = [one + 1 for one in _present(schema, "exclusiveMinimum")]
    return [3, *above, *bounds, 1, 0]
