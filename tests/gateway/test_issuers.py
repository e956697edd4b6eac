"""ID tokens of other issuers: which are believed, and by which keys."""

import asyncio
import time

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import OctKey, RSAKey
from pydantic import ValidationError

from gateway.issuers import (
    ASKED_EVERY_S,
    FRESH_S,
    LARGEST_DOCUMENT,
    STALE_S,
    IdTokenRefused,
    Issuer,
    IssuerAway,
    keys_of,
)
from gateway.settings import Settings
from kit.jwt import to_base64url
from tests.gateway.issuer import LocalIssuer, settings_of

CONFIGURATION = "/.well-known/openid-configuration"


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(issuer: LocalIssuer, clock: Clock) -> Issuer:
    return Issuer(settings_of(issuer), clock)


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
async def test_a_token_is_read(issuer: LocalIssuer, known: Issuer, algorithm: str) -> None:
    issuer.add_key("two", algorithm)
    vouched = await known.read(issuer.token("two", email="mei@brand.example"), None)
    assert (vouched.issuer, vouched.subject, vouched.display_name) == (issuer.url, "mei", "Mei")
    assert (vouched.email, vouched.email_said) == (None, "mei@brand.example")
    assert issuer.asked == [CONFIGURATION, "/keys"]


@pytest.mark.parametrize(
    ("claims", "nonce"),
    [
        pytest.param({"iss": "https://other.example"}, None, id="another issuer"),
        pytest.param({"aud": "another-app"}, None, id="another audience"),
        pytest.param({"aud": ["app", "api"]}, None, id="several audiences and no azp"),
        pytest.param({"azp": "another-app"}, None, id="another authorized party"),
        pytest.param({"exp": 1}, None, id="an end long ago"),
        pytest.param({"exp": None}, None, id="no end"),
        pytest.param({"iat": None}, None, id="no beginning"),
        pytest.param({"iat": int(time.time()) + 3600}, None, id="a beginning in the future"),
        pytest.param({"nbf": int(time.time()) + 3600}, None, id="not before a time in the future"),
        pytest.param({"iat": int(time.time()) - 3600}, None, id="an hour of age"),
        pytest.param({"sub": None}, None, id="no subject"),
        pytest.param({"sub": ""}, None, id="an empty subject"),
        pytest.param({"sub": 7}, None, id="a number for a subject"),
        pytest.param({"sub": "x" * 256}, None, id="an endless subject"),
        pytest.param({"exp": "tomorrow"}, None, id="a word for a time"),
        pytest.param({"typ": "Bearer"}, None, id="the type Keycloak gives access tokens"),
        pytest.param({"nonce": "theirs"}, None, id="a nonce nobody expects"),
        pytest.param({"nonce": "theirs"}, "ours", id="another nonce"),
        pytest.param({}, "ours", id="no nonce where one is expected"),
    ],
)
async def test_a_token_is_refused_for(
    issuer: LocalIssuer, known: Issuer, claims: dict, nonce: str | None
) -> None:
    with pytest.raises(IdTokenRefused):
        await known.read(issuer.token(**claims), nonce)


async def test_a_token_with_its_nonce_and_party_is_read(issuer: LocalIssuer, known: Issuer) -> None:
    token = issuer.token(nonce="ours", aud=["app", "api"], azp="app")
    assert (await known.read(token, "ours")).subject == "mei"


def encoded(part: object) -> str:
    return to_base64url(orjson.dumps(part))


async def test_forged_tokens_are_refused_and_nothing_is_fetched_for_them(
    issuer: LocalIssuer, known: Issuer
) -> None:
    """RFC 8725: no algorithm, another kind of key, keys the token brings along, another type."""
    good = issuer.token()
    head, payload, signature = good.split(".")
    thief = LocalIssuer(port=issuer.port)
    thief.add_key("one")
    stolen_key = thief.keys["one"][1].as_dict(private=False)
    public = orjson.dumps(issuer.keys["one"][1].as_dict(private=False)).decode()
    thief.keys["hmac"] = ("HS256", OctKey.import_key(public))
    issuer.add_key("two", "EdDSA")
    signed_by = issuer.keys["two"][1].raw_value
    critical = f"{encoded({'alg': 'EdDSA', 'kid': 'two', 'crit': ['x'], 'x': 1})}.{payload}"
    forged = [
        f"{encoded({'alg': 'none', 'kid': 'one'})}.{payload}.",
        f"{encoded({'alg': 'None', 'kid': 'one'})}.{payload}.{signature}",
        thief.token(),
        thief.token(header={"jwk": stolen_key}),
        thief.token(header={"jku": f"{issuer.url}/evil"}),
        thief.token(header={"x5u": f"{issuer.url}/evil"}),
        thief.token("hmac", header={"kid": "one"}),
        f"{critical}.{to_base64url(signed_by.sign(critical.encode()))}",
        issuer.token(header={"typ": "at+jwt"}),
        issuer.token(header={"typ": "logout+jwt"}),
        f"{head}.{encoded({'sub': 'ada'})}.{signature}",
        f"{head}.{payload}.{signature[:-4]}AAAA",
        f"{head}.{payload}",
        f"{good}.x",
        "",
        ".",
        "..",
        "ключ",
        "x" * 9000,
        encoded({}) + "." + payload + "." + signature,
        encoded([]) + "." + payload + "." + signature,
    ]
    for token in forged:
        with pytest.raises(IdTokenRefused):
            await known.read(token, None)
    assert "/evil" not in issuer.asked
    assert (await known.read(good, None)).subject == "mei"


