"""The command line: what is typed wrong, or finds nothing, is said in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def rapport(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    stores = ("POSTGRES_URL", "NATS_URL", "VALKEY_URL")
    clean = {name: value for name, value in os.environ.items() if name not in stores}
    return subprocess.run(
        [sys.executable, "-m", "rapport", *arguments],
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serve", "payments"], "there is no part 'payments'; the parts are gateway, profile"),
        (["doctor"], "start it with `rapport up`"),
        (["dead-letters", "list"], "start it with `rapport up`"),
        (["mail", "show", "3"], "there is no message 3; 0 are kept"),
    ],
)
def test_mistakes_are_answered_with_what_to_do(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    answer = rapport(*arguments, RAPPORT_DATA=str(tmp_path))
    assert answer.returncode == 1
    assert said in " ".join(answer.stderr.split())
    assert "Traceback" not in answer.stderr


def test_a_bad_setting_is_named() -> None:
    answer = rapport("serve", "gateway", DRAIN_S="soon")
    assert answer.returncode == 1
    assert "DRAIN_S" in answer.stderr


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("INTERNAL_KEYS_FOLDER", "give the Secret internal-keys the item gateway"),
        ("MESSAGE_SECRET_FILE", "set MESSAGE_SECRET: /dev/null/secret cannot be read or made"),
    ],
)
def test_a_secret_that_is_missing_is_named_with_what_would_be_right(
    tmp_path: Path, setting: str, said: str
) -> None:
    files = {name: str(tmp_path / name) for name in ("SECRET_KEY_FILE", "MESSAGE_SECRET_FILE")}
    answer = rapport("serve", "gateway", **files | {setting: "/dev/null/secret"})
    assert answer.returncode == 1
    assert said in " ".join(answer.stderr.split())
    assert "Traceback" not in answer.stderr


def test_what_would_be_right_is_said_as_it_would_be_written() -> None:
    answer = rapport("serve", "gateway", ROLES="api,cook", SUBJECT_PREFIX="Evt")
    assert "the roles are api, consumer" in answer.stderr
    assert "SUBJECT_PREFIX: String should match pattern '^[a-z]" in answer.stderr


def test_a_part_that_cannot_migrate_does_not_serve(tmp_path: Path) -> None:
    nowhere = {"POSTGRES_URL": f"postgresql://nobody@/none?host={tmp_path}"}
    files = {name: str(tmp_path / name) for name in ("SECRET_KEY_FILE", "MESSAGE_SECRET_FILE")}
    answer = rapport("serve", "gateway", "--migrate", **files | nowhere)
    assert answer.returncode == 1
    assert "FileNotFoundError" in answer.stderr


def test_what_serves_holds_nothing_of_what_migrates() -> None:
    """It is a tenth of the memory a gateway has."""
    programme = "import sys, rapport.__main__, rapport.part, gateway.main; print(*sys.modules)"
    command = [sys.executable, "-c", programme]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert {"alembic", "mako"}.isdisjoint(printed.split())


def test_help_names_every_command() -> None:
    said = rapport("--help").stdout
    for command in ("up", "serve", "migrate", "doctor", "dead-letters", "mail", "staff", "keys"):
        assert command in said
