"""Limits that all replicas share, without asking anybody for a call.

A replica takes calls of a caller from Valkey in portions (a lease) and spends them by itself; what
it does not spend within a second or two it gives back. A portion is a twentieth of what the caller
has left, so leases are large where nobody is near a limit and single calls where it matters: more
than the quota is never leased. So that not even the first call waits, each replica may be ahead of
Valkey by `CREDIT` of the quota, which it reports later; this bounds the error: with four replicas
at most 1 %. Who has reached the limit is refused here until Valkey said they may return.

Sign-in gets no credit, and while Valkey is away each process counts it by itself to half the quota;
all other calls it then counts by itself to the whole quota.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from prometheus_client import Counter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from gateway.limits import AWAY_S, STORE_ERRORS, LocalCount, Quota, Verdict

log = logging.getLogger(__name__)

ALONE = Counter(
    "gateway_limit_alone_total",
    "Calls a process counted by itself because Valkey was away.",
    ["pace"],
)

CREDIT: Final = 1 / 400
PLENTY: Final = 0.1  # with less of the quota left there is no credit
STRICT: Final = frozenset({"sign-in"})
WITHOUT_STORE: Final = 0.5  # the part of a strict quota each process allows by itself
SETTLE_S: Final = 1.0
GATHER_S: Final = 0.005
MOST_AT_ONCE: Final = 500
MOST_LEASES: Final = 200_000

_SETTLE: Final = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local answers = {}
for number, key in ipairs(KEYS) do
  local at = 4 * (number - 1)
  local interval, window = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local owed, wants = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  local full_at = tonumber(redis.call('GET', key) or now)
  if full_at > now + 2 * window then full_at = now end
  full_at = math.max(full_at, now)
  full_at = math.max(full_at + owed * interval, now)
  local room = math.floor((now + window - full_at) / interval + 0.000001)
  local granted = 0
  if wants == 1 and room > 0 then granted = math.max(1, math.floor(room / 20)) end
  full_at = full_at + granted * interval
  if full_at > now then
    redis.call('SET', key, string.format('%.6f', full_at), 'PX', math.ceil((full_at - now) * 1000))
  else
    redis.call('DEL', key)
  end
  local retry = math.max(0, full_at + interval - now - window)
  answers[number] = {granted, room - granted, tostring(retry)}
end
return answers
"""

Key = tuple[str, str]


class Lease:
    """What this process may spend of one caller's quota."""

    __slots__ = ("asking", "credit", "debited", "quota", "refused_until", "room", "round", "spent")

    def __init__(self, quota: Quota, credit: int) -> None:
        self.quota = quota
        self.credit = credit
        self.debited = 0  # calls Valkey has counted for us
        self.spent = 0  # calls made here
        self.room = quota.calls  # what the caller has left beside, when Valkey last said
        self.refused_until = 0.0
        self.round = 0
        self.asking: asyncio.Lock | None = None

    @property
    def is_asked_for(self) -> bool:
        """Whether somebody waits for what Valkey says of it."""
        return self.asking is not None and self.asking.locked()


