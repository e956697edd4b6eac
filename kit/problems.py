"""Refusals a caller can cause, answered as RFC 9457 `application/problem+json`.

A service subclasses one of the statuses below and gives it a stable `code`. Anything else that is
raised is a bug: it is logged and answered as a plain 500.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):  # noqa: N818  (it is an answer, not an error of ours)
    """A refusal: `detail` says what was wrong and what would be right.

    `extra` are further members.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    title: ClassVar[str] = "Bad request"
    passing: ClassVar[bool] = False
    """Whether the same request may soon be accepted: then the refusal is not kept for repeats."""

    def __init__(
        self, detail: str, *, headers: Mapping[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = dict(headers or {})
        self.extra = extra

    def body(self) -> dict[str, Any]:
        return {
            "type": f"urn:rapport:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.extra,
        }

    def response(self) -> Response:
        return Response(orjson.dumps(self.body()), self.status, self.headers, MEDIA_TYPE)


class Malformed(Problem):
    """400: the request cannot be read."""

    code = "malformed"
    title = "Malformed request"


class Unauthenticated(Problem):
    """401: no token, or one that is not good."""

    status = 401
    code = "unauthenticated"
    passing = True
    title = "Sign in first"


class Forbidden(Problem):
    """403: known, but not allowed."""

    status = 403
    code = "forbidden"
    passing = True
    title = "Not allowed"


class NotFound(Problem):
    """404: absent, or not the caller's."""

    status = 404
    code = "not_found"
    title = "Not found"


class Conflict(Problem):
    """409: at odds with the present state."""

    status = 409
    code = "conflict"
    title = "Conflict"


class Stale(Problem):
    """412: `If-Match` names an older version."""

    status = 412
    code = "stale"
    title = "Changed meanwhile"


class TooLarge(Problem):
    """413: the body is over the limit."""

    status = 413
    code = "too_large"
    title = "Body too large"


class Unsupported(Problem):
    """415: a media type that is not taken here."""

    status = 415
    code = "unsupported_media_type"
    title = "Unsupported media type"


class Unprocessable(Problem):
    """422: well-formed but wrong."""

    status = 422
    code = "unprocessable"
    title = "Not acceptable as it is"


class TooMany(Problem):
    """429: over a limit; `Retry-After` says when to return."""

    status = 429
    code = "too_many_requests"
    passing = True
    title = "Too many requests"


class Unavailable(Problem):
    """503: something this needs is away; `Retry-After` says when to return."""

    status = 503
    code = "unavailable"
    title = "Temporarily unavailable"

    def __init__(self, detail: str, *, retry_after_s: int = 2, **extra: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_s)}, **extra)


class Invalid(Unprocessable):
    """422 with a list that names each wrong field."""

    code = "invalid"
    title = "The body has errors"

    def __init__(self, errors: Sequence[Mapping[str, Any]]) -> None:
        fields = ", ".join(str(error["field"]) for error in errors[:5])
        super().__init__(f"Check these fields: {fields}.", errors=list(errors))


def field_error(error: Mapping[str, Any]) -> dict[str, Any]:
    """One Pydantic error as `{field, code, detail}`; `items[0].sku` names the place.

    A key that may not be is named itself, without Pydantic's mark for keys.
    """
    place = [part for part in error["loc"] if part != "[key]"]
    if place and place[0] in {"body", "query", "path", "header"}:
        place = place[1:] or place
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return {"field": name.lstrip(".") or "body", "code": error["type"], "detail": error["msg"]}


def of_validation(error: RequestValidationError) -> Problem:
    errors = error.errors()
    if any(item["type"] == "json_invalid" for item in errors):
        return Malformed("The body is not JSON.")
    return Invalid([field_error(item) for item in errors])


def of_status(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Problem:
    """A problem for a status Starlette raises by itself (404, 405, 413, ...)."""
    phrase = HTTPStatus(status).phrase
    kind = type(
        "Problem",
        (Problem,),
        {
            "status": status,
            "code": phrase.lower().replace(" ", "_"),
            "title": phrase,
        },
    )
    problem: Problem = kind(detail, headers=headers)
    return problem


def _said_of(error: HTTPException) -> str:
    """What is wrong and what would be right, where Starlette gives no more than the phrase."""
    if error.status_code == HTTPStatus.NOT_FOUND:
        return "There is nothing at this path. /docs shows what there is."
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"This path takes {(error.headers or {}).get('Allow', 'other methods')}."
    return str(error.detail)


def of_http(error: HTTPException) -> Problem:
    """A problem for what Starlette raised by itself."""
    return of_status(error.status_code, _said_of(error), error.headers)


def install(app: FastAPI) -> None:
    """Answer every refusal of `app` as a problem."""

    async def on_problem(_: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)  # noqa: S101
        return error.response()

    async def on_invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        return of_validation(error).response()

    async def on_status(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        return of_http(error).response()

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_status)