async def test_a_new_key_is_found_without_a_restart(
    issuer: LocalIssuer, known: Issuer, clock: Clock
) -> None:
    await known.read(issuer.token(), None)
    issuer.add_key("two")
    with pytest.raises(IdTokenRefused):
        await known.read(issuer.token("two"), None)  # asked a moment ago
    clock.ahead += ASKED_EVERY_S
    assert (await known.read(issuer.token("two"), None)).subject == "mei"


async def test_unknown_keys_have_the_issuer_asked_once_in_half_a_minute(
    issuer: LocalIssuer, known: Issuer, clock: Clock
) -> None:
    stranger = LocalIssuer(port=issuer.port)
    for number in range(30):
        stranger.add_key(f"made-up-{number}")
    await known.read(issuer.token(), None)
    for _ in range(2):
        clock.ahead += ASKED_EVERY_S
        tokens = [stranger.token(f"made-up-{number}") for number in range(30)]
        reads = await asyncio.gather(
            *(known.read(token, None) for token in tokens), return_exceptions=True
        )
        assert {type(read) for read in reads} == {IdTokenRefused}
    assert issuer.asked.count("/keys") == 3


async def test_many_first_tokens_at_once_ask_once(issuer: LocalIssuer, known: Issuer) -> None:
    await asyncio.gather(*(known.read(issuer.token(sub=f"m{n}"), None) for n in range(20)))
    assert issuer.asked == [CONFIGURATION, "/keys"]


async def test_a_withdrawn_key_is_refused_soon(
    issuer: LocalIssuer, known: Issuer, clock: Clock
) -> None:
    token = issuer.token()
    await known.read(token, None)
    del issuer.keys["one"]
    issuer.add_key("two")
    clock.ahead += FRESH_S + 1
    with pytest.raises(IdTokenRefused):
        await known.read(token, None)


async def test_an_issuer_that_is_away_stays_trusted_for_a_day(
    issuer: LocalIssuer, known: Issuer, clock: Clock
) -> None:
    await known.read(issuer.token(), None)
    issuer.away = True
    for hours in (1, 12, 23):
        clock.ahead = 3600.0 * hours
        now = int(clock())
        assert (await known.read(issuer.token(iat=now, exp=now + 60), None)).subject == "mei"
    clock.ahead = STALE_S + FRESH_S
    now = int(clock())
    with pytest.raises(IssuerAway):
        await known.read(issuer.token(iat=now, exp=now + 60), None)
    issuer.away = False
    clock.ahead += ASKED_EVERY_S
    now = int(clock())
    assert (await known.read(issuer.token(iat=now, exp=now + 60), None)).subject == "mei"


async def test_an_issuer_never_reached_is_said_to_be_away(
    issuer: LocalIssuer, known: Issuer
) -> None:
    issuer.away = True
    with pytest.raises(IssuerAway):
        await known.read(issuer.token(), None)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        (CONFIGURATION, b'{"issuer": "https://other.example", "jwks_uri": "https://x/keys"}'),
        (CONFIGURATION, b'{"issuer": "ISSUER", "jwks_uri": "http://169.254.169.254/keys"}'),
        (CONFIGURATION, b'{"issuer": "ISSUER"}'),
        (CONFIGURATION, b"[]"),
        ("/keys", b"<html>"),
        ("/keys", b"{}"),
        ("/keys", b'{"keys": 7}'),
        ("/keys", b" " * (LARGEST_DOCUMENT + 1)),
    ],
)
async def test_an_issuer_that_answers_nonsense_is_away(
    issuer: LocalIssuer, known: Issuer, path: str, answer: bytes
) -> None:
    issuer.answers[path] = answer.replace(b"ISSUER", issuer.url.encode())
    with pytest.raises(IssuerAway):
        await known.read(issuer.token(), None)


def test_only_strong_public_signing_keys_are_taken() -> None:
    strong = RSAKey.generate_key(2048, {"kid": "strong"}).as_dict(private=True)
    short = rsa.generate_private_key(65_537, 1024).public_key().public_numbers()
    modulus = to_base64url(short.n.to_bytes(128, "big"))
    weak = {"kty": "RSA", "kid": "weak", "e": "AQAB", "n": modulus}
    shared = {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"}
    cipher = strong | {"kid": "cipher", "use": "enc"}
    broken = {"kty": "EC", "kid": "broken", "crv": "P-256", "x": "x", "y": "y"}
    nameless = {name: value for name, value in strong.items() if name != "kid"}
    found = keys_of({"keys": [strong, weak, shared, cipher, broken, nameless]})
    assert list(found) == ["strong"]
    assert not found["strong"].is_private


P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"issuer": "http://id.example.com"}, id="no TLS"),
        pytest.param({"issuer": "id.example.com"}, id="no scheme"),
        pytest.param({"jwks_uri": "http://169.254.169.254/keys"}, id="keys over no TLS"),
        pytest.param({"audiences": []}, id="no audience"),
        pytest.param({"name": "Key Cloak"}, id="a name with a blank"),
        pytest.param({"trust_email": True}, id="a misspelt setting"),
    ],
)
def test_an_issuer_is_not_configured_with(change: dict) -> None:
    good = {"name": "keycloak", "issuer": "https://id.example.com", "audiences": ["app"]}
    Settings(issuers=[good])
    with pytest.raises(ValidationError):
        Settings(issuers=[good | change])
