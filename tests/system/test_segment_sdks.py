"""Segment's own SDKs, unmodified, deliver to /v1/batch."""

import asyncio
import json
import subprocess
from uuid import uuid4

import httpx
import pytest
import segment.analytics as segment

from tests.system.deployment import Deployment
from tests.system.members import Member, activities_of, registered
from tests.system.node import installed, needs_npm

pytestmark = pytest.mark.deployment


async def has_done(system: Deployment, member: Member, name: str) -> dict:
    """The member's activity of that name, when it has arrived."""
    async with asyncio.timeout(180):
        while True:
            for activity in await activities_of(system, member):
                if activity["name"] == name:
                    return activity
            await asyncio.sleep(0.1)


async def test_the_python_sdk_delivers(system: Deployment) -> None:
    member = await registered(system)
    errors: list[object] = []
    client = segment.Client(
        system.credentials.write_key,
        host=system.url,
        on_error=lambda error, items: errors.append((error, items)),
        gzip=True,
        sync_mode=False,
    )
    client.identify(member.id, {"plan": "gold", "city": "Казань"})
    client.track(member.id, "Article Read", {"title": "积分规则"})
    client.screen(member.id, "Wallet")
    await asyncio.to_thread(client.flush)
    await asyncio.to_thread(client.join)
    activity = await has_done(system, member, "Article Read")
    assert activity["properties"] == {"title": "积分规则"}
    assert errors == []


@needs_npm
async def test_the_node_sdk_delivers(system: Deployment) -> None:
    folder = await asyncio.to_thread(installed, "segment_node")
    member = await registered(system)
    script = ["node", "track.mjs", system.url, system.credentials.write_key, member.id]
    await asyncio.to_thread(subprocess.run, script, check=True, timeout=180, cwd=folder)
    activity = await has_done(system, member, "Video Watched")
    assert activity["properties"] == {"seconds": 42}


async def test_a_bad_item_costs_itself_only(system: Deployment) -> None:
    member = await registered(system)
    good = {"type": "track", "event": "Kept", "userId": member.id, "messageId": str(uuid4())}
    bad = {"type": "track", "userId": member.id, "messageId": str(uuid4())}
    async with system.client() as client:
        answer = await client.post(
            "/v1/batch",
            json={"batch": [good, bad]},
            auth=httpx.BasicAuth(system.credentials.write_key, ""),
        )
    assert answer.status_code == 200
    assert bad["messageId"] in json.dumps(answer.json())
    assert (await has_done(system, member, "Kept"))["name"] == "Kept"


async def test_an_unknown_write_key_is_refused(system: Deployment) -> None:
    async with system.client() as client:
        answer = await client.post(
            "/v1/batch", json={"batch": []}, auth=httpx.BasicAuth("wk_unknown", "")
        )
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
