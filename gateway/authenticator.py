"""Who sends this request? The part of identity on every request's path.

Three credentials are known: an access token (`Authorization: Bearer`), an API key (`Authorization:
Bearer` or `X-Api-Key`), and an API key as Segment's SDKs send it (`Authorization: Basic`, the key
as user name). A credential is examined once and then remembered until it expires; what was revoked
since is refused all the same.
"""

import time
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final
from uuid import UUID

from gateway import rules
from gateway.recent import Recent
from gateway.tokens import AccessTokens, Verified
from kit import jwt
from kit.auth import Caller, Role
from kit.problems import Unauthenticated

REMEMBERED: Final = 131_072
_BEARER: Final = "bearer"
_API_KEY: Final = "x-api-key"
_KEY_PREFIXES: Final = tuple(kind.prefix for kind in rules.KeyKind)


class BadCredentials(Unauthenticated):
    code = "gateway.credentials_refused"
    title = "Credentials refused"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class TokenExpired(BadCredentials):
    """Apart from other refusals, because the app then exchanges its refresh token."""

    code = "gateway.token_expired"
    title = "Access token expired"


class Authenticator:
    """Knows API keys and revoked sessions by what `learn` told it; `refresh` has it told anew."""

    def __init__(
        self,
        access: AccessTokens,
        refresh: Callable[[], Awaitable[None]],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._access = access
        self._refresh = refresh
        self._clock = clock
        self._recent: Recent[bytes, Verified] = Recent(REMEMBERED)
        self._keys: dict[bytes, Verified] = {}
        self._revoked_keys: set[bytes] = set()
        self._revoked: dict[str, float] = {}
        self._used_keys: set[str] = set()

    async def authenticate(self, headers: Iterable[tuple[bytes, bytes]]) -> Caller | None:
        """The caller named by a request's ASGI headers, None where they name none.

        Raises Unauthenticated when there are credentials but they are not good.
        """
        credential = _credential(headers)
        if credential is None:
            return None
        verified = self._recent.get(credential)
        if verified is None or verified.until <= self._clock():
            verified = await self._examine(credential)
            self._recent.put(credential, verified)
        caller = verified.caller
        if self.has_revoked(caller):
            raise BadCredentials("This session was ended; sign in again.")
        if caller.role is Role.SERVICE:
            self._used_keys.add(caller.subject)
        return caller

    def has_revoked(self, caller: Caller) -> bool:
        """Whether the caller's session was ended, for who goes on after having been let in."""
        return caller.session_id in self._revoked

    def learn(self, keys: Mapping[bytes, Verified], revoked: Iterable[str]) -> None:
        """Take over all good API keys, by their SHA-256, and the sessions revoked of late."""
        good = {name: key for name, key in keys.items() if name not in self._revoked_keys}
        if good != self._keys:
            self._keys = good
            self._recent.clear()
        now = self._clock()
        self._revoked.update(dict.fromkeys(revoked, now))
        oldest = now - 2 * self._access.life_s
        self._revoked = {name: at for name, at in self._revoked.items() if at > oldest}

    def add_key(self, key_hash: bytes, verified: Verified) -> None:
        """Accept an API key from now on."""
        self._keys[key_hash] = verified

    def revoke_key(self, key_hash: bytes) -> None:
        """Refuse an API key from now on, also if it is read again from a state before."""
        self._revoked_keys.add(key_hash)
        self._keys.pop(key_hash, None)
        self._recent.clear()

    def revoke_session(self, session_id: UUID) -> None:
        """Refuse the access tokens of a session from now on."""
        self._revoked[str(session_id)] = self._clock()

    def take_used_keys(self) -> set[str]:
        """Ids of the API keys used since the last call."""
        used, self._used_keys = self._used_keys, set()
        return used

    async def _examine(self, credential: bytes) -> Verified:
        scheme, text = _read(credential)
        if scheme == "basic":
            return await self._key(_basic_user(text))
        if scheme not in (_BEARER, _API_KEY):
            raise BadCredentials("Send an access token or API key as Authorization: Bearer.")
        if scheme == _API_KEY or text.startswith(_KEY_PREFIXES):
            return await self._key(text)
        return await self._token(text)

    async def _token(self, token: str) -> Verified:
        try:
            try:
                return self._access.read(token, self._clock())
            except jwt.UnknownKey:
                await self._refresh()
                return self._access.read(token, self._clock())
        except jwt.Expired:
            raise TokenExpired("Exchange the refresh token for a new access token.") from None
        except jwt.Refused as error:
            raise BadCredentials(str(error)) from None

    async def _key(self, key: str) -> Verified:
        name = rules.fingerprint(key)
        if name not in self._keys:
            await self._refresh()
        verified = self._keys.get(name)
        if verified is None or verified.until <= self._clock():
            raise BadCredentials("The API key is unknown, expired or revoked.")
        return verified


def _credential(headers: Iterable[tuple[bytes, bytes]]) -> bytes | None:
    """The credential of a request as `scheme value`. Of two, one would go unchecked: refused."""
    credential = None
    for name, value in headers:
        if name in (b"authorization", b"x-api-key"):
            if credential is not None:
                raise BadCredentials("Send one credential, not two.")
            credential = value if name == b"authorization" else b"x-api-key " + value
    return credential


def _read(credential: bytes) -> tuple[str, str]:
    try:
        scheme, _, text = credential.decode("ascii").partition(" ")
    except UnicodeDecodeError:
        raise BadCredentials("Credentials are ASCII.") from None
    return scheme.lower(), text  # one space: further spellings would each be remembered


def _basic_user(encoded: str) -> str:
    """The user name of HTTP Basic credentials (RFC 7617), which is the key; no password."""
    try:
        user, _, password = b64decode(encoded, validate=True).decode("ascii").partition(":")
    except ValueError:
        raise BadCredentials("Basic credentials are base64 of the write key and a colon.") from None
    if password:
        raise BadCredentials("Basic credentials hold a write key and no password.")
    return user
