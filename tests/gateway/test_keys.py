"""API keys, signing keys, and what a fresh deployment begins with."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from math import inf
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import settings
from gateway.actions.keys import signers
from gateway.authenticator import BadCredentials
from gateway.identity import READS, Identity
from gateway.limits import LocalCount
from kit.db import transaction
from kit.problems import Unavailable
from kit.testing import Harness
from kit.vault import Vault
from tests.gateway.people import BACKEND_KEY, WRITE_KEY, Door, Settings

NEW = {"name": "Shop backend", "scopes": ["orders:write", "members:read"]}
MONTH = timedelta(days=30)


async def test_a_key_is_shown_once(harness: Harness, door: Door, admin: str) -> None:
    answer = await door.post("/v1/api-keys", NEW, admin)
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert made["key"].startswith(made["shown"])
    assert (made["kind"], made["scopes"]) == ("backend", ["members:read", "orders:write"])
    listed = await door.get("/v1/api-keys", admin)
    assert made["key"] not in listed.text
    async with harness.transaction() as session:
        rows = (await session.execute(text("SELECT k::text FROM api_keys k"))).scalars().all()
    assert made["key"] not in "".join(rows)


async def test_a_new_key_works_at_once_with_its_scopes(
    door: Door, identity: Identity, admin: str
) -> None:
    made = (await door.post("/v1/api-keys", NEW, admin)).json()
    headers = [(b"x-api-key", made["key"].encode())]
    caller = await identity.authenticator.authenticate(headers)
    assert (caller.subject, caller.role) == (made["key_id"], "service")
    assert caller.scopes == {"orders:write", "members:read"}


async def test_a_revoked_key_is_refused_at_once(door: Door, admin: str) -> None:
    made = (await door.post("/v1/api-keys", NEW, admin)).json()
    assert (await door.get("/v1/auth/sessions", made["key"])).status_code == 403
    path = f"/v1/api-keys/{made['key_id']}"
    assert (await door.delete(path, admin)).status_code == 204
    with pytest.raises(BadCredentials):
        await door.get("/v1/auth/sessions", made["key"])
    assert (await door.delete(path, admin)).status_code == 404
    assert (await door.delete(f"/v1/api-keys/{uuid4()}", admin)).status_code == 404


async def test_other_replicas_follow(harness: Harness, door: Door, admin: str) -> None:
    other = Identity(harness.settings, harness.runtime)
    await other.start()
    made = (await door.post("/v1/api-keys", NEW, admin)).json()
    headers = [(b"authorization", f"Bearer {made['key']}".encode())]
    assert (await other.authenticator.authenticate(headers)).subject == made["key_id"]
    await door.delete(f"/v1/api-keys/{made['key_id']}", admin)
    await other.read()
    with pytest.raises(BadCredentials):
        await other.authenticator.authenticate(headers)
    other.close()


async def test_who_makes_keys_up_has_the_database_asked_a_few_times(
    identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, take_over = [], identity._take_over

    async def counted(session: AsyncSession) -> None:
        asked.append(1)
        await take_over(session)

    monkeypatch.setattr(identity, "_take_over", counted)
    monkeypatch.setattr(identity, "_reads", LocalCount(lambda: 0.0))
    for number in range(3 * READS.calls):
        with pytest.raises(BadCredentials):
            await identity.authenticator.authenticate([(b"x-api-key", b"sk_made_up_%d" % number)])
    assert len(asked) == READS.calls


async def test_the_last_use_is_noted(door: Door, identity: Identity, admin: str) -> None:
    await identity.authenticator.authenticate([(b"x-api-key", BACKEND_KEY.encode())])
    identity._read_at -= 2
    await identity.read()
    listed = (await door.get("/v1/api-keys", admin)).json()["items"]
    used = {key["shown"]: key["last_used_at"] for key in listed}
    assert used[BACKEND_KEY[:11]] is not None
    assert used[WRITE_KEY[:11]] is None


async def test_an_expired_key_is_refused(
    harness: Harness, door: Door, identity: Identity, admin: str
) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    made = (await door.post("/v1/api-keys", NEW | {"expires_at": soon}, admin)).json()
    identity.authenticator._clock = lambda: time.time() + 3_601
    with pytest.raises(BadCredentials):
        await door.get("/v1/auth/sessions", made["key"])


@pytest.mark.parametrize(
    "changes",
    [
        {"scopes": []},
        {"scopes": ["everything"]},
        {"scopes": ["orders:write", "*"]},
        {"scopes": "orders:write"},
        {"kind": "write"},
        {"kind": "root"},
        {"key": BACKEND_KEY},
        {"expires_at": "tomorrow"},
        {"expires_at": "2030-01-01T00:00:00"},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"name": ""},
    ],
    ids=str,
)
async def test_a_key_is_refused_with(door: Door, admin: str, changes: dict) -> None:
    assert (await door.post("/v1/api-keys", NEW | changes, admin)).status_code == 422


async def test_a_repeated_creation_makes_one_key(door: Door, admin: str) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    first = await door.post("/v1/api-keys", NEW, admin, **key)
    again = await door.post("/v1/api-keys", NEW, admin, **key)
    assert first.content == again.content
    assert len((await door.get("/v1/api-keys", admin)).json()["items"]) == 3


async def test_keys_are_listed_page_by_page(door: Door, admin: str) -> None:
    first = (await door.get("/v1/api-keys", admin, limit=1)).json()
    second = (await door.get("/v1/api-keys", admin, limit=1, cursor=first["next_cursor"])).json()
    names = [key["name"] for key in first["items"] + second["items"]]
    assert names == ["First backend key", "First write key"]
    assert second["next_cursor"] is None


async def test_key_actions_leave_a_trail(door: Door, admin: str) -> None:
    made = (await door.post("/v1/api-keys", NEW, admin)).json()
    await door.delete(f"/v1/api-keys/{made['key_id']}", admin)
    trail = (await door.get("/v1/audit", admin, limit=2)).json()["items"]
    assert [entry["action"] for entry in trail] == ["api_key.revoked", "api_key.created"]
    assert {entry["target"] for entry in trail} == {made["key_id"]}
    assert made["key"] not in str(trail)


async def test_starting_again_changes_nothing(harness: Harness, door: Door, admin: str) -> None:
    before = (await door.get("/v1/audit", admin)).json()
    replicas = [Identity(harness.settings, harness.runtime) for _ in range(3)]
    await asyncio.gather(*(replica.start() for replica in replicas))
    assert (await door.get("/v1/audit", admin)).json() == before
    for replica in replicas:
        replica.close()


async def test_replicas_that_start_at_once_agree_on_one_key(harness: Harness) -> None:
    replicas = [Identity(harness.settings, harness.runtime) for _ in range(5)]
    await asyncio.gather(*(replica.start() for replica in replicas))
    (only,) = {key["kid"] for replica in replicas for key in replica.jwks["keys"]}
    async with harness.transaction() as session:
        stored = (await session.execute(text("SELECT kid FROM signing_keys"))).scalars().all()
    assert stored == [only]
    for replica in replicas:
        replica.close()


async def test_tokens_of_one_replica_are_good_at_another(harness: Harness, door: Door) -> None:
    other = Identity(harness.settings, harness.runtime)
    await other.start()
    guest = await door.guest()
    headers = [(b"authorization", f"Bearer {guest['access_token']}".encode())]
    assert (await other.authenticator.authenticate(headers)).subject == guest["member_id"]
    other.close()


async def test_a_replica_reads_a_key_it_does_not_know(harness: Harness, door: Door) -> None:
    late = Identity(harness.settings, harness.runtime)
    guest = await door.guest()
    headers = [(b"authorization", f"Bearer {guest['access_token']}".encode())]
    assert (await late.authenticator.authenticate(headers)).subject == guest["member_id"]
    late.close()


async def test_while_the_database_is_away_one_finds_out_for_all(
    identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    async def away(_: object) -> None:
        tries.append(1)
        raise ConnectionRefusedError

    monkeypatch.setattr(identity, "_take_over", away)
    monkeypatch.setattr(identity, "_read_at", -inf)
    found = await asyncio.gather(*(identity.read() for _ in range(20)), return_exceptions=True)
    assert {type(error) for error in found} == {Unavailable}
    assert len(tries) == 1


async def test_the_key_set_is_public(door: Door, identity: Identity) -> None:
    answer = await door.get("/.well-known/jwks.json")
    assert answer.json() == identity.jwks
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert "d" not in answer.json()["keys"][0]


async def test_keys_change_in_good_time_and_are_kept_long_enough(
    harness: Harness, identity: Identity
) -> None:
    vault = Vault.of(harness.settings.secret_key, harness.settings.secret_key_file)
    now = datetime.now(UTC)

    async def kids(at: datetime) -> list[str]:
        async with transaction(harness.sessions) as session:
            return [each.kid for each in await signers(session, vault, MONTH, at)]

    (first,) = await kids(now)
    assert await kids(now + MONTH - timedelta(hours=1)) == [first]
    old, second = await kids(now + MONTH)
    assert old == first
    third = (await kids(now + 3 * MONTH))[-1]
    assert (await kids(now + 3 * MONTH)) == [second, third]


async def test_seeds_are_sealed(harness: Harness, identity: Identity) -> None:
    async with transaction(harness.sessions) as session:
        (signer,) = await signers(
            session,
            Vault.of(harness.settings.secret_key, harness.settings.secret_key_file),
            MONTH,
            datetime.now(UTC),
        )
        sealed = (await session.execute(text("SELECT sealed_seed FROM signing_keys"))).scalar_one()
    assert signer.seed not in sealed
    other = Settings(secret_key="another secret of thirty-two characters")
    with pytest.raises(ValueError, match="SECRET_KEY"):
        async with transaction(harness.sessions) as session:
            await signers(
                session, Vault.of(other.secret_key, other.secret_key_file), MONTH, datetime.now(UTC)
            )


@pytest.mark.parametrize(
    ("setting", "key", "wanted"),
    [
        pytest.param("backend_key", "s3cret", "rk_ or wk_ and 43 characters", id="a word"),
        pytest.param("backend_key", WRITE_KEY, "must begin with rk_", id="the other key"),
        pytest.param("write_key", BACKEND_KEY, "must begin with wk_", id="the other way round"),
    ],
)
def test_a_first_key_is_a_key_of_its_kind(setting: str, key: str, wanted: str) -> None:
    with pytest.raises(ValidationError, match=wanted) as refused:
        settings.Settings(**{setting: key})
    assert key not in str(refused.value)
