"""Members and staff of a deployment under test."""

import secrets
import time
from dataclasses import dataclass
from uuid import uuid4

from tests.system.deployment import Deployment

PASSWORD = "correct horse battery staple"
SIGNED_IN_S = 300  # less than a token's life; how often one may sign in is limited
_admins: dict[str, tuple[str, float]] = {}


@dataclass(frozen=True, slots=True)
class Member:
    """A registered member and the tokens of its first session."""

    id: str
    email: str
    token: str
    refresh_token: str


async def registered(system: Deployment) -> Member:
    """A new member."""
    email = f"member.{secrets.token_hex(6)}@example.com"
    async with system.client(**{"Idempotency-Key": str(uuid4())}) as client:
        body = {"email": email, "password": PASSWORD}
        answer = await client.post("/v1/auth/register", json=body)
    assert answer.is_success, answer.text
    tokens = answer.json()
    return Member(tokens["member_id"], email, tokens["access_token"], tokens["refresh_token"])


async def admin_token(system: Deployment) -> str:
    """An access token of the first administrator."""
    known = system.credentials
    token, until = _admins.get(known.admin_password, ("", 0.0))
    if time.monotonic() < until:
        return token
    body = {"email": known.admin_email, "password": known.admin_password}
    async with system.client() as client:
        answer = await client.post("/v1/auth/staff/login", json=body)
    assert answer.is_success, answer.text
    token = str(answer.json()["access_token"])
    _admins[known.admin_password] = token, time.monotonic() + SIGNED_IN_S
    return token


async def activities_of(system: Deployment, member: Member) -> list[dict]:
    """What staff see of the member's activities; none while the member is not known yet."""
    async with system.client(await admin_token(system)) as client:
        answer = await client.get(f"/v1/members/{member.id}/activities")
    return answer.json()["items"] if answer.is_success else []
