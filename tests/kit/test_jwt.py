"""The one reader of tokens: what it takes, and the forgeries of RFC 8725 it refuses."""

import base64
import hmac
import warnings
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import OctKey, OKPKey

from kit import jwt

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {"k1": KEY.public_key()}
NOW = 1_800_000_000
CLAIMS: dict[str, Any] = {
    "iss": "issuer",
    "aud": "here",
    "sub": "someone",
    "iat": NOW,
    "exp": NOW + 600,
}
HEADER = {"alg": "EdDSA", "typ": "at+jwt", "kid": "k1"}


def read(token: str, now: float = NOW) -> dict[str, Any]:
    return jwt.decode(token, typ="at+jwt", issuer="issuer", audience="here", keys=KEYS, now=now)


def good(**changes: Any) -> str:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    return jwt.encode(claims, typ="at+jwt", kid="k1", key=KEY)


def signed(header: Any, claims: Any = CLAIMS) -> str:
    """A token with any header, signed by the true key."""
    content = f"{b64(orjson.dumps(header))}.{b64(orjson.dumps(claims))}"
    return f"{content}.{b64(KEY.sign(content.encode()))}"


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def hs256(secret: bytes) -> str:
    content = f"{b64(orjson.dumps(HEADER | {'alg': 'HS256'}))}.{b64(orjson.dumps(CLAIMS))}"
    return f"{content}.{b64(hmac.digest(secret, content.encode(), 'sha256'))}"


def test_a_good_token_gives_its_claims() -> None:
    assert read(good()) == CLAIMS


def test_others_read_what_we_sign_and_the_reverse() -> None:
    jwk = jwt.jwk_of("k1", KEY.public_key())
    private = OKPKey.import_key({**jwk, "d": b64(KEY.private_bytes_raw())})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # RFC 9864 has a newer name for this algorithm
        theirs = joserfc_jwt.encode(HEADER, CLAIMS, private, algorithms=["EdDSA"])
        token = joserfc_jwt.decode(good(), OKPKey.import_key(jwk), algorithms=["EdDSA"])
    assert read(theirs) == token.claims == CLAIMS


FORGED_HEADERS = {
    "alg none": HEADER | {"alg": "none"},
    "alg None": HEADER | {"alg": "None"},
    "another alg": HEADER | {"alg": "ES256"},
    "no alg": {"typ": "at+jwt", "kid": "k1"},
    "another typ": HEADER | {"typ": "internal+jwt"},
    "no typ": {"alg": "EdDSA", "kid": "k1"},
    "no kid": {"alg": "EdDSA", "typ": "at+jwt"},
    "a kid that is no text": HEADER | {"kid": ["k1"]},
    "an unknown crit": HEADER | {"crit": ["exp"], "exp": 1},
    "an embedded jwk": HEADER | {"jwk": jwt.jwk_of("k1", KEY.public_key())},
    "a jku": HEADER | {"jku": "https://evil.example/jwks.json"},
    "an x5u": HEADER | {"x5u": "https://evil.example/cert"},
    "b64 false": HEADER | {"b64": False},
    "a list": ["EdDSA"],
    "a number": 1,
}


@pytest.mark.parametrize("header", FORGED_HEADERS.values(), ids=FORGED_HEADERS)
def test_a_header_is_refused_although_signed_with(header: Any) -> None:
    with pytest.raises(jwt.Refused):
        read(signed(header))


def test_a_token_without_signature_is_refused() -> None:
    content = good().rpartition(".")[0]
    for token in (content, f"{content}.", f"{content}.{b64(b'0' * 64)}"):
        with pytest.raises(jwt.Refused):
            read(token)
    none = f"{b64(orjson.dumps(HEADER | {'alg': 'none'}))}.{b64(orjson.dumps(CLAIMS))}."
    with pytest.raises(jwt.Refused):
        read(none)


@pytest.mark.parametrize(
    "secret",
    [
        KEY.public_key().public_bytes_raw(),
        b64(KEY.public_key().public_bytes_raw()).encode(),
        orjson.dumps(jwt.jwk_of("k1", KEY.public_key())),
        b"",
    ],
)
def test_an_hmac_over_the_public_key_is_refused(secret: bytes) -> None:
    with pytest.raises(jwt.Refused):
        read(hs256(secret))


def test_another_key_under_a_known_name_is_refused() -> None:
    other = Ed25519PrivateKey.generate()
    with pytest.raises(jwt.Refused, match="signature"):
        read(jwt.encode(CLAIMS, typ="at+jwt", kid="k1", key=other))


def test_an_unknown_key_is_told_apart() -> None:
    with pytest.raises(jwt.UnknownKey):
        read(jwt.encode(CLAIMS, typ="at+jwt", kid="k2", key=KEY))


