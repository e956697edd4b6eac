"""The app's first screen in one call: who I am, what I have, what is new, what is open.

The parts are asked at once, as the caller, under one deadline. A part that fails or is late is
marked `unavailable`; the others are shown all the same.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import Request, Response
from pydantic import Field
from starlette.types import ASGIApp

from gateway.tokens import InternalTokens
from gateway.upstreams import Headers, fetch
from kit.app import Router
from kit.auth import Caller, CurrentCaller, MemberId
from kit.bodies import Answer
from kit.etags import respond
from kit.problems import Problem

log = logging.getLogger(__name__)

router = Router(tags=["Home"])

PARTS_S: Final = 1.5


@dataclass(frozen=True, slots=True)
class Source:
    """Where a part of the screen comes from."""

    service: str
    path: str
    query: str = ""


SOURCES: Final[Mapping[str, Source]] = {
    "profile": Source("profile", "/v1/me"),
    "wallet": Source("loyalty", "/v1/wallet"),
    "inbox": Source("notify", "/v1/inbox", "limit=3"),
    "tickets": Source("feedback", "/v1/tickets", "status=open&status=pending&limit=5"),
}


class Shown(Answer):
    """A part that answered: what its own path would have said."""

    state: Literal["ok"] = "ok"
    data: dict[str, Any]


class Unavailable(Answer):
    state: Literal["unavailable"] = "unavailable"


Part = Annotated[Shown | Unavailable, Field(discriminator="state")]


class HomeAnswer(Answer):
    """The first screen."""

    profile: Annotated[Part, Field(description="As /v1/me.")]
    wallet: Annotated[Part, Field(description="As /v1/wallet.")]
    inbox: Annotated[
        Part, Field(description="As /v1/inbox: the newest items, and how many are unread.")
    ]
    tickets: Annotated[Part, Field(description="As /v1/tickets: those not resolved yet.")]


class Screen:
    """Puts the screen together from the parts' own answers."""

    def __init__(self, upstreams: Mapping[str, ASGIApp], tokens: InternalTokens) -> None:
        self._upstreams = upstreams
        self._tokens = tokens

    async def parts(self, caller: Caller, headers: Headers) -> HomeAnswer:
        shown = await asyncio.gather(
            *(self._part(source, caller, headers) for source in SOURCES.values())
        )
        return HomeAnswer(**dict(zip(SOURCES, shown, strict=True)))

    async def _part(self, source: Source, caller: Caller, headers: Headers) -> Part:
        bearer = (b"authorization", self._tokens.bearer(caller, source.service))
        upstream = self._upstreams[source.service]
        try:
            async with asyncio.timeout(PARTS_S):
                answer = await fetch(upstream, source.path, source.query, [*headers, bearer])
            if answer.status == 200:  # noqa: PLR2004
                return Shown(data=orjson.loads(answer.body))
            log.warning("%s answered %d for the home screen", source.service, answer.status)
        except (Problem, OSError, ValueError) as error:
            log.warning("%s is missing on the home screen: %r", source.service, error)
        return Unavailable()


@router.get("/v1/home", response_model=HomeAnswer)
async def read_home(request: Request, _: MemberId, caller: CurrentCaller) -> Response:
    """Profile, wallet, inbox, open tickets in one call; each `ok` with data, or `unavailable`."""
    screen: Screen = request.app.state.screen
    passed_on = (b"accept-language", b"x-request-id", b"traceparent")
    headers = [header for header in request.scope["headers"] if header[0] in passed_on]
    return respond(request, await screen.parts(caller, headers))
