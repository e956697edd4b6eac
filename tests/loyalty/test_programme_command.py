"""`rapport programme`: a YAML file out, compared, in, and live."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from kit.testing import Harness
from rapport import deployment, programmes
from rapport.__main__ import app
from rapport.errors import OperatorError
from tests.loyalty.programmes import live_programme


@pytest.fixture
def _operator(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose deployment is the one under test."""
    monkeypatch.setattr(deployment, "enter", lambda _: None)
    monkeypatch.setattr(programmes, "LOYALTY", SimpleNamespace(settings=lambda: harness.settings))


async def run(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, ["programme", *arguments])


@pytest.mark.usefixtures("_operator")
async def test_a_programme_goes_out_changes_and_goes_live(harness: Harness, tmp_path: Path) -> None:
    file = tmp_path / "programme.yaml"
    assert (await run("export", str(file))).exit_code == 0
    assert "nothing differs" in (await run("diff", str(file))).output
    file.write_text(file.read_text().replace("points: 100\n", "points: 150\n", 1))
    line = "changed  rules[welcome].earn.points: 100 -> 150"
    assert line in (await run("diff", str(file))).output
    made = await run("import", str(file), "--note", "More for a start")
    assert line in made.output
    assert "version 2 is a draft" in made.output
    assert (await run("publish", "2")).exit_code == 0
    assert (await live_programme(harness))["rules"][0]["earn"]["points"] == 150
    listed = (await run("list")).output.splitlines()
    assert listed[0].split()[:2] == ["2", "live"]
    assert "More for a start" in listed[0]
    assert (await run("export", "--version", "1")).output.count("points: 100\n") == 1


@pytest.mark.usefixtures("_operator")
async def test_what_is_wrong_is_said_with_its_place(harness: Harness, tmp_path: Path) -> None:
    file = tmp_path / "programme.yaml"
    file.write_text("rules: []\ntiers: {levels: []}\n")
    refused = await run("import", str(file))
    assert isinstance(refused.exception, OperatorError)
    assert "tiers.levels: " in str(refused.exception)
    absent = await run("diff", str(tmp_path / "none.yaml"))
    assert "cannot be read" in str(absent.exception)
    assert "There is no version 9." in str((await run("publish", "9")).exception)
