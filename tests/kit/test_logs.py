"""Logs: one JSON object a line, with ids and without rows."""

import logging

import orjson

from kit.logs import JsonFormatter, fields


def line(message: str, error: BaseException | None = None) -> dict:
    caught = (type(error), error, None) if error else None
    record = logging.LogRecord("a", logging.ERROR, "a.py", 1, message, (), caught)
    return orjson.loads(JsonFormatter().format(record))


def test_a_line_carries_the_ids_of_what_is_going_on() -> None:
    with fields(request_id="r-1"), fields(event_id="e-1"):
        written = line("parked")
    assert (written["request_id"], written["event_id"]) == ("r-1", "e-1")
    assert "request_id" not in line("later")


def test_a_database_error_does_not_quote_the_row() -> None:
    quoted = "violates check\nDETAIL:  Failing row contains (ada@example.com)."
    assert "ada@example.com" not in line("failed", ValueError(quoted))["error"]
    assert "violates check" in line("failed", ValueError(quoted))["error"]
