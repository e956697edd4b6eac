"""Changing the deployment's secret: nobody notices, and afterwards the old one opens nothing."""

from collections.abc import Iterator

import pyotp
import pytest
from pydantic import SecretStr

from gateway.actions.secrets import SEALED, reseal
from gateway.identity import Identity
from gateway.store import secrets as store
from gateway.tables import metadata
from kit.testing import Harness
from kit.vault import Vault
from tests.gateway.people import ADMIN, PASSWORD, Door, Settings

NEXT = "the next secret, of at least thirty-two characters"
FACTOR = "/v1/staff/me/second-factor"


@pytest.fixture
def others(harness: Harness) -> Iterator[list[Identity]]:
    """Identities started with other secrets, to be closed."""
    made: list[Identity] = []
    yield made
    for identity in made:
        identity.close()


async def restarted(
    harness: Harness, others: list[Identity], *, secret: str, other: str | None = None
) -> Door:
    """The gateway under another secret."""
    changes = {
        "secret_key": SecretStr(secret),
        "secret_key_other": SecretStr(other) if other else None,
    }
    settings: Settings = harness.settings.model_copy(update=changes)
    identity = Identity(settings, harness.runtime)
    others.append(identity)
    harness.app.state.identity = identity
    await identity.start()
    return Door(harness, identity)


async def with_a_factor(door: Door) -> tuple[pyotp.TOTP, list[str]]:
    """An administrator's second factor, and the recovery codes."""
    token = await door.admin()
    secret = (await door.post(FACTOR, {"password": PASSWORD}, token)).json()["secret"]
    totp = pyotp.TOTP(secret)
    codes = (await door.post(f"{FACTOR}/confirm", {"totp": totp.now()}, token)).json()
    return totp, codes["recovery_codes"]


def present(harness: Harness) -> str:
    return harness.settings.secret_key_file.read_text().strip()


async def test_under_the_next_secret_nobody_notices(
    harness: Harness, door: Door, others: list[Identity]
) -> None:
    member = await door.registered()
    _, recovery = await with_a_factor(door)
    code = await door.code(harness, email=ADMIN["email"])
    before = present(harness)
    changed = await restarted(harness, others, secret=NEXT, other=before)
    async with harness.transaction() as session:
        assert await reseal(session, others[-1]._vault) >= 4
        assert await reseal(session, others[-1]._vault) == 0
    alone = await restarted(harness, others, secret=NEXT)
    for now in (changed, alone):
        assert (await now.get("/v1/auth/account", member["access_token"])).status_code == 200
    assert (await alone.refreshed(member["refresh_token"])).status_code == 200
    body = ADMIN | {"recovery_code": recovery[0]}
    assert (await alone.post("/v1/auth/staff/login", body)).status_code == 200
    assert (await alone.post("/v1/auth/login/code", code)).status_code == 201


async def test_what_is_sealed_anew_the_old_secret_does_not_open(
    harness: Harness, door: Door, others: list[Identity]
) -> None:
    await with_a_factor(door)
    old = Vault(present(harness))
    await restarted(harness, others, secret=NEXT, other=present(harness))
    async with harness.transaction() as session:
        await reseal(session, others[-1]._vault)
        for sealed in SEALED:
            for key, value in await store.rows_of(session, sealed):
                with pytest.raises(ValueError, match="does not open"):
                    old.open(sealed.named(key), value)


async def test_what_neither_secret_opens_stops_it_and_changes_nothing(
    harness: Harness, door: Door
) -> None:
    await door.admin()
    stranger = Vault(NEXT, other=Vault(f"{NEXT}, but another"))
    with pytest.raises(ValueError, match="does not open"):
        async with harness.transaction() as session:
            await reseal(session, stranger)
    async with harness.transaction() as session:
        vault = Vault(present(harness))
        for sealed in SEALED:
            for key, value in await store.rows_of(session, sealed):
                assert vault.is_own(sealed.named(key), value)


def test_every_sealed_column_is_sealed_anew() -> None:
    columns = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.startswith("sealed")
    }
    assert {(each.table.__tablename__, each.column) for each in SEALED} == columns
