"""Settings: from the environment, refused at the start with the field's name."""

import pytest
from pydantic import ValidationError

from kit.settings import Settings


def test_each_part_has_its_own_database_on_the_server() -> None:
    settings = Settings(postgres_url="postgresql://u:p@h:1/x?host=/tmp", database="loyalty")
    assert settings.database_url() == "postgresql+asyncpg://u:p@h:1/loyalty?host=/tmp"


def test_roles_are_a_list_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLES", "api,relay")
    assert Settings().roles == {"api", "relay"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROLES", "api,cook"),
        ("CONSUMER_GROUPS", "17"),
        ("SUBJECT_PREFIX", "a.b"),
        ("POOL_SIZE", "x"),
    ],
)
def test_a_bad_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_a_secret_that_is_refused_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_URL", "postgresql://rapport:hunter2@db")
    monkeypatch.setenv("POOL_SIZE", "hunter2")
    with pytest.raises(ValidationError) as refused:
        Settings()
    assert "pool_size" in str(refused.value)
    assert "hunter2" not in str(refused.value)
