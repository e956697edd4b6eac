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

from services.loyalty.rules.earning import Kept
from services.loyalty.rules.expiry import due_after, idle_after
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
    Policy,
    Source,
    Stay,
    Terms,
    Wallet,
    WalletKey,
)
from services.loyalty.rules.tiers import Held

_ACTIVITY = frozenset({Kind.EARN, Kind.SPEND, Kind.HOLD, Kind.CAPTURE})
"""What a member does to keep points that expire of inactivity."""

_NEVER = datetime.max.replace(tzinfo=UTC)


class Book:
    """Locked wallets with the lots at hand, and the entries written since it was opened."""

    def __init__(
        self, wallets: Iterable[Wallet], *, now: datetime, new_id: Callable[[], UUID]
    ) -> None:
        self.now = now
        self.wallets: dict[WalletKey, Wallet] = {}
        self.lots: dict[UUID, Lot] = {}
        self.holds: dict[UUID, Hold] = {}
        self.claims: set[Claim] = set()
        self.decided: set[tuple[Source, str]] = set()
        self.held: dict[UUID, Held] = {}
        self.kept: list[Kept] = []
        self.entries: list[Entry] = []
        self.changed_wallets: set[WalletKey] = set()
        self.changed_lots: set[UUID] = set()
        self.changed_holds: set[UUID] = set()
        self._new_id = new_id
        self._lots_of: defaultdict[WalletKey | Source, list[Lot]] = defaultdict(list)
        self._moved: defaultdict[tuple[UUID, UUID], list[int]] = defaultdict(lambda: [0, 0])
        self.add(wallets)

    def add(self, wallets: Iterable[Wallet]) -> None:
        """Add locked wallets to the book."""
        self.wallets |= {wallet.key: wallet for wallet in wallets}

    def home(self, key: WalletKey) -> WalletKey:
        """The wallet in which these points of a member are: their household's, if it has them."""
        household_id = self.wallets[key].household_id
        return WalletKey(household_id, key.point_type) if household_id else key

    def wallet(self, key: WalletKey) -> Wallet:
        """The wallet in which these points of a member are."""
        return self.wallets[self.home(key)]

    def by(self, key: WalletKey) -> UUID | None:
        """Who acts, if it is one of a household."""
        return key.member_id if self.wallets[key].household_id else None

    def share(self, key: WalletKey, household_id: UUID | None) -> None:
        """From now on the points of this wallet's member are in a household's, or in it again."""
        self.wallets[key].household_id = household_id
        self.changed_wallets.add(key)

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

    def strangers(self) -> set[WalletKey]:
        """The wallets of lots at hand that are not in the book."""
        keys = {lot.key for lot in self.lots.values() if lot.state is not LotState.MOVED}
        return keys - self.wallets.keys()

    def forget_lots(self) -> None:
        """Put all lots out of hand, as long as none has changed."""
        self.lots.clear()
        self._lots_of.clear()

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
        home = self.home(key)
        state, due_at = _beginning(terms, self.now, self.wallets[home].policy)
        return self.credit(home, points, memo, kind, Stay(terms, state, due_at, self.by(key)))

    def credit(
        self,
        key: WalletKey,
        points: int,
        memo: Memo,
        kind: Kind,
        stay: Stay,
    ) -> Entry:
        """Put `points` into a wallet as a new lot, as they stand."""
        entry = self.write(key, kind, memo, self.arriving(key, points, stay.state), stay.by)
        if points:
            lot = _lot_of(entry, points, stay)
            self.bring([lot])
            self.set_due(lot, stay.due_at)
            self.take(entry, lot, entry.postings.get(Account.DEBT, 0))
        return entry

    def debit(self, key: WalletKey, points: int, memo: Memo, kind: Kind = Kind.SPEND) -> Entry:
        """Take available points, of the lots that expire soonest."""
        home, by = self.home(key), self.by(key)
        entry = self.write(home, kind, memo, {Account.AVAILABLE: -points}, by)
        self.consume(entry, points)
        return entry

    def claw_back(
        self, lot: Lot, points: int, memo: Memo, kind: Kind = Kind.REVERSE
    ) -> Entry | None:
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
        entry = self.write(lot.key, kind, memo, postings, lot.by)
        lot.reversed += points
        lot.waived += points - paid - owed
        self.changed_lots.add(lot.id)
        self.consume(entry, paid - self.take(entry, lot, paid))
        return entry

    def due(self) -> list[WalletKey]:
        """The wallets in which something is due."""
        return [key for key, wallet in self.wallets.items() if wallet.is_due(self.now)]

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

    def rehome(self, hold: Hold, key: WalletKey, by: UUID | None = None) -> None:
        """Let a hold go on in another wallet, where its lots have gone."""
        hold.key, hold.by = key, by
        self.changed_holds.add(hold.id)
        self.look_again(key, hold.expires_at)

    def write(
        self,
        key: WalletKey,
        kind: Kind,
        memo: Memo,
        postings: Mapping[Account, int],
        by: UUID | None = None,
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
            by=by,
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
        if wallet.policy.inactivity_days and (kind in _ACTIVITY or wallet.idle_at is None):
            wallet.idle_at = idle_after(self.now, wallet.policy.inactivity_days)
            self.look_again(key, wallet.idle_at)
        return entry

    def _to_take_back(self, lot: Lot) -> tuple[Account, int]:
        """From which balance what was earned as `lot` is taken back, and how much at most."""
        if lot.state is not LotState.ACTIVE:
            return Account.PENDING, lot.remaining
        wallet = self.wallets[lot.key]
        return Account.AVAILABLE, wallet.available if wallet.policy.takes_available else 0


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


def _lot_of(entry: Entry, points: int, stay: Stay) -> Lot:
    claim = entry.memo.claim
    return Lot(
        id=entry.id,
        key=entry.key,
        source=claim.source,
        rule=claim.rule,
        original=points,
        remaining=points,
        state=stay.state,
        due_at=None,
        terms=stay.terms,
        by=stay.by,
    )


def _beginning(terms: Terms, now: datetime, policy: Policy) -> tuple[LotState, datetime | None]:
    """The state a new lot begins in, and when it leaves it by itself."""
    if terms.awaits_delivery:
        return LotState.AWAITING, None
    if terms.pending_days:
        return LotState.MATURING, now + timedelta(days=terms.pending_days)
    return LotState.ACTIVE, due_after(now, terms, policy)
