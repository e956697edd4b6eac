"""Passing many rows in one parameter."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson


def as_json(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows for `jsonb_populate_recordset`, which gives each field its column's type."""
    return orjson.dumps(list(rows), default=str).decode()
