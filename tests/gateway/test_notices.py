"""Administrators are told of a webhook endpoint that was disabled: each once, and nobody else."""

import asyncio

import pytest

from gateway.events import WebhookDisabled
from gateway.identity import Identity
from kit.events import Event
from kit.testing import Harness, example
from tests.gateway.people import ADMIN, INVITED, PASSWORD, Door, letters


def disabled(**changes: object) -> Event:
    return example(WebhookDisabled.type, **changes)


async def told(harness: Harness, identity: Identity) -> list[tuple[str, ...]]:
    """Who was written to, which letter, and in which language."""
    await asyncio.gather(identity.tell_administrators(), identity.tell_administrators())
    said = await letters(harness)
    return sorted((letter["to"], letter["template"], letter["language"]) for letter in said)


async def test_every_administrator_is_told_once(
    harness: Harness, door: Door, identity: Identity, admin: str
) -> None:
    for name, role in (("zoe", "admin"), ("bo", "agent"), ("gone", "admin")):
        body = INVITED | {"email": f"{name}@brand.example", "role": role, "password": PASSWORD}
        made = await door.post("/v1/staff", body, admin)
        assert made.status_code == 201, made.text
    gone = f"/v1/staff/{made.json()['staff_id']}"
    assert (await door.call("PATCH", gone, admin, json={"disabled": True})).status_code == 200
    said = disabled(why="failing", language="ru")
    await harness.deliver(said, said)
    expected = [(to, "webhook_failing", "ru") for to in (ADMIN["email"], "zoe@brand.example")]
    assert await told(harness, identity) == expected
    await harness.deliver(said)
    assert await told(harness, identity) == expected
    assert (await letters(harness))[0]["facts"] == {"url": said.data["url"]}


@pytest.mark.usefixtures("admin")
async def test_who_looks_after_the_endpoint_was_told_by_notify(
    harness: Harness, identity: Identity
) -> None:
    await harness.deliver(disabled(contact=ADMIN["email"].upper()))
    assert await told(harness, identity) == []


@pytest.mark.usefixtures("admin")
async def test_what_was_said_before_contacts_were_named_is_told(
    harness: Harness, identity: Identity
) -> None:
    said = disabled(why="gone")
    for name in ("contact", "language"):
        del said.data[name]
    await harness.deliver(said)
    assert await told(harness, identity) == [(ADMIN["email"], "webhook_gone", "en")]
