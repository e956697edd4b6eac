"""An endpoint called as it is answers as FastAPI would have it answer."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import (
    APIRouter,
    Body,
    Cookie,
    Depends,
    FastAPI,
    Header,
    HTTPException,
    Query,
    Request,
    Response,
)
from pydantic import BaseModel

from kit import direct, problems
from kit.direct import DirectRoute
from kit.pages import CursorParameter, Limit
from kit.requests import InFlight, Requests
from kit.routing import Routes, Shortcut
from rapport.parts import PARTS

THING = "01a1ffec-1522-7519-a168-3f4fd41709bf"


class Thing(BaseModel):
    thing_id: UUID
    limit: int
    words: str | None = None


class Secretive(Thing):
    secret: str = "4711"


async def words_of(words: Annotated[str, Header(min_length=2)] = "none") -> str:
    return words


async def shout_of(words: Annotated[str, Depends(words_of)]) -> str:
    return words.upper()


async def refuse_rude(words: Annotated[str, Depends(words_of)]) -> None:
    if words == "rude":
        raise problems.Forbidden("Be kind.")


async def opened(request: Request) -> AsyncIterator[list[str]]:
    log: list[str] = request.app.state.log
    log.append("opened")
    try:
        yield log
        log.append("done")
    finally:
        log.append("closed")


Opened = Annotated[list[str], Depends(opened, scope="function")]


async def show(  # everything at once
    thing_id: UUID,
    shout: Annotated[str, Depends(shout_of)],
    log: Opened,
    limit: Limit = 50,
    cursor: CursorParameter = None,
    taste: Annotated[str | None, Cookie()] = None,
) -> Thing:
    log.append("at work")
    return Secretive(thing_id=thing_id, limit=limit, words=f"{shout} {cursor} {taste}")


async def answer(request: Request, log: Opened, fail: int = 0) -> Response:
    if fail:
        raise problems.NotFound("There is no such thing.")
    return Response(f"{request.method} {len(log)}", 202, headers={"ETag": '"1"'})


async def fail(words: Annotated[str, Depends(words_of)]) -> Response:
    match words:
        case "teapot":
            raise HTTPException(418, headers={"X-Spout": "long"})
        case "hasty":
            raise TimeoutError
    raise RuntimeError(words)


async def listed(several: Annotated[list[int], Query()]) -> list[int]:
    return several


async def changed(body: Annotated[int, Body()]) -> int:
    return body


async def named(response: Response) -> dict[str, int]:
    response.headers["X-Name"] = "n"
    return {"n": 1}


class Sparse(BaseModel):
    here: int = 1
    away: int | None = None


async def sparse() -> Sparse:
    return Sparse()


def made_by_hand() -> dict[str, int]:
    return {"n": 2}


def router_of() -> APIRouter:
    router = APIRouter(route_class=DirectRoute)
    rude = [Depends(refuse_rude)]
    router.add_api_route("/things/{thing_id}", show, dependencies=rude, status_code=203)
    router.add_api_route("/answer", answer, methods=["GET", "POST"])
    router.add_api_route("/listed", listed)
    router.add_api_route("/fail", fail)
    router.add_api_route("/changed", changed, methods=["POST"])
    router.add_api_route("/named", named)
    router.add_api_route("/sparse", sparse, response_model_exclude_none=True)
    router.add_api_route("/by-hand", made_by_hand)
    return router


def app_of() -> FastAPI:
    """An application put together as kit.app does."""
    app, router = FastAPI(), router_of()
    app.state.log = []
    problems.install(app)
    app.include_router(router)
    app.add_middleware(Shortcut, routes=Routes([router]))
    app.add_middleware(Requests, service="test", timeout_ms=5_000, in_flight=InFlight())
    return app


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> tuple[FastAPI, FastAPI]:
    """An application whose endpoints are called as they are, and one all FastAPI's."""
    quick = app_of()
    with monkeypatch.context() as without:
        without.setattr(direct, "_can_be", lambda _: False)
        slow = app_of()
    return quick, slow


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/things/{THING}", 203),
        (f"/things/{THING}?limit=7&cursor=abc", 203),
        (f"/things/{THING.upper()}", 203),
        ("/things/nothing", 422),
        (f"/things/{THING}?limit=0", 422),
        (f"/things/{THING}?limit=many", 422),
        (f"/things/{THING} rude", 403),
        (f"/things/{THING} x", 422),
        ("/answer", 202),
        ("/answer?fail=1", 404),
        ("/answer?fail=perhaps", 422),
        ("/listed?several=1&several=2", 200),
        ("/listed", 422),
        ("/fail teapot", 418),
        ("/fail hasty", 504),
        ("/fail oops", 500),
        ("/fail x", 422),
        ("/named", 200),
        ("/sparse", 200),
        ("/by-hand", 200),
        ("/nowhere", 404),
    ],
)
async def test_it_answers_as_fastapi_does(
    both: tuple[FastAPI, FastAPI], path: str, status: int
) -> None:
    assert direct_routes(both[0])
    assert not direct_routes(both[1])
    where, _, words = path.partition(" ")
    headers = {"cookie": "taste=salty", "x-request-id": "01a1ffec", "words": words or "none"}
    answers = [await asked(app, "GET", where, headers=headers) for app in both]
    assert [answer.status_code for answer in answers] == [status, status]
    assert answers[0].headers == answers[1].headers
    assert answers[0].content == answers[1].content
    assert both[0].state.log == both[1].state.log


