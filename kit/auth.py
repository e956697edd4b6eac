"""Who is calling. A service trusts one thing: the gateway's internal token.

That is a JWT (RFC 7519, `typ` `internal+jwt`), good for one audience and 60 seconds, and for as
much longer as the clocks of two machines may be apart (`APART_S`): a refusal would sign members
out. Its claims:
`iss` `rapport-gateway`, `aud` the part's name, `sub`, `role`, `scopes`, `sid`, `iat`, `exp`. It is
made with a key that gateway and part share (HS256), each part another; a part without such a key
takes what the gateway signed (EdDSA). A part takes the one or the other, never both.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import httpx
import orjson
from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, ValidationError

from kit import jwt
from kit.clock import APART_S
from kit.problems import Forbidden, Unauthenticated, Unavailable
from kit.vault import NoSecret, Vault, secret_of

log = logging.getLogger(__name__)

ISSUER = "rapport-gateway"
TOKEN_TYPE = "internal+jwt"  # noqa: S105  (a media type)
CACHE_SIZE = 10_000
REFETCH_S = 5.0
RETRY_S = 0.5
WARN_APART_S = 60.0
WARN_EVERY_S = 60.0
_NOTED = "rapport_caller"
_AWAY = "The gateway's keys cannot be fetched."


class Role(StrEnum):
    """What a caller is. `service` is the company's own backend, holding an API key."""

    MEMBER = "member"
    AGENT = "agent"
    MARKETER = "marketer"
    ANALYST = "analyst"
    ADMIN = "admin"
    SERVICE = "service"


STAFF = frozenset({Role.AGENT, Role.MARKETER, Role.ANALYST, Role.ADMIN})


class Caller(BaseModel):
    """An authenticated caller. `subject` is a member's, staff member's or API key's id."""

    model_config = ConfigDict(frozen=True)

    subject: str
    role: Role
    scopes: frozenset[str] = frozenset()
    session_id: str | None = None

    @property
    def member_id(self) -> UUID:
        """The member's id. Raises Forbidden when the caller is no member."""
        if self.role is not Role.MEMBER:
            raise Forbidden("Only a member can do this, with the token of the app.")
        return UUID(self.subject)

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    def may(self, *roles: Role, scope: str | None = None) -> bool:
        """Whether one of `roles` is the caller's.

        An API key needs `scope`; an admin may all staff may.
        """
        if self.role is Role.SERVICE:
            return scope is not None and scope in self.scopes
        return self.role in roles or (self.role is Role.ADMIN and bool(STAFF & set(roles)))


def shared_keys(folder: Path | None, part: str) -> list[jwt.SharedKey]:
    """The keys that gateway and part share: `<folder>/<part>/key`, made on first use, comes first.

    The gateway vouches with the first; the part takes all, so that a key can be exchanged while
    both run. Raises NoSecret where there is none and none can be made.
    """
    if folder is None:
        return []
    first = folder / part / "key"
    try:
        secret_of(first)
    except OSError as error:
        raise NoSecret(
            f"INTERNAL_KEYS_FOLDER: {first} is not there and cannot be made ({error.strerror}). "
            f"In Kubernetes give the Secret internal-keys the item {part}, as docs/operations.md "
            "shows; elsewhere let this process write the folder, or set it for no part at all"
        ) from error
    others = [file for file in sorted(first.parent.iterdir()) if _is_key(file) and file != first]
    return [_shared_key(file, part) for file in (first, *others)]


def _is_key(file: Path) -> bool:
    return file.is_file() and file.name.startswith("key") and "." not in file.name


def _shared_key(file: Path, part: str) -> jwt.SharedKey:
    vault = Vault(secret_of(file), "INTERNAL_KEYS_FOLDER")
    return jwt.SharedKey(vault.key_for(f"internal tokens for {part}"))


