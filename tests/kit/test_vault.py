"""The deployment's secret and what is sealed under it."""

import threading
from pathlib import Path

import pytest
from pydantic import ValidationError

from gateway.settings import Settings
from kit.vault import Vault, secret_of

SECRET = "a secret of at least thirty-two characters"


def test_what_is_sealed_opens_under_its_name() -> None:
    vault = Vault(SECRET)
    sealed = vault.seal("one", b"seed")
    assert Vault(SECRET).open("one", sealed) == b"seed"
    assert sealed != vault.seal("one", b"seed")
    assert b"seed" not in sealed


@pytest.mark.parametrize(
    ("secret", "name", "change"),
    [
        pytest.param(f"{SECRET}!", "one", bytes, id="another secret"),
        pytest.param(SECRET, "two", bytes, id="another name"),
        pytest.param(
            SECRET, "one", lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]), id="a changed byte"
        ),
        pytest.param(SECRET, "one", lambda sealed: sealed[:20], id="a part of it"),
        pytest.param(SECRET, "one", lambda _: b"", id="nothing"),
    ],
)
def test_it_does_not_open_with(secret: str, name: str, change: object) -> None:
    sealed = change(Vault(SECRET).seal("one", b"seed"))
    with pytest.raises(ValueError, match="SECRET_KEY does not open"):
        Vault(secret).open(name, sealed)


def test_a_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret"
    secret = secret_of(file)
    assert len(secret) >= 64
    assert secret_of(file) == secret
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_processes_that_start_at_once_have_one_secret(tmp_path: Path) -> None:
    barrier, found = threading.Barrier(8), []

    def start() -> None:
        barrier.wait()
        found.append(secret_of(tmp_path / "secret"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_secret_given_needs_no_file(tmp_path: Path) -> None:
    settings = Settings(secret_key=SECRET, secret_key_file=tmp_path / "secret")
    sealed = Vault.of(settings.secret_key, settings.secret_key_file).seal("one", b"seed")
    assert Vault(SECRET).open("one", sealed) == b"seed"
    assert list(tmp_path.iterdir()) == []


def test_a_short_secret_stops_the_start() -> None:
    with pytest.raises(ValidationError, match="secret_key"):
        Settings(secret_key="too short")


def test_settings_show_no_secret() -> None:
    settings = Settings(secret_key=SECRET, admin_password="correct horse battery")
    assert SECRET not in repr(settings)
    assert "battery" not in repr(settings)


def test_what_cannot_be_made_is_said_by_the_name_of_its_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="set MESSAGE_SECRET: "):
        Vault.of(None, tmp_path / "file" / "secret", "MESSAGE_SECRET")
