"""Second factors and passwords of staff."""

import asyncio
import time
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text

from gateway.authenticator import BadCredentials
from gateway.events import SessionRevoked
from gateway.identity import Identity
from gateway.rules import TOTP_STEP_S, matching_step, within_scopes
from kit.testing import Harness
from tests.gateway.people import ADMIN, INVITED, PASSWORD, Door

ME = "/v1/staff/me"
LOGIN = "/v1/auth/staff/login"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


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
