"""Staff: signing in, roles, and the trail of what they did."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gateway.authenticator import BadCredentials
from gateway.events import SessionRevoked, SessionStarted
from kit.testing import Harness
from tests.gateway.people import ADMIN, BACKEND_KEY, DEVICE, MEMBER, PASSWORD, Door

AGENT = {"email": "leo@brand.example", "display_name": "Leo", "role": "agent", "password": PASSWORD}
SIGN_IN = {"email": AGENT["email"], "password": PASSWORD}
NOBODY = "01982f3e-8a00-7000-8000-00000000dead"
ADMIN_ROUTES = [
    ("GET", "/v1/staff"),
    ("POST", "/v1/staff"),
    ("PATCH", f"/v1/staff/{NOBODY}"),
    ("GET", "/v1/audit"),
    ("GET", "/v1/api-keys"),
    ("POST", "/v1/api-keys"),
    ("DELETE", f"/v1/api-keys/{NOBODY}"),
    ("POST", "/v1/staff/invitations"),
    ("GET", "/v1/staff/invitations"),
    ("DELETE", f"/v1/staff/invitations/{NOBODY}"),
    ("DELETE", f"/v1/staff/{NOBODY}/second-factor"),
    ("GET", "/v1/access-review"),
    ("GET", "/v1/access-review/accesses"),
    ("POST", "/v1/access-review/confirmations"),
]


@pytest.fixture
async def agent(door: Door, admin: str) -> dict:
    """The agent Leo as the list of staff shows him."""
    answer = await door.post("/v1/staff", AGENT, admin)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def signed_in(door: Door, **changes: str) -> dict:
    return (await door.post("/v1/auth/staff/login", SIGN_IN | changes)).json()


async def actions(door: Door, admin: str) -> list[str]:
    items = (await door.get("/v1/audit", admin)).json()["items"]
    return [item["action"] for item in items]


async def test_staff_sign_in_with_their_role(harness: Harness, door: Door, agent: dict) -> None:
    tokens = await signed_in(door)
    assert (tokens["staff_id"], tokens["member_id"]) == (agent["staff_id"], None)
    assert tokens["role"] == "agent"
    listed = (await door.get("/v1/auth/sessions", tokens["access_token"])).json()["items"]
    assert [each["session_id"] for each in listed] == [tokens["session_id"]]
    assert await harness.published(SessionStarted) == []


async def test_members_and_staff_are_different_people(door: Door, agent: dict) -> None:
    await door.registered(email="both@brand.example")
    staff_as_member = await door.post("/v1/auth/login", SIGN_IN)
    body = {"email": "both@brand.example", "password": PASSWORD}
    member_as_staff = await door.post("/v1/auth/staff/login", body)
    assert staff_as_member.status_code == member_as_staff.status_code == 401


async def test_unknown_and_wrong_staff_are_answered_alike(door: Door, agent: dict) -> None:
    wrong = await door.post("/v1/auth/staff/login", SIGN_IN | {"password": "wrong horse"})
    unknown = await door.post("/v1/auth/staff/login", SIGN_IN | {"email": "no@brand.example"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.content == unknown.content


@pytest.mark.usefixtures("long_blocks")
async def test_failures_block_staff(door: Door, agent: dict) -> None:
    body = SIGN_IN | {"password": "wrong horse"}
    answers = [await door.post("/v1/auth/staff/login", body) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert (await door.post("/v1/auth/staff/login", SIGN_IN)).status_code == 429


async def grow_old(harness: Harness, **by: int) -> None:
    """Let time pass, as far as sessions know."""
    async with harness.transaction() as session:
        statement = text("""
            UPDATE sessions SET expires_at = expires_at - CAST(:by AS interval),
                ends_at = ends_at - CAST(:by AS interval)
        """)
        await session.execute(statement, {"by": timedelta(**by)})


async def test_a_staff_session_ends_however_much_it_is_used(
    harness: Harness, door: Door, agent: dict
) -> None:
    token = (await signed_in(door))["refresh_token"]
    for _ in range(14):
        await grow_old(harness, minutes=50)
        answer = await door.refreshed(token)
        assert answer.status_code == 200
        token = answer.json()["refresh_token"]
    await grow_old(harness, minutes=50)
    assert (await door.refreshed(token)).status_code == 401


async def test_an_idle_staff_session_ends(harness: Harness, door: Door, agent: dict) -> None:
    token = (await signed_in(door))["refresh_token"]
    await grow_old(harness, minutes=61)
    assert (await door.refreshed(token)).status_code == 401


async def test_a_refresh_keeps_the_role(door: Door, agent: dict) -> None:
    tokens = await signed_in(door)
    again = (await door.refreshed(tokens["refresh_token"])).json()
    assert (again["role"], again["staff_id"]) == ("agent", agent["staff_id"])


async def test_a_new_role_ends_the_sessions_of_the_old(
    harness: Harness, door: Door, admin: str, agent: dict
) -> None:
    tokens = await signed_in(door)
    path = f"/v1/staff/{agent['staff_id']}"
    changed = await door.call("PATCH", path, admin, json={"role": "marketer"})
    used = changed.json()["last_used_at"]
    assert changed.json() == agent | {"role": "marketer", "last_used_at": used}
    assert used is not None
    (revoked,) = await harness.published(SessionRevoked)
    assert (revoked.member_id, revoked.reason) == (None, "staff_changed")
    assert (await door.refreshed(tokens["refresh_token"])).status_code == 401
    with pytest.raises(BadCredentials):
        await door.get("/v1/auth/sessions", tokens["access_token"])
    assert (await signed_in(door))["role"] == "marketer"


async def test_a_new_name_ends_nothing(door: Door, admin: str, agent: dict) -> None:
    tokens = await signed_in(door)
    path = f"/v1/staff/{agent['staff_id']}"
    changed = await door.call("PATCH", path, admin, json={"display_name": "Leonid"})
    assert changed.json()["display_name"] == "Leonid"
    assert (await door.refreshed(tokens["refresh_token"])).status_code == 200


async def test_disabled_staff_are_out_until_enabled(door: Door, admin: str, agent: dict) -> None:
    tokens = await signed_in(door)
    path = f"/v1/staff/{agent['staff_id']}"
    await door.call("PATCH", path, admin, json={"disabled": True})
    assert (await door.post("/v1/auth/staff/login", SIGN_IN)).status_code == 401
    assert (await door.refreshed(tokens["refresh_token"])).status_code == 401
    await door.call("PATCH", path, admin, json={"disabled": False})
    assert (await door.post("/v1/auth/staff/login", SIGN_IN)).status_code == 200


async def test_repeating_a_change_changes_nothing(door: Door, admin: str, agent: dict) -> None:
    path = f"/v1/staff/{agent['staff_id']}"
    for _ in range(2):
        assert (await door.call("PATCH", path, admin, json={"role": "analyst"})).status_code == 200
    assert (await actions(door, admin)).count("staff.changed") == 1


@pytest.mark.parametrize("change", [{"role": "agent"}, {"disabled": True}], ids=str)
async def test_somebody_remains_administrator(door: Door, admin: str, change: dict) -> None:
    me = (await door.get("/v1/staff", admin)).json()["items"][0]["staff_id"]
    answer = await door.call("PATCH", f"/v1/staff/{me}", admin, json=change)
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway.last_administrator")


async def test_two_administrators_cannot_remove_each_other(door: Door, admin: str) -> None:
    body = AGENT | {"role": "admin"}
    second = (await door.post("/v1/staff", body, admin)).json()["staff_id"]
    seconds_token = (await signed_in(door))["access_token"]
    staff = (await door.get("/v1/staff", admin)).json()["items"]
    first = next(each["staff_id"] for each in staff if each["staff_id"] != second)
    answers = await asyncio.gather(
        door.call("PATCH", f"/v1/staff/{second}", admin, json={"disabled": True}),
        door.call("PATCH", f"/v1/staff/{first}", seconds_token, json={"disabled": True}),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_an_address_is_one_staff_members(door: Door, admin: str, agent: dict) -> None:
    answer = await door.post("/v1/staff", AGENT | {"email": "LEO@brand.example"}, admin)
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway.staff_exists")


async def test_an_unknown_staff_member_is_not_there(door: Door, admin: str) -> None:
    answer = await door.call("PATCH", f"/v1/staff/{NOBODY}", admin, json={"role": "agent"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "member"},
        {"role": "service"},
        {"role": "root"},
        {"password": "short"},
        {"staff_id": NOBODY},
    ],
    ids=str,
)
async def test_a_staff_member_is_refused_with(door: Door, admin: str, changes: dict) -> None:
    assert (await door.post("/v1/staff", AGENT | changes, admin)).status_code == 422


async def test_staff_are_listed_page_by_page(door: Door, admin: str, agent: dict) -> None:
    first = (await door.get("/v1/staff", admin, limit=1)).json()
    second = (await door.get("/v1/staff", admin, limit=1, cursor=first["next_cursor"])).json()
    assert [each["email"] for each in first["items"] + second["items"]] == [
        ADMIN["email"],
        agent["email"],
    ]
    assert second["next_cursor"] is None
    assert "password" not in str(first)


async def test_only_administrators_administer(door: Door, admin: str) -> None:
    tokens = [None, (await door.guest())["access_token"], BACKEND_KEY]
    for role in ("agent", "marketer", "analyst"):
        email = f"{role}@brand.example"
        await door.post("/v1/staff", AGENT | {"email": email, "role": role}, admin)
        tokens.append((await signed_in(door, email=email))["access_token"])
    bodies = {"POST": AGENT, "PATCH": {"role": "admin"}}
    for method, path in ADMIN_ROUTES:
        calls = [door.call(method, path, token, json=bodies.get(method)) for token in tokens]
        codes = [(await call).status_code for call in calls]
        assert codes == [401, 403, 403, 403, 403, 403], (method, path)


async def test_every_action_leaves_a_trail(door: Door, admin: str, agent: dict) -> None:
    await signed_in(door)
    await door.call("PATCH", f"/v1/staff/{agent['staff_id']}", admin, json={"role": "analyst"})
    trail = (await door.get("/v1/audit", admin)).json()["items"]
    assert [entry["action"] for entry in trail] == [
        "staff.changed",
        "staff.signed_in",
        "staff.added",
        "staff.signed_in",
        "api_key.created",
        "api_key.created",
        "staff.added",
    ]
    assert trail[0]["target"] == trail[1]["actor_id"] == trail[2]["target"] == agent["staff_id"]
    assert trail[0]["details"] == {"role": "analyst"}
    assert trail[2]["actor_id"] == trail[3]["actor_id"]
    assert [entry["actor_id"] for entry in trail[4:]] == [None] * 3
    assert PASSWORD not in str(trail)


async def test_the_trail_is_read_page_by_page(door: Door, admin: str, agent: dict) -> None:
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await door.get("/v1/audit", admin, **query)).json()
        seen += [entry["entry_id"] for entry in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [
        entry["entry_id"] for entry in (await door.get("/v1/audit", admin)).json()["items"]
    ]
    assert len(set(seen)) == len(seen) == 5


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"]
)
async def test_the_trail_cannot_be_changed(harness: Harness, door: Door, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        async with harness.transaction() as session:
            await session.execute(text(statement))


async def test_a_refused_action_leaves_no_trail(door: Door, admin: str, agent: dict) -> None:
    before = await actions(door, admin)
    await door.post("/v1/staff", AGENT, admin)
    assert await actions(door, admin) == before


async def test_a_guest_is_no_member_of_staff(door: Door) -> None:
    guest = await door.post("/v1/auth/guest", DEVICE | {"role": "admin"})
    registered = await door.post("/v1/auth/register", MEMBER | {"role": "admin"})
    assert guest.status_code == registered.status_code == 422
