"""Signing keys, and the tokens they sign: access tokens for callers, internal tokens for services.

The newest key signs; every key that is kept verifies. A new key is published a while before it
signs, so that who caches the key set has it in time. An access token is an RFC 9068 JWT of ten
minutes. An internal token is good for one service and 60 seconds, and is used again for half of
them; it is made with a key that gateway and service share, or, where they share none, signed.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateway.recent import Recent
from gateway.settings import Settings
from kit import auth, jwt
from kit.auth import Caller
from kit.ids import uuid7

ACCESS_TYPE: Final = "at+jwt"
INTERNAL_LIFE_S: Final = 60
REUSED_S: Final = 30  # internal tokens
_ISSUER: Final = auth.ISSUER.encode()
_REMEMBERED: Final = 131_072


@dataclass(frozen=True, slots=True)
class Signer:
    """One Ed25519 key; it signs from `signs_from` until a newer one does."""

    kid: str
    key: Ed25519PrivateKey
    signs_from: datetime

    @classmethod
    def new(cls, signs_from: datetime) -> "Signer":
        key = Ed25519PrivateKey.generate()
        return cls(thumbprint(key.public_key()), key, signs_from)

    @classmethod
    def of(cls, seed: bytes, signs_from: datetime) -> "Signer":
        key = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(thumbprint(key.public_key()), key, signs_from)

    @property
    def seed(self) -> bytes:
        return self.key.private_bytes_raw()


def thumbprint(key: Ed25519PublicKey) -> str:
    """The key's JWK thumbprint (RFC 7638, RFC 8037 appendix A.3), which is its `kid`."""
    jwk = jwt.jwk_of("", key)
    members = {name: jwk[name] for name in ("crv", "kty", "x")}
    return jwt.to_base64url(sha256(orjson.dumps(members)).digest())


class KeyRing:
    """The keys of this deployment, in memory; `replace` brings it up to date with the database."""

    def __init__(self) -> None:
        self._signers: list[Signer] = []
        self.public: Mapping[str, Ed25519PublicKey] = {}

    def replace(self, signers: Sequence[Signer]) -> None:
        self._signers = sorted(signers, key=lambda signer: signer.signs_from)
        self.public = {signer.kid: signer.key.public_key() for signer in self._signers}

    def signer(self, now: float) -> Signer:
        """The newest key whose time has come. Raises LookupError before the first `replace`."""
        if not self._signers:
            raise LookupError("no signing key has been read yet")
        due = [each for each in self._signers if each.signs_from.timestamp() <= now]
        return due[-1] if due else self._signers[0]

    def jwks(self) -> dict[str, Any]:
        """The public keys as a JWK set (RFC 7517)."""
        return {"keys": [jwt.jwk_of(kid, key) for kid, key in self.public.items()]}


@dataclass(frozen=True, slots=True)
class Verified:
    """A credential found good: who it stands for, and until when (seconds since 1970)."""

    caller: Caller
    until: float


class AccessTokens:
    def __init__(self, ring: KeyRing, settings: Settings) -> None:
        self._ring = ring
        self._issuer = settings.issuer
        self._audience = settings.audience
        self.life_s = settings.access_token_s

    def mint(self, caller: Caller, now: datetime) -> str:
        issued = int(now.timestamp())
        signer = self._ring.signer(issued)
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "exp": issued + self.life_s,
            "iat": issued,
            "jti": str(uuid7()),
            **_claims_of(caller),
        }
        return jwt.encode(claims, typ=ACCESS_TYPE, kid=signer.kid, key=signer.key)

    def read(self, token: str, now: float) -> Verified:
        """Raises jwt.Refused when `token` is not an access token of ours, good at `now`."""
        claims = jwt.decode(
            token,
            typ=ACCESS_TYPE,
            issuer=self._issuer,
            audience=self._audience,
            keys=self._ring.public,
            now=now,
        )
        return Verified(_caller_of(claims), claims["exp"])


class InternalTokens:
    """What services trust (kit.auth). A token is used again for half its life.

    `shared` are the keys of the audiences that have one; for the others tokens are signed.
    """

    def __init__(
        self,
        ring: KeyRing,
        clock: Callable[[], float] = time.time,
        shared: Mapping[str, jwt.SharedKey] | None = None,
    ) -> None:
        self._ring = ring
        self._clock = clock
        self._shared: dict[str, tuple[bytes, jwt.Signing]] = {
            audience: (jwt.head_of(jwt.SHARED, auth.TOKEN_TYPE, key.kid), key)
            for audience, key in (shared or {}).items()
        }
        self._recent: Recent[tuple[str, str], _Issued] = Recent(_REMEMBERED)

    def bearer(self, caller: Caller, audience: str) -> bytes:
        """The `Authorization` header of a request of `caller` to the service `audience`."""
        now = self._clock()
        name = (caller.session_id or caller.subject, audience)
        issued = self._recent.get(name)
        if issued is None or issued.until <= now or not issued.is_for(caller):
            known = issued is not None and issued.is_for(caller)
            said = issued.said if known and issued is not None else _said_of(caller)
            issued = _Issued(self._mint(said, audience, int(now)), caller, said, now + REUSED_S)
            self._recent.put(name, issued)
        return issued.bearer

    def _mint(self, said: bytes, audience: str, now: int) -> bytes:
        shared = self._shared.get(audience)
        if shared is not None:
            head, key = shared
        else:
            signer = self._ring.signer(now)
            head, key = jwt.head_of(jwt.SIGNED, auth.TOKEN_TYPE, signer.kid), signer.key
        claims = b'{"iss":"%b","aud":"%b","exp":%d,"iat":%d,%b' % (
            _ISSUER, audience.encode(), now + INTERNAL_LIFE_S, now, said,
        )  # fmt: skip
        return b"Bearer " + jwt.sealed(head, claims, key)


@dataclass(slots=True)
class _Issued:
    bearer: bytes
    caller: Caller
    said: bytes
    until: float

    def is_for(self, caller: Caller) -> bool:
        """Identity first: the authenticator mostly hands out the same object again."""
        return self.caller is caller or self.caller == caller


def _said_of(caller: Caller) -> bytes:
    """The claims that stay the same for as long as the caller does, as the end of an object."""
    return orjson.dumps(_claims_of(caller))[1:]


def _claims_of(caller: Caller) -> dict[str, Any]:
    claims = {"sub": caller.subject, "role": caller.role, "scopes": sorted(caller.scopes)}
    return claims | ({"sid": caller.session_id} if caller.session_id else {})


def _caller_of(claims: Mapping[str, Any]) -> Caller:
    try:
        return Caller(
            subject=claims["sub"],
            role=claims["role"],
            scopes=claims["scopes"],
            session_id=claims["sid"],
        )
    except (KeyError, ValueError):
        raise jwt.Refused("The token lacks claims.") from None
