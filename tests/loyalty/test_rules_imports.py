"""Cutting files: a row has the number a spreadsheet shows, wherever the file is cut."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from services.loyalty.rules.imports import Format
from services.loyalty.rules.imports.files import BadFileError, Chunk, Cutter, Record, read, written

HEADER = "a,b,c,d,e,f,g\n"


def cut(file: str, part: int) -> tuple[Cutter, list[Chunk]]:
    cutter, content = Cutter(Format.CSV, most_rows=2), file.encode()
    chunks = [
        chunk
        for at in range(0, len(content), part)
        for chunk in cutter.feed(content[at : at + part])
    ]
    return cutter, [*chunks, *cutter.end()]


@given(st.text('x" ,;\n', max_size=60).map(lambda t: t.replace(";", "\r\n")), st.integers(1, 9))
def test_rows_are_numbered_as_a_reader_of_the_whole_file_numbers_them(rows: str, part: int) -> None:
    try:
        cutter, chunks = cut(HEADER + rows, part)
    except BadFileError as error:
        assert "quote" in str(error)  # noqa: PT017  (of what is cut at random, some is no file)
        return
    assert cutter.header is not None
    whole = list(csv.reader(io.StringIO(HEADER + rows, newline="")))
    found = [each for chunk in chunks for each in read(chunk, Format.CSV, cutter.header)]
    assert [each.row for each in found] == [
        number
        for number, cells in enumerate(whole, 1)
        if number > 1 and any(cell.strip() for cell in cells)
    ]


@given(st.lists(st.text("='+-@ab,\" ", min_size=1, max_size=8), min_size=1, max_size=7))
def test_what_is_written_is_read_as_it_was(cells: list[str]) -> None:
    """And no cell begins with what a spreadsheet would run."""
    cells = [cell.strip() or "x" for cell in cells]
    file = HEADER + written([cells])
    assert not any(
        cell.startswith(("=", "+", "-", "@")) for cell in list(csv.reader(io.StringIO(file)))[1]
    )
    cutter, chunks = cut(file, 5)
    assert cutter.header is not None
    [record] = [each for chunk in chunks for each in read(chunk, Format.CSV, cutter.header)]
    assert isinstance(record, Record)
    assert list(record.fields.values()) == cells
