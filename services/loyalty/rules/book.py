"""The book: where a piece of work writes entries in the wallets it has locked.

After every entry the wallet's version is one higher, `available` is what its active lots hold,
`pending` what its other lots hold, `held` what is set aside of its lots, no balance is negative,
and nothing is available while anything is owed. Debits consume the lots that expire soonest.

What must be taken back and is no longer there is dealt with by the point type's policy; usually it
is owed (`debt`), and the next points to arrive pay it. Clamping at zero instead lets a member
order, spend the points, return the order, and do so again for ever.

Here is what the book itself can do; holds, refunds, transfers and households are functions of a
book, each in a module of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.loyalty.rules.ledger import (
    COUNTERPART,
    LARGEST,
    Account,
    Claim,
    Entry,
    Hold,
    HoldState,
    Kind,
    Lot,
    LotState,
    Memo,
    Move,
    PointsOverflowError,
    Source,
    Terms,
    Wallet,
    WalletKey,
)

_NEVER = datetime.max.replace(tzinfo=UTC)


class Book:
    """Locked wallets with the lots at hand, and the entries written since it was opened."""

    def __init__(
        self, wallets: Iterable[Wallet], *, now: datetime, new_id: Callable[[], UUID]
    ) -> None:
        self.now = now
        self.wallets = {wallet.key: wallet for wallet in wallets}
        self.lots: dict[UUID, Lot] = {}
        self.holds: dict[UUID, Hold] = {}
        self.claims: set[Claim] = set()
        self.entries: list[Entry] = []
        self.changed_wallets: set[WalletKey] = set()
        self.changed_lots: set[UUID] = set()
        self.changed_holds: set[UUID] = set()
        self._new_id = new_id
        self._lots_of: defaultdict[WalletKey | Source, list[Lot]] = defaultdict(list)
        self._moved: defaultdict[tuple[UUID, UUID], list[int]] = defaultdict(lambda: [0, 0])

    @property
    def moves(self) -> list[Move]:
        """What each entry has put into, and taken out of, each lot."""
        return [
            Move(entry_id, lot_id, points, held)
            for (entry_id, lot_id), (points, held) in self._moved.items()
            if points or held
        ]

    def bring(self, lots: Iterable[Lot]) -> None:
        """Bring lots to hand; those that are already stay as they have become."""
        for lot in lots:
            if lot.id not in self.lots:
                self.lots[lot.id] = lot
                self._lots_of[lot.key].append(lot)
                self._lots_of[lot.source].append(lot)

    def bring_holds(self, holds: Iterable[Hold]) -> None:
        """Bring holds to hand, whose lots must be; those that are already stay as they are."""
        for hold in holds:
            self.holds.setdefault(hold.id, hold)

    def lots_from(self, source: Source) -> list[Lot]:
        """The lots that `source` made, where they are now."""
        return [lot for lot in self._lots_of[source] if lot.state is not LotState.MOVED]

    def lots_in(self, key: WalletKey) -> list[Lot]:
        """The lots of a wallet: the soonest to expire first, then the oldest."""
        return sorted(
            (lot for lot in self._lots_of[key] if lot.state is not LotState.MOVED), key=soonest
        )

    def holds_in(self, key: WalletKey) -> list[Hold]:
        """The open holds of a wallet."""
        return [
            hold for hold in self.holds.values() if hold.key == key and hold.state is HoldState.OPEN
        ]

    def earn(
        self,
        key: WalletKey,
        points: int,
        terms: Terms,
        memo: Memo,
        kind: Kind = Kind.EARN,
    ) -> Entry:
        """Credit `points` as a new lot, first paying what is owed.

        Nothing earned is an entry too: it keeps the claim from being paid another time.
        """
        state, due_at = _beginning(terms, self.now)
        return self.credit(key, points, memo, kind=kind, terms=terms, state=state, due_at=due_at)

    def credit(
        self,
        key: WalletKey,
        points: int,
        memo: Memo,
        *,
        kind: Kind,
        terms: Terms,
        state: LotState,
        due_at: datetime | None,
    ) -> Entry:
        """Put `points` into a wallet as a new lot, as it stands: in a state and until a moment."""
        entry = self.write(key, kind, memo, self.arriving(key, points, state))
        if points:
            lot = _lot_of(entry, points, terms, state)
            self.bring([lot])
            self.set_due(lot, due_at)
            self.take(entry, lot, entry.postings.get(Account.DEBT, 0))
        return entry

    def debit(self, key: WalletKey, points: int, memo: Memo, kind: Kind = Kind.SPEND) -> Entry:
        """Take available points, of the lots that expire soonest."""
        entry = self.write(key, kind, memo, {Account.AVAILABLE: -points})
        self.consume(entry, points)
        return entry

    def claw_back(self, lot: Lot, points: int, memo: Memo) -> Entry | None:
        """Take back `points` earned as `lot`: from it, then from other lots, and the rest is owed.

        What the point type's policy does not let be owed is waived. None if nothing is left to
        take back.
        """
        points = min(points, lot.reversible)
        if points <= 0:
            return None
        account, there = self._to_take_back(lot)
        paid = min(points, there)
        owed = self.wallets[lot.key].can_owe(points - paid)
        postings = {account: -paid, Account.DEBT: -owed}
        entry = self.write(lot.key, Kind.REVERSE, memo, postings)
        lot.reversed += points
        lot.waived += points - paid - owed
        self.changed_lots.add(lot.id)
        self.consume(entry, paid - self.take(entry, lot, paid))
        return entry

    def release(self, lot: Lot) -> None:
        """What `lot` awaited has happened: activate it, or let its pending days begin."""
        if lot.state is not LotState.AWAITING or lot.remaining == 0:
            return
        if lot.terms.pending_days == 0:
            self._activate(lot, self.now)
        else:
            lot.state = LotState.MATURING
            self.set_due(lot, self.now + timedelta(days=lot.terms.pending_days))

    def settle(self) -> None:
        """Let what is due happen, as of then: lots become active or expire, holds time out.

        Of each wallet that is due, the lots and holds at hand must include those that are, and the
        next that will be.
        """
        for key in self.due():
            self._settle(self.wallets[key])

    def due(self) -> list[WalletKey]:
        """The wallets in which something is due."""
        return [key for key, wallet in self.wallets.items() if wallet.is_due(self.now)]

    def give_back(self, hold: Hold, memo: Memo, state: HoldState) -> Entry | None:
        """Return what is left of a hold to the lots it came from, and end it."""
        points = hold.remaining
        if points == 0:
            return None
        postings = self.arriving(hold.key, points, LotState.ACTIVE)
        entry = self.write(hold.key, Kind.VOID, memo, {**postings, Account.HELD: -points})
        for lot_id, part in hold.lots.items():
            self.put_aside(entry, self.lots[lot_id], -part)
            self.put_back(entry, self.lots[lot_id], part)
        self.consume(entry, entry.postings.get(Account.DEBT, 0))
        hold.lots = {}
        hold.released += points
        hold.state = HoldState.CAPTURED if hold.captured else state
        self.changed_holds.add(hold.id)
        return entry

    def arriving(self, key: WalletKey, points: int, state: LotState) -> dict[Account, int]:
        """The postings of `points` that come in: available ones pay debt first."""
        if state is not LotState.ACTIVE:
            return {Account.PENDING: points}
        repaid = min(points, self.wallets[key].debt)
        return {Account.AVAILABLE: points - repaid, Account.DEBT: repaid}

    def consume(self, entry: Entry, points: int) -> dict[UUID, int]:
        """Take `points` out of the active lots, in the order they expire; how much of which."""
        taken: dict[UUID, int] = {}
        if points == 0:
            return taken
        for lot in self.lots_in(entry.key):
            if lot.state is LotState.ACTIVE and (part := self.take(entry, lot, points)):
                taken[lot.id] = part
                points -= part
        if points:
            raise ValueError(f"the lots at hand lack {points} points of {entry.key}")
        return taken

    def take(self, entry: Entry, lot: Lot, points: int) -> int:
        """Take up to `points` out of `lot`; how many."""
        taken = min(lot.remaining, points)
        if taken:
            lot.remaining -= taken
            self._moved[entry.id, lot.id][0] -= taken
            self.changed_lots.add(lot.id)
        return taken

    def put_back(self, entry: Entry, lot: Lot, points: int) -> None:
        """Return `points` to the lot they came from. One that has expired meanwhile has grace."""
        lot.remaining += points
        self._moved[entry.id, lot.id][0] += points
        self.changed_lots.add(lot.id)
        if lot.due_at is not None and lot.due_at <= entry.memo.at:
            grace = timedelta(days=self.wallets[lot.key].policy.grace_days)
            self.set_due(lot, entry.memo.at + grace)

    def put_aside(self, entry: Entry, lot: Lot, points: int) -> None:
        """Count `points` of the lot as held; as no longer held when negative."""
        lot.held += points
        self._moved[entry.id, lot.id][1] += points
        self.changed_lots.add(lot.id)

    def set_due(self, lot: Lot, due_at: datetime | None) -> None:
        """Say until when a lot stays as it is."""
        lot.due_at = due_at
        self.changed_lots.add(lot.id)
        self.look_again(lot.key, due_at)

    def look_again(self, key: WalletKey, at: datetime | None) -> None:
        """Something in the wallet changes by itself at `at`."""
        wallet = self.wallets[key]
        due_at = min(at or _NEVER, wallet.due_at or _NEVER)
        wallet.due_at = None if due_at == _NEVER else due_at
        self.changed_wallets.add(key)

    def write(
        self, key: WalletKey, kind: Kind, memo: Memo, postings: Mapping[Account, int]
    ) -> Entry:
        """Apply the member's `postings` to the wallet, balance them, and append the entry."""
        if memo.claim in self.claims:
            raise ValueError(f"written before: {memo.claim}")
        wallet = self.wallets[key]
        _apply(postings, wallet)
        net = sum(postings.values())
        moved = postings.get(Account.PENDING, 0) + postings.get(Account.HELD, 0)
        balanced = {**postings, COUNTERPART[kind]: -net}
        entry = Entry(
            id=self._new_id(),
            key=key,
            version=wallet.version,
            kind=kind,
            memo=memo,
            points=net or -moved,  # an activation, or a hold, only moves the member's points
            postings={account: amount for account, amount in balanced.items() if amount},
            available=wallet.available,
            pending=wallet.pending,
            held=wallet.held,
            debt=wallet.debt,
        )
        self.claims.add(memo.claim)
        self.entries.append(entry)
        self.changed_wallets.add(key)
        return entry

    def _to_take_back(self, lot: Lot) -> tuple[Account, int]:
        """From which balance what was earned as `lot` is taken back, and how much at most."""
        if lot.state is not LotState.ACTIVE:
            return Account.PENDING, lot.remaining
        wallet = self.wallets[lot.key]
        return Account.AVAILABLE, wallet.available if wallet.policy.takes_available else 0

    def _settle(self, wallet: Wallet) -> None:
        lots, holds = self._lots_of[wallet.key], self.holds_in(wallet.key)
        changing: list[Lot | Hold] = [*lots, *holds]
        while due := [each for each in changing if each.is_due(self.now)]:
            for each in sorted(due, key=soonest):
                if each.is_due(self.now):
                    self._advance(each)
        dues = [lot.due_at for lot in lots if lot.remaining and lot.due_at]
        dues += [hold.due_at for hold in holds if hold.state is HoldState.OPEN]
        wallet.due_at = min(dues, default=None)
        self.changed_wallets.add(wallet.key)

    def _advance(self, due: Lot | Hold) -> None:
        at = due.due_at or self.now
        if isinstance(due, Hold):
            claim = Claim(due.source, "hold", "time_out")
            self.give_back(due, Memo(claim=claim, at=at), HoldState.TIMED_OUT)
        elif due.state is LotState.ACTIVE:
            self._expire(due, at)
        else:
            self._activate(due, at)

    def _expire(self, lot: Lot, at: datetime) -> None:
        """What is left of a lot goes. Points that come back later may go by a further entry."""
        points = lot.remaining
        leg = f"expiry:{lot.expired}" if lot.expired else "expiry"
        memo = Memo(claim=Claim(lot.source, lot.rule, leg), at=at)
        entry = self.write(lot.key, Kind.EXPIRE, memo, {Account.AVAILABLE: -points})
        lot.expired += self.take(entry, lot, points)

    def _activate(self, lot: Lot, at: datetime) -> None:
        """Make a pending lot available as of `at`, when its validity begins."""
        lot.state = LotState.ACTIVE
        self.set_due(lot, _days_after(at, lot.terms.valid_days))
        memo = Memo(claim=Claim(lot.source, lot.rule, "activation"), at=at)
        postings = self.arriving(lot.key, lot.remaining, lot.state)
        postings[Account.PENDING] = -lot.remaining
        entry = self.write(lot.key, Kind.ACTIVATE, memo, postings)
        self.take(entry, lot, entry.postings.get(Account.DEBT, 0))


