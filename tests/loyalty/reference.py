"""A small ledger to compare the real one with: lots in memory, no database, no entries, one thread.

It knows nothing of the service. A household is an owner like a member; `home` says who shares its
wallet. Lots are consumed in the order they expire, then in that in which they came to be.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

NEVER = datetime(9999, 1, 1)  # noqa: DTZ001  (the reference's moments are all UTC)
YEAR = timedelta(days=365)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Terms:
    """How points behave: what is taken back that is spent, and when what has no date expires."""

    clawback: str = "allow_debt"
    monthly: bool = False
    idle_days: int | None = None


def _day_of(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(eq=False)
class Hold:
    number: int
    owner: str
    left: int
    ends: datetime
    parts: dict["Lot", int] = field(default_factory=dict)


@dataclass(eq=False)
class Lot:
    number: int
    owner: str
    by: str
    original: int
    left: int
    due: datetime
    pending: bool = False
    reversed: int = 0
    expired: int = 0

    @property
    def rank(self) -> tuple[datetime, int]:
        return self.due, self.number


@dataclass(eq=False)
class Capture:
    """What was spent, by whom, of which lots: the youngest first."""

    by: str
    points: int
    took: list[tuple[Lot, int]]
    refunded: int = 0


class Reference:
    def __init__(self, now: datetime, terms: Terms) -> None:
        self.now = self.today = now
        self.terms = terms
        self.idle: dict[str, datetime] = {}
        self.lots: list[Lot] = []
        self.holds: list[Hold] = []
        self.debts: dict[str, int] = {}
        self.households: dict[str, str] = {}
        self.numbers = count(1)

    def home(self, member: str) -> str:
        return self.households.get(member, member)

    def stands(self, owner: str) -> tuple[int, int, int, int]:
        """Available, pending, held and owed."""
        mine = [lot for lot in self.lots if lot.owner == owner]
        held = sum(hold.left for hold in self.holds if hold.owner == owner)
        pending = sum(lot.left for lot in mine if lot.pending)
        return self.available(owner), pending, held, self.debts.get(owner, 0)

    def available(self, owner: str) -> int:
        return sum(lot.left for lot in self.active(owner))

    def active(self, owner: str) -> list[Lot]:
        mine = (lot for lot in self.lots if lot.owner == owner and not lot.pending)
        return sorted(mine, key=lambda lot: lot.rank)

    def wrote(self, owner: str, *, active: bool = False) -> None:
        """An entry was written: what a member does keeps their points for as many days again."""
        if self.terms.idle_days and (active or owner not in self.idle):
            self.idle[owner] = _day_of(self.today + (self.terms.idle_days + 1) * DAY)

    def due(self, start: datetime, days: int | None) -> datetime:
        """When points expire that became available at `start`, good for so many days."""
        due = NEVER if days is None else start + days * DAY
        if not self.terms.monthly:
            return due
        first = _day_of(start if days is None else due).replace(day=1)
        return (first + 31 * DAY).replace(day=1)

    def earn(self, member: str, points: int, days: int | None) -> Lot:
        self.wrote(self.home(member))
        lot = self.add(self.home(member), member, points, self.due(self.now, days))
        self.repay(lot.owner, [lot])
        return lot

    def order(self, member: str, points: int) -> Lot:
        self.wrote(self.home(member), active=True)
        return self.add(self.home(member), member, points, NEVER, pending=True)

    def add(self, owner: str, by: str, points: int, due: datetime, *, pending: bool = False) -> Lot:
        lot = Lot(next(self.numbers), owner, by, points, points, due, pending)
        self.lots.append(lot)
        return lot

    def deliver(self, lot: Lot) -> None:
        if lot.pending and lot.left:
            self.wrote(lot.owner)
            lot.pending, lot.due = False, self.due(self.now, YEAR.days)
            self.repay(lot.owner, [lot])

    def repay(self, owner: str, lots: list[Lot]) -> None:
        """What is owed is paid from `lots`."""
        for lot in lots:
            paid = min(lot.left, self.debts.get(owner, 0))
            lot.left -= paid
            self.debts[owner] = self.debts.get(owner, 0) - paid

    def take(self, owner: str, points: int) -> dict[Lot, int]:
        parts: dict[Lot, int] = {}
        for lot in self.active(owner):
            if part := min(lot.left, points):
                lot.left -= part
                points -= part
                parts[lot] = part
        assert points == 0
        return parts

    def lose(self, member: str, points: int) -> None:
        self.wrote(self.home(member))
        self.take(self.home(member), points)

    def claw_back(self, lot: Lot, points: int) -> None:
        points = max(0, min(points, lot.original - lot.reversed - lot.expired))
        if not points:
            return
        self.wrote(lot.owner)
        lot.reversed += points
        if lot.pending:
            lot.left -= points
            return
        if self.terms.clawback == "pending_only":
            return
        own = min(lot.left, points, self.available(lot.owner))
        lot.left -= own
        rest = min(points - own, self.available(lot.owner))
        self.take(lot.owner, rest)
        if self.terms.clawback == "allow_debt":
            self.debts[lot.owner] = self.debts.get(lot.owner, 0) + points - own - rest

    def hold(self, member: str, points: int, ends: datetime) -> Hold:
        self.wrote(self.home(member), active=True)
        parts = self.take(self.home(member), points)
        hold = Hold(next(self.numbers), self.home(member), points, ends, parts)
        self.holds.append(hold)
        return hold

    def capture(self, hold: Hold, member: str, points: int) -> Capture:
        self.wrote(hold.owner, active=True)
        took = []
        for lot in sorted(hold.parts, key=lambda lot: lot.rank):
            part = min(hold.parts[lot], points - sum(n for _, n in took))
            hold.parts[lot] -= part
            took.append((lot, part))
        hold.left -= points
        took.sort(key=lambda each: -each[0].number)
        return Capture(member, points, took)

    def void(self, hold: Hold, at: datetime) -> None:
        if hold.left:
            self.wrote(hold.owner)
        for lot, part in hold.parts.items():
            self.put_back(lot, part, at)
        hold.left, hold.parts = 0, {}
        self.repay(hold.owner, self.active(hold.owner))
        self.expire(self.now)

    def put_back(self, lot: Lot, points: int, at: datetime) -> None:
        lot.left += points
        lot.due = max(at, lot.due)

    def refund(self, capture: Capture, points: int) -> None:
        home, skip = self.home(capture.by), capture.refunded
        capture.refunded += points
        foreign = []
        self.wrote(home)
        for lot, taken in capture.took:
            part = min(max(0, taken - skip), points)
            skip = max(0, skip - taken)
            points -= part
            if lot.owner == home:
                self.put_back(lot, part, self.now)
            elif part:
                foreign.append((lot.due, part))
        self.repay(home, self.active(home))
        for due, part in foreign:
            self.repay(home, [self.add(home, capture.by, part, due)])
        self.expire(self.now)

    def give(self, giver: str, taker: str, points: int) -> None:
        home = self.home(taker)
        self.wrote(self.home(giver))
        self.wrote(home)
        for lot, part in self.take(self.home(giver), points).items():
            self.repay(home, [self.add(home, taker, part, lot.due)])

    def join(self, member: str, household: str) -> None:
        self.households[member] = household
        self.move([lot for lot in self.lots if lot.owner == member], household, member)
        for hold in self.holds:
            hold.owner = household if hold.owner == member else hold.owner
        self.move_debt(member, household)

    def merge(self, absorbed: str, survivor: str) -> None:
        """All that one has goes on in the wallet of the other."""
        home = self.home(survivor)
        self.move([lot for lot in self.lots if lot.owner == absorbed], home, survivor)
        for hold in self.holds:
            hold.owner = home if hold.owner == absorbed else hold.owner
        self.move_debt(absorbed, home)

    def leave(self, member: str, *, last: bool) -> None:
        household = self.households.pop(member)
        held = {lot for hold in self.holds if hold.left for lot in hold.parts if hold.parts[lot]}
        there = [lot for lot in self.lots if lot.owner == household]
        mine = [lot for lot in there if last or (lot.by == member and lot not in held)]
        self.move(mine, member, member)
        if last:
            for hold in self.holds:
                hold.owner = member if hold.owner == household else hold.owner
            self.move_debt(household, member)

    def move(self, lots: list[Lot], owner: str, by: str) -> None:
        for lot in sorted(lots, key=lambda lot: lot.rank):
            held = any(hold.parts.get(lot) for hold in self.holds)
            if lot.original - lot.reversed - lot.expired or lot.left or held:
                self.wrote(lot.owner)
                self.wrote(owner)
                lot.owner, lot.by, lot.number = owner, by, next(self.numbers)
                if not lot.pending:
                    self.repay(owner, [lot])

    def move_debt(self, debtor: str, heir: str) -> None:
        owed = self.debts.pop(debtor, 0)
        if owed:
            self.wrote(debtor)
            self.wrote(heir)
        paid = min(owed, self.available(heir))
        self.take(heir, paid)
        self.debts[heir] = self.debts.get(heir, 0) + owed - paid

    def extend(self, member: str, until: datetime) -> None:
        self.wrote(self.home(member))
        for lot in self.active(self.home(member)):
            if lot.left and lot.due < until:
                lot.due = until

    def wait(self, until: datetime) -> None:
        self.today = until
        for at, hold in self.ending(until):
            self.expire(at)
            self.now = at
            self.void(hold, at)
        self.now = until
        self.expire(until)
        for owner in [owner for owner, at in self.idle.items() if at <= until]:
            self.expire_lots([lot for lot in self.active(owner) if lot.due == NEVER])
            del self.idle[owner]

    def ending(self, until: datetime) -> Iterator[tuple[datetime, Hold]]:
        ending = sorted((hold.ends, hold.number, hold) for hold in self.holds if hold.left)
        return ((at, hold) for at, _, hold in ending if at <= until)

    def expire(self, at: datetime) -> None:
        self.expire_lots([lot for lot in self.lots if not lot.pending and lot.due <= at])

    def expire_lots(self, lots: list[Lot]) -> None:
        for lot in lots:
            if lot.left:
                self.wrote(lot.owner)
                lot.expired += lot.left
                lot.left = 0
