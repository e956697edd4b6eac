"""The book: entries, lots and balances, against a reference that keeps every single point."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import (
    LARGEST,
    Account,
    Claim,
    Kind,
    Lot,
    LotState,
    Memo,
    PointsOverflowError,
    PointType,
    Source,
    Terms,
    Wallet,
    WalletKey,
)
from services.loyalty.rules.merges import merge
from services.loyalty.rules.settling import release, settle

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = WalletKey(UUID(int=1), PointType.POINTS)
OTHER = WalletKey(UUID(int=2), PointType.POINTS)
FOR_A_YEAR = Terms(valid_days=365)
FOR_A_WEEK = Terms(valid_days=7)
ON_DELIVERY = Terms(awaits_delivery=True, valid_days=365)


def ids() -> Iterator[UUID]:
    return (UUID(int=n) for n in count(1))


def new_book(*wallets: Wallet) -> Book:
    numbered = ids()
    return Book(wallets or [Wallet(key=KEY)], now=START, new_id=lambda: next(numbered))


def because_of(source_id: str, leg: str = "earn", rule_key: str = "order") -> Memo:
    return Memo(claim=Claim(Source("order", source_id), rule_key, leg), at=START)


def earned(book: Book, source_id: str, points: int, terms: Terms = FOR_A_YEAR) -> Lot:
    return book.lots[book.earn(KEY, points, terms, because_of(source_id)).id]


def balances(book: Book, key: WalletKey = KEY) -> tuple[int, int, int]:
    wallet = book.wallets[key]
    return wallet.available, wallet.pending, wallet.debt


def test_points_are_available_at_once_unless_they_wait() -> None:
    book = new_book()
    earned(book, "A", 100)
    earned(book, "B", 50, ON_DELIVERY)
    assert balances(book) == (100, 50, 0)


def test_what_was_written_is_never_written_again() -> None:
    book = new_book()
    earned(book, "A", 100)
    with pytest.raises(ValueError, match="written before"):
        earned(book, "A", 100)


def test_nothing_earned_is_remembered_too() -> None:
    book = new_book()
    entry = book.earn(KEY, 0, FOR_A_YEAR, because_of("A"))
    assert (entry.points, entry.version, book.lots) == (0, 1, {})
    assert entry.memo.claim in book.claims


def test_the_lots_that_expire_soonest_are_spent_first() -> None:
    book = new_book()
    forever = earned(book, "A", 10, Terms())
    year = earned(book, "B", 10)
    week = earned(book, "C", 10, FOR_A_WEEK)
    book.debit(KEY, 15, because_of("R", "spend"))
    assert (week.remaining, year.remaining, forever.remaining) == (0, 5, 10)


def test_of_lots_that_expire_together_the_oldest_is_spent_first() -> None:
    book = new_book()
    first, second = earned(book, "A", 10), earned(book, "B", 10)
    book.debit(KEY, 10, because_of("R", "spend"))
    assert (first.remaining, second.remaining) == (0, 10)


def test_a_debit_beyond_the_lots_at_hand_is_refused() -> None:
    book = new_book()
    earned(book, "A", 10)
    with pytest.raises(ValueError, match="lack 5 points"):
        book.debit(KEY, 15, because_of("R", "spend"))


def test_delivery_makes_points_available_and_their_validity_begin() -> None:
    book = new_book()
    lot = earned(book, "A", 50, ON_DELIVERY)
    book.now += 30 * DAY
    release(book, lot)
    assert balances(book) == (50, 0, 0)
    assert lot.due_at == START + (30 + 365) * DAY
    release(book, lot)
    assert len(book.entries) == 2


def test_after_delivery_the_return_window_may_have_to_pass() -> None:
    book = new_book()
    lot = earned(book, "A", 50, Terms(awaits_delivery=True, pending_days=14, valid_days=365))
    release(book, lot)
    assert balances(book) == (0, 50, 0)
    book.now += 14 * DAY
    settle(book)
    assert balances(book) == (50, 0, 0)


def test_points_expire_as_of_the_moment_they_were_due() -> None:
    book = new_book()
    lot = earned(book, "A", 50, FOR_A_WEEK)
    book.now += 30 * DAY
    settle(book)
    assert balances(book) == (0, 0, 0)
    assert book.entries[-1].kind is Kind.EXPIRE
    assert book.entries[-1].memo.at == START + 7 * DAY
    assert (lot.expired, book.wallets[KEY].due_at) == (50, None)


def test_looking_rarely_ends_where_looking_often_does() -> None:
    often, rarely = new_book(), new_book()
    for book in (often, rarely):
        earned(book, "A", 50, Terms(pending_days=3, valid_days=5))
        earned(book, "B", 7, FOR_A_WEEK)
    for _ in range(20):
        often.now += DAY
        settle(often)
    rarely.now += 20 * DAY
    settle(rarely)
    assert balances(often) == balances(rarely) == (0, 0, 0)
    assert Counter(e.kind for e in often.entries) == Counter(e.kind for e in rarely.entries)


@pytest.mark.parametrize(
    ("terms", "spent", "taken_back", "expected"),
    [
        pytest.param(ON_DELIVERY, 0, 40, (20, 60, 0), id="pending points are taken while pending"),
        pytest.param(FOR_A_YEAR, 0, 40, (80, 0, 0), id="available ones from what is available"),
        pytest.param(FOR_A_YEAR, 110, 40, (0, 0, 30), id="what has been spent is owed"),
        pytest.param(FOR_A_YEAR, 90, 25, (5, 0, 0), id="other points help out first"),
        pytest.param(FOR_A_YEAR, 0, 500, (20, 0, 0), id="never more than was earned"),
    ],
)
def test_taking_back(
    terms: Terms, spent: int, taken_back: int, expected: tuple[int, int, int]
) -> None:
    book = new_book()
    lot = earned(book, "A", 100, terms)
    earned(book, "B", 20)
    if spent:
        book.debit(KEY, spent, because_of("R", "spend"))
    book.claw_back(lot, taken_back, because_of("A", "return"))
    assert balances(book) == expected


def test_what_is_owed_is_paid_by_the_next_points() -> None:
    book = new_book()
    lot = earned(book, "A", 100)
    book.debit(KEY, 100, because_of("R", "spend"))
    book.claw_back(lot, 100, because_of("A", "return"))
    earned(book, "B", 70)
    assert balances(book) == (0, 0, 30)
    earned(book, "C", 70)
    assert balances(book) == (40, 0, 0)


def test_points_that_expired_are_not_taken_back_as_well() -> None:
    book = new_book()
    lot = earned(book, "A", 100, FOR_A_WEEK)
    book.debit(KEY, 30, because_of("R", "spend"))
    book.now += 30 * DAY
    settle(book)
    book.claw_back(lot, 100, because_of("A", "return"))
    assert balances(book) == (0, 0, 30)


def test_a_balance_no_reader_could_hold_is_refused() -> None:
    book = new_book(Wallet(key=KEY, available=LARGEST))
    with pytest.raises(PointsOverflowError):
        earned(book, "A", 1)


def test_a_merged_members_points_go_on_with_their_terms() -> None:
    book = new_book(Wallet(key=KEY), Wallet(key=OTHER))
    lot = earned(book, "A", 100)
    earned(book, "B", 50, ON_DELIVERY)
    book.debit(KEY, 30, because_of("R", "spend"))
    merge(book, KEY, OTHER)
    assert (balances(book), balances(book, OTHER)) == ((0, 0, 0), (70, 50, 0))
    [moved] = book.lots_from(lot.source)
    assert (moved.key, moved.due_at, moved.original) == (OTHER, lot.due_at, 100)
    book.claw_back(moved, 100, because_of("A", "return"))
    assert balances(book, OTHER) == (0, 50, 30)


def test_a_merged_members_debt_is_paid_by_who_goes_on() -> None:
    book = new_book(Wallet(key=KEY), Wallet(key=OTHER))
    lot = earned(book, "A", 100)
    book.debit(KEY, 100, because_of("R", "spend"))
    book.claw_back(lot, 100, because_of("A", "return"))
    book.earn(OTHER, 60, FOR_A_YEAR, because_of("B"))
    merge(book, KEY, OTHER)
    assert (balances(book), balances(book, OTHER)) == ((0, 0, 0), (0, 0, 40))


@dataclass
class Point:
    """One point of the reference: where it is, and until when."""

    lot: UUID
    state: str
    due_at: datetime | None

    @property
    def rank(self) -> tuple[bool, datetime, UUID]:
        return self.due_at is None, self.due_at or START, self.lot


class Ledger(RuleBasedStateMachine):
    """Any operations in any sequence leave the book as keeping each point by itself would."""

    def __init__(self) -> None:
        super().__init__()
        self.book = new_book()
        self.points: list[Point] = []
        self.owed = 0
        self.taken_back: Counter[UUID] = Counter()
        self.sources = count(1)

    def among(self, state: str) -> list[Point]:
        return sorted((p for p in self.points if p.state == state), key=lambda p: p.rank)

    def make_available(self, points: list[Point], due_at: datetime | None) -> None:
        for point in points:
            point.state, point.due_at = "active", due_at
            if self.owed:
                self.owed -= 1
                point.state = "repaid"

    @rule(points=st.integers(0, 30), days=st.none() | st.integers(1, 9))
    def earn(self, points: int, days: int | None) -> None:
        entry = self.book.earn(
            KEY, points, Terms(valid_days=days), because_of(str(next(self.sources)))
        )
        arrived = [Point(entry.id, "arriving", None) for _ in range(points)]
        self.points += arrived
        self.make_available(arrived, None if days is None else self.book.now + days * DAY)

    @rule(points=st.integers(1, 30))
    def earn_on_delivery(self, points: int) -> None:
        source = str(next(self.sources))
        entry = self.book.earn(
            KEY, points, Terms(awaits_delivery=True, valid_days=5), because_of(source)
        )
        self.points += [Point(entry.id, "pending", None) for _ in range(points)]

    @rule(points=st.integers(1, 30), days=st.integers(1, 4))
    def earn_for_later(self, points: int, days: int) -> None:
        terms = Terms(pending_days=days, valid_days=5)
        entry = self.book.earn(KEY, points, terms, because_of(str(next(self.sources))))
        due_at = self.book.now + days * DAY
        self.points += [Point(entry.id, "pending", due_at) for _ in range(points)]

    @precondition(lambda self: self.book.lots)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        lot = data.draw(st.sampled_from(list(self.book.lots.values())))
        waits = lot.state is LotState.AWAITING
        release(self.book, lot)
        if waits:
            points = [p for p in self.among("pending") if p.lot == lot.id]
            self.make_available(points, self.book.now + 5 * DAY)

    @rule(share=st.integers(1, 4))
    def spend(self, share: int) -> None:
        points = self.book.wallets[KEY].available // share
        self.book.debit(KEY, points, because_of(str(next(self.sources)), "spend"))
        for point in self.among("active")[:points]:
            point.state = "spent"

    @precondition(lambda self: self.book.lots)
    @rule(data=st.data(), points=st.integers(1, 40))
    def take_back(self, data: st.DataObject, points: int) -> None:
        lot = data.draw(st.sampled_from(list(self.book.lots.values())))
        mine = [p for p in self.points if p.lot == lot.id]
        of_no_use = sum(p.state == "expired" for p in mine)
        self.book.claw_back(lot, points, because_of(str(next(self.sources)), "return"))
        points = min(points, len(mine) - of_no_use - self.taken_back[lot.id])
        self.taken_back[lot.id] += points
        for _ in range(points):
            here = [p for p in mine if p.state in ("pending", "active")] or self.among("active")
            if here:
                here[0].state = "taken back"
            else:
                self.owed += 1

    @rule(days=st.integers(1, 6))
    def wait(self, days: int) -> None:
        for _ in range(days):
            self.book.now += DAY
            for point in self.among("pending"):
                if point.due_at and point.due_at <= self.book.now:
                    self.make_available([point], point.due_at + 5 * DAY)
            for point in self.among("active"):
                if point.due_at and point.due_at <= self.book.now:
                    point.state = "expired"
        settle(self.book)

    @invariant()
    def balances_are_what_the_points_say(self) -> None:
        pending, active = len(self.among("pending")), len(self.among("active"))
        assert balances(self.book) == (active, pending, self.owed)

    @invariant()
    def lots_hold_what_the_points_say(self) -> None:
        held = Counter(p.lot for p in self.points if p.state in ("pending", "active"))
        for lot in self.book.lots.values():
            assert lot.remaining == held[lot.id]
            assert 0 <= lot.remaining <= lot.remaining + lot.expired <= lot.original
            assert lot.reversed == self.taken_back[lot.id]

    @invariant()
    def postings_sum_to_zero_and_to_the_balances(self) -> None:
        sums: Counter[Account] = Counter()
        for number, entry in enumerate(self.book.entries, 1):
            assert sum(entry.postings.values()) == 0
            sums.update(entry.postings)
            assert entry.version == number
            assert (entry.available, entry.pending, entry.debt) == (
                sums[Account.AVAILABLE],
                sums[Account.PENDING],
                -sums[Account.DEBT],
            )

    @invariant()
    def moves_explain_every_lot(self) -> None:
        moved: Counter[UUID] = Counter()
        for move in self.book.moves:
            moved[move.lot_id] += move.points
        for lot in self.book.lots.values():
            assert lot.original + moved[lot.id] == lot.remaining

    @invariant()
    def nothing_is_available_while_anything_is_owed(self) -> None:
        available, _, debt = balances(self.book)
        assert not (available and debt)

    @invariant()
    def no_lot_is_due_before_its_wallet(self) -> None:
        dues = [lot.due_at for lot in self.book.lots.values() if lot.remaining and lot.due_at]
        due_at = self.book.wallets[KEY].due_at
        assert not dues or (due_at is not None and due_at <= min(dues))


Ledger.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
test_any_sequence_of_operations = Ledger.TestCase
