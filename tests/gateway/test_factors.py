"""Second factors, invitations, scopes, the audit trail and the review of access."""

import asyncio
import time
from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import text

from gateway.actions import review
from gateway.authenticator import BadCredentials
from gateway.events import SessionRevoked
from gateway.identity import Identity
from gateway.rules import TOTP_STEP_S, matching_step, within_scopes
from kit import clock
from kit.auth import Caller, Role
from kit.db import transaction
from kit.problems import Unavailable
from kit.testing import Harness
from tests.gateway.edge import Edge, Service
from tests.gateway.people import ADMIN, BACKEND_KEY, PASSWORD, Door, letters

ME = "/v1/staff/me"
LOGIN = "/v1/auth/staff/login"
INVITED = {"email": "zoe@brand.example", "display_name": "Zoe", "role": "marketer"}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
async def admin(door: Door) -> str:
    return await door.admin()


class Phone:
    """An authenticator app. Each code it gives is of a later time step than the one before."""

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret)
        self.secret = secret
        self._step = int(time.time()) // TOTP_STEP_S - 2

    def code(self) -> str:
        present = int(time.time()) // TOTP_STEP_S
        self._step = max(self._step + 1, present - 1)
        assert self._step <= present + 1, "at most three codes are good at one time"
        return self._totp.generate_otp(self._step)


async def enrolled(door: Door, token: str) -> tuple[Phone, list[str]]:
    """A second factor set up: the phone, and the recovery codes."""
    answer = await door.post(f"{ME}/second-factor", {"password": PASSWORD}, token)
    assert answer.status_code == 201, answer.text
    phone = Phone(answer.json()["secret"])
    answer = await door.post(f"{ME}/second-factor/confirm", {"totp": phone.code()}, token)
    assert answer.status_code == 200, answer.text
    return phone, answer.json()["recovery_codes"]


async def sign_in(door: Door, **factor: str) -> tuple[int, str]:
    """Status and code of an administrator's sign-in."""
    answer = await door.post(LOGIN, ADMIN | factor)
    return answer.status_code, answer.json().get("code", "")


REQUIRED = (401, "gateway.second_factor_required")
WRONG = (401, "gateway.second_factor_wrong")


async def test_a_second_factor_is_asked_for_once_it_is_confirmed(door: Door, admin: str) -> None:
    answer = await door.post(f"{ME}/second-factor", {"password": PASSWORD}, admin)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["uri"].startswith("otpauth://totp/rapport:ada%40brand.example?secret=")
    assert (await sign_in(door))[0] == 200
    phone, recovery = await enrolled(door, admin)
    assert len(set(recovery)) == 10
    assert await sign_in(door) == REQUIRED
    assert (await sign_in(door, totp=phone.code()))[0] == 200
    shown = (await door.get(ME, admin)).json()
    assert (shown["email"], shown["second_factor"]) == (ADMIN["email"], True)


async def test_a_code_opens_once_even_for_who_watched(door: Door, admin: str) -> None:
    phone, _ = await enrolled(door, admin)
    code = phone.code()
    answers = await asyncio.gather(*(sign_in(door, totp=code) for _ in range(3)))
    assert sorted(answers) == [(200, ""), WRONG, WRONG]


async def test_a_recovery_code_opens_once(door: Door, admin: str) -> None:
    _, recovery = await enrolled(door, admin)
    answers = await asyncio.gather(
        *(sign_in(door, recovery_code=recovery[0].upper()) for _ in range(3))
    )
    assert sorted(answers) == [(200, ""), WRONG, WRONG]
    assert (await sign_in(door, recovery_code=recovery[1]))[0] == 200
    actions = [e["action"] for e in (await door.get("/v1/audit", admin)).json()["items"]]
    assert actions.count("staff.recovery_code_used") == 2


@pytest.mark.usefixtures("long_blocks")
async def test_guessing_a_second_factor_is_blocked(door: Door, admin: str) -> None:
    await enrolled(door, admin)
    answers = [await sign_in(door, totp="000000") for _ in range(6)]
    assert answers[:5] == [WRONG] * 5
    assert answers[5] == (429, "gateway.sign_in_blocked")


async def test_a_right_factor_is_worth_nothing_without_the_password(door: Door, admin: str) -> None:
    phone, _ = await enrolled(door, admin)
    answer = await door.post(LOGIN, ADMIN | {"password": "wrong horse", "totp": phone.code()})
    assert answer.json()["code"] == "gateway.wrong_credentials"


