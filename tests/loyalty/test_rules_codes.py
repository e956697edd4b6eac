"""Codes: reading them, making them up."""

import pytest

from services.loyalty.rules.codes import ALPHABET, BadLine, generated, is_ours, normal, read_lines


@pytest.mark.parametrize(
    ("line", "ours", "code"),
    [
        pytest.param("spring10", True, "SPRING10", id="ours are capitals"),
        pytest.param(" AB-12 , 5 EUR", True, "AB-12", id="the first column"),
        pytest.param('"AB,12x",x', False, "AB,12x", id="quoted"),
        pytest.param("aB+/9==\r", False, "aB+/9==", id="theirs stay as they are"),
        pytest.param("abc", True, None, id="too short for ours"),
        pytest.param("two words", False, None, id="spaces inside"),
        pytest.param("x" * 101, False, None, id="too long"),
        pytest.param(f'"{"x" * 200_000}"', False, None, id="a cell longer than any reader takes"),
        pytest.param('"open', False, "open", id="a quote that does not close"),
    ],
)
def test_a_line(line: str, *, ours: bool, code: str | None) -> None:
    [read] = read_lines([line], 7, ours=ours)
    if code is None:
        assert isinstance(read, BadLine)
        assert read.line == 7
    else:
        assert read == (7, code)


def test_headings_and_empty_lines_say_nothing() -> None:
    assert list(read_lines(["code,value", "", "  ", "A-123"], 1, ours=True)) == [(4, "A-123")]
    assert list(read_lines(["CODE"], 5, ours=True)) == [(5, "CODE")]


def test_made_up_codes_are_of_letters_nobody_mistakes() -> None:
    codes = generated(1000, "TEA-", 10)
    assert len(set(codes)) == 1000
    assert all(code.startswith("TEA-") and len(code) == 14 and is_ours(code) for code in codes)
    assert {c for code in codes for c in code[4:]} <= set(ALPHABET.decode())


def test_members_type_codes_as_they_like() -> None:
    assert normal(" spring10 ") == "SPRING10"
