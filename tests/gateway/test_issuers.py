"""Sign-in by the word of other issuers: whose word counts, and for what."""

import asyncio
import time
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from uuid import uuid4

import orjson
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import OctKey, RSAKey
from pydantic import ValidationError

from gateway.events import AccountRegistered, GuestMerged
from gateway.identity import Identity
from gateway.issuers import (
    ASKED_EVERY_S,
    FRESH_S,
    LARGEST_DOCUMENT,
    STALE_S,
    IdTokenRefused,
    Issuer,
    IssuerAway,
    Issuers,
    keys_of,
)
from gateway.settings import IssuerSettings, Settings
from kit.jwt import to_base64url
from kit.testing import Harness
from tests.gateway.issuer import LocalIssuer
from tests.gateway.people import DEVICE, MEMBER, PASSWORD, Door

LOGIN = "/v1/auth/login/issuer"
LINK = "/v1/auth/account/issuers"
CONFIGURATION = "/.well-known/openid-configuration"


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest_asyncio.fixture
async def issuer() -> AsyncIterator[LocalIssuer]:
    local = LocalIssuer()
    await local.start()
    local.add_key("one")
    yield local
    await local.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(issuer: LocalIssuer, clock: Clock) -> Issuer:
    return Issuer(settings(issuer), clock)


@pytest.fixture
def trusting(identity: Identity, issuer: LocalIssuer) -> None:
    """The gateway under test accepts the issuer, and believes its verified addresses."""
    identity.issuers = Issuers([settings(issuer, trusts_email=True)])


@pytest.fixture
def accepting(identity: Identity, issuer: LocalIssuer) -> None:
    """The gateway under test accepts the issuer, but not its word on addresses."""
    identity.issuers = Issuers([settings(issuer)])


def settings(issuer: LocalIssuer, **changes: object) -> IssuerSettings:
    return IssuerSettings(name="local", issuer=issuer.url, audiences=["app", "app-web"], **changes)


def body(issuer: LocalIssuer, **claims: object) -> dict:
    return {"issuer": "local", "id_token": issuer.token(**claims)}


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


async def test_who_is_new_is_registered(
    harness: Harness, door: Door, issuer: LocalIssuer, trusting: None
) -> None:
    sent = body(issuer, email="Mei@Brand.Example", email_verified=True)
    answer = await door.post(LOGIN, sent | DEVICE | {"language": "ru"})
    assert answer.status_code == 201, answer.text
    (said,) = await harness.published(AccountRegistered)
    assert (said.email, said.display_name, said.language) == ("mei@brand.example", "Mei", "ru")
    token = answer.json()["access_token"]
    shown = (await door.get("/v1/auth/account", token)).json()
    assert shown["email"]["verified_at"] is not None
    assert [each["issuer"] for each in shown["issuers"]] == [issuer.url]
    again = await door.post(LOGIN, body(issuer, jti="another", email="changed@brand.example"))
    assert (again.status_code, again.json()["member_id"]) == (200, answer.json()["member_id"])


