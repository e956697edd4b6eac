"""JSON Web Tokens of the two kinds Rapport makes: compact, EdDSA or HS256 (RFC 7519, 8037, 8725).

Who reads says by which algorithm and of which type, and accepts exactly the header `alg`, `typ`,
`kid`. So `none`, an HMAC over a public key, an unknown `crit` and keys brought by the token itself
(`jwk`, `jku`, `x5u`) all fail in one comparison, and nothing is ever fetched because a token says
so.
"""

import binascii
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Protocol

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SIGNED = "EdDSA"
SHARED = "HS256"
LEAST_SECRET = 32  # bytes (RFC 7518, 3.2)
LONGEST = 4096  # characters; ours have about 400
SKEW_S = 60  # how far the clocks of two machines may differ for `iat` and `nbf`
_STANDARD = str.maketrans("-_", "+/")


class Refused(ValueError):  # noqa: N818  (it says what happened)
    """The token is not one of ours, or not for here, or not for now."""


class Expired(Refused):
    """The token was good once."""


class UnknownKey(Refused):
    """The token names a key that is not known here; it may be newer than the key set read last."""


class Signing(Protocol):
    """Makes tokens: an Ed25519 private key, or a key that is shared."""

    def sign(self, data: bytes, /) -> bytes: ...


class Verifying(Protocol):
    """Checks tokens. Raises InvalidSignature."""

    def verify(self, signature: bytes, data: bytes, /) -> None: ...


@dataclass(frozen=True, slots=True)
class SharedKey:
    """A secret of two parties by which one vouches to the other (HMAC with SHA-256)."""

    secret: bytes = field(repr=False)
    _mac: hmac.HMAC = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.secret) < LEAST_SECRET:
            raise ValueError(f"a shared key has at least {LEAST_SECRET} bytes")
        object.__setattr__(self, "_mac", hmac.new(self.secret, digestmod="sha256"))

    @property
    def kid(self) -> str:
        """A name for the key that tells nothing of it."""
        return to_base64url(blake2b(self.secret, digest_size=9, person=b"kid").digest())

    def sign(self, data: bytes, /) -> bytes:
        mac = self._mac.copy()  # a third less than beginning anew
        mac.update(data)
        return mac.digest()

    def verify(self, signature: bytes, data: bytes, /) -> None:
        if not hmac.compare_digest(signature, self.sign(data)):
            raise InvalidSignature


def encode(
    claims: Mapping[str, Any], *, typ: str, kid: str, key: Signing, algorithm: str = SIGNED
) -> str:
    return sealed(head_of(algorithm, typ, kid), orjson.dumps(claims), key).decode()


def sealed(head: bytes, claims: bytes, key: Signing) -> bytes:
    """A token of claims that are JSON already."""
    content = b"%b.%b" % (head, urlsafe_b64encode(claims).rstrip(b"="))
    return b"%b.%b" % (content, urlsafe_b64encode(key.sign(content)).rstrip(b"="))


def decode(  # noqa: PLR0913  (what a token must be, each by name)
    token: str,
    *,
    typ: str,
    issuer: str,
    audience: str,
    keys: Mapping[str, Verifying],
    now: float,
    algorithm: str = SIGNED,
    apart_s: float = 0,
) -> dict[str, Any]:
    """The claims of `token`, signed by one of `keys` and good for `audience` at `now`.

    `keys` are all of one kind, that of `algorithm`. By `apart_s` the clock of who made the token
    may differ from ours beyond what is borne with anyhow.

    Raises Refused: Expired for a token that was good once, UnknownKey when `keys` lack its key.
    """
    header, payload, signature = _parts(token)
    kid = _key_id(header, typ, algorithm)
    if (key := keys.get(kid)) is None:
        raise UnknownKey(f"The token is signed by an unknown key {kid!r}.")
    try:
        key.verify(from_base64url(signature), f"{header}.{payload}".encode())
    except InvalidSignature:
        raise Refused("The token's signature is wrong.") from None
    claims = _object(payload)
    _check(claims, issuer, audience, now, apart_s)
    return claims


def jwk_of(kid: str, key: Ed25519PublicKey) -> dict[str, str]:
    """A public key as a JSON Web Key (RFC 8037)."""
    x = to_base64url(key.public_bytes_raw())
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid, "use": "sig", "alg": SIGNED}


def keys_of(jwks: Mapping[str, Any]) -> dict[str, Ed25519PublicKey]:
    """The Ed25519 keys of a JSON Web Key Set (RFC 7517); keys of other kinds are passed over."""
    return {
        jwk["kid"]: Ed25519PublicKey.from_public_bytes(from_base64url(jwk["x"]))
        for jwk in jwks["keys"]
        if (jwk.get("kty"), jwk.get("crv")) == ("OKP", "Ed25519")
    }


def to_base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Strict: no padding, no foreign characters, no second spelling of the same bytes."""
    try:
        content = binascii.a2b_base64(
            text.translate(_STANDARD) + "=" * (-len(text) % 4), strict_mode=True
        )
    except (binascii.Error, ValueError):
        raise Refused("The token is not base64url.") from None
    if to_base64url(content) != text:
        raise Refused("The token is not base64url.")
    return content


def _parts(token: str) -> tuple[str, str, str]:
    parts = token.split(".") if len(token) <= LONGEST and token.isascii() else []
    if len(parts) != 3:  # noqa: PLR2004  (header, payload, signature)
        raise Refused("The token is not a signed JSON Web Token.")
    return parts[0], parts[1], parts[2]


@lru_cache(maxsize=64)
def head_of(algorithm: str, typ: str, kid: str) -> bytes:
    """The first part of a token."""
    return to_base64url(orjson.dumps({"alg": algorithm, "typ": typ, "kid": kid})).encode()


@lru_cache(maxsize=64)
def _key_id(header: str, typ: str, algorithm: str) -> str:
    """The key a header names; all tokens of a key have the same header, so it is read once."""
    members = _object(header)
    kid = members.pop("kid", None)
    if members != {"alg": algorithm, "typ": typ} or not isinstance(kid, str):
        raise Refused(f"The token's header must be exactly alg {algorithm}, typ {typ} and kid.")
    return kid


def _object(segment: str) -> dict[str, Any]:
    try:
        content = orjson.loads(from_base64url(segment))
    except orjson.JSONDecodeError:
        raise Refused("The token does not hold JSON.") from None
    if not isinstance(content, dict):
        raise Refused("The token does not hold a JSON object.")
    return content


def _check(
    claims: Mapping[str, Any], issuer: str, audience: str, now: float, apart_s: float
) -> None:
    if claims.get("iss") != issuer:
        raise Refused(f"The token's issuer must be {issuer}.")
    if claims.get("aud") != audience:
        raise Refused(f"The token's audience must be {audience}.")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise Refused("The token names no subject.")
    if _instant(claims, "exp") <= now - apart_s:
        raise Expired("The token has expired.")
    if max(_instant(claims, "iat"), _instant(claims, "nbf", 0)) > now + SKEW_S + apart_s:
        raise Refused("The token is not valid yet.")


def _instant(claims: Mapping[str, Any], name: str, absent: float | None = None) -> float:
    value = claims.get(name, absent)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"The token's {name} must be a number of seconds.")
    return value
