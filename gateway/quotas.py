"""Quotas: how many calls an API key may make in a day and in a month (UTC), counted durably.

A process takes portions of a quota from the database and spends them by itself, so a call costs no
round trip and all replicas together never let more pass than the quota. A process that is killed
loses its key what it held, a hundredth of the quota at most; one that ends gives it back. While the
database is away calls pass, and are charged when it is back: a quota is a matter of contracts, and
the company's own orders are not to wait for it.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

import prometheus_client

from gateway.limits import REFUSED, Verdict
from gateway.store import quotas as store
from gateway.store.quotas import Place, Wanted
from kit.db import Sessions, is_passing, transaction
from kit.problems import TooMany

log = logging.getLogger(__name__)

UNCHARGED: Final = prometheus_client.Counter(
    "gateway_quota_uncharged_total",
    "Calls of API keys let pass while their quota could not be asked for; charged later.",
)

PARTS: Final = 100  # a portion is this part of the quota
LARGEST_PORTION: Final = 1_000
PATIENCE_S: Final = 1.0  # a spent quota is asked for again after so long
WAIT_S: Final = 0.5  # longest wait for a portion
ROUND_S: Final = 10.0
READ_EVERY_ROUNDS: Final = 3


class Span(StrEnum):
    DAY = "day"
    MONTH = "month"

    def start(self, moment: datetime) -> date:
        """The first day of the span `moment` is in."""
        day = moment.astimezone(UTC).date()
        return day if self is Span.DAY else day.replace(day=1)

    def end(self, starts_on: date) -> datetime:
        """When the span is over."""
        longest = timedelta(days=1 if self is Span.DAY else 31)
        ends_on = starts_on + longest if self is Span.DAY else (starts_on + longest).replace(day=1)
        return datetime(ends_on.year, ends_on.month, ends_on.day, tzinfo=UTC)


class QuotaSpent(TooMany):
    code = "gateway.quota_spent"
    title = "The quota of this API key is spent"


@dataclass(slots=True)
class Purse:
    """What this process holds of one quota in one span; `taken` is what all have taken of it."""

    span: Span
    most: int
    starts_on: date
    ends_at: float
    held: int = 0
    owed: int = 0
    taken: int = 0
    asked_again_at: float = 0.0
    """When a spent quota is asked for again: others may have given something back."""

    @property
    def portion(self) -> int:
        return max(1, min(LARGEST_PORTION, self.most // PARTS))

    @property
    def left(self) -> int:
        return max(0, self.most - self.taken) + self.held

    def take(self) -> tuple[int, int]:
        """What it holds and owes, which is then nobody's to spend."""
        held, owed = self.held, self.owed
        self.held = self.owed = 0
        return held, owed

    def headers(self, now: float) -> list[tuple[bytes, bytes]]:
        name = b'"%b"' % self.span.encode()
        length_s = (
            self.ends_at
            - datetime(
                self.starts_on.year, self.starts_on.month, self.starts_on.day, tzinfo=UTC
            ).timestamp()
        )
        return [
            (b"ratelimit-policy", name + b";q=%d;w=%d" % (self.most, length_s)),
            (b"ratelimit", name + b";r=%d;t=%d" % (self.left, self.resets_in_s(now))),
        ]

    def resets_in_s(self, now: float) -> int:
        return max(1, int(-(-(self.ends_at - now) // 1)))

    def refusal(self, now: float) -> QuotaSpent:
        resets_at = datetime.fromtimestamp(self.ends_at, UTC)
        headers = {name.decode(): value.decode() for name, value in self.headers(now)}
        return QuotaSpent(
            f"This API key may make {self.most} calls a {self.span}; "
            f"the next {self.span} begins at {resets_at:%Y-%m-%dT%H:%M:%SZ}.",
            headers={**headers, "Retry-After": str(self.resets_in_s(now))},
            quota=self.most,
            span=self.span,
            resets_at=resets_at.isoformat(),
        )


@dataclass(slots=True)
class Account:
    """One key's quotas in this process."""

    key_id: UUID
    most: dict[Span, int]
    purses: list[Purse] = field(default_factory=list)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    used: bool = False


class Quotas:
    """Those of one process: `run` it beside requests."""

    def __init__(self, sessions: Sessions, clock: Callable[[], float] = time.time) -> None:
        self._sessions = sessions
        self._clock = clock
        self._accounts: dict[str, Account] = {}
        self._left: list[tuple[UUID, Purse]] = []
        """What is to be settled of accounts and spans that are over."""

    async def spend(self, key_id: str, verdict: Verdict | None) -> Verdict | None:
        """One call of the key; the verdict, with what is left of its quotas. Raises QuotaSpent."""
        account = self._accounts.get(key_id)
        if account is None:
            return verdict
        now = self._clock()
        if not self._may_spend(account, now):
            async with account.turn:
                if not self._may_spend(account, now):
                    await self._fill(account, now)
        spent = next((purse for purse in account.purses if purse.held <= 0), None)
        if spent is not None:
            REFUSED.labels(f"quota-{spent.span}").inc()
            raise spent.refusal(now)
        account.used = True
        for purse in account.purses:
            purse.held -= 1
        if verdict is not None:
            verdict.also = [line for purse in account.purses for line in purse.headers(now)]
        return verdict

    def _may_spend(self, account: Account, now: float) -> bool:
        """Whether every purse is of this span and holds something."""
        if not account.purses or any(now >= purse.ends_at for purse in account.purses):
            self._open(account, now)
        return all(purse.held > 0 for purse in account.purses)

    def _open(self, account: Account, now: float) -> None:
        """Put purses of the present spans in the place of those that are over."""
        moment = datetime.fromtimestamp(now, UTC)
        before = {purse.span: purse for purse in account.purses}
        account.purses = []
        for span, most in account.most.items():
            starts_on = span.start(moment)
            old = before.pop(span, None)
            if old is not None and (old.starts_on, old.most) == (starts_on, most):
                account.purses.append(old)
                continue
            if old is not None:
                self._left.append((account.key_id, old))
            account.purses.append(Purse(span, most, starts_on, span.end(starts_on).timestamp()))
        self._left += [(account.key_id, purse) for purse in before.values()]

    async def _fill(self, account: Account, now: float) -> None:
        """Take a portion for each purse that holds nothing."""
        empty = [purse for purse in account.purses if purse.held <= 0]
        if any(now < purse.asked_again_at for purse in empty):
            return
        wanted = [Wanted(p.span, p.starts_on, p.most, p.portion, p.owed) for p in empty]
        try:
            async with asyncio.timeout(WAIT_S), transaction(self._sessions) as session:
                taken = await store.take(session, account.key_id, wanted)
        except Exception as error:
            if not is_passing(error):
                raise
            log.warning("calls of an API key pass uncharged, the database is away: %r", error)
            for purse in empty:
                UNCHARGED.inc(purse.portion)
                purse.held += purse.portion
                purse.owed += purse.portion
        else:
            for purse, one in zip(empty, taken, strict=True):
                purse.held, purse.owed, purse.taken = one.given, 0, one.taken
                purse.asked_again_at = 0.0 if one.given else now + PATIENCE_S

    async def read(self) -> None:
        """Learn which keys have which quotas."""
        async with transaction(self._sessions) as session:
            rows = await store.quotas(session)
        known = {str(row.key_id): spans_of(row.per_day, row.per_month) for row in rows}
        for key_id, most in known.items():
            self.learn(UUID(key_id), most)
        for key_id in self._accounts.keys() - known.keys():
            self.learn(UUID(key_id), {})

    def learn(self, key_id: UUID, most: dict[Span, int]) -> None:
        """Go by these quotas of the key from now on."""
        account = self._accounts.get(str(key_id))
        if account is None and most:
            self._accounts[str(key_id)] = Account(key_id, most)
        elif account is not None and account.most != most:
            account.most = most
            self._open(account, self._clock())
            if not most:
                del self._accounts[str(key_id)]

    async def run(self) -> None:
        """Stay up to date and give back what nobody spends, for ever."""
        rounds = 0
        try:
            while True:
                try:
                    if rounds % READ_EVERY_ROUNDS == 0:
                        await self.read()
                    await self.settle(self._idle())
                except Exception:
                    log.exception("settling quotas failed and will be tried again")
                rounds += 1
                await asyncio.sleep(ROUND_S)
        finally:
            await self.close()

    async def close(self) -> None:
        """Give everything back."""
        held = [(a.key_id, purse) for a in self._accounts.values() for purse in a.purses]
        try:
            await self.settle(held)
        except Exception as error:  # noqa: BLE001  (whatever it was, the process ends)
            log.warning("what was held of quotas is lost to their keys: %r", error)

    def _idle(self) -> list[tuple[UUID, Purse]]:
        """The purses of keys that made no call since the last look."""
        idle = []
        for account in self._accounts.values():
            if not account.used and not account.turn.locked():
                idle += [(account.key_id, purse) for purse in account.purses]
            account.used = False
        return idle

    async def settle(self, purses: Sequence[tuple[UUID, Purse]]) -> None:
        """Give back what these purses hold, and charge what they owe: all or, failing, nothing."""
        left, self._left = self._left, []
        taken = [(key_id, purse, purse.take()) for key_id, purse in (*left, *purses)]
        charges: Counter[Place] = Counter()
        for key_id, purse, (held, owed) in taken:
            charges[key_id, purse.span, purse.starts_on] += owed - held
        try:
            if any(charges.values()):
                async with transaction(self._sessions) as session:
                    await store.add(session, {place: n for place, n in charges.items() if n})
        except BaseException:
            for _, purse, (held, owed) in taken:
                purse.held, purse.owed = purse.held + held, purse.owed + owed
            self._left += left
            raise
        for _, purse, (held, owed) in taken:
            purse.taken += owed - held


def spans_of(per_day: int | None, per_month: int | None) -> dict[Span, int]:
    """The quotas there are."""
    given = {Span.DAY: per_day, Span.MONTH: per_month}
    return {span: most for span, most in given.items() if most is not None}
