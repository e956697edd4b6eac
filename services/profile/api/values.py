"""JSON values that can be kept: what PostgreSQL and every client can hold."""

import re
from datetime import datetime
from typing import Annotated, Any

import orjson
from pydantic import AfterValidator

DEEPEST = 50
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class Unfit(ValueError):  # noqa: N818  (a verdict on the value)
    """The value cannot be kept; `code` is stable."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def encoded(value: Any) -> bytes:
    """`value` as JSON. Raises Unfit when it cannot be kept."""
    try:
        content = orjson.dumps(value)
    except TypeError:
        raise Unfit("not_json", "holds text or numbers that JSON cannot carry safely") from None
    if content.count(b"{") + content.count(b"[") > DEEPEST and _is_deeper(value, DEEPEST):
        raise Unfit("too_deep", f"may be nested {DEEPEST} levels deep")
    if b"\\u0000" in content and _NUL.search(content):
        raise Unfit("nul", "must not hold the character NUL")
    return content


def _is_deeper(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return False
    return levels == 0 or any(_is_deeper(inner, levels - 1) for inner in value)


def _kept(value: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = orjson.loads(encoded(value))
    return kept


Document = Annotated[dict[str, Any], AfterValidator(_kept)]
"""A JSON object that can be kept."""


def text_of(value: object) -> str:
    """A text of a cursor. Raises ValueError for anything that cannot be looked up."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("not a text")
    return value


def moment_of(value: object) -> datetime:
    """A moment of a cursor. Raises ValueError for anything else."""
    moment = datetime.fromisoformat(text_of(value))
    if moment.tzinfo is None:
        raise ValueError("not a moment")
    return moment