class Verifier:
    """Checks internal tokens for one audience. Verified tokens are remembered until they expire."""

    def __init__(
        self,
        jwks: str,
        audience: str,
        shared: Iterable[jwt.SharedKey] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._warned_at = -WARN_EVERY_S
        self._shared = {key.kid: key for key in shared}
        self._url = None if jwks.lstrip().startswith("{") else jwks
        self._given = {} if self._url else jwt.keys_of(orjson.loads(jwks))
        self._keys = self._given
        self._audience = audience
        self._known: dict[str, tuple[float, Caller]] = {}
        self._fetch_again_at = 0.0
        self._is_away = False
        self._fetching = asyncio.Lock()

    def trust(self, jwks: Mapping[str, Any]) -> None:
        """Use this key set from now on, beside the one given at the start."""
        self._keys = self._given | jwt.keys_of(jwks)

    async def verify(self, token: str) -> Caller:
        """The caller of a good token.

        Raises Unauthenticated, or Unavailable while there is no key set.
        """
        now = self._clock()
        known = self._known.get(token)
        if known is not None and known[0] > now:
            return known[1]
        expires_at, caller = await self._check(token, now)
        if len(self._known) >= CACHE_SIZE:
            self._known.clear()
        self._known[token] = (expires_at, caller)
        return caller

    async def _check(self, token: str, now: float) -> tuple[float, Caller]:
        try:
            try:
                claims = self._claims(token, now)
            except jwt.UnknownKey:
                if self._shared:
                    raise
                await self._fetch()
                claims = self._claims(token, now)
            self._compare_clocks(claims["iat"], now)
            return claims["exp"] + APART_S, _caller_of(claims)
        except jwt.Refused as error:
            raise Unauthenticated(f"The internal token is not valid. {error}") from error
        except (KeyError, ValidationError) as error:
            raise Unauthenticated("The internal token lacks claims.") from error

    def _claims(self, token: str, now: float) -> dict[str, Any]:
        return jwt.decode(
            token,
            typ=TOKEN_TYPE,
            issuer=ISSUER,
            audience=self._audience,
            keys=self._shared or self._keys,
            algorithm=jwt.SHARED if self._shared else jwt.SIGNED,
            now=now,
            apart_s=APART_S,
        )

    def _compare_clocks(self, issued_at: float, now: float) -> None:
        """Say, once a minute, that the gateway's clock is another: a token is used for half one."""
        if abs(now - issued_at) <= WARN_APART_S:
            return
        if time.monotonic() >= self._warned_at + WARN_EVERY_S:
            self._warned_at = time.monotonic()
            log.error(
                "the gateway's clock and this one differ by about %d s; at %d s calls are refused: "
                "have both set by NTP",
                round(now - issued_at),
                APART_S,
            )

    async def _fetch(self) -> None:
        async with self._fetching:
            if self._url is None or time.monotonic() < self._fetch_again_at:
                if self._is_away:
                    raise Unavailable(_AWAY)
                return
            self._is_away, self._fetch_again_at = True, time.monotonic() + RETRY_S
            try:
                async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
                    answer = (await client.get(self._url)).raise_for_status()
                self.trust(answer.json())
            except (httpx.HTTPError, ValueError) as error:
                raise Unavailable(_AWAY) from error
            self._is_away, self._fetch_again_at = False, time.monotonic() + REFETCH_S


def _caller_of(claims: Mapping[str, Any]) -> Caller:
    return Caller(
        subject=claims["sub"],
        role=claims["role"],
        scopes=frozenset(claims.get("scopes", ())),
        session_id=claims.get("sid"),
    )


def bearer_of(authorization: str | None) -> str | None:
    """The token of an `Authorization: Bearer` header."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


async def optional_caller(request: Request) -> Caller | None:
    """The caller, or None without a token. A bad token is refused.

    Noted on the request, whose guards and endpoint all ask; its scope, which others may have made,
    is not believed.
    """
    if _NOTED in vars(request):
        noted: Caller | None = vars(request)[_NOTED]
        return noted
    token = bearer_of(request.headers.get("authorization"))
    caller = None
    if token is not None:
        verifier: Verifier = request.app.state.runtime.verifier
        caller = await verifier.verify(token)
    vars(request)[_NOTED] = caller
    return caller


async def current_caller(request: Request) -> Caller:
    caller = await optional_caller(request)
    if caller is None:
        raise Unauthenticated(
            "Send an access token: Authorization: Bearer <token>.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return caller


CurrentCaller = Annotated[Caller, Depends(current_caller)]
OptionalCaller = Annotated[Caller | None, Depends(optional_caller)]


# Dependencies here and elsewhere in kit are coroutines: FastAPI runs a plain function in a thread.


async def member_id_of(caller: CurrentCaller) -> UUID:
    return caller.member_id


MemberId = Annotated[UUID, Depends(member_id_of)]
"""The id of the calling member; any other caller is refused with 403."""


def requires(*roles: Role, scope: str | None = None) -> Any:
    """A dependency that refuses callers other than `roles` (and API keys with `scope`)."""

    async def check(caller: CurrentCaller) -> None:
        if not caller.may(*roles, scope=scope):
            wanted = [*sorted(roles), *([f"an API key with the scope {scope}"] if scope else [])]
            raise Forbidden(f"This needs one of: {', '.join(wanted)}.")

    check.roles = roles  # type: ignore[attr-defined]  # read by the merged OpenAPI
    check.scope = scope  # type: ignore[attr-defined]
    return Depends(check)