async def test_no_second_factor_can_be_read_in_the_database(
    harness: Harness, door: Door, admin: str
) -> None:
    phone, recovery = await enrolled(door, admin)
    async with harness.transaction() as session:
        dump = ""
        for table in ("staff_members", "recovery_codes", "audit_entries", "outbox"):
            rows = await session.execute(text(f"SELECT t::text FROM {table} t"))
            dump += "".join(row[0] for row in rows)
    for secret in (phone.secret, *recovery):
        assert secret not in dump
        assert secret.encode().hex() not in dump


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/second-factor", {}),
        ("/second-factor/removal", {"totp": "000000"}),
        ("/recovery-codes", {"totp": "000000"}),
    ],
)
async def test_a_stolen_session_changes_no_factor(
    door: Door, admin: str, path: str, body: dict
) -> None:
    answer = await door.post(ME + path, body | {"password": "wrong horse"}, admin)
    assert (answer.status_code, answer.json()["code"]) == (401, "gateway.wrong_credentials")
    assert (await door.post(ME + path, body, admin)).status_code == 422


async def test_a_factor_is_removed_with_itself_only(door: Door, admin: str) -> None:
    _, recovery = await enrolled(door, admin)
    body = {"password": PASSWORD}
    removal = f"{ME}/second-factor/removal"
    assert (await door.post(removal, body, admin)).json()["code"] == REQUIRED[1]
    assert (await door.post(f"{ME}/second-factor", body, admin)).status_code == 409
    given = body | {"recovery_code": recovery[0]}
    assert (await door.post(removal, given, admin)).status_code == 204
    assert (await sign_in(door))[0] == 200


async def test_new_recovery_codes_replace_the_old(door: Door, admin: str) -> None:
    _, old = await enrolled(door, admin)
    given = {"password": PASSWORD, "recovery_code": old[0]}
    new = (await door.post(f"{ME}/recovery-codes", given, admin)).json()["recovery_codes"]
    assert not set(new) & set(old)
    assert await sign_in(door, recovery_code=old[1]) == WRONG
    assert (await sign_in(door, recovery_code=new[0]))[0] == 200


async def test_an_administrator_helps_who_lost_everything(
    harness: Harness, door: Door, admin: str
) -> None:
    await door.post("/v1/staff", INVITED | {"password": PASSWORD}, admin)
    login = {"email": INVITED["email"], "password": PASSWORD}
    zoe = (await door.post(LOGIN, login)).json()
    await enrolled(door, zoe["access_token"])
    path = f"/v1/staff/{zoe['staff_id']}/second-factor"
    assert (await door.delete(path, admin)).status_code == 204
    assert (await door.delete(path, admin)).status_code == 409
    assert [each.reason for each in await harness.published(SessionRevoked)] == ["staff_changed"]
    assert (await door.post(LOGIN, login)).status_code == 200


async def test_where_a_factor_is_required_nothing_else_can_be_done_first(
    harness: Harness, door: Door, identity: Identity
) -> None:
    identity.session_rules = type(identity.session_rules)(
        timedelta(days=60), timedelta(hours=12), timedelta(hours=1), second_factor=True
    )
    tokens = (await door.post(LOGIN, ADMIN)).json()
    token = tokens["access_token"]
    (caller,) = [await identity.authenticator.authenticate(
        [(b"authorization", f"Bearer {token}".encode())]
    )]  # fmt: skip
    assert caller is not None
    for path in ("/v1/tickets", "/v1/staff", "/v1/audit", "/v1/api-keys", "/v1/members/1/points"):
        assert not within_scopes(caller.scopes, "GET", path)
    assert within_scopes(caller.scopes, "POST", f"{ME}/second-factor")
    await enrolled(door, token)
    again = (await door.refreshed(tokens["refresh_token"])).json()
    access = f"Bearer {again['access_token']}".encode()
    unbound = await identity.authenticator.authenticate([(b"authorization", access)])
    assert unbound is not None
    assert unbound.scopes == frozenset()


NOW = 1_772_366_400.0


@pytest.mark.parametrize(
    ("offset", "last_step", "accepted"),
    [
        pytest.param(0, None, True, id="the present code"),
        pytest.param(-1, None, True, id="the one before, typed slowly"),
        pytest.param(1, None, True, id="the next, from a clock that is ahead"),
        pytest.param(-2, None, False, id="an older one"),
        pytest.param(2, None, False, id="a later one"),
        pytest.param(0, 0, False, id="the last one used"),
        pytest.param(-1, 0, False, id="one before the last used"),
        pytest.param(1, 0, True, id="one after the last used"),
    ],
)
def test_a_time_based_code(offset: int, last_step: int | None, *, accepted: bool) -> None:
    present = int(NOW) // TOTP_STEP_S
    code = pyotp.TOTP(SECRET).generate_otp(present + offset)
    last = None if last_step is None else present + last_step
    found = matching_step(SECRET, code, NOW, last)
    assert found == (present + offset if accepted else None)


async def invited(harness: Harness, door: Door, admin: str, **changes: object) -> str:
    """The token of an invitation, as it came by e-mail."""
    answer = await door.post("/v1/staff/invitations", INVITED | changes, admin)
    assert answer.status_code == 201, answer.text
    return (await letters(harness))[-1]["action"].partition("#")[2]


ACCEPT = "/v1/auth/staff/invitations/accept"


