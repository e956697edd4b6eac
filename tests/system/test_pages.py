"""The pages behind the links in letters, used as a person does, in a DOM of the real gateway."""

import asyncio
import re
import secrets
import subprocess
from typing import Any
from uuid import uuid4

import orjson
import pyotp
import pytest

from rapport import mail
from rapport.smoke.clients import eventually
from tests.system.deployment import Deployment
from tests.system.members import PASSWORD, admin_token, registered
from tests.system.node import installed, needs_npm

NEW = "another horse battery staple"
pytestmark = [pytest.mark.deployment, needs_npm]


async def use(url: str, *steps: dict[str, Any], language: str = "en") -> dict[str, Any]:
    """What was seen after each step on a page, and what it called."""
    told = orjson.dumps({"url": url, "language": language, "steps": steps}).decode()
    folder = await asyncio.to_thread(installed, "browser")
    done = await asyncio.to_thread(
        subprocess.run,
        ["node", "use.mjs", told],
        capture_output=True,
        timeout=180,
        cwd=folder,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    seen: dict[str, Any] = orjson.loads(done.stdout)
    assert seen["said"] == []
    return seen


async def link_to(system: Deployment, address: str, page: str) -> str:
    """The newest link to a page in a letter to an address."""

    async def find() -> str | None:
        for file in mail.messages(system.data):
            message = mail.read(file)
            found = re.search(rf"\S+/{page}#\S+", mail.text_of(message))
            if found and address in str(message["To"]):
                return (
                    system.url + found[0].partition("/pages")[1] + found[0].partition("/pages")[2]
                )
        return None

    return await eventually(find, f"the letter with {page}")


async def asked(system: Deployment, purpose: str, email: str) -> None:
    async with system.client() as client:
        answer = await client.post("/v1/auth/codes", json={"purpose": purpose, "email": email})
    assert answer.status_code == 202, answer.text


async def test_a_link_signs_in_shows_the_account_and_closes_it(system: Deployment) -> None:
    member = await registered(system)
    await asked(system, "sign_in", member.email)
    url = await link_to(system, member.email, "sign-in")
    seen = await use(
        url,
        {"form": "link", "until": "account"},
        {"form": "close", "fields": {"sure": True}, "until": "address"},
    )
    first, account, closed = seen["views"]
    assert (first["step"], first["focus"]) == ("link", "H1")
    assert "#" not in first["href"]  # what it proves is not left in the address
    assert member.email in account["text"]
    assert seen["calls"][0] == "POST /v1/auth/login/code"
    assert "Your account is closed" in closed["text"]


async def test_an_address_and_its_password_sign_in_and_close_the_account(
    system: Deployment,
) -> None:
    member = await registered(system)
    own = {"address": member.email, "password": PASSWORD}
    seen = await use(
        f"{system.url}/pages/sign-in",
        {
            "form": "password",
            "fields": {"address": member.email, "password": "no"},
            "problem": True,
        },
        {
            "form": "password",
            "fields": own,
            "until": "account",
        },
        {"form": "close", "fields": {"sure": True, "password": PASSWORD}, "until": "address"},
        language="ru",
    )
    wrong, closed = seen["views"][1], seen["views"][-1]
    assert wrong["problem"] == "Неверный адрес или пароль."
    assert "Учётная запись закрыта" in closed["text"]
    async with system.client(member.token) as client:
        assert (await client.get("/v1/me")).status_code == 401


async def test_a_new_password_is_set_once(system: Deployment) -> None:
    member = await registered(system)
    await asked(system, "reset_password", member.email)
    url = await link_to(system, member.email, "reset-password")
    seen = await use(
        url,
        {"form": "reset", "fields": {"password": "12345678"}, "problem": True},
        {"form": "reset", "fields": {"password": NEW}, "until": "done"},
    )
    assert "too common" in seen["views"][1]["problem"]
    again = await use(url, {"form": "reset", "fields": {"password": NEW}, "problem": True})
    assert "no longer valid" in again["views"][1]["problem"]
    async with system.client() as client:
        body = {"email": member.email, "password": NEW}
        assert (await client.post("/v1/auth/login", json=body)).status_code == 200


async def test_a_page_without_its_link_says_so(system: Deployment) -> None:
    seen = await use(f"{system.url}/pages/reset-password", language="zh-CN")
    (view,) = seen["views"]
    assert (view["step"], "链接" in view["text"]) == ("none", True)


async def test_a_new_address_is_confirmed(system: Deployment) -> None:
    member, new = await registered(system), f"new.{secrets.token_hex(6)}@example.com"
    async with system.client(member.token) as client:
        body = {"email": new, "password": PASSWORD}
        answer = await client.post("/v1/auth/account/identifiers", json=body)
        assert answer.status_code == 202, answer.text
    url = await link_to(system, new, "confirm")
    sign_in = {"address": member.email, "password": PASSWORD}
    await use(url, {"form": "password", "fields": sign_in, "until": "done"})
    async with system.client(member.token) as client:
        shown = (await client.get("/v1/auth/account")).json()
    assert shown["email"]["value"] == new


async def test_the_invited_get_in_and_an_administrator_removes_them(system: Deployment) -> None:
    email = f"agent.{secrets.token_hex(6)}@example.com"
    async with system.client(await admin_token(system)) as admin:
        body = {"email": email, "display_name": "Ivan", "role": "agent"}
        headers = {"Idempotency-Key": str(uuid4())}
        answer = await admin.post("/v1/staff/invitations", json=body, headers=headers)
        assert answer.status_code == 201, answer.text
    url = await link_to(system, email, "invitation")
    first = await use(
        url,
        {"form": "accept", "fields": {"password": PASSWORD}, "until": "factor"},
        {"form": "factor", "fields": {"totp": "000000"}, "problem": True},
    )
    factor = first["views"][1]
    assert factor["qr"].startswith("data:image/svg+xml;base64,")
    assert pyotp.TOTP(factor["secret"]).now()
    assert "wrong" in first["views"][2]["problem"]
    used = await use(url, {"form": "accept", "fields": {"password": PASSWORD}, "problem": True})
    assert "used, withdrawn" in used["views"][1]["problem"]
    known = system.credentials
    signed_in = {"email": known.admin_email, "password": known.admin_password, "totp": ""}
    seen = await use(
        f"{system.url}/pages/access-review",
        {"form": "staff", "fields": signed_in, "until": "review"},
        {"press": f"Remove: {email}"},
        {"form": "confirm-review", "fields": {"note": "autumn"}, "until": "done"},
    )
    assert f"{email} no longer has access" in seen["views"][2]["text"]
    async with system.client() as client:
        body = {"email": email, "password": PASSWORD}
        assert (await client.post("/v1/auth/staff/login", json=body)).status_code == 401
