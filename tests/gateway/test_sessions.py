"""Refresh tokens rotate, sessions end: what is promised when answers are lost, raced or stolen."""

import asyncio
import contextlib
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from gateway import jobs
from gateway.authenticator import BadCredentials
from gateway.events import SessionRevoked, SessionStarted
from gateway.identity import Identity
from gateway.rules import REFRESH_GRACE
from kit import clock
from kit.lifespan import running
from kit.testing import Harness, until
from tests.gateway.people import DEVICE, MEMBER, Door, create_app


async def count(harness: Harness, table: str) -> int:
    async with harness.transaction() as session:
        return (await session.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()


async def age(harness: Harness, by: timedelta) -> None:
    """Let time pass, as far as sessions and their tokens know."""
    async with harness.transaction() as session:
        for statement in (
            "UPDATE refresh_tokens SET used_at = used_at - CAST(:by AS interval)",
            "UPDATE sessions SET expires_at = expires_at - CAST(:by AS interval)",
        ):
            await session.execute(text(statement), {"by": by})


@pytest.fixture
async def member(door: Door) -> dict:
    return await door.registered(**DEVICE)


async def test_a_refresh_token_is_exchanged_for_another(door: Door, member: dict) -> None:
    answer = await door.refreshed(member["refresh_token"])
    new = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert (new["member_id"], new["session_id"]) == (member["member_id"], member["session_id"])
    assert new["refresh_token"] != member["refresh_token"]
    assert (await door.get("/v1/auth/sessions", new["access_token"])).status_code == 200


async def test_a_lost_answer_is_given_again_to_the_same_device(door: Door, member: dict) -> None:
    first = (await door.refreshed(member["refresh_token"], device_id="phone-1")).json()
    again = (await door.refreshed(member["refresh_token"], device_id="phone-1")).json()
    assert again["refresh_token"] == first["refresh_token"]
    assert (await door.refreshed(again["refresh_token"])).status_code == 200


async def test_the_user_agent_stands_for_a_device_that_is_not_named(
    door: Door, member: dict
) -> None:
    body = {"refresh_token": member["refresh_token"]}
    agents = ["shop/4.2 ios", "shop/4.2 ios", "curl/8"]
    answers = [
        await door.post("/v1/auth/refresh", body, **{"User-Agent": agent}) for agent in agents
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 401]


async def test_three_refreshes_at_once_leave_one_family(
    harness: Harness, door: Door, member: dict
) -> None:
    answers = await asyncio.gather(*(door.refreshed(member["refresh_token"]) for _ in range(3)))
    successors = {answer.json()["refresh_token"] for answer in answers}
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len(successors) == 1
    assert await count(harness, "refresh_tokens") == 2
    assert (await door.refreshed(successors.pop())).status_code == 200


async def test_a_second_use_after_the_grace_ends_the_session(
    harness: Harness, door: Door, member: dict
) -> None:
    thief = (await door.refreshed(member["refresh_token"])).json()
    await age(harness, REFRESH_GRACE + timedelta(seconds=1))
    answer = await door.refreshed(member["refresh_token"])
    assert (answer.status_code, answer.json()["code"]) == (401, "gateway.session_ended")
    (revoked,) = await harness.published(SessionRevoked)
    assert str(revoked.member_id) == member["member_id"]
    assert (str(revoked.session_id), revoked.reason) == (member["session_id"], "token_reused")
    assert (await door.refreshed(thief["refresh_token"])).status_code == 401
    for tokens in (member, thief):
        with pytest.raises(BadCredentials):
            await door.get("/v1/auth/sessions", tokens["access_token"])


async def test_another_device_within_the_grace_ends_the_session(
    harness: Harness, door: Door, member: dict
) -> None:
    await door.refreshed(member["refresh_token"], device_id="phone-1")
    stolen = await door.refreshed(member["refresh_token"], device_id="phone-2")
    assert stolen.status_code == 401
    assert len(await harness.published(SessionRevoked)) == 1


async def test_a_refresh_under_a_key_needs_one_connection(
    harness: Harness, door: Door, member: dict
) -> None:
    """With two, as many refreshes at once as there are connections would wait for one another."""
    async with contextlib.AsyncExitStack() as busy:
        for _ in range(harness.settings.pool_size - 1):
            session = await busy.enter_async_context(harness.transaction())
            await session.execute(text("SELECT 1"))
        body, key = {"refresh_token": member["refresh_token"]}, {"Idempotency-Key": str(uuid4())}
        first, again = [await door.post("/v1/auth/refresh", body, **key) for _ in range(2)]
    assert (first.status_code, first.json()) == (200, again.json())
    assert again.headers["idempotent-replayed"] == "true"


async def test_reuse_under_a_key_ends_the_session_too(
    harness: Harness, door: Door, member: dict
) -> None:
    body = {"refresh_token": member["refresh_token"]}
    await door.refreshed(member["refresh_token"])
    await age(harness, REFRESH_GRACE + timedelta(seconds=1))
    key = {"Idempotency-Key": str(uuid4())}
    answers = [await door.post("/v1/auth/refresh", body, **key) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {401}
    assert len(await harness.published(SessionRevoked)) == 1


async def test_reuse_is_told_once(harness: Harness, door: Door, member: dict) -> None:
    await door.refreshed(member["refresh_token"])
    await age(harness, REFRESH_GRACE + timedelta(seconds=1))
    answers = await asyncio.gather(*(door.refreshed(member["refresh_token"]) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {401}
    assert len(await harness.published(SessionRevoked)) == 1


async def test_an_ancestor_several_exchanges_old_ends_the_session(
    harness: Harness, door: Door, member: dict
) -> None:
    token = member["refresh_token"]
    for _ in range(3):
        token = (await door.refreshed(token)).json()["refresh_token"]
    await age(harness, REFRESH_GRACE + timedelta(seconds=1))
    assert (await door.refreshed(member["refresh_token"])).status_code == 401
    assert (await door.refreshed(token)).status_code == 401


@pytest.mark.parametrize("token", ["", "rt_", "rt_" + "A" * 43, "x" * 201, "\0"])
async def test_what_is_no_refresh_token_is_refused(door: Door, member: dict, token: str) -> None:
    assert (await door.refreshed(token)).status_code in {401, 422}


async def test_an_access_token_is_no_refresh_token(door: Door, member: dict) -> None:
    assert (await door.refreshed(member["access_token"])).status_code in {401, 422}


async def test_an_unused_session_expires(harness: Harness, door: Door, member: dict) -> None:
    await age(harness, timedelta(days=60))
    assert (await door.refreshed(member["refresh_token"])).status_code == 401
    assert await harness.published(SessionRevoked) == []


async def test_a_members_session_lasts_as_long_as_it_is_used(
    harness: Harness, door: Door, member: dict
) -> None:
    token = member["refresh_token"]
    for _ in range(3):
        await age(harness, timedelta(days=59))
        answer = await door.refreshed(token)
        assert answer.status_code == 200
        token = answer.json()["refresh_token"]


async def test_signing_out_ends_the_session_everywhere(
    harness: Harness, door: Door, member: dict
) -> None:
    body = {"refresh_token": member["refresh_token"]}
    answers = [await door.post("/v1/auth/logout", body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    (revoked,) = await harness.published(SessionRevoked)
    assert revoked.reason == "signed_out"
    assert (await door.refreshed(member["refresh_token"])).status_code == 401
    with pytest.raises(BadCredentials):
        await door.get("/v1/auth/sessions", member["access_token"])


async def test_a_used_token_still_signs_out(door: Door, member: dict) -> None:
    new = (await door.refreshed(member["refresh_token"])).json()
    await door.post("/v1/auth/logout", {"refresh_token": member["refresh_token"]})
    assert (await door.refreshed(new["refresh_token"])).status_code == 401


async def test_sessions_are_listed_the_last_first_page_by_page(door: Door, member: dict) -> None:
    second = await door.signed_in(device_id="tablet", platform="android", app="shop 4.1")
    first_page = (await door.get("/v1/auth/sessions", member["access_token"], limit=1)).json()
    cursor = first_page["next_cursor"]
    second_page = (
        await door.get("/v1/auth/sessions", member["access_token"], limit=1, cursor=cursor)
    ).json()
    (tablet,), (phone,) = first_page["items"], second_page["items"]
    assert (tablet["session_id"], tablet["current"]) == (second["session_id"], False)
    assert (phone["session_id"], phone["current"]) == (member["session_id"], True)
    assert (tablet["device_id"], tablet["platform"], tablet["app"]) == (
        "tablet",
        "android",
        "shop 4.1",
    )
    assert second_page["next_cursor"] is None


async def test_a_member_ends_a_session_elsewhere(
    harness: Harness, door: Door, member: dict
) -> None:
    other = await door.signed_in()
    path = f"/v1/auth/sessions/{other['session_id']}"
    assert (await door.delete(path, member["access_token"])).status_code == 204
    assert (await door.delete(path, member["access_token"])).status_code == 404
    assert [each.reason for each in await harness.published(SessionRevoked)] == ["revoked"]
    with pytest.raises(BadCredentials):
        await door.get("/v1/auth/sessions", other["access_token"])
    assert (await door.get("/v1/auth/sessions", member["access_token"])).status_code == 200


async def test_a_member_ends_all_sessions_elsewhere_at_once(
    harness: Harness, door: Door, member: dict
) -> None:
    others = [await door.signed_in() for _ in range(2)]
    stranger = await door.registered(email="other@brand.example")
    assert (await door.delete("/v1/auth/sessions", member["access_token"])).status_code == 204
    for other in others:
        with pytest.raises(BadCredentials):
            await door.get("/v1/auth/sessions", other["access_token"])
    for kept in (member, stranger):
        assert (await door.refreshed(kept["refresh_token"])).status_code == 200
    assert len(await harness.published(SessionRevoked)) == 2


async def test_another_members_session_is_not_there(
    harness: Harness, door: Door, member: dict
) -> None:
    other = await door.registered(email="other@brand.example")
    path = f"/v1/auth/sessions/{member['session_id']}"
    for token in (other["access_token"], await door.admin()):
        assert (await door.delete(path, token)).status_code == 404
    assert (await door.refreshed(member["refresh_token"])).status_code == 200
    listed = (await door.get("/v1/auth/sessions", other["access_token"])).json()
    assert member["session_id"] not in str(listed)
    assert await harness.published(SessionRevoked) == []


async def test_sessions_need_a_caller(door: Door) -> None:
    assert (await door.get("/v1/auth/sessions")).status_code == 401


async def test_every_sign_in_is_told(harness: Harness, door: Door, member: dict) -> None:
    await door.signed_in(device_id="tablet", platform="android")
    first, second = await harness.published(SessionStarted)
    assert (first.device_id, first.platform) == ("phone-1", "ios")
    assert (second.device_id, second.platform) == ("tablet", "android")
    assert first.member_id == second.member_id


async def test_another_replica_refuses_a_revoked_session_once_it_reads(
    harness: Harness, door: Door, identity: Identity, member: dict
) -> None:
    other = Door(harness, Identity(harness.settings, harness.runtime))
    await door.post("/v1/auth/logout", {"refresh_token": member["refresh_token"]})
    await other._identity.start()
    with pytest.raises(BadCredentials):
        await other.get("/v1/auth/sessions", member["access_token"])
    other._identity.close()


async def test_another_replica_hears_of_a_revoked_session(harness: Harness) -> None:
    here, there = create_app(harness.settings), create_app(harness.settings)
    async with running(here), running(there):
        replicas: list[Identity] = [app.state.identity for app in (here, there)]
        await asyncio.gather(*(replica.start() for replica in replicas))
        listening = asyncio.create_task(replicas[1].run())
        await until(lambda: is_listening(there))
        door = Door(Harness(here), replicas[0])
        member = await door.guest()
        headers = [(b"authorization", f"Bearer {member['access_token']}".encode())]
        assert await replicas[1].authenticator.authenticate(headers)
        await door.post("/v1/auth/logout", {"refresh_token": member["refresh_token"]})

        async def is_refused() -> bool:
            try:
                await replicas[1].authenticator.authenticate(headers)
            except BadCredentials:
                return True
            return False

        await until(is_refused)
        listening.cancel()
    for replica in replicas:
        replica.close()


async def is_listening(app: FastAPI) -> bool:
    return any("session.revoked" in s.subject for s in app.state.runtime.bus.client._subs.values())


async def test_what_can_no_longer_matter_is_forgotten(
    harness: Harness, door: Door, member: dict
) -> None:
    await door.refreshed(member["refresh_token"])
    await door.post("/v1/auth/login", MEMBER | {"password": "wrong horse"})
    for job in jobs.SCHEDULE:
        await harness.run(job, clock.now() + timedelta(days=6))
    assert [await count(harness, t) for t in ("sessions", "refresh_tokens")] == [1, 2]
    assert await count(harness, "sign_in_failures") == 0
    await harness.run(jobs.SCHEDULE[1], clock.now() + timedelta(days=8))
    assert await count(harness, "refresh_tokens") == 1
    await harness.run(jobs.SCHEDULE[0], clock.now() + timedelta(days=68))
    assert [await count(harness, t) for t in ("sessions", "refresh_tokens")] == [0, 0]
