import stat
from pathlib import Path

from gateway.rules import KeyKind, key_kind
from rapport import credentials


def test_credentials_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    made = credentials.of_folder(tmp_path)
    assert credentials.of_folder(tmp_path) == made
    assert stat.S_IMODE((tmp_path / credentials.FILE).stat().st_mode) == 0o600


def test_each_deployment_has_its_own(tmp_path: Path) -> None:
    assert credentials.fresh() != credentials.fresh()


def test_the_gateway_takes_the_keys_for_what_they_are() -> None:
    made = credentials.fresh()
    assert key_kind(made.backend_key) is KeyKind.BACKEND
    assert key_kind(made.write_key) is KeyKind.WRITE
