"""The doctor gives each check its time, and says what it could not look into."""

import asyncio
import os

import pytest

from rapport import doctor
from rapport.doctor import Finding
from rapport.parts import LOYALTY
from rapport.ports import LOOPBACK, free_port


@pytest.fixture
def deaf_stores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loyalty alone, and nobody who answers it."""
    for name in ("POSTGRES_URL", "NATS_URL", "VALKEY_URL"):
        kind = os.environ.get(name, "x://").partition(":")[0]
        monkeypatch.setenv(name, f"{kind}://{LOOPBACK}:{free_port()}/postgres")
    monkeypatch.setattr(doctor, "parts_named", lambda _: [LOYALTY])
    monkeypatch.setattr(doctor, "ANSWER_WITHIN_S", 0.05)


@pytest.mark.usefixtures("deaf_stores")
async def test_proving_the_ledger_may_take_longer_than_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sound = Finding("loyalty", "the ledger is sound")

    async def proved() -> Finding:
        await asyncio.sleep(0.2)
        return sound

    monkeypatch.setattr(doctor, "ledger", proved)
    *others, last = [finding async for finding in doctor.examine()]
    assert last == sound
    assert others
    assert not any(finding.well for finding in others)
    assert all("see that the store is running" in finding.advice for finding in others)
