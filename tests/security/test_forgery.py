"""Tokens nobody signed, for nobody, for elsewhere or for another time (RFC 8725, OWASP API2).

Checks 4, 5 and 25 of docs/security.md; 6 to 12 are tests/gateway's and tests/kit's.
"""

import asyncio
import base64
import hmac
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kit import jwt
from kit.clock import APART_S
from kit.testing import member, token_of
from rapport.ports import LOOPBACK
from tests.security.world import Person, World

ORDER = 2**252 + 27742317777372353535851937790883648493  # of the group of Ed25519
PLACES = {
    "profile": "/v1/me",
    "loyalty": "/v1/wallet",
    "feedback": "/v1/tickets",
    "notify": "/v1/inbox",
    "gateway": "/v1/auth/sessions",
}
STRANGER = Ed25519PrivateKey.generate()


class Forge:
    """Makes tokens as the gateway makes them, but for what is wrong with each."""

    def __init__(self, world: World, person: Person, url: str) -> None:
        self.token = person.headers["Authorization"].removeprefix("Bearer ")
        self.head, self.claims = (
            orjson.loads(jwt.from_base64url(part)) for part in self.token.split(".")[:2]
        )
        ring = world.gateway.api.state.identity._ring
        self.signer = ring.signer(time.time())
        self.public = self.signer.key.public_key()
        self.url = url

    def signed(self, **changes: Any) -> str:
        """Well signed, with other claims; None takes a claim away."""
        claims = {k: v for k, v in {**self.claims, **changes}.items() if v is not None}
        return self._with(self.head, orjson.dumps(claims), self.signer.key.sign)

    def headed(self, **changes: Any) -> str:
        """Well signed by the right key, with another header."""
        head = {k: v for k, v in {**self.head, **changes}.items() if v is not None}
        return self._with(head, orjson.dumps(self.claims), self.signer.key.sign)

    def by_stranger(self, **changes: Any) -> str:
        """Signed by a key of the forger's own, which the header may bring along."""
        return self._with({**self.head, **changes}, orjson.dumps(self.claims), STRANGER.sign)

    def by_hmac(self, secret: bytes, algorithm: str = "HS256") -> str:
        """The public key taken for a shared secret."""
        digest = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}[algorithm]
        head = {**self.head, "alg": algorithm}
        return self._with(
            head, orjson.dumps(self.claims), lambda text: hmac.digest(secret, text, digest)
        )

    def unsigned(self, algorithm: str) -> str:
        return self._with({**self.head, "alg": algorithm}, orjson.dumps(self.claims), lambda _: b"")

    def malleated(self) -> str:
        """The same signature with the group's order added to its second half."""
        head, claims, signature = self.token.split(".")
        raw = jwt.from_base64url(signature)
        second = int.from_bytes(raw[32:], "little") + ORDER
        return f"{head}.{claims}.{jwt.to_base64url(raw[:32] + second.to_bytes(32, 'little'))}"

    @staticmethod
    def _with(head: Mapping[str, Any], claims: bytes, sign: Callable[[bytes], bytes]) -> str:
        text = f"{jwt.to_base64url(orjson.dumps(head))}.{jwt.to_base64url(claims)}"
        return f"{text}.{jwt.to_base64url(sign(text.encode()))}"

    @property
    def jwk(self) -> dict[str, str]:
        return jwt.jwk_of(self.head["kid"], STRANGER.public_key())


