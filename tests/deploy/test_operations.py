"""docs/operations.md says what is true: its tables are generated, the alerts it names exist."""

import re

from deploy.tables import DOCUMENT, written
from tests.deploy.conftest import ROOT


def test_the_tables_are_those_of_the_code() -> None:
    document = DOCUMENT.read_text()
    assert written(document) == document, "run `make tables`"


def test_every_setting_has_a_meaning() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|.*\| *(.*?) \|$", DOCUMENT.read_text(), re.MULTILINE)
    assert rows
    assert [name for name, meaning in rows if not meaning] == []


def test_alerts_named_exist() -> None:
    runbooks = {file.stem for file in (ROOT / "deploy/runbooks").glob("*.md")}
    named = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`", DOCUMENT.read_text()))
    assert named <= runbooks
