"""docs/security.md names tests that exist, and all of these."""

import re
from pathlib import Path

DOCUMENT = Path("docs/security.md").read_text("utf-8")


def test_the_tests_it_names_exist() -> None:
    named = set(re.findall(r"`(test_\w+\.py)`", DOCUMENT))
    assert named - {file.name for file in Path("tests").rglob("test_*.py")} == set()


def test_it_names_these_tests() -> None:
    here = {file.name for file in Path(__file__).parent.glob("test_*.py")}
    assert here - set(re.findall(r"`(test_\w+\.py)`", DOCUMENT)) == {Path(__file__).name}


def test_it_has_all_thirty_checks() -> None:
    assert re.findall(r"^\| (\d+) \|", DOCUMENT, re.MULTILINE) == [str(n) for n in range(1, 31)]
