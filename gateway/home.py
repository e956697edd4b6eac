"""The app's first screen in one call: who I am, what I have, what is new, what is open.

The parts are asked at once, as the caller, under one deadline. A part that fails or is late is
marked `unavailable`; the others are shown all the same. Each part is what its own path answers, so
an app that shows the screen can go on from it; the whole has an ETag, and is sent when it changed.
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

log = logging.getLogger(__name__)

router = Router(tags=["Home"])

PARTS_S: Final = 1.5
SHARE: Final = 0.8  # of the caller's own deadline, where that is shorter


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
    "offers": Source("loyalty", "/v1/offers"),
    "announcements": Source("notify", "/v1/announcements"),
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
    offers: Annotated[Part, Field(description="As /v1/offers: what is offered to the caller.")]
    announcements: Annotated[Part, Field(description="As /v1/announcements.")]
    check_in: Annotated[
        Part, Field(description="As `checkin` in the wallet: the streak, and if today is done.")
    ]


class Screen:
    """Puts the screen together from the parts' own answers."""

    def __init__(self, upstreams: Mapping[str, ASGIApp], tokens: InternalTokens) -> None:
        self._upstreams = upstreams
        self._tokens = tokens

    async def parts(
        self, caller: Caller, headers: Headers, within_s: float | None = None
    ) -> HomeAnswer:
        within_s = min(PARTS_S, within_s or PARTS_S)
        asked = (self._part(one, caller, headers, within_s) for one in SOURCES.values())
        shown = dict(zip(SOURCES, await asyncio.gather(*asked), strict=True))
        return HomeAnswer(**shown, check_in=_check_in(shown["wallet"]))

    async def _part(
        self, source: Source, caller: Caller, headers: Headers, within_s: float
    ) -> Part:
        bearer = (b"authorization", self._tokens.bearer(caller, source.service))
        upstream = self._upstreams[source.service]
        try:
            async with asyncio.timeout(within_s):
                answer = await fetch(upstream, source.path, source.query, [*headers, bearer])
            if answer.status == 200:  # noqa: PLR2004
                return Shown(data=orjson.loads(answer.body))
            log.warning("%s answered %d for the home screen", source.service, answer.status)
        except Exception as error:  # noqa: BLE001  (no part may cost the others)
            log.warning("%s is missing on the home screen: %r", source.service, error)
        return Unavailable()


def _check_in(wallet: Part) -> Part:
    """The state of today's check-in, which the wallet tells."""
    known = wallet.data.get("checkin") if isinstance(wallet, Shown) else None
    return Shown(data=known) if isinstance(known, dict) else Unavailable()


@router.get("/v1/home", response_model=HomeAnswer)
async def read_home(request: Request, _: MemberId, caller: CurrentCaller) -> Response:
    """The app's first screen in one call.

    Profile, wallet, check-in, inbox, open tickets, offers and announcements: each `ok` with the
    data of its own path, or `unavailable`. Send `If-None-Match`: an unchanged screen is a 304.
    """
    screen: Screen = request.app.state.screen
    passed_on = (b"accept-language", b"x-request-id", b"traceparent")
    headers = [header for header in request.scope["headers"] if header[0] in passed_on]
    given = request.headers.get("x-deadline-ms", "")
    within_s = int(given) / 1000 * SHARE if given.isdigit() else None
    return respond(request, await screen.parts(caller, headers, within_s))
