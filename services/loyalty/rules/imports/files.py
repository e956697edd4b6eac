"""Files of rows: CSV (RFC 4180, and what spreadsheets make of it) and JSON lines.

A file is cut into chunks of whole rows as it comes, so that none is ever held in one piece. Rows
have the numbers a spreadsheet shows: the header of a CSV file is row 1.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from services.loyalty.rules.imports import Fault, Format

CHUNK_ROWS = 500
LONGEST_ROW = 16_384
"""Bytes."""
_DELIMITERS = (",", ";", "\t")
_CELL = rb'(?:"(?:[^"]|"")*+"[^%(d)b]*+|[^"%(d)b][^%(d)b]*+)?+'
_OPEN = {
    d: re.compile(
        rb"(?:" + _CELL % {b"d": d.encode()} + re.escape(d.encode()) + rb')*+"(?:[^"]|"")*+'
    )
    for d in _DELIMITERS
}
"""A row whose last cell has begun with a quote that nothing closes: a quote within a cell is none.
"""
_BOM = b"\xef\xbb\xbf"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


class BadFileError(ValueError):
    """A file that cannot be read as one of rows; says what would be right."""


class Chunk(NamedTuple):
    """Whole rows as they came."""

    first_row: int
    last_row: int
    lines: str


class Header(NamedTuple):
    delimiter: str
    columns: tuple[str, ...]


class Record(NamedTuple):
    """The fields of one row, by column; empty ones of a CSV file are left out."""

    row: int
    fields: dict[str, Any]


class Misread(NamedTuple):
    """A row that could not be read."""

    row: int
    fault: Fault


@dataclass(slots=True)
class Cutter:
    """Cuts a file, given in parts of any size, into its header and chunks of rows."""

    format: Format
    most_rows: int = CHUNK_ROWS
    header: Header | None = None
    rows: int = 0
    """Rows of the file that were given out, its header included."""
    _rest: bytes = b""
    _whole: list[bytes] = field(default_factory=list)
    _open: list[bytes] = field(default_factory=list)
    """The lines of a row whose quote has not been closed yet."""
    _begun: bool = False

    def feed(self, part: bytes) -> Iterator[Chunk]:
        """Take the next part; the chunks that are complete with it."""
        lines = (self._rest + part).split(b"\n")
        self._rest = lines.pop()
        self._measure(len(self._rest))
        for line in lines:
            yield from self._take(line)

    def end(self) -> Iterator[Chunk]:
        """The file has ended: what is left of it."""
        if self._rest:
            yield from self._take(self._rest)
        if self._open:
            raise BadFileError(f"Row {self.rows + len(self._whole) + 1} opens a quote for good.")
        if self._whole:
            yield self._cut()

    def _take(self, line: bytes) -> Iterator[Chunk]:
        if not self._begun:
            line, self._begun = line.removeprefix(_BOM), True
        self._open.append(line)
        whole = b"\n".join(self._open)
        self._measure(len(whole))
        if self.format is Format.CSV and self._goes_on(whole):
            return
        self._open = []
        if self.format is Format.CSV and self.header is None:
            self.header, self.rows = header_of(_text(whole)), 1
            return
        self._whole.append(whole)
        if len(self._whole) == self.most_rows:
            yield self._cut()

    def _cut(self) -> Chunk:
        first = self.rows + 1
        self.rows += len(self._whole)
        lines, self._whole = _text(b"\n".join(self._whole)), []
        return Chunk(first, self.rows, lines)

    def _goes_on(self, line: bytes) -> bool:
        """Whether a quoted cell goes on in the next line. Rows end here just where `read` ends one.

        Raises BadFileError of a carriage return alone, which would end a row there.
        """
        delimiter = self.header.delimiter if self.header else _delimiter_of(line.decode("latin-1"))
        if b'"' in line and _OPEN[delimiter].fullmatch(line):
            return True
        if b"\r" in line.removesuffix(b"\r") and _rows_in(line, delimiter) > 1:
            row = self.rows + len(self._whole) + 1
            raise BadFileError(
                f"Row {row} holds a carriage return alone: end lines with LF, or with CR and LF."
            )
        return False

    def _measure(self, size: int) -> None:
        if size > LONGEST_ROW:
            row = self.rows + len(self._whole) + 1
            raise BadFileError(
                f"Row {row} has over {LONGEST_ROW} bytes; is a quote open, or a line end missing?"
            )


def written(lines: Iterable[Iterable[object]]) -> str:
    """Rows as CSV (RFC 4180). A text that would be a formula gets an apostrophe before it.

    A file that comes back as an import says what it said: there the apostrophe goes again.
    """
    text = io.StringIO()
    csv.writer(text).writerows([_shielded(cell) for cell in line] for line in lines)
    return text.getvalue()


def _shielded(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _is_formula(cell) else cell


def _unshielded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    """Whether a cell is one, or was before it was shielded."""
    return cell.lstrip("'").startswith(_FORMULA)


def _delimiter_of(header: str) -> str:
    return max(_DELIMITERS, key=header.count)


def _rows_in(line: bytes, delimiter: str) -> int:
    text = io.StringIO(line.decode("latin-1"), newline="")
    return sum(1 for _ in csv.reader(text, delimiter=delimiter))


def header_of(line: str) -> Header:
    """The columns a header names, and what stands between them. Raises BadFileError."""
    delimiter = _delimiter_of(line)
    names = next(csv.reader([line.rstrip("\r")], delimiter=delimiter), [])
    columns = tuple(name.strip().lower() for name in names)
    if twice := sorted({name for name in columns if columns.count(name) > 1}):
        raise BadFileError(f"The header names a column twice: {', '.join(twice)}.")
    if not any(columns):
        raise BadFileError("The first row must be the header: the names of the columns.")
    return Header(delimiter, columns)


def read(chunk: Chunk, format_: Format, header: Header) -> Iterator[Record | Misread]:
    """The rows of a chunk. Empty ones say nothing."""
    if format_ is Format.JSONL:
        for row, line in enumerate(chunk.lines.split("\n"), chunk.first_row):
            if line.strip():
                yield _object(row, line)
        return
    text = io.StringIO(chunk.lines, newline="")
    for row, cells in enumerate(csv.reader(text, delimiter=header.delimiter), chunk.first_row):
        if any(cell.strip() for cell in cells):
            yield _cells(row, cells, header.columns)


def _cells(row: int, cells: Sequence[str], columns: Sequence[str]) -> Record | Misread:
    if len(cells) > len(columns):
        detail = (
            f"The row has {len(cells)} cells, and the header {len(columns)}; put quotes around"
            " what holds a delimiter."
        )
        return Misread(row, Fault(None, "too_many_cells", detail))
    named = zip(columns, cells, strict=False)
    return Record(row, {name: _unshielded(cell.strip()) for name, cell in named if cell.strip()})


def _object(row: int, line: str) -> Record | Misread:
    if "\\u0000" in line:
        return Misread(row, Fault(None, "nul_character", "Leave the character NUL (\\u0000) out."))
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Misread(row, Fault(None, "not_json", f"The line is not JSON: {error}."))
    if not isinstance(fields, dict):
        return Misread(
            row, Fault(None, "not_an_object", 'Each line is an object: {"points": 100}.')
        )
    return Record(row, {name: value for name, value in fields.items() if value not in (None, "")})


def _text(lines: bytes) -> str:
    try:
        text = lines.decode()
    except UnicodeDecodeError:
        raise BadFileError("Send the file as UTF-8 text.") from None
    if "\x00" in text:
        raise BadFileError("The file holds the character NUL; send UTF-8 text.")
    return text
