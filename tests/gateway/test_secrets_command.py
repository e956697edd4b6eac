"""`rapport secrets rotate` and `reseal` as operators type them: twice, at once, killed half-way."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.actions.secrets import SEALED
from gateway.identity import Identity
from gateway.settings import other_file
from gateway.store import secrets as store
from kit.testing import Harness
from kit.vault import Vault
from tests.gateway.people import Door
from tests.rapport.typed import Done, typed, typed_apart

RESTART_FIRST = "no gateway has started with the new secret: restart it first"
DIES_AT = """
import os, pathlib, signal
from gateway.store import secrets
from rapport.__main__ import main

moments = iter(range({moment}))

def dying(act):
    def step(*given, **named):
        if next(moments, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*given, **named)
    return step

{patched} = dying({patched})
main()
"""
"""The command, killed as it is about to do something for the time after `moment` times."""


class Operator:
    """Somebody at the command line of a gateway on the run's PostgreSQL."""

    def __init__(self, harness: Harness, folder: Path) -> None:
        self.harness = harness
        self.file = folder / "secret_key"
        self.other = other_file(self.file)
        self.identities: list[Identity] = []

    @property
    def secret(self) -> str:
        return self.file.read_text()

    async def restart(self) -> Door:
        """The gateway, with what is in the files now."""
        settings = self.harness.settings.model_copy(update={"secret_key_file": self.file})
        identity = Identity(settings, self.harness.runtime)
        self.identities.append(identity)
        self.harness.app.state.identity = identity
        await identity.start()
        return Door(self.harness, identity)

    @property
    def environment(self) -> dict[str, str]:
        settings = self.harness.settings
        return {
            **os.environ,
            "POSTGRES_URL": settings.postgres_url,
            "DATABASE": settings.database,
            "SECRET_KEY_FILE": str(self.file),
            "RAPPORT_DATA": str(self.file.parent),
        }

    async def types(self, command: str) -> Done:
        return await asyncio.to_thread(typed, self.environment, "secrets", command)

    async def types_apart(self, command: str, **dies: object) -> Done:
        """In a process of its own, which may die."""
        program = DIES_AT.format(**dies) if dies else ""
        given = (self.environment, "secrets", command)
        return await asyncio.to_thread(typed_apart, *given, program=program)

    async def sealed_under(self, secret: str) -> set[bool]:
        """Whether what is sealed is sealed under a secret."""
        vault = Vault(secret.strip())
        async with self.harness.transaction() as session:
            return {
                vault.is_own(sealed.named(key), value)
                for sealed in SEALED
                for key, value in await store.rows_of(session, sealed)
            }


@pytest.fixture
def operator(harness: Harness, tmp_path: Path) -> Iterator[Operator]:
    there = Operator(harness, tmp_path)
    yield there
    for identity in there.identities:
        identity.close()


async def test_a_secret_is_changed_and_nobody_notices(operator: Operator) -> None:
    door = await operator.restart()
    member, before = await door.registered(), operator.secret
    rotated = await operator.types("rotate")
    assert rotated.returncode == 0, rotated.stderr
    assert operator.secret != before
    assert operator.other.read_text() == before
    assert "Restart the gateway" in rotated.stdout
    door = await operator.restart()
    assert (await door.get("/v1/auth/account", member["access_token"])).status_code == 200
    resealed = await operator.types("reseal")
    assert resealed.returncode == 0, resealed.stderr
    assert "The secret before is deleted" in resealed.stdout
    assert not operator.other.exists()
    assert await operator.sealed_under(operator.secret) == {True}
    door = await operator.restart()
    assert (await door.refreshed(member["refresh_token"])).status_code == 200


async def test_a_command_typed_out_of_turn_changes_nothing_and_says_whose_turn_it_is(
    operator: Operator,
) -> None:
    absent = await operator.types("rotate")
    assert "the gateway makes it when it first starts" in absent.stderr
    await operator.restart()
    early = await operator.types("reseal")
    assert "run `rapport secrets rotate` first" in early.stderr
    await operator.types("rotate")
    secret, before = operator.secret, operator.other.read_text()
    again = await operator.types("rotate")
    assert "restart the gateway, then run `rapport secrets reseal`" in again.stderr
    unstarted = await operator.types("reseal")
    assert RESTART_FIRST in unstarted.stderr
    assert {one.returncode for one in (absent, early, again, unstarted)} == {1}
    assert (operator.secret, operator.other.read_text()) == (secret, before)
    assert await operator.sealed_under(before) == {True}


async def test_sealing_anew_twice_at_once_is_as_once(operator: Operator) -> None:
    await operator.restart()
    await operator.types("rotate")
    await operator.restart()
    ended = await asyncio.gather(*(operator.types_apart("reseal") for _ in range(2)))
    assert 0 in {one.returncode for one in ended}, [one.stderr for one in ended]
    assert not any("Traceback" in one.stderr for one in ended)
    assert not operator.other.exists()
    assert await operator.sealed_under(operator.secret) == {True}


async def test_of_rotations_at_once_one_makes_the_secret(operator: Operator) -> None:
    await operator.restart()
    before = operator.secret
    ended = await asyncio.gather(*(operator.types_apart("rotate") for _ in range(3)))
    assert sorted(one.returncode for one in ended) == [0, 1, 1]
    assert operator.other.read_text() == before != operator.secret


@pytest.mark.parametrize(
    "patched", ["os.link", "pathlib.Path.replace"], ids=["putting it aside", "taking the new one"]
)
async def test_a_rotation_that_was_killed_is_made_good_by_another(
    operator: Operator, patched: str
) -> None:
    await operator.restart()
    before = operator.secret
    killed = await operator.types_apart("rotate", patched=patched, moment=0)
    assert killed.returncode == -9, killed.stderr
    await operator.restart()  # whatever the moment, it starts
    rotated = await operator.types("rotate")
    assert rotated.returncode == 0, rotated.stderr
    assert operator.other.read_text() == before != operator.secret


@pytest.mark.parametrize(
    ("patched", "moment"),
    [
        pytest.param("secrets.replace", 0, id="before anything is sealed anew"),
        pytest.param("secrets.replace", 2, id="when some is"),
        pytest.param("pathlib.Path.unlink", 0, id="when all is, and before the old is forgotten"),
    ],
)
async def test_a_resealing_that_was_killed_is_finished_by_another(
    operator: Operator, patched: str, moment: int
) -> None:
    door = await operator.restart()
    member = await door.registered()
    await operator.types("rotate")
    await operator.restart()
    killed = await operator.types_apart("reseal", patched=patched, moment=moment)
    assert killed.returncode == -9, killed.stderr
    assert operator.other.exists()
    door = await operator.restart()
    assert (await door.get("/v1/auth/account", member["access_token"])).status_code == 200
    finished = await operator.types("reseal")
    assert finished.returncode == 0, finished.stderr
    assert not operator.other.exists()
    assert await operator.sealed_under(operator.secret) == {True}
