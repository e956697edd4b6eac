"""The book: where a piece of work writes entries in the wallets it has locked.

After every entry the wallet's version is one higher, `available` is what its active lots hold,
`pending` what its other lots hold, no balance is negative, and nothing is available while anything
is owed. Debits consume the lots that expire soonest.

What must be taken back and is no longer there is owed (`debt`), and the next points to arrive pay
it. Clamping at zero instead would let a member order, spend the points, return the order, and do so
again for ever.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.loyalty.rules.ledger import (
    COUNTERPART,
    LARGEST,
    Account,
    Claim,
    Entry,
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
        self.claims: set[Claim] = set()
        self.entries: list[Entry] = []
        self.moves: list[Move] = []
        self.changed_wallets: set[WalletKey] = set()
        self.changed_lots: set[UUID] = set()
        self._new_id = new_id
        self._lots_of: defaultdict[WalletKey | Source, list[Lot]] = defaultdict(list)

    def hold(self, lots: Iterable[Lot]) -> None:
        """Bring lots to hand; those that are already stay as they have become."""
        for lot in lots:
            if lot.id not in self.lots:
                self.lots[lot.id] = lot
                self._lots_of[lot.key].append(lot)
                self._lots_of[lot.source].append(lot)

    def lots_from(self, source: Source) -> list[Lot]:
        """The lots that `source` made, where they are now."""
        return [lot for lot in self._lots_of[source] if lot.state is not LotState.MOVED]

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
        entry = self._write(key, kind, memo, self._arriving(key, points, state))
        if points:
            lot = _lot_of(entry, points, terms, state)
            self.hold([lot])
            self._set_due(lot, due_at)
            self._take(entry, lot, entry.postings.get(Account.DEBT, 0))
        return entry

    def debit(self, key: WalletKey, points: int, memo: Memo, kind: Kind = Kind.SPEND) -> Entry:
        """Take available points, of the lots that expire soonest."""
        entry = self._write(key, kind, memo, {Account.AVAILABLE: -points})
        self._consume(entry, points)
        return entry

    def claw_back(self, lot: Lot, points: int, memo: Memo) -> Entry | None:
        """Take back `points` earned as `lot`: from it, then from other lots, and the rest is owed.

        None if nothing is left to take back.
        """
        points = min(points, lot.reversible)
        if points <= 0:
            return None
        account, there = Account.PENDING, lot.remaining
        if lot.state is LotState.ACTIVE:
            account, there = Account.AVAILABLE, self.wallets[lot.key].available
        paid = min(points, there)
        postings = {account: -paid, Account.DEBT: paid - points}
        entry = self._write(lot.key, Kind.REVERSE, memo, postings)
        lot.reversed += points
        self._consume(entry, paid - self._take(entry, lot, paid))
        return entry

    def release(self, lot: Lot) -> None:
        """What `lot` awaited has happened: activate it, or let its pending days begin."""
        if lot.state is not LotState.AWAITING or lot.remaining == 0:
            return
        if lot.terms.pending_days == 0:
            self._activate(lot, self.now)
        else:
            lot.state = LotState.MATURING
            self._set_due(lot, self.now + timedelta(days=lot.terms.pending_days))

    def merge(self, absorbed: WalletKey, survivor: WalletKey) -> None:
        """Move every lot, on its terms, and what is owed, from one wallet to another.

        The lots at hand must include all of the absorbed wallet, and those that pay its debt.
        """
        for lot in sorted(self._lots_of[absorbed], key=_soonest):
            if lot.state is not LotState.MOVED and lot.reversible:
                self._move(lot, survivor)
        if owed := self.wallets[absorbed].debt:
            out, into = _transfer(Source("merge", str(absorbed.member_id)), absorbed, self.now)
            self._write(absorbed, Kind.TRANSFER, out, {Account.DEBT: owed})
            paid = min(owed, self.wallets[survivor].available)
            postings = {Account.AVAILABLE: -paid, Account.DEBT: paid - owed}
            self._consume(self._write(survivor, Kind.TRANSFER, into, postings), paid)

    def settle(self) -> None:
        """Let each lot that is due become active or expire, as of the moment it was due.

        Of each wallet that is due, the lots at hand must include those that are, and the next that
        will be.
        """
        for wallet in self.wallets.values():
            if not wallet.is_due(self.now):
                continue
            lots = self._lots_of[wallet.key]
            while due := [lot for lot in lots if lot.is_due(self.now)]:
                for lot in sorted(due, key=_soonest):
                    self._advance(lot)
            dues = [lot.due_at for lot in lots if lot.remaining and lot.due_at]
            wallet.due_at = min(dues, default=None)
            self.changed_wallets.add(wallet.key)

    def _advance(self, lot: Lot) -> None:
        at = lot.due_at or self.now
        if lot.state is not LotState.ACTIVE:
            self._activate(lot, at)
            return
        points = lot.remaining
        memo = Memo(claim=Claim(lot.source, lot.rule, "expiry"), at=at)
        entry = self._write(lot.key, Kind.EXPIRE, memo, {Account.AVAILABLE: -points})
        lot.expired += self._take(entry, lot, points)

    def _activate(self, lot: Lot, at: datetime) -> None:
        """Make a pending lot available as of `at`, when its validity begins."""
        lot.state = LotState.ACTIVE
        self._set_due(lot, _days_after(at, lot.terms.valid_days))
        memo = Memo(claim=Claim(lot.source, lot.rule, "activation"), at=at)
        postings = self._arriving(lot.key, lot.remaining, lot.state)
        postings[Account.PENDING] = -lot.remaining
        entry = self._write(lot.key, Kind.ACTIVATE, memo, postings)
        self._take(entry, lot, entry.postings.get(Account.DEBT, 0))

    def _move(self, lot: Lot, survivor: WalletKey) -> None:
        """Go on with `lot` in another wallet: with what is left, and what may yet be taken back."""
        out, into = _transfer(lot.source, lot.key, self.now, lot.rule)
        points, account = lot.remaining, Account.PENDING
        if lot.state is LotState.ACTIVE:
            account = Account.AVAILABLE
        arriving = self._arriving(survivor, points, lot.state)
        entry = self._write(survivor, Kind.TRANSFER, into, arriving)
        moved = replace(lot, id=entry.id, key=survivor, remaining=lot.original)
        self.hold([moved])
        self._set_due(moved, lot.due_at)
        self._take(entry, moved, lot.original - points + entry.postings.get(Account.DEBT, 0))
        self._take(self._write(lot.key, Kind.TRANSFER, out, {account: -points}), lot, points)
        lot.state = LotState.MOVED
        self.changed_lots.add(lot.id)

    def _arriving(self, key: WalletKey, points: int, state: LotState) -> dict[Account, int]:
        """The postings of `points` that come in: available ones pay debt first."""
        if state is not LotState.ACTIVE:
            return {Account.PENDING: points}
        repaid = min(points, self.wallets[key].debt)
        return {Account.AVAILABLE: points - repaid, Account.DEBT: repaid}

    def _consume(self, entry: Entry, points: int) -> None:
        """Take `points` out of the active lots: soonest expiry first, then the oldest."""
        if points == 0:
            return
        for lot in sorted(self._lots_of[entry.key], key=_soonest):
            if lot.state is LotState.ACTIVE:
                points -= self._take(entry, lot, points)
        if points:
            raise ValueError(f"the lots at hand lack {points} points of {entry.key}")

    def _take(self, entry: Entry, lot: Lot, points: int) -> int:
        """Take up to `points` out of `lot`; how many."""
        taken = min(lot.remaining, points)
        if taken:
            lot.remaining -= taken
            self.moves.append(Move(entry.id, lot.id, -taken))
            self.changed_lots.add(lot.id)
        return taken

    def _set_due(self, lot: Lot, due_at: datetime | None) -> None:
        lot.due_at = due_at
        self.changed_lots.add(lot.id)
        wallet = self.wallets[lot.key]
        wallet.due_at = min(due_at or _NEVER, wallet.due_at or _NEVER)
        if wallet.due_at == _NEVER:
            wallet.due_at = None
        self.changed_wallets.add(wallet.key)

    def _write(
        self, key: WalletKey, kind: Kind, memo: Memo, postings: Mapping[Account, int]
    ) -> Entry:
        """Apply the member's `postings` to the wallet, balance them, and append the entry."""
        if memo.claim in self.claims:
            raise ValueError(f"written before: {memo.claim}")
        wallet = self.wallets[key]
        wallet.available += postings.get(Account.AVAILABLE, 0)
        wallet.pending += postings.get(Account.PENDING, 0)
        wallet.debt -= postings.get(Account.DEBT, 0)
        wallet.version += 1
        if max(wallet.available, wallet.pending, wallet.debt) > LARGEST:
            raise PointsOverflowError(f"a balance of {key.point_type} would exceed {LARGEST}")
        net = sum(postings.values())
        balanced = {**postings, COUNTERPART[kind]: -net}
        entry = Entry(
            id=self._new_id(),
            key=key,
            version=wallet.version,
            kind=kind,
            memo=memo,
            points=net or -postings.get(Account.PENDING, 0),  # an activation only moves its points
            postings={account: amount for account, amount in balanced.items() if amount},
            available=wallet.available,
            pending=wallet.pending,
            debt=wallet.debt,
        )
        self.claims.add(memo.claim)
        self.entries.append(entry)
        self.changed_wallets.add(key)
        return entry


def _transfer(
    source: Source, absorbed: WalletKey, now: datetime, rule: str = "merge"
) -> tuple[Memo, Memo]:
    """The two sides of what leaves a wallet for another."""
    out, into = (
        Claim(source, rule, f"merge:{absorbed.member_id}:{side}") for side in ("out", "in")
    )
    return Memo(claim=out, at=now), Memo(claim=into, at=now)


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


def _soonest(lot: Lot) -> tuple[datetime, UUID]:
    return lot.due_at or _NEVER, lot.id