def corpus(forge: Forge) -> dict[str, str]:
    """Every forgery, by what is wrong with it."""
    head, claims, signature = forge.token.split(".")
    raw = forge.public.public_bytes_raw()
    pem = forge.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    der = forge.public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    jwk = orjson.dumps(jwt.jwk_of(forge.head["kid"], forge.public))
    now = int(time.time())
    return {
        **{f"alg {alg!r}": forge.unsigned(alg) for alg in ("none", "None", "NONE", "nOnE", "")},
        **{
            f"{alg} over the public key as {name}": forge.by_hmac(secret, alg)
            for alg in ("HS256", "HS384", "HS512")
            for name, secret in {"bytes": raw, "PEM": pem, "DER": der, "JWK": jwk}.items()
        },
        "HS256 over nothing": forge.by_hmac(b""),
        **{
            f"alg {alg} signed by Ed25519": forge.headed(alg=alg)
            for alg in ("ES256", "RS256", "PS256", "Ed25519", "EdDSA ", "eddsa", None, 1, ["EdDSA"])
        },
        **{
            f"typ {typ!r}": forge.headed(typ=typ)
            for typ in ("JWT", "internal+jwt", "AT+JWT", "application/at+jwt", None, "")
        },
        "crit": forge.headed(crit=["exp"], exp=1),
        "an empty crit": forge.headed(crit=[]),
        "b64 off": forge.headed(b64=False, crit=["b64"]),
        "zip": forge.headed(zip="DEF"),
        "cty": forge.headed(cty="JWT"),
        "another kid": forge.headed(kid="other"),
        "no kid": forge.headed(kid=None),
        **{
            f"kid {kid!r}": forge.headed(kid=kid)
            for kid in ("../../dev/null", "' OR 1=1--", "x" * 3000, 7, {"a": 1}, ["x"], "\x00")
        },
        "a stranger's key under a known kid": forge.by_stranger(),
        "a key of its own": forge.by_stranger(jwk=forge.jwk),
        "where to fetch the key": forge.by_stranger(jku=f"{forge.url}/jwks.json"),
        "where to fetch a certificate": forge.by_stranger(x5u=f"{forge.url}/cert.pem"),
        "a certificate": forge.by_stranger(x5c=["MIIB"]),
        "where to fetch the key, as its kid": forge.by_stranger(kid=f"{forge.url}/jwks.json"),
        "no signature": f"{head}.{claims}.",
        "no dot for the signature": f"{head}.{claims}",
        "a signature of zeros": f"{head}.{claims}.{jwt.to_base64url(bytes(64))}",
        "half a signature": f"{head}.{claims}.{signature[:43]}",
        "a signature and more": f"{forge.token}AAAA",
        "a padded signature": f"{forge.token}==",
        "a fourth part": f"{forge.token}.AAAA",
        "five parts": f"{head}..{claims}..{signature}",
        "the signature's other spelling": forge.malleated(),
        "standard base64": forge.token.replace("-", "+").replace("_", "/") + "+/",
        "JSON serialisation": orjson.dumps(
            {"protected": head, "payload": claims, "signature": signature}
        ).decode(),
        "the parts exchanged": f"{claims}.{head}.{signature}",
        "another issuer": forge.signed(iss="someone-else"),
        "no issuer": forge.signed(iss=None),
        "another audience": forge.signed(aud="other"),
        "a list of audiences": forge.signed(aud=["rapport", "other"]),
        "no audience": forge.signed(aud=None),
        "the audience of a service": forge.signed(aud="loyalty"),
        "expired": forge.signed(exp=now - 1),
        "no expiry": forge.signed(exp=None),
        "an expiry that is text": forge.signed(exp=str(now + 600)),
        "an expiry that is true": forge.signed(exp=True),
        "issued in the future": forge.signed(iat=now + 120, exp=now + 600),
        "not yet": forge.signed(nbf=now + 120),
        "no time of issue": forge.signed(iat=None),
        "no subject": forge.signed(sub=None),
        "an empty subject": forge.signed(sub=""),
        "a subject that is a number": forge.signed(sub=7),
        "no role": forge.signed(role=None),
        "an unknown role": forge.signed(role="root"),
        "scopes that are text": forge.signed(scopes=7),
        "no session": forge.signed(sid=None),
        "claims that are a list": forge._with(forge.head, b"[]", forge.signer.key.sign),
        "claims that are no JSON": forge._with(forge.head, b"{", forge.signer.key.sign),
        "deep claims": forge._with(forge.head, b"[" * 2_000, forge.signer.key.sign),
        "expiry twice": forge._with(
            forge.head,
            orjson.dumps(forge.claims)[:-1] + b',"exp":%d}' % (now - 9),
            forge.signer.key.sign,
        ),
        "too long": forge.signed(padding="x" * 5_000),
        "a dot": ".",
        "two dots": "..",
        "the refresh token": "rt_" + "A" * 43,
    }