async def test_the_invited_choose_their_password_and_sign_in(
    harness: Harness, door: Door, admin: str
) -> None:
    token = await invited(harness, door, admin, scopes=["campaigns:read"])
    letter = (await letters(harness))[-1]
    assert (letter["to"], letter["template"]) == (INVITED["email"], "staff_invitation")
    assert (letter["for_staff"], letter["facts"]["inviter"]) == (True, "Administrator")
    answer = await door.post(ACCEPT, {"token": token, "password": PASSWORD})
    assert answer.status_code == 201
    assert (answer.json()["role"], answer.json()["scopes"]) == ("marketer", ["campaigns:read"])
    login = {"email": INVITED["email"], "password": PASSWORD}
    assert (await door.post(LOGIN, login)).json()["role"] == "marketer"
    assert (await door.get("/v1/staff/invitations", admin)).json()["items"] == []
    actions = [e["action"] for e in (await door.get("/v1/audit", admin)).json()["items"]]
    assert actions[:4] == [
        "staff.signed_in",
        "staff.invitation_accepted",
        "staff.added",
        "staff.invited",
    ]


async def test_an_invitation_is_accepted_once(harness: Harness, door: Door, admin: str) -> None:
    body = {"token": await invited(harness, door, admin), "password": PASSWORD}
    answers = await asyncio.gather(*(door.post(ACCEPT, body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401]


async def test_a_later_invitation_replaces_an_earlier(
    harness: Harness, door: Door, admin: str
) -> None:
    first = await invited(harness, door, admin)
    second = await invited(harness, door, admin, role="analyst")
    refused = await door.post(ACCEPT, {"token": first, "password": PASSWORD})
    assert refused.json()["code"] == "gateway.invitation_refused"
    answer = await door.post(ACCEPT, {"token": second, "password": PASSWORD})
    assert answer.json()["role"] == "analyst"
    again = await door.post("/v1/staff/invitations", INVITED, admin)
    assert (again.status_code, again.json()["code"]) == (409, "gateway.staff_exists")


async def test_an_invitation_is_withdrawn(harness: Harness, door: Door, admin: str) -> None:
    token = await invited(harness, door, admin)
    (shown,) = (await door.get("/v1/staff/invitations", admin)).json()["items"]
    assert token not in str(shown)
    path = f"/v1/staff/invitations/{shown['invitation_id']}"
    assert (await door.delete(path, admin)).status_code == 204
    assert (await door.delete(path, admin)).status_code == 404
    assert (await door.post(ACCEPT, {"token": token, "password": PASSWORD})).status_code == 401


async def test_an_old_invitation_is_refused_and_costs_no_hash(
    harness: Harness,
    door: Door,
    identity: Identity,
    admin: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = await invited(harness, door, admin)
    async with harness.transaction() as session:
        await session.execute(text("UPDATE invitations SET expires_at = now()"))
    monkeypatch.setattr(identity.passwords, "hash", None)
    for tried in (token, "in_made-up"):
        answer = await door.post(ACCEPT, {"token": tried, "password": PASSWORD})
        assert answer.status_code == 401


async def test_staff_change_their_password(harness: Harness, door: Door, admin: str) -> None:
    elsewhere = (await door.post(LOGIN, ADMIN)).json()
    body = {"password": PASSWORD, "new_password": "another horse"}
    assert (await door.call("PUT", f"{ME}/password", admin, json=body)).status_code == 204
    assert (await door.refreshed(elsewhere["refresh_token"])).status_code == 401
    assert (await door.get(ME, admin)).status_code == 200
    assert (await door.post(LOGIN, ADMIN)).status_code == 401
    assert (await door.post(LOGIN, ADMIN | {"password": "another horse"})).status_code == 200


async def test_a_mailbox_alone_does_not_open_the_console(
    harness: Harness, door: Door, admin: str
) -> None:
    phone, _ = await enrolled(door, admin)
    code = await door.code(harness, "reset_staff_password", email=ADMIN["email"])
    reset = "/v1/auth/staff/password/reset"
    answer = await door.post(reset, code | {"new_password": "another horse"})
    assert answer.status_code == 204
    with pytest.raises(BadCredentials):
        await door.get(ME, admin)
    changed = ADMIN | {"password": "another horse"}
    assert (await door.post(LOGIN, changed)).json()["code"] == REQUIRED[1]
    assert (await door.post(LOGIN, changed | {"totp": phone.code()})).status_code == 200


async def test_a_members_code_resets_no_staff_password(
    harness: Harness, door: Door, admin: str
) -> None:
    await door.registered(email=ADMIN["email"])
    code = await door.code(harness, "reset_password", email=ADMIN["email"])
    body = code | {"new_password": "another horse"}
    assert (await door.post("/v1/auth/staff/password/reset", body)).status_code == 401
    assert (await door.post(LOGIN, ADMIN)).status_code == 200


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
