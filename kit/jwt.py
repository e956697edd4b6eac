"""JSON Web Tokens of the one kind Rapport signs: compact, EdDSA (RFC 7519, 8037, 8725).

The reader fixes algorithm and type and accepts exactly the header `alg`, `typ`, `kid`. So `none`,
an HMAC over the public key, an unknown `crit` and keys brought by the token itself (`jwk`, `jku`,
`x5u`) all fail in one comparison, and nothing is ever fetched because a token says so.
"""

import binascii
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ALGORITHM = "EdDSA"
LONGEST = 4096  # characters; ours have about 400
SKEW_S = 60  # how far the clocks of two machines may differ for `iat` and `nbf`
_STANDARD = str.maketrans("-_", "+/")


class Refused(ValueError):  # noqa: N818  (it says what happened)
    """The token is not one of ours, or not for here, or not for now."""


class Expired(Refused):
    """The token was good once."""


class UnknownKey(Refused):
    """The token names a key that is not known here; it may be newer than the key set read last."""


def encode(claims: Mapping[str, Any], *, typ: str, kid: str, key: Ed25519PrivateKey) -> str:
    signed = f"{_header(typ, kid)}.{to_base64url(orjson.dumps(claims))}"
    return f"{signed}.{to_base64url(key.sign(signed.encode()))}"


def decode(
    token: str,
    *,
    typ: str,
    issuer: str,
    audience: str,
    keys: Mapping[str, Ed25519PublicKey],
    now: float,
) -> dict[str, Any]:
    """The claims of `token`, signed by one of `keys` and good for `audience` at `now`.

    Raises Refused: Expired for a token that was good once, UnknownKey when `keys` lack its key.
    """
    header, payload, signature = _parts(token)
    kid = _key_id(header, typ)
    if (key := keys.get(kid)) is None:
        raise UnknownKey(f"The token is signed by an unknown key {kid!r}.")
    try:
        key.verify(from_base64url(signature), f"{header}.{payload}".encode())
    except InvalidSignature:
        raise Refused("The token's signature is wrong.") from None
    claims = _object(payload)
    _check(claims, issuer, audience, now)
    return claims


def jwk_of(kid: str, key: Ed25519PublicKey) -> dict[str, str]:
    """A public key as a JSON Web Key (RFC 8037)."""
    x = to_base64url(key.public_bytes_raw())
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid, "use": "sig", "alg": ALGORITHM}


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
def _header(typ: str, kid: str) -> str:
    return to_base64url(orjson.dumps({"alg": ALGORITHM, "typ": typ, "kid": kid}))


@lru_cache(maxsize=64)
def _key_id(header: str, typ: str) -> str:
    """The key a header names; all tokens of a key have the same header, so it is read once."""
    members = _object(header)
    kid = members.pop("kid", None)
    if members != {"alg": ALGORITHM, "typ": typ} or not isinstance(kid, str):
        raise Refused(f"The token's header must be exactly alg {ALGORITHM}, typ {typ} and kid.")
    return kid


def _object(segment: str) -> dict[str, Any]:
    try:
        content = orjson.loads(from_base64url(segment))
    except orjson.JSONDecodeError:
        raise Refused("The token does not hold JSON.") from None
    if not isinstance(content, dict):
        raise Refused("The token does not hold a JSON object.")
    return content


def _check(claims: Mapping[str, Any], issuer: str, audience: str, now: float) -> None:
    if claims.get("iss") != issuer:
        raise Refused(f"The token's issuer must be {issuer}.")
    if claims.get("aud") != audience:
        raise Refused(f"The token's audience must be {audience}.")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise Refused("The token names no subject.")
    if _instant(claims, "exp") <= now:
        raise Expired("The token has expired.")
    if max(_instant(claims, "iat"), _instant(claims, "nbf", 0)) > now + SKEW_S:
        raise Refused("The token is not valid yet.")


def _instant(claims: Mapping[str, Any], name: str, absent: float | None = None) -> float:
    value = claims.get(name, absent)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"The token's {name} must be a number of seconds.")
    return value