def soonest(each: Lot | Hold) -> tuple[datetime, UUID]:
    """The order in which lots are consumed, and in which what is due happens."""
    return each.due_at or _NEVER, each.id


def _apply(postings: Mapping[Account, int], wallet: Wallet) -> None:
    wallet.available += postings.get(Account.AVAILABLE, 0)
    wallet.pending += postings.get(Account.PENDING, 0)
    wallet.held += postings.get(Account.HELD, 0)
    wallet.debt -= postings.get(Account.DEBT, 0)
    wallet.version += 1
    if max(wallet.available, wallet.pending, wallet.held, wallet.debt) > LARGEST:
        raise PointsOverflowError(f"a balance of {wallet.key.point_type} would exceed {LARGEST}")


def _lot_of(entry: Entry, points: int, terms: Terms, state: LotState) -> Lot:
    claim = entry.memo.claim
    return Lot(
        id=entry.id,
        key=entry.key,
        source=claim.source,
        rule=claim.rule,
        original=points,
        remaining=points,
        state=state,
        due_at=None,
        terms=terms,
    )


def _beginning(terms: Terms, now: datetime) -> tuple[LotState, datetime | None]:
    """The state a new lot begins in, and when it leaves it by itself."""
    if terms.awaits_delivery:
        return LotState.AWAITING, None
    if terms.pending_days:
        return LotState.MATURING, _days_after(now, terms.pending_days)
    return LotState.ACTIVE, _days_after(now, terms.valid_days)


def _days_after(moment: datetime, days: int | None) -> datetime | None:
    return None if days is None else moment + timedelta(days=days)