BAD_CLAIMS = {
    "another issuer": {"iss": "evil"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "there"},
    "a list of audiences": {"aud": ["here"]},
    "no audience": {"aud": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a number as subject": {"sub": 1},
    "no expiry": {"exp": None},
    "an expiry of text": {"exp": str(NOW + 600)},
    "an expiry of true": {"exp": True},
    "no time of issue": {"iat": None},
    "an issue to come": {"iat": NOW + 61},
    "a beginning to come": {"nbf": NOW + 61},
    "a beginning of text": {"nbf": "soon"},
}


@pytest.mark.parametrize("changes", BAD_CLAIMS.values(), ids=BAD_CLAIMS)
def test_claims_are_refused_with(changes: dict[str, Any]) -> None:
    with pytest.raises(jwt.Refused):
        read(good(**changes))


def test_clocks_may_differ_by_a_minute() -> None:
    assert read(good(iat=NOW + 60, nbf=NOW + 60))


def test_a_token_expires_to_the_second() -> None:
    assert read(good(), NOW + 599.9)
    with pytest.raises(jwt.Expired):
        read(good(), NOW + 600)


def test_one_token_has_one_spelling() -> None:
    token = good()
    header, payload, signature = token.split(".")
    last = {"A": "B", "Q": "R", "g": "h", "w": "x"}[signature[-1]]
    for twin in (
        f"{token}=",
        f"{token}==",
        f" {token}",
        f"{token}\n",
        f"{header}.{payload}.{signature[:-1]}{last}",
        f"{header}.{payload}.{signature[:10]}\n{signature[10:]}",
        f"{header}.{payload}.{signature}.",
        token.replace("-", "+").replace("_", "/") + ".",
    ):
        with pytest.raises(jwt.Refused):
            read(twin)


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "...", "a.b.c", "é.é.é", "e30.e30.e30", "W10.W10.W10", "x" * 5000],
)
def test_rubbish_is_refused(token: str) -> None:
    with pytest.raises(jwt.Refused):
        read(token)


def test_a_claim_changed_after_signing_is_refused() -> None:
    header, _, signature = good().split(".")
    with pytest.raises(jwt.Refused, match="signature"):
        read(f"{header}.{b64(orjson.dumps(CLAIMS | {'sub': 'another'}))}.{signature}")


def test_keys_of_other_kinds_are_passed_over() -> None:
    rsa = {"kty": "RSA", "kid": "r", "n": "AQAB", "e": "AQAB"}
    ours = jwt.jwk_of("k1", KEY.public_key())
    assert list(jwt.keys_of({"keys": [rsa, ours]})) == ["k1"]


SHARED = jwt.SharedKey(bytes(range(32)))


def shared(key: jwt.Signing = SHARED, algorithm: str = jwt.SHARED) -> str:
    return jwt.encode(CLAIMS, typ="at+jwt", kid="k1", key=key, algorithm=algorithm)


def read_shared(token: str) -> dict[str, Any]:
    return jwt.decode(
        token,
        typ="at+jwt",
        issuer="issuer",
        audience="here",
        keys={"k1": SHARED},
        now=NOW,
        algorithm=jwt.SHARED,
    )


def test_others_read_what_a_shared_key_makes_and_the_reverse() -> None:
    theirs_key = OctKey.import_key(SHARED.secret)
    theirs = joserfc_jwt.encode(HEADER | {"alg": "HS256"}, CLAIMS, theirs_key)
    assert read_shared(theirs) == joserfc_jwt.decode(shared(), theirs_key).claims == CLAIMS


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(good(), id="signed by the key of that name"),
        pytest.param(shared(KEY), id="signed, and said to be shared"),
        pytest.param(shared(algorithm="HS512"), id="another algorithm"),
        pytest.param(shared(algorithm="none"), id="none"),
        pytest.param(shared(jwt.SharedKey(bytes(32))), id="another secret"),
        pytest.param(shared()[:-1], id="cut short"),
        pytest.param(shared().rpartition(".")[0] + ".", id="no code"),
    ],
)
def test_who_shares_a_key_takes_nothing_else(token: str) -> None:
    with pytest.raises(jwt.Refused):
        read_shared(token)


def test_who_reads_signatures_takes_no_shared_key() -> None:
    public = KEY.public_key().public_bytes_raw()
    for token in (shared(), shared(jwt.SharedKey(public)), shared(algorithm=jwt.SIGNED)):
        with pytest.raises(jwt.Refused):
            read(token)


def test_a_shared_key_is_long_enough_and_its_name_tells_nothing() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        jwt.SharedKey(bytes(31))
    assert SHARED.kid != jwt.SharedKey(bytes(32)).kid
    assert len(SHARED.kid) == 12
