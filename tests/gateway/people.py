"""An application of identity alone, and the people who use it."""

import tempfile
from base64 import b64decode
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
from fastapi import FastAPI
from pydantic import SecretStr
from redis.asyncio import Redis
from sqlalchemy import text

import gateway.settings
from gateway import main
from gateway.events import MessageIssued
from gateway.identity import Identity
from gateway.limits import LocalCount
from kit.testing import Harness
from kit.vault import Vault

PASSWORD = "correct horse battery"
ADMIN = {"email": "ada@brand.example", "password": PASSWORD}
MEMBER = {"email": "mei@brand.example", "password": PASSWORD}
INVITED = {"email": "zoe@brand.example", "display_name": "Zoe", "role": "marketer"}
DEVICE = {"device_id": "phone-1", "platform": "ios", "app": "shop 4.2"}
BACKEND_KEY = "rk_" + "b" * 43
WRITE_KEY = "wk_" + "w" * 43
MESSAGE_SECRET = "what the gateway and notify share, in tests"


class Settings(gateway.settings.Settings):
    secret_key_file: Path = Path(tempfile.mkdtemp()) / "secret"
    message_secret: SecretStr = SecretStr(MESSAGE_SECRET)
    admin_email: str = ADMIN["email"]
    admin_password: SecretStr = SecretStr(PASSWORD)
    backend_key: SecretStr = SecretStr(BACKEND_KEY)
    write_key: SecretStr = SecretStr(WRITE_KEY)
    limit_sign_in: str = "9999/1"
    limit_sign_in_account: str = "9999/1"
    limit_codes: str = "9999/1"


def create_app(settings: Settings) -> FastAPI:
    """Identity without the edge."""
    app = main.create_api(settings)
    valkey = Redis.from_url(settings.valkey_url)
    app.state.sign_in_limit = main.sign_in_limit(settings, valkey, LocalCount())
    return app


async def letters(harness: Harness) -> list[dict[str, Any]]:
    """What notify was given to send, opened as notify does, oldest first."""
    vault = Vault(MESSAGE_SECRET)
    return [
        orjson.loads(vault.open(f"message {said.message_id}", b64decode(said.sealed)))
        | {"channel": said.channel}
        for said in await harness.published(MessageIssued)
    ]


async def pass_time(harness: Harness, by: timedelta) -> None:
    """Let time pass, as far as codes know."""
    async with harness.transaction() as session:
        for column in ("issued_at", "expires_at"):
            statement = text(f"UPDATE codes SET {column} = {column} - CAST(:by AS interval)")
            await session.execute(statement, {"by": by})


class Door:
    """The edge, as far as identity sees it: credentials in, the caller's internal token on."""

    def __init__(self, harness: Harness, identity: Identity) -> None:
        self._harness = harness
        self._identity = identity

    async def call(
        self, method: str, path: str, token: str | None = None, **options: Any
    ) -> httpx.Response:
        """`path` called with an access token or API key. Raises what the authenticator raises."""
        headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
        caller = await self._identity.authenticator.authenticate(headers)
        bearer = self._identity.internal.bearer(caller, "gateway").decode() if caller else ""
        given = options.pop("headers", {}) | ({"Authorization": bearer} if bearer else {})
        async with self._harness.client() as client:
            return await client.request(method, path, headers=given, **options)

    async def post(
        self, path: str, body: dict[str, Any], token: str | None = None, **headers: str
    ) -> httpx.Response:
        return await self.call("POST", path, token, json=body, headers=headers)

    async def get(self, path: str, token: str | None = None, **query: Any) -> httpx.Response:
        return await self.call("GET", path, token, params=query)

    async def delete(self, path: str, token: str | None = None) -> httpx.Response:
        return await self.call("DELETE", path, token)

    async def guest(self, **changes: Any) -> dict[str, Any]:
        return (await self.post("/v1/auth/guest", DEVICE | changes)).json()

    async def registered(self, token: str | None = None, **changes: Any) -> dict[str, Any]:
        answer = await self.post("/v1/auth/register", MEMBER | changes, token)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def signed_in(self, **changes: Any) -> dict[str, Any]:
        answer = await self.post("/v1/auth/login", MEMBER | changes)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def admin(self) -> str:
        """An administrator's access token."""
        answer = await self.post("/v1/auth/staff/login", ADMIN)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    async def code(self, harness: Harness, purpose: str = "sign_in", **to: str) -> dict[str, Any]:
        """A code that was asked for, as it came: `code_id` and `code`."""
        answer = await self.post("/v1/auth/codes", {"purpose": purpose, **to})
        assert answer.status_code == 202, answer.text
        letter = (await letters(harness))[-1]
        return {"code_id": answer.json()["code_id"], "code": letter["facts"]["code"]}

    async def refreshed(self, token: str, **changes: Any) -> httpx.Response:
        return await self.post("/v1/auth/refresh", {"refresh_token": token, **changes})


EMAIL = {"email": MEMBER["email"]}
PHONE = {"phone": "+8613800138000"}


def wrong(code: dict) -> dict:
    return code | {"code": f"{(int(code['code']) + 1) % 10**6:06d}"}
