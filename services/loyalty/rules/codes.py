"""Codes: what a caller types, what a file holds, and making new ones nobody can guess."""

import csv
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

ALPHABET = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters nobody mistakes for one another on paper: no 0 and O, no 1 and I."""

LONGEST = 100
_OURS = re.compile(r"[A-Z0-9][A-Z0-9_-]{3,63}")
_THEIRS = re.compile(rf"[\x21-\x7e]{{1,{LONGEST}}}")
_FIVE_BITS = bytes(ALPHABET[number & 31] for number in range(256))


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of a file that holds no code, and why not."""

    line: int
    detail: str


def normal(code: str) -> str:
    """A code of ours as it is kept: members type it in any case, with spaces around it."""
    return code.strip().upper()


def is_ours(code: str) -> bool:
    """Whether a normal code has the form of ours: 4 to 64 capitals, digits, `-` and `_`."""
    return _OURS.fullmatch(code) is not None


def generated(count: int, prefix: str = "", length: int = 10) -> list[str]:
    """New random codes of `length` characters behind `prefix`; 5 bits of chance in each."""
    chance = secrets.token_bytes(count * length).translate(_FIVE_BITS).decode()
    return [f"{prefix}{chance[n : n + length]}" for n in range(0, count * length, length)]


def read_lines(
    lines: Iterable[str], first_line: int, *, ours: bool
) -> Iterator[tuple[int, str] | BadLine]:
    """The codes of CSV lines, the first column of each, with the line's number; or what is wrong.

    Empty lines say nothing, and neither does a first line that reads `code`.
    """
    for number, line in enumerate(lines, first_line):
        code = _first_column(line)
        if not code or (number == 1 and code.lower() == "code"):
            continue
        if ours:
            code = normal(code)
        if is_ours(code) if ours else _THEIRS.fullmatch(code):
            yield number, code
        else:
            yield BadLine(number, _what_is_right(ours=ours))


def _first_column(line: str) -> str:
    """The first column of one line; a quote that does not close ends with its line."""
    if '"' not in line:
        return line.partition(",")[0].strip()
    try:
        row = next(csv.reader([line]), [])
    except csv.Error:  # a cell longer than the reader takes, and so than any code
        return line.strip()
    return row[0].strip() if row else ""


def _what_is_right(*, ours: bool) -> str:
    if ours:
        return "A code is 4 to 64 of A-Z, 0-9, - and _, beginning with a letter or digit."
    return f"A code is 1 to {LONGEST} printable ASCII characters without spaces."