async def test_a_token_signs_in_once(door: Door, issuer: LocalIssuer, trusting: None) -> None:
    sent = body(issuer)
    answers = await asyncio.gather(*(door.post(LOGIN, sent) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]
    key = {"Idempotency-Key": str(uuid4())}
    sent = body(issuer, jti="another")
    first, again = [await door.post(LOGIN, sent, **key) for _ in range(2)]
    assert (first.status_code, first.content) == (200, again.content)


P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def respelled(signature: str) -> list[str]:
    """Other texts that say the same, or that verify as well, of a P-256 signature."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = letters.index(signature[-1])  # of its six bits the last four are of no byte
    raw = urlsafe_b64decode(signature + "==")
    s = P256_ORDER - int.from_bytes(raw[32:])
    return [
        signature[:-1] + letters[last ^ 1],
        signature + "==",
        to_base64url(raw[:32] + s.to_bytes(32)),
    ]


async def test_a_token_signs_in_once_however_its_signature_is_written(
    door: Door, issuer: LocalIssuer, accepting: None
) -> None:
    first = body(issuer)
    assert (await door.post(LOGIN, first)).status_code == 201
    signed, _, signature = first["id_token"].rpartition(".")
    for other in respelled(signature):
        answer = await door.post(LOGIN, first | {"id_token": f"{signed}.{other}"})
        assert answer.status_code == 401
        assert answer.json()["code"] == "gateway.id_token_refused"


async def test_a_trusted_verified_address_opens_the_account_that_has_it(
    door: Door, issuer: LocalIssuer, trusting: None
) -> None:
    member = await door.registered()
    sent = body(issuer, email=MEMBER["email"], email_verified=True)
    answer = await door.post(LOGIN, sent)
    assert (answer.status_code, answer.json()["member_id"]) == (200, member["member_id"])
    # the address had not been proven before: what was set up under it has ended
    assert (await door.post("/v1/auth/login", MEMBER)).status_code == 401
    assert (await door.refreshed(member["refresh_token"])).status_code == 401


@pytest.mark.parametrize("verified", [False, "false", None])
async def test_an_unverified_address_opens_nothing_and_tells_nothing(
    harness: Harness, door: Door, issuer: LocalIssuer, trusting: None, verified: object
) -> None:
    member = await door.registered()
    sent = body(issuer, email=MEMBER["email"], email_verified=verified)
    answer = await door.post(LOGIN, sent)
    assert answer.status_code == 201
    assert answer.json()["member_id"] != member["member_id"]
    assert (await harness.published(AccountRegistered))[-1].email is None


async def test_an_issuer_not_trusted_on_addresses_opens_nothing(
    door: Door, issuer: LocalIssuer, accepting: None
) -> None:
    member = await door.registered()
    answer = await door.post(LOGIN, body(issuer, email=MEMBER["email"], email_verified=True))
    assert answer.json()["member_id"] != member["member_id"]


async def test_a_guest_goes_on_as_the_member(
    harness: Harness, door: Door, issuer: LocalIssuer, trusting: None
) -> None:
    guest = await door.guest()
    first = await door.post(LOGIN, body(issuer), guest["access_token"])
    assert first.json()["member_id"] == guest["member_id"]
    assert first.json()["session_id"] == guest["session_id"]
    other = await door.guest()
    second = await door.post(LOGIN, body(issuer, jti="another"), other["access_token"])
    assert second.json()["member_id"] == guest["member_id"]
    (merged,) = await harness.published(GuestMerged)
    assert str(merged.guest_id) == other["member_id"]


async def test_a_member_links_and_unlinks(door: Door, issuer: LocalIssuer, accepting: None) -> None:
    member = await door.registered()
    token = member["access_token"]
    without = await door.post(LINK, body(issuer), token)
    assert (without.status_code, without.json()["code"]) == (403, "gateway.password_required")
    for number in range(2):
        sent = body(issuer, jti=f"{number}") | {"password": PASSWORD}
        assert (await door.post(LINK, sent, token)).status_code == 204
    by_word = await door.post(LOGIN, body(issuer, jti="x"))
    assert by_word.json()["member_id"] == member["member_id"]
    assert (await door.delete(f"{LINK}/local", token)).status_code == 204
    assert (await door.delete(f"{LINK}/local", token)).status_code == 404
    stranger = await door.post(LOGIN, body(issuer, jti="y"))
    assert stranger.json()["member_id"] != member["member_id"]


async def test_an_identity_belongs_to_one_account(
    door: Door, issuer: LocalIssuer, accepting: None
) -> None:
    await door.post(LOGIN, body(issuer))
    member = await door.registered()
    sent = body(issuer, jti="x") | {"password": PASSWORD}
    answer = await door.post(LINK, sent, member["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway.linked_elsewhere")


async def test_the_last_way_in_is_not_taken_away(
    door: Door, issuer: LocalIssuer, accepting: None
) -> None:
    member = (await door.post(LOGIN, body(issuer))).json()
    answer = await door.delete(f"{LINK}/local", member["access_token"])
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway.last_sign_in")
    assert (await door.post(LOGIN, body(issuer, jti="x"))).status_code == 200


async def test_what_issuers_there_are_is_said(
    door: Door, issuer: LocalIssuer, accepting: None
) -> None:
    items = (await door.get("/v1/auth/issuers")).json()["items"]
    assert items == [{"name": "local", "issuer": issuer.url, "audiences": ["app", "app-web"]}]
    answer = await door.post(LOGIN, {"issuer": "other", "id_token": "x"})
    assert (answer.status_code, answer.json()["code"]) == (422, "gateway.issuer_unknown")
    assert "local" in answer.json()["detail"]


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