class Fetched:
    """A place on this machine that counts who comes."""

    def __init__(self) -> None:
        self.visits = 0
        self.url = ""

    async def visit(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        writer.close()


@pytest_asyncio.fixture(loop_scope="session")
async def fetched() -> AsyncIterator[Fetched]:
    there = Fetched()
    server = await asyncio.start_server(there.visit, LOOPBACK, 0)
    there.url = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield there


async def test_no_forged_token_gets_in_and_nothing_is_fetched(
    world: World, ada: Person, fetched: Fetched
) -> None:
    forge = Forge(world, ada, fetched.url)
    through = []
    for name, token in corpus(forge).items():
        answer = await world.call("GET", "/v1/wallet", headers={"Authorization": f"Bearer {token}"})
        if answer.status_code != 401 or answer.headers["www-authenticate"] != "Bearer":
            through.append((name, answer.status_code, answer.text))
    assert not through
    assert fetched.visits == 0


async def test_the_corpus_is_wrong_in_one_thing_only(world: World, ada: Person) -> None:
    """The forge signs well: what it changes nothing in gets in."""
    forge = Forge(world, ada, "")
    for token in (forge.token, forge.signed(), forge.headed(), forge.signed(jti=str(uuid4()))):
        answer = await world.call("GET", "/v1/wallet", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("part", PLACES)
async def test_a_service_believes_the_gateways_internal_token_alone(
    world: World, ada: Person, part: str
) -> None:
    identity = world.gateway.api.state.identity
    caller = identity.access.read(
        ada.headers["Authorization"].removeprefix("Bearer "), time.time()
    ).caller
    good = identity.internal.bearer(caller, part).decode()
    other = identity.internal.bearer(caller, "loyalty" if part != "loyalty" else "notify").decode()
    signer = identity._ring.signer(time.time())
    now = int(time.time())
    head, body, code = good.removeprefix("Bearer ").split(".")
    claims = orjson.loads(jwt.from_base64url(body))
    keys = {name: shared for name, (_, shared) in identity.internal._shared.items()}
    key, neighbour = keys[part], keys["loyalty" if part != "loyalty" else "notify"]
    kid = key.kid
    public = signer.key.public_key().public_bytes_raw()

    def made(
        key: jwt.Signing = key,
        typ: str = "internal+jwt",
        algorithm: str = "HS256",
        kid: str = kid,
        **changed: Any,
    ) -> str:
        return "Bearer " + jwt.encode(
            {**claims, **changed}, typ=typ, kid=kid, key=key, algorithm=algorithm
        )

    bad = {
        "no token": {},
        "an access token": dict(ada.headers),
        "a token for another part": {"Authorization": other},
        "another part's key": {"Authorization": made(neighbour)},
        "another part's key under its own name": {
            "Authorization": made(neighbour, kid=neighbour.kid)
        },
        "the public key as a shared one": {"Authorization": made(jwt.SharedKey(public))},
        "the public key as a shared one, under its name": {
            "Authorization": made(jwt.SharedKey(public), kid=signer.kid)
        },
        "a key of zeros": {"Authorization": made(jwt.SharedKey(bytes(32)))},
        "signed by the gateway": {
            "Authorization": made(signer.key, algorithm="EdDSA", kid=signer.kid)
        },
        "signed by the gateway, said to be shared": {
            "Authorization": made(signer.key, kid=signer.kid)
        },
        "signed by a stranger": {"Authorization": made(STRANGER, algorithm="EdDSA")},
        "a token of the tests' own key": {"Authorization": f"Bearer {token_of(member(), part)}"},
        **{
            f"alg {name!r}": {"Authorization": made(algorithm=name)}
            for name in ("none", "EdDSA", "HS384", "HS512", "hs256", "")
        },
        "no code": {"Authorization": f"Bearer {head}.{body}."},
        "half a code": {"Authorization": f"Bearer {head}.{body}.{code[:22]}"},
        "a code of zeros": {"Authorization": f"Bearer {head}.{body}.{jwt.to_base64url(bytes(32))}"},
        "another's claims under the code": {
            "Authorization": f"Bearer {head}.{made(role='admin').split('.')[1]}.{code}"
        },
        "an access token's type": {"Authorization": made(typ="at+jwt")},
        "another issuer": {"Authorization": made(iss="rapport")},
        "another audience": {"Authorization": made(aud="other")},
        "expired": {"Authorization": made(exp=now - APART_S - 1)},
        "for longer from the future": {"Authorization": made(iat=now + 400, exp=now + 700)},
        "headers that only say so": {
            "X-User-Id": ada.id,
            "X-Member-Id": ada.id,
            "X-Role": "admin",
            "X-Internal": "1",
            "X-Forwarded-User": ada.id,
            "X-Api-Key": world.people["backend"].headers["X-Api-Key"],
        },
        "basic": {"Authorization": "Basic " + base64.b64encode(b"admin:admin").decode()},
    }
    app = world.gateway.api if part == "gateway" else world.services[part]
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://part") as client:
        statuses = {
            name: (await client.get(PLACES[part], headers=headers)).status_code
            for name, headers in bad.items()
        }
        accepted = await client.get(PLACES[part], headers={"Authorization": good})
    assert statuses == dict.fromkeys(bad, 401)
    assert accepted.status_code == 200, accepted.text
