"""Logs: one JSON object a line, with the request's, member's and event's ids.

Never secrets or personal data.
"""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson

_ROW_VALUES = re.compile(r"^DETAIL: .*$", re.MULTILINE)
"""PostgreSQL's errors quote the row they refuse, and rows hold personal data."""

_context: ContextVar[dict[str, Any]] = ContextVar("log_context", default={})  # noqa: B039


@contextmanager
def fields(**values: Any) -> Iterator[None]:
    """Add `values` to every line logged inside."""
    token = _context.set({**_context.get(), **values})
    try:
        yield
    finally:
        _context.reset(token)


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_context.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["error"] = _ROW_VALUES.sub("DETAIL: ...", self.formatException(record.exc_info))
        return orjson.dumps(line, default=str).decode()


def configure(level: str) -> None:
    """Send the process's logs to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("nats", "httpx", "httpcore", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
