"""`rapport import loyalty`: a file checked, told what is wrong, and imported."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from kit.testing import Harness
from rapport import deployment, imports
from rapport.__main__ import app
from rapport.errors import OperatorError
from services.loyalty.rules import imports as rules
from tests.loyalty.importing import named
from tests.loyalty.members import balances, execute


@pytest.fixture
def _operator(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose deployment is the one under test."""
    monkeypatch.setattr(deployment, "enter", lambda _: None)
    monkeypatch.setattr(imports, "LOYALTY", SimpleNamespace(settings=lambda: harness.settings))


async def run(*arguments: object) -> Result:
    words = ["import", "loyalty", *map(str, arguments)]
    return await asyncio.to_thread(CliRunner().invoke, app, words)


@pytest.mark.usefixtures("_operator")
async def test_a_file_is_checked_and_then_imported(harness: Harness, tmp_path: Path) -> None:
    ann, file, wrong = await named(harness, "C-1"), tmp_path / "old.csv", tmp_path / "wrong.csv"
    file.write_text("external_id,points\nC-1,100\nC-9,5\n")
    tried = await run(file, "--dry-run", "--errors", wrong)
    assert "checked: 2 rows, 1 right, 0 imported before, 1 refused" in tried.output
    assert "3,external_id,unknown_member," in wrong.read_text()
    assert await execute(harness, "SELECT 1 FROM entries") == []
    refused = await run(file)
    assert isinstance(refused.exception, OperatorError)
    assert "--skip-refused" in str(refused.exception)
    done = await run(file, "--skip-refused")
    assert done.exit_code == 0, done.output
    assert "+100 in the ledger" in done.output
    assert (await balances(harness, ann))[0] == 100
    again = await run(file, "--skip-refused")
    assert again.exit_code == 0, again.output
    assert (await balances(harness, ann))[0] == 100


@pytest.mark.usefixtures("_operator")
@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("old.txt", (), "must end in .csv"),
        ("old.csv", ("--kind", "stamps"), "is no kind of rows"),
        ("old.csv", (), "Unknown: 'stamps'"),
        ("absent.csv", (), "cannot be read"),
    ],
)
async def test_what_is_wrong_is_said(
    tmp_path: Path, name: str, options: tuple[str, ...], said: str
) -> None:
    for file in ("old.txt", "old.csv"):
        (tmp_path / file).write_text("stamps\n1\n")
    answer = await run(tmp_path / name, *options)
    assert isinstance(answer.exception, OperatorError)
    assert said in str(answer.exception)


@pytest.mark.usefixtures("_operator")
async def test_one_that_keeps_failing_is_named_and_goes_on_later(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rules, "RETRIES", ())
    ann, file = await named(harness, "C-1"), tmp_path / "old.csv"
    file.write_text("external_id,points\nC-1,13\n")
    await execute(harness, "ALTER TABLE entries ADD CONSTRAINT unlucky CHECK (points <> 13)")
    try:
        said = await run(file)
    finally:
        await execute(harness, "ALTER TABLE entries DROP CONSTRAINT unlucky")
    assert isinstance(said.exception, OperatorError)
    assert "was stopped behind row 0, as that fails with IntegrityError" in str(said.exception)
    again = await run(file)
    assert again.exit_code == 0, again.output
    assert (await balances(harness, ann))[0] == 13