async def test_a_body_is_read_by_fastapi(both: tuple[FastAPI, FastAPI]) -> None:
    for body, status in ((7, 200), ("x", 422)):
        answers = [await asked(app, "POST", "/changed", json=body) for app in both]
        assert [answer.status_code for answer in answers] == [status, status]
        assert answers[0].content == answers[1].content


def direct_routes(app: FastAPI) -> list[str]:
    routes: Any = app.user_middleware[1].kwargs["routes"]
    scopes = [{"type": "http", "method": "GET", "path": path} for path in ("/answer", "/fail")]
    found = [routes.find(scope) for scope in scopes]
    return [one.path for one in found if isinstance(one, DirectRoute) and one.directly]


async def asked(app: FastAPI, method: str, path: str, **of: object) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request(method, path, **of)  # type: ignore[arg-type]


async def test_what_is_opened_is_closed_before_the_answer_leaves(
    both: tuple[FastAPI, FastAPI],
) -> None:
    app = both[0]
    await asked(app, "GET", f"/things/{THING}")
    assert app.state.log == ["opened", "at work", "done", "closed"]
    await asked(app, "GET", "/answer?fail=1")
    assert app.state.log[4:] == ["opened", "closed"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/things/{thing_id}", True),
        ("/answer", True),
        ("/listed", True),
        ("/changed", False),
        ("/named", False),
        ("/by-hand", False),
    ],
)
def test_some_are_called_as_they_are(path: str, expected: bool) -> None:  # noqa: FBT001
    [route] = [one for one in router_of().routes if getattr(one, "path", None) == path]
    assert isinstance(route, DirectRoute)
    assert direct._can_be(route) is expected


@pytest.mark.parametrize(
    ("part", "method", "path"),
    [
        ("loyalty", "GET", "/v1/wallet"),
        ("loyalty", "GET", "/v1/points/history"),
        ("loyalty", "POST", "/v1/rewards/{reward_id}/redemptions"),
        ("profile", "GET", "/v1/me"),
        ("notify", "GET", "/v1/inbox"),
    ],
)
def test_what_phones_ask_for_most_is(part: str, method: str, path: str) -> None:
    [route] = [
        route
        for router in PARTS[part].service.routers
        for route in router.routes
        if isinstance(route, DirectRoute) and (route.path, route.methods) == (path, {method})
    ]
    assert direct._can_be(route)
