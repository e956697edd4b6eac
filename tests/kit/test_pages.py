"""Pages of what is at hand whole, and of what a rule picks from."""

from collections.abc import Sequence

import pytest

from kit.pages import BadCursor, Page, encode_cursor, page_of, sifted

NAMES = ["birch", "alder", "elm", "cedar", "date"]


def walked(names: Sequence[str], limit: int) -> list[list[str]]:
    """Every page, from the first."""
    pages, cursor = [], None
    while True:
        shown: Page[str] = page_of(
            names, limit, cursor, str, lambda name: (len(name), name), int, str
        )
        pages.append(shown.items)
        cursor = shown.next_cursor
        if cursor is None:
            return pages


@pytest.mark.parametrize(
    ("limit", "pages"),
    [
        (1, [["elm"], ["date"], ["alder"], ["birch"], ["cedar"]]),
        (2, [["elm", "date"], ["alder", "birch"], ["cedar"]]),
        (5, [["elm", "date", "alder", "birch", "cedar"]]),
        (200, [["elm", "date", "alder", "birch", "cedar"]]),
    ],
)
def test_a_whole_list_is_given_in_pages(limit: int, pages: list[list[str]]) -> None:
    assert walked(NAMES, limit) == pages


def test_an_empty_list_has_one_empty_page() -> None:
    assert walked([], 1) == [[]]


def test_what_goes_between_two_pages_moves_nothing_else() -> None:
    first: Page[str] = page_of(NAMES, 2, None, str, lambda name: (name,), str)
    assert first.items == ["alder", "birch"]
    left = [name for name in NAMES if name not in first.items]
    second: Page[str] = page_of(left, 2, first.next_cursor, str, lambda name: (name,), str)
    assert second.items == ["cedar", "date"]


@pytest.mark.parametrize("cursor", ["x", encode_cursor("a", "b"), encode_cursor("a\x00")])
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        page_of(NAMES, 2, cursor, str, lambda name: (name,), str)


class Numbers:
    """The numbers up to a hundred thousand, and how often they were read."""

    def __init__(self) -> None:
        self.reads = 0

    async def read(self, after: int | None, most: int) -> Sequence[int]:
        self.reads += 1
        first = 0 if after is None else after + 1
        return range(first, min(first + most, 100_000))


@pytest.mark.parametrize(
    ("after", "wanted", "found"),
    [
        pytest.param(None, 3, [0, 700, 1400], id="from the first"),
        pytest.param(700, 2, [1400, 2100], id="behind a place"),
        pytest.param(99_000, 5, [99_400], id="at the end there are fewer"),
        pytest.param(99_400, 5, [], id="behind the last there are none"),
    ],
)
async def test_what_a_rule_admits_is_found_however_far_apart_it_lies(
    after: int | None, wanted: int, found: list[int]
) -> None:
    numbers = Numbers()

    def position(number: int) -> int:
        return number

    def admits(number: int) -> bool:
        return number % 700 == 0

    assert await sifted(numbers.read, admits, position, after, wanted) == found


async def test_no_more_is_read_than_it_takes() -> None:
    numbers = Numbers()
    assert await sifted(numbers.read, lambda _: True, lambda n: n, None, 50) == list(range(50))
    assert numbers.reads == 1
