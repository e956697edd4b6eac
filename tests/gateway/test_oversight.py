"""Scopes, the audit trail and the review of access."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from gateway.actions import review
from gateway.identity import Identity
from gateway.rules import within_scopes
from kit import clock
from kit.auth import Caller, Role
from kit.db import transaction
from kit.problems import Unavailable
from kit.testing import Harness
from tests.gateway.edge import Edge, Service
from tests.gateway.people import ADMIN, BACKEND_KEY, INVITED, PASSWORD, Door, letters


@pytest.mark.parametrize(
    ("scopes", "method", "path", "allowed"),
    [
        pytest.param([], "DELETE", "/v1/api-keys/1", True, id="no scopes narrow nothing"),
        pytest.param(["tickets:read"], "GET", "/v1/tickets/1", True, id="reading one's noun"),
        pytest.param(["tickets:read"], "POST", "/v1/tickets/1/messages", False, id="no writing"),
        pytest.param(["tickets:write"], "POST", "/v1/tickets/1/messages", True, id="writing it"),
        pytest.param(["tickets:read"], "GET", "/v1/members", False, id="another noun"),
        pytest.param(["api_keys:write"], "DELETE", "/v1/api-keys/1", True, id="a hyphen"),
        pytest.param(["tickets:read"], "GET", "/v1/auth/sessions", True, id="own sessions"),
        pytest.param(["tickets:read"], "PUT", "/v1/staff/me/password", True, id="own account"),
        pytest.param(["tickets:read"], "GET", "/v1/staff", False, id="others' accounts"),
    ],
)
def test_scopes_narrow_a_role(scopes: list, method: str, path: str, *, allowed: bool) -> None:
    assert within_scopes(frozenset(scopes), method, path) is allowed


def staff_caller(*scopes: str) -> Caller:
    subject = "01982f3e-8a00-7000-8000-00000000ada0"
    return Caller(subject=subject, role=Role.AGENT, scopes=frozenset(scopes))


async def test_the_edge_keeps_staff_within_their_scopes() -> None:
    service = Service()
    edge = Edge({"feedback": service})
    allowed = await edge.ask("GET", "/v1/tickets", staff_caller("tickets:read"))
    refused = await edge.ask("POST", "/v1/tickets", staff_caller("tickets:read"))
    assert (allowed.status, refused.status) == (200, 403)
    assert refused.json["code"] == "gateway.out_of_scope"
    assert len(service.asked) == 1


async def test_the_edge_notes_what_staff_change_before_it_is_done() -> None:
    service, noted = Service(), []
    edge = Edge({"feedback": service, "profile": Service()})

    async def note(caller: Caller, method: str, path: str, request_id: str) -> None:
        assert service.asked == []
        noted.append((caller.subject, method, path, request_id))

    edge.proxy._trail = note
    headers = {"X-Request-Id": "request-0001"}
    await edge.ask("POST", "/v1/tickets/7/messages", staff_caller(), headers=headers, query="q=x")
    assert noted == [(staff_caller().subject, "POST", "/v1/tickets/7/messages", "request-0001")]
    await edge.ask("GET", "/v1/tickets", staff_caller())
    member = Caller(subject=staff_caller().subject, role=Role.MEMBER)
    await edge.ask("POST", "/v1/tickets", member)
    assert len(noted) == 1


async def test_what_cannot_be_noted_is_not_done() -> None:
    service = Service()
    edge = Edge({"feedback": service})

    async def away(*_: object) -> None:
        raise Unavailable("The trail is away.")

    edge.proxy._trail = away
    answer = await edge.ask("POST", "/v1/tickets", staff_caller())
    assert (answer.status, service.asked) == (503, [])


async def test_a_noted_change_is_in_the_trail(
    harness: Harness, door: Door, identity: Identity, admin: str
) -> None:
    caller = staff_caller()
    await identity.note_change(caller, "POST", "/v1/tickets/7/messages", "request-0001")
    query = {"actor_id": caller.subject}
    (entry,) = (await door.get("/v1/audit", admin, **query)).json()["items"]
    assert (entry["action"], entry["target"]) == ("staff.called", "/v1/tickets/7/messages")
    assert entry["details"] == {"method": "POST", "request_id": "request-0001"}


async def test_the_trail_is_searched(door: Door, admin: str) -> None:
    async def found(**query: str) -> list[str]:
        items = (await door.get("/v1/audit", admin, **query)).json()["items"]
        return [item["action"] for item in items]

    everything = (await door.get("/v1/audit", admin)).json()["items"]
    assert await found(action="api_key.created") == ["api_key.created"] * 2
    assert await found(actor_id=everything[0]["actor_id"]) == ["staff.signed_in"]
    assert set(await found(target=everything[0]["target"])) == {"staff.signed_in", "staff.added"}
    newest = everything[0]["occurred_at"]
    assert await found(since=newest) == ["staff.signed_in"]
    assert "staff.signed_in" not in await found(until=newest)
    assert (await door.get("/v1/audit", admin, since="yesterday")).status_code == 422


async def test_the_review_lists_who_has_what_and_what_lies_unused(
    harness: Harness, door: Door, admin: str
) -> None:
    await door.post("/v1/staff", INVITED | {"password": PASSWORD}, admin)
    async with harness.transaction() as session:
        zoe = """
            UPDATE staff_members SET created_at = now() - interval '100 days'
            WHERE email = 'zoe@brand.example'
        """
        key = """
            UPDATE api_keys SET created_at = now() - interval '200 days',
                last_used_at = now() - interval '80 days' WHERE kind = 'backend'
        """
        for statement in (zoe, key):
            await session.execute(text(statement))

    async def unused(**query: int) -> dict[str, bool]:
        page = (await door.get("/v1/access-review/accesses", admin, **query)).json()
        return {item["name"].split(" (")[0]: item["unused"] for item in page["items"]}

    assert await unused() == {
        "ada@brand.example": False,
        "zoe@brand.example": True,
        "First backend key": False,
        "First write key": False,
    }
    assert (await unused(unused_days=60))["First backend key"]
    items = (await door.get("/v1/access-review/accesses", admin)).json()["items"]
    key = next(item for item in items if item["kind"] == "backend_key")
    assert BACKEND_KEY[:11] in key["name"]
    assert "orders:write" in key["scopes"]
    first = (await door.get("/v1/access-review/accesses", admin, limit=3)).json()
    assert (len(first["items"]), first["next_cursor"] is None) == (3, False)


async def test_a_revoked_key_and_a_disabled_account_have_no_access(door: Door, admin: str) -> None:
    zoe = (await door.post("/v1/staff", INVITED | {"password": PASSWORD}, admin)).json()
    await door.call("PATCH", f"/v1/staff/{zoe['staff_id']}", admin, json={"disabled": True})
    (first, _) = (await door.get("/v1/api-keys", admin)).json()["items"]
    await door.delete(f"/v1/api-keys/{first['key_id']}", admin)
    page = (await door.get("/v1/access-review/accesses", admin)).json()
    assert len(page["items"]) == 2


async def test_administrators_are_asked_for_a_review_when_it_is_due(
    harness: Harness, door: Door, identity: Identity, admin: str
) -> None:
    every = timedelta(days=90)

    async def asked(days: int) -> bool:
        async with transaction(identity.sessions) as session:
            at = clock.now() + timedelta(days=days)
            return await review.ask(session, identity.seals, every, at)

    assert not await asked(89)
    answers = await asyncio.gather(asked(90), asked(90))
    assert sorted(answers) == [False, True]
    (letter,) = await letters(harness)
    assert (letter["to"], letter["template"]) == (ADMIN["email"], "access_review")
    assert letter["facts"]["total"] == 3
    assert not await asked(91)
    shown = (await door.get("/v1/access-review", admin)).json()
    assert shown["confirmed_at"] is None
    body = {"note": "All are needed."}
    assert (await door.post("/v1/access-review/confirmations", body, admin)).status_code == 204
    shown = (await door.get("/v1/access-review", admin)).json()
    assert shown["confirmed_at"] is not None
    assert not await asked(89)
    query = {"action": "access_review.confirmed"}
    (entry,) = (await door.get("/v1/audit", admin, **query)).json()["items"]
    assert (entry["details"]["note"], entry["details"]["total"]) == ("All are needed.", 3)
    assert UUID(entry["actor_id"])
