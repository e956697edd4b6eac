"""Sign-in by the word of others: OpenID Connect issuers such as the company's Keycloak or Zitadel.

The app signs the member in there (authorization code with PKCE in the system's browser) and brings
the ID token, which is read after OpenID Connect Core 3.1.3.7 and RFC 8725: a fixed list of
asymmetric algorithms, the issuer's own keys and no others, an ID token and nothing else signed by
the same issuer. Keys are fetched when the first token comes and kept: for five minutes as they are,
for a day while the issuer cannot be reached. Whatever tokens say, an issuer is asked for its keys
at most once in 30 s.
"""

import asyncio
import logging
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

import httpx
import orjson
from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey
from prometheus_client import Counter
from pydantic import BaseModel, ConfigDict, ValidationError

from gateway.settings import IssuerSettings, check_remote
from kit.jwt import from_base64url
from kit.problems import Unauthenticated, Unavailable, Unprocessable

log = logging.getLogger(__name__)

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
KINDS: Final[Mapping[str, Any]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
CURVES: Final = frozenset({"P-256", "P-384", "Ed25519"})
SHORTEST_RSA_BITS: Final = 2048
FRESH_S: Final = 300.0
ASKED_EVERY_S: Final = 30.0
STALE_S: Final = 86_400.0
SKEW_S: Final = 60
OLDEST_S: Final = 600  # a token is brought right after the sign-in it tells of
LONGEST: Final = 8_192
LARGEST_DOCUMENT: Final = 262_144
TIMEOUT_S: Final = 5.0
FETCHES = Counter(
    "gateway_issuer_fetches_total", "Fetches of the keys of other issuers.", ["issuer", "outcome"]
)

Key = RSAKey | ECKey | OKPKey


class IssuerUnknown(Unprocessable):
    code = "gateway.issuer_unknown"
    title = "No such issuer"


class IdTokenRefused(Unauthenticated):
    code = "gateway.id_token_refused"
    title = "ID token refused"


class IssuerAway(Unavailable):
    code = "gateway.issuer_away"
    title = "The issuer cannot be asked for its keys"


@dataclass(frozen=True, slots=True)
class Vouched:
    """What an issuer says of somebody. `email` is given only where its word on that counts."""

    issuer: str
    subject: str
    email: str | None
    display_name: str | None
    email_said: str | None
    token_hash: bytes = field(repr=False)
    expires_at: float


class Claims(BaseModel):
    """The claims that are read; of others nothing is known."""

    model_config = ConfigDict(extra="ignore", strict=True, hide_input_in_errors=True)

    iss: str
    sub: str
    aud: str | list[str]
    exp: float
    iat: float
    nbf: float = 0
    azp: str | None = None
    nonce: str | None = None
    typ: str | None = None
    email: str | None = None
    email_verified: bool | str = False
    name: str | None = None


class Issuer:
    """One issuer, and its keys as far as they are known."""

    def __init__(self, settings: IssuerSettings, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._fetched_at = self._asked_at = float("-inf")
        self._asking = asyncio.Lock()

    async def read(self, token: str, nonce: str | None) -> Vouched:
        """Whom an ID token speaks of. Raises IdTokenRefused, or IssuerAway while there are no keys.

        The token is not noted as used.
        """
        header, claims = await self._verified(token)
        try:
            said = Claims.model_validate(claims)
        except ValidationError as error:
            missing = ", ".join(str(each["loc"][0]) for each in error.errors())
            raise IdTokenRefused(f"These claims are missing or wrong: {missing}.") from None
        self._check(header, said, nonce)
        counts = self.settings.trusts_email and said.email_verified in (True, "true")
        return Vouched(
            issuer=said.iss,
            subject=said.sub,
            email=said.email if counts else None,
            display_name=(said.name or "").replace("\x00", "").strip()[:120] or None,
            email_said=said.email,
            # a signature has many spellings, and one of ECDSA a twin: what it signs has one
            token_hash=sha256(token.rpartition(".")[0].encode()).digest(),
            expires_at=max(said.exp, said.iat + OLDEST_S) + SKEW_S,
        )

    async def _verified(self, token: str) -> tuple[Mapping[str, Any], Any]:
        if len(token) > LONGEST:
            raise IdTokenRefused(f"It is longer than {LONGEST} characters.")
        try:
            header = jws.extract_compact(token.encode("ascii")).headers()
            key = await self._key(header)
            with warnings.catch_warnings():  # issuers still say EdDSA where RFC 9864 has Ed25519
                warnings.simplefilter("ignore", SecurityWarning)
                verified = jws.deserialize_compact(token, key, algorithms=list(ALGORITHMS))
            return header, orjson.loads(verified.payload)
        except (JoseError, ValueError, TypeError, KeyError):
            raise IdTokenRefused("It is no token that this issuer signed.") from None

    async def _key(self, header: Mapping[str, Any]) -> Key:
        kid, algorithm = header.get("kid"), header.get("alg")
        if "crit" in header or not isinstance(kid, str) or algorithm not in ALGORITHMS:
            allowed = ", ".join(ALGORITHMS)
            raise IdTokenRefused(f"Its header must have kid and one of {allowed}, and no crit.")
        if kid not in self._keys or self._clock() - self._fetched_at > FRESH_S:
            await self._refresh(kid)
        key = self._keys.get(kid)
        if key is None:
            raise IdTokenRefused("It is signed by a key this issuer does not publish.")
        if key.get("alg", algorithm) != algorithm:
            raise IdTokenRefused("Its algorithm is not the one its key is for.")
        return key

    async def _refresh(self, kid: str) -> None:
        """Ask for the keys, unless that was done just now; old ones stay good for a day."""
        async with self._asking:
            now = self._clock()
            known = kid in self._keys and now - self._fetched_at <= FRESH_S
            if not known and now - self._asked_at >= ASKED_EVERY_S:
                self._asked_at = now
                await self._fetch(now)
            if self._clock() - self._fetched_at > STALE_S:
                self._keys = {}
                raise IssuerAway("Try again in a moment.", retry_after_s=int(ASKED_EVERY_S))

    async def _fetch(self, now: float) -> None:
        try:
            self._keys = keys_of(await self._documents())
        except (httpx.HTTPError, TimeoutError, OSError, ValueError, KeyError, TypeError) as error:
            FETCHES.labels(self.settings.name, "failed").inc()
            log.warning("the keys of %s cannot be had: %r", self.settings.name, error)
        else:
            FETCHES.labels(self.settings.name, "read").inc()
            self._fetched_at = now

    async def _documents(self) -> Any:
        """The issuer's key set, found by its configuration where no address of it is set."""
        async with (
            asyncio.timeout(TIMEOUT_S),
            httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as client,
        ):
            url = self.settings.jwks_uri
            if not url:
                base = self.settings.issuer.rstrip("/")
                found = await document(client, f"{base}/.well-known/openid-configuration")
                if found["issuer"] != self.settings.issuer:
                    message = f"its configuration is that of {found['issuer']!r}"
                    raise ValueError(message)
                url = check_remote(found["jwks_uri"])
            return await document(client, url)

    def _check(self, header: Mapping[str, Any], said: Claims, nonce: str | None) -> None:
        now, audiences = self._clock(), [said.aud] if isinstance(said.aud, str) else said.aud
        ours = self.settings.audiences
        refusals = (
            (said.iss != self.settings.issuer, "Another issuer wrote it."),
            (not 0 < len(said.sub) <= 255 or "\x00" in said.sub, "It names no subject."),  # noqa: PLR2004
            (not set(audiences) & set(ours), f"Its audience must be one of {', '.join(ours)}."),
            (said.azp is None and len(audiences) > 1, "Of several audiences, azp must name one."),
            (said.azp is not None and said.azp not in ours, "It was issued to another client."),
            (str(header.get("typ", "JWT")).upper() != "JWT", "It is a token of another type."),
            (said.typ not in (None, "ID"), "It is no ID token."),
            (said.exp <= now - SKEW_S, "It has expired."),
            (max(said.iat, said.nbf) > now + SKEW_S, "It is not valid yet."),
            (said.iat < now - OLDEST_S - SKEW_S, "It is older than ten minutes; sign in again."),
            (said.nonce != nonce, "Its nonce is not the one of this sign-in."),
        )
        for is_wrong, why in refusals:
            if is_wrong:
                raise IdTokenRefused(why)


class Issuers:
    """The issuers of a deployment, by name."""

    def __init__(
        self, settings: Sequence[IssuerSettings], clock: Callable[[], float] = time.time
    ) -> None:
        self.by_name = {each.name: Issuer(each, clock) for each in settings}

    def named(self, name: str) -> Issuer:
        """Raises IssuerUnknown."""
        if name not in self.by_name:
            known = ", ".join(sorted(self.by_name)) or "none"
            raise IssuerUnknown(f"The issuers accepted here: {known}.")
        return self.by_name[name]


async def document(client: httpx.AsyncClient, url: str) -> Any:
    """A JSON document, as long as it is of a sane size. Redirects are not followed."""
    content = b""
    async with client.stream("GET", url, headers={"Accept": "application/json"}) as answer:
        answer.raise_for_status()
        if answer.is_redirect:
            raise ValueError("redirects are not followed")
        async for piece in answer.aiter_bytes():
            content += piece
            if len(content) > LARGEST_DOCUMENT:
                raise ValueError("the document is too large")
    return orjson.loads(content)


def keys_of(jwks: Any) -> dict[str, Key]:
    """The public signing keys of a key set that are strong enough; all others are passed over."""
    found: dict[str, Key] = {}
    for jwk in jwks["keys"]:
        kind = KINDS.get(jwk.get("kty"))
        if kind is None or not isinstance(jwk.get("kid"), str) or jwk.get("use", "sig") != "sig":
            continue
        try:
            if _is_strong(jwk):
                public = {name: value for name, value in jwk.items() if name not in _PRIVATE}
                found[jwk["kid"]] = kind.import_key(public)
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    return found


def _is_strong(jwk: Mapping[str, Any]) -> bool:
    if jwk["kty"] != "RSA":
        return jwk.get("crv") in CURVES
    return len(from_base64url(jwk["n"]).lstrip(b"\0")) * 8 >= SHORTEST_RSA_BITS


_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "x5u", "x5c"})
