"""`make audit` never says that all is well when it could not ask."""

import pytest

from deploy.audit import CLEAN, FOUND, UNKNOWN, verdict


@pytest.mark.parametrize(
    ("status", "output", "expected"),
    [
        pytest.param(0, "No known vulnerabilities found", CLEAN, id="nothing is known"),
        pytest.param(1, "Found 2 known vulnerabilities in 1 package", FOUND, id="something is"),
        pytest.param(1, "requests.exceptions.ConnectionError: no route", UNKNOWN, id="no answer"),
        pytest.param(2, "error: Failed to fetch pip-audit", UNKNOWN, id="no auditor"),
        pytest.param(-9, "", UNKNOWN, id="killed"),
    ],
)
def test_only_an_answer_is_an_answer(status: int, output: str, expected: int) -> None:
    assert verdict(status, output) == expected
