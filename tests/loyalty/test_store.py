"""What the database keeps, reading only the lots it needs, is what one book in memory keeps."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness
from services.loyalty.actions.adjustments import Adjustment, adjust_points
from services.loyalty.actions.wallets import settled_standing
from services.loyalty.rules.book import Book
from services.loyalty.rules.ledger import (
    Claim,
    Kind,
    Memo,
    PointType,
    Source,
    Terms,
    Wallet,
    WalletKey,
)
from services.loyalty.rules.settling import settle
from tests.loyalty.members import execute, proved, with_points

START = datetime(2026, 3, 2, tzinfo=UTC)


class Twins:
    """One member's points in the database, and the same in a book that holds every lot."""

    def __init__(self, harness: Harness, caller: Caller) -> None:
        self.harness = harness
        self.key = WalletKey(caller.member_id, PointType.POINTS)
        self.book = Book([Wallet(key=self.key)], now=START, new_id=uuid7)

    async def adjust(self, points: int, valid_days: int | None) -> None:
        settle(self.book)
        points = max(points, -self.book.wallets[self.key].available)
        if points == 0:
            return
        adjustment = Adjustment(
            key=uuid7(),
            point_type=PointType.POINTS,
            points=points,
            valid_days=valid_days,
            reason="chance",
            actor="test",
        )
        memo = Memo(claim=Claim(Source("adjustment", str(adjustment.key)), "", ""), at=START)
        if points > 0:
            self.book.earn(self.key, points, Terms(valid_days=valid_days), memo, Kind.ADJUST)
        else:
            self.book.debit(self.key, -points, memo, Kind.ADJUST)
        async with self.harness.transaction() as session:
            await adjust_points(session, self.key.member_id, adjustment, self.book.now)

    async def look(self) -> None:
        settle(self.book)
        async with self.harness.transaction() as session:
            stands = await settled_standing(session, self.key.member_id, self.book.now)
        assert stands.points == self.book.wallets[self.key]

    async def agree(self) -> None:
        columns = "original, remaining, expired, due_at"
        kept = await execute(self.harness, f"SELECT {columns} FROM lots ORDER BY id")
        held = sorted(self.book.lots.values(), key=lambda lot: lot.id)
        assert [tuple(row) for row in kept] == [
            (lot.original, lot.remaining, lot.expired, lot.due_at) for lot in held
        ]


@pytest.mark.parametrize("seed", range(6))
async def test_partial_reading_changes_nothing(harness: Harness, seed: int) -> None:
    chance = random.Random(seed)
    twins = Twins(harness, await with_points(harness, 0))
    for _ in range(40):
        twins.book.now += timedelta(days=chance.choice([0, 0, 1, 5]))
        points = chance.choice([-1, 1]) * chance.randint(1, 30)
        await twins.adjust(points, chance.choice([None, 3, 10, 30]))
        if chance.random() < 0.3:
            await twins.look()
    await twins.look()
    await twins.agree()
    await proved(harness)
