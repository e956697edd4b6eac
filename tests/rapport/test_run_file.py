"""What a data folder says of the process that uses it, also after the power failed."""

from pathlib import Path

import pytest

from rapport.run_file import RUN_FILE, forget, note, noted, rewrite


def test_what_is_noted_is_read_until_it_is_forgotten(tmp_path: Path) -> None:
    assert noted(tmp_path) == {}
    note(tmp_path, {"pid": 7})
    assert noted(tmp_path) == {"pid": 7}
    forget(tmp_path)
    forget(tmp_path)
    assert noted(tmp_path) == {}


@pytest.mark.parametrize("left", ["", "{", "\0\0\0\0", "null", "[1]"])
def test_a_note_the_power_failure_spoilt_does_not_bar_the_next_start(
    tmp_path: Path, left: str
) -> None:
    (tmp_path / RUN_FILE).write_text(left)
    assert noted(tmp_path) == {}


def test_a_file_is_replaced_as_a_whole_and_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "credentials.json"
    for content in ({"key": "one"}, {"key": "two"}):
        rewrite(file, content)
    assert (file.stat().st_mode & 0o777, [*tmp_path.iterdir()]) == (0o600, [file])
    assert "two" in file.read_text()