class LeasedCount:
    """One per process. `take` a call; where that gives None, `ask`. `run` it beside requests."""

    def __init__(
        self,
        valkey: Redis,
        local: LocalCount,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settle_script: Any = valkey.register_script(_SETTLE)
        self._local = local
        self._clock = clock
        self._leases: dict[Key, Lease] = {}
        self._wanting: set[Key] = set()
        self._wanted = asyncio.Event()
        self._round = 0
        self._away_until = 0.0
        self.round_trips = 0

    def take(self, name: str, caller: str, quota: Quota) -> Verdict | None:
        """Count one call; None where that takes asking Valkey."""
        key = (name, caller)
        lease = self._leases.get(key)
        if lease is None or lease.quota is not quota:
            lease = self._open(key, quota)
        lease.round = self._round
        ahead = lease.spent - lease.debited
        if ahead < lease.credit:
            lease.spent += 1
            if 2 * (ahead + 1) >= lease.credit:
                self._want(key)
            left = lease.room - ahead - 1
            return Verdict(name, quota, True, left, (quota.calls - left) * quota.interval_s)
        now = self._clock()
        if now < lease.refused_until:
            return _refusal(key, lease, now)
        return self._alone(key, lease) if now < self._away_until else None

    def _open(self, key: Key, quota: Quota) -> Lease:
        if len(self._leases) >= MOST_LEASES:
            self._leases.clear()  # what they held comes back by itself as time passes
        lease = self._leases[key] = Lease(quota, credit_of(key, quota))
        return lease

    def _want(self, key: Key) -> None:
        self._wanting.add(key)
        self._wanted.set()

    def _alone(self, key: Key, lease: Lease) -> Verdict:
        """Count by ourselves: sign-in strictly, everything else as generously as ever."""
        name, caller = key
        ALONE.labels(name).inc()
        quota = lease.quota.share(WITHOUT_STORE) if name in STRICT else lease.quota
        return self._local.take(name, caller, quota)

    async def ask(self, name: str, caller: str, quota: Quota) -> Verdict:
        """Count one call of somebody of whose quota nothing is left here."""
        key = (name, caller)
        lease = self._leases.get(key)
        if lease is None or lease.quota is not quota:
            lease = self._open(key, quota)
        lease.asking = lease.asking or asyncio.Lock()
        async with lease.asking:  # who waited finds what the one before has brought
            verdict = self.take(name, caller, quota)
            if verdict is None:
                await self._settle({key: lease}, wanting=(key,))
                verdict = self.take(name, caller, quota)
        if verdict is None:  # all that was brought is spent again
            return _refusal(key, lease, self._clock())
        return verdict

    async def run(self) -> None:
        """Bring what is wanted, and settle what is idle, for ever."""
        settled_at = self._clock()
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), SETTLE_S)
                await asyncio.sleep(GATHER_S)
            await self.bring()
            if self._clock() - settled_at >= SETTLE_S:
                settled_at = self._clock()
                await self.settle_idle()

    async def bring(self) -> None:
        """Lease what was wanted since the last time."""
        self._wanted.clear()
        wanting, self._wanting = self._wanting, set()
        leases = {key: lease for key in wanting if (lease := self._leases.get(key)) is not None}
        await self._settle(leases, wanting=wanting)

    async def settle_idle(self) -> None:
        """Report and give back for callers who have not called since the last time."""
        idle = {
            key: lease
            for key, lease in self._leases.items()
            if lease.round < self._round and not lease.is_asked_for
        }
        self._round += 1
        await self._close(idle)

    async def close(self) -> None:
        """Report and give back all."""
        await self._close(dict(self._leases))

    async def _close(self, leases: Mapping[Key, Lease]) -> None:
        now = self._clock()
        for key in leases:
            if leases[key].refused_until <= now:
                self._leases.pop(key, None)
        await self._settle({key: leases[key] for key in leases if _differs(leases[key])})

    async def _settle(self, leases: Mapping[Key, Lease], wanting: Iterable[Key] = ()) -> None:
        wanted = set(wanting)
        items = list(leases.items())
        for start in range(0, len(items), MOST_AT_ONCE):
            if self._clock() < self._away_until:
                return
            await self._exchange(items[start : start + MOST_AT_ONCE], wanted)

    async def _exchange(self, items: list[tuple[Key, Lease]], wanted: set[Key]) -> None:
        """Tell Valkey what was spent, and take in what it grants."""
        arguments: list[float] = []
        for key, lease in items:
            owed = lease.spent - lease.debited
            lease.debited = lease.spent  # told; what is spent meanwhile is told the next time
            arguments += [lease.quota.interval_s, lease.quota.window_s, owed, int(key in wanted)]
        self.round_trips += 1
        try:
            keys = [f"limit:{name}:{caller}" for (name, caller), _ in items]
            answers = await self._settle_script(keys, arguments)
        except (RedisError, OSError) as error:
            STORE_ERRORS.inc()
            log.warning("calls are counted by this process alone, Valkey is away: %r", error)
            self._away_until = self._clock() + AWAY_S
            return
        now = self._clock()
        for (key, lease), (granted, room, retry) in zip(items, answers, strict=True):
            lease.debited += int(granted)
            lease.room = max(int(room), 0)
            has_plenty = lease.room > lease.quota.calls * PLENTY
            lease.credit = credit_of(key, lease.quota) if has_plenty else 0
            if key in wanted and not granted:
                lease.refused_until = now + float(retry)


def credit_of(key: Key, quota: Quota) -> int:
    """How many calls this process may allow before Valkey has heard of them."""
    return 0 if key[0] in STRICT else max(1, int(quota.calls * CREDIT))


def _refusal(key: Key, lease: Lease, now: float) -> Verdict:
    quota = lease.quota
    return Verdict(key[0], quota, False, 0, quota.window_s, max(lease.refused_until - now, 0.0))


def _differs(lease: Lease) -> bool:
    return lease.spent != lease.debited
