"""A real OpenID Connect issuer on loopback: configuration, keys, and ID tokens signed with them."""

import asyncio
import time
import warnings
from dataclasses import dataclass, field
from typing import Any

import orjson
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from gateway.settings import IssuerSettings

Key = RSAKey | ECKey | OKPKey | OctKey
KINDS = {
    "RS256": lambda kid: RSAKey.generate_key(2048, {"kid": kid}),
    "ES256": lambda kid: ECKey.generate_key("P-256", {"kid": kid}),
    "EdDSA": lambda kid: OKPKey.generate_key("Ed25519", {"kid": kid}),
}


@dataclass
class LocalIssuer:
    """`asked` are the paths it was asked for; while `away` it answers 503."""

    keys: dict[str, tuple[str, Key]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    away: bool = False
    answers: dict[str, bytes] = field(default_factory=dict)
    port: int = 0
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    def add_key(self, kid: str, algorithm: str = "ES256") -> None:
        self.keys[kid] = (algorithm, KINDS[algorithm](kid))

    def token(self, kid: str = "one", header: dict | None = None, **changes: Any) -> str:
        """An ID token; None in `changes` leaves a claim out."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": "mei",
            "aud": "app",
            "iat": now,
            "exp": now + 300,
            "name": "Mei",
            **changes,
        }
        algorithm, key = self.keys[kid]
        given = {"alg": algorithm, "kid": kid, "typ": "JWT", **(header or {})}
        kept = {name: value for name, value in claims.items() if value is not None}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)
            return jwt.encode(given, kept, key, algorithms=[algorithm, "HS256"])

    def _document(self, path: str) -> bytes:
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            return orjson.dumps({"issuer": self.url, "jwks_uri": f"{self.url}/keys"})
        public = [key.as_dict(private=False) for _, key in self.keys.values()]
        return orjson.dumps({"keys": public})

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            self.asked.append(path)
            body = b"" if self.away else self._document(path)
            status = b"503 Away" if self.away else b"200 OK"
            writer.write(
                b"HTTP/1.1 %b\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b"
                % (status, len(body), body)
            )
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def settings_of(issuer: LocalIssuer, **changes: object) -> IssuerSettings:
    return IssuerSettings(name="local", issuer=issuer.url, audiences=["app", "app-web"], **changes)
