"""Every public path: the part that answers it, who may call it, how often, and what it is worth.

A row stands for its path and all below it, `{}` for any one segment; the row that says more wins.
What no row covers does not exist for the outside: `/metrics`, the services' health and documents,
anything forgotten. A row is the outer fence. The part behind it checks the exact role and scope of
each operation.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal

from gateway.recent import Recent
from kit.auth import STAFF as STAFF_ROLES
from kit.auth import Role

Pace = Literal["sign-in", "write", "read", "ingest", "staff", "backend"]
"""Classes of calls that have their own limit."""


class Worth(IntEnum):
    """What a request is worth to the person holding the phone; what is worth least is shed first.

    Nobody waits for an analytics batch, and a queue that syncs can sync later.
    """

    ESSENTIAL = 0
    INTERACTIVE = 1
    SYNC = 2
    ANALYTICS = 3


_MEMBER: Final = Role.MEMBER
_SERVICE: Final = Role.SERVICE


@dataclass(frozen=True, slots=True)
class Who:
    """What a row asks of its caller. Without roles anybody may call, signed in or not."""

    roles: tuple[Role, ...] = ()
    looks: bool = True  # False: credentials are not looked at, good or bad


OPEN = Who(looks=False)  # an expired token must not bar the way to a new one
ANYONE = Who()
SIGNED_IN = Who(tuple(Role))
MEMBERS = Who((Role.MEMBER,))
STAFF = Who(tuple(STAFF_ROLES))
BACK_OFFICE = Who((*STAFF_ROLES, Role.SERVICE))


@dataclass(frozen=True, slots=True)
class Route:
    path: str
    service: str
    who: Who
    pace: Pace | None = None  # without one: reads are `read`, all else is `write`
    limited: bool = True
    uploads: bool = False  # takes large bodies, streamed to the service as they come
    worth: Worth | None = None  # without one it follows from pace and caller
    deadline_ms: int | None = None  # without one: that of the settings
    cached: bool = False  # answers that say `Cache-Control: public` are the same for all

    def pace_of(self, method: str, role: Role | None) -> Pace:
        """Staff and API keys have a pace of their own, whatever they do."""
        if role is not None and role is not _MEMBER:
            return "backend" if role is _SERVICE else "staff"
        if self.pace is not None:
            return self.pace
        return "read" if method in ("GET", "HEAD", "OPTIONS") else "write"

    def worth_of(self, role: Role | None) -> Worth:
        """Health is essential; tracking is analytics; what another program sends can be late."""
        if self.worth is not None:
            return self.worth
        if not self.limited:
            return Worth.ESSENTIAL
        if self.pace == "ingest":
            return Worth.ANALYTICS
        return Worth.SYNC if role is _SERVICE else Worth.INTERACTIVE


ROUTES: tuple[Route, ...] = (
    Route("/healthz", "gateway", OPEN, limited=False),
    Route("/readyz", "gateway", OPEN, limited=False),
    Route("/.well-known/jwks.json", "gateway", OPEN, limited=False),
    Route("/openapi.json", "docs", OPEN, "read"),
    Route("/docs", "docs", OPEN, "read"),
    Route("/pages", "pages", OPEN, "read"),
    Route("/v1/auth/guest", "gateway", OPEN, "sign-in"),
    Route("/v1/auth/register", "gateway", ANYONE, "sign-in"),
    Route("/v1/auth/login", "gateway", ANYONE, "sign-in"),
    Route("/v1/auth/codes", "gateway", OPEN, "sign-in"),
    Route("/v1/auth/issuers", "gateway", OPEN, "read"),
    Route("/v1/auth/password", "gateway", OPEN, "sign-in"),
    Route("/v1/auth/account", "gateway", MEMBERS),
    # nobody guesses 256 bits, and a thousand phones of one mobile network share an address
    Route("/v1/auth/refresh", "gateway", OPEN, "read"),
    Route("/v1/auth/logout", "gateway", OPEN, "read"),
    Route("/v1/auth/staff", "gateway", OPEN, "sign-in"),
    Route("/v1/auth/sessions", "gateway", SIGNED_IN),
    Route("/v1/staff", "gateway", STAFF),
    Route("/v1/api-keys", "gateway", STAFF),
    Route("/v1/audit", "gateway", STAFF),
    Route("/v1/access-review", "gateway", STAFF),
    Route("/v1/erasures", "gateway", STAFF),
    Route("/v1/traffic", "gateway", STAFF, worth=Worth.ESSENTIAL),
    Route("/v1/home", "gateway", MEMBERS),
    Route("/v1/receipts", "gateway", SIGNED_IN),
    Route("/v1/sync", "gateway", SIGNED_IN, "ingest", worth=Worth.SYNC),
    Route("/v1/stream", "stream", MEMBERS),
    # profile: who a member is, what a member does and buys
    Route("/v1/me", "profile", MEMBERS),
    Route("/v1/batch", "profile", SIGNED_IN, "ingest"),
    Route("/v1/track", "profile", SIGNED_IN, "ingest"),
    Route("/v1/identify", "profile", SIGNED_IN, "ingest"),
    Route("/v1/page", "profile", SIGNED_IN, "ingest"),
    Route("/v1/screen", "profile", SIGNED_IN, "ingest"),
    Route("/v1/group", "profile", SIGNED_IN, "ingest"),
    Route("/v1/alias", "profile", SIGNED_IN, "ingest"),
    Route("/v1/orders", "profile", SIGNED_IN),
    Route("/v1/members", "profile", BACK_OFFICE),
    Route("/v1/segments", "profile", BACK_OFFICE),
    # loyalty: points, tiers, rewards
    Route("/v1/wallet", "loyalty", MEMBERS, deadline_ms=5_000),
    Route("/v1/points", "loyalty", MEMBERS),
    Route("/v1/points/estimates", "loyalty", SIGNED_IN),
    Route("/v1/points/payments", "loyalty", SIGNED_IN),
    Route("/v1/points/history/{}/explanation", "loyalty", SIGNED_IN),
    Route("/v1/households", "loyalty", MEMBERS),
    Route("/v1/members/{}/wallet", "loyalty", BACK_OFFICE),
    Route("/v1/members/{}/points", "loyalty", BACK_OFFICE),
    Route("/v1/members/{}/holds", "loyalty", BACK_OFFICE),
    Route("/v1/holds", "loyalty", BACK_OFFICE),
    Route("/v1/loyalty", "loyalty", BACK_OFFICE),
    Route("/v1/loyalty/imports", "loyalty", BACK_OFFICE, uploads=True),
    Route("/v1/loyalty/exports", "loyalty", BACK_OFFICE),
    Route("/v1/programme", "loyalty", BACK_OFFICE),
    Route("/v1/checkins", "loyalty", MEMBERS),
    Route("/v1/tiers", "loyalty", ANYONE, deadline_ms=5_000, cached=True),
    Route("/v1/rewards", "loyalty", SIGNED_IN),
    Route("/v1/rewards/{}/codes", "loyalty", BACK_OFFICE, uploads=True),
    Route("/v1/redemptions", "loyalty", SIGNED_IN),
    Route("/v1/coupons", "loyalty", SIGNED_IN),
    Route("/v1/missions", "loyalty", SIGNED_IN),
    Route("/v1/badges", "loyalty", MEMBERS),
    Route("/v1/offers", "loyalty", SIGNED_IN),
    Route("/v1/referral", "loyalty", MEMBERS),
    Route("/v1/draws", "loyalty", SIGNED_IN),
    Route("/v1/coupons/series/{}/codes", "loyalty", BACK_OFFICE, uploads=True),
    Route("/v1/members/{}/coupons", "loyalty", BACK_OFFICE),
    # feedback: questions, tickets, surveys
    Route("/v1/faq", "feedback", ANYONE, deadline_ms=5_000, cached=True),
    Route("/v1/tickets", "feedback", SIGNED_IN),
    Route("/v1/tickets/{}/attachments", "feedback", SIGNED_IN, uploads=True),
    Route("/v1/surveys", "feedback", SIGNED_IN),
    Route("/v1/reports", "feedback", STAFF, worth=Worth.ANALYTICS),
    # notify: inbox, preferences, campaigns
    Route("/v1/inbox", "notify", MEMBERS),
    Route("/v1/preferences", "notify", MEMBERS),
    Route("/v1/unsubscribe", "notify", OPEN, "write"),
    Route("/v1/campaigns", "notify", STAFF),
    Route("/v1/announcements", "notify", ANYONE),
    Route("/v1/webhooks", "notify", STAFF),
)

OWN = frozenset({"gateway", "docs", "pages", "stream"})  # answered by the gateway itself
SERVICES = tuple(dict.fromkeys(route.service for route in ROUTES if route.service not in OWN))


LONGEST_REMEMBERED: Final = 256  # bytes of a path; a longer one is looked up each time
_PLAIN: Final = re.compile(
    # Segments that are neither empty nor dots. Percent-encoding is for text: never for controls,
    # `.`, `/` or `\\`.
    rb"(?:/(?!\.{1,2}(?:/|$))(?:[A-Za-z0-9_~:@!$&'()*+,=.-]|%(?!2[eEfF]|5[cC]|7[fF])[2-9a-fA-F][0-9a-fA-F])+)+"
)


class Table:
    """The rows, ready to be asked: looked up by the path's head, and remembered for a while."""

    def __init__(self, routes: Iterable[Route] = ROUTES) -> None:
        self.replace(routes)

    def replace(self, routes: Iterable[Route]) -> None:
        """Take other rows, from the next request on."""
        self.rows = tuple(routes)
        by_head: dict[str, list[tuple[list[str], Route]]] = defaultdict(list)
        for route in self.rows:
            segments = route.path.split("/")
            by_head["/".join(segments[:3])].append((segments[3:], route))
        self._by_head = {
            head: sorted(rows, key=lambda row: (-len(row[0]), "{}" in row[0]))
            for head, rows in by_head.items()
        }
        self._recent: Recent[bytes, Route] = Recent(4_096)

    def find(self, path: str, raw_path: bytes) -> Route | None:
        """The row of a path as it was sent, None for a path that is not written plainly."""
        found = self._recent.get(raw_path)
        if found is None and _PLAIN.fullmatch(raw_path):
            found = self.row(path)
            if found is not None and len(raw_path) <= LONGEST_REMEMBERED:
                self._recent.put(raw_path, found)
        return found

    def row(self, path: str) -> Route | None:
        """The row of a path, or of a template such as `/v1/tickets/{ticket_id}`."""
        segments = path.split("/")
        rest = segments[3:]
        rows = self._by_head.get("/".join(segments[:3])) or self._by_head.get(
            "/".join(segments[:2]), []
        )
        for pattern, route in rows:
            if not pattern or _covers(pattern, rest):
                return route
        return None


def _covers(pattern: list[str], segments: list[str]) -> bool:
    return len(pattern) <= len(segments) and all(
        part in ("{}", segment) for part, segment in zip(pattern, segments, strict=False)
    )
