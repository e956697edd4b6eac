"""How often a caller may call: the generic cell rate algorithm (GCRA, ITU-T I.371).

One number is kept per caller. A quota of `q` calls per `w` seconds is a bucket that holds `q` and
refills evenly. The number kept is the theoretical arrival time: when the bucket would be full
again. Replicas share one count in Valkey, of which each takes portions (gateway.leased), so that
calls wait for no store. Attempts to sign in are counted there one by one; while Valkey is away each
process counts by itself, to a stricter quota, and says so in a metric.
"""

import contextlib
import hashlib
import ipaddress
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from prometheus_client import Counter
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from kit.problems import TooMany

log = logging.getLogger(__name__)

MOST_REMEMBERED: Final = 200_000
WITHIN_S: Final = 0.25  # a store that does not answer is away
AWAY_S: Final = 2.0  # so long a store that did not answer is not asked again
REFUSED = Counter("gateway_limited_total", "Requests refused because of a limit.", ["pace"])
STORE_ERRORS = Counter("gateway_limit_store_errors_total", "Counts that Valkey could not take.")


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `calls` in `window_s` seconds, all at once if the caller likes."""

    calls: int
    window_s: float
    interval_s: float = field(init=False, compare=False)
    """Between two calls when they come evenly."""
    said: bytes = field(init=False, compare=False, repr=False)
    """As `RateLimit-Policy` has it, without the name."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "interval_s", self.window_s / self.calls)
        object.__setattr__(self, "said", b";q=%d;w=%d" % (self.calls, self.window_s))

    @classmethod
    def of(cls, text: str) -> "Quota":
        """From `600/60`: 600 calls in 60 seconds. Raises ValueError."""
        calls, _, window = text.partition("/")
        if int(calls) < 1 or float(window) <= 0:
            raise ValueError("a quota is calls/seconds, both above zero, such as 600/60")
        return cls(int(calls), float(window))

    def share(self, part: float) -> "Quota":
        return Quota(max(1, int(self.calls * part)), self.window_s)


@dataclass(slots=True)
class Verdict:
    """What the count says of one call; its headers are draft-ietf-httpapi-ratelimit-headers-11."""

    name: str
    quota: Quota
    allowed: bool
    left: int
    full_in_s: float
    retry_in_s: float = 0.0
    also: Sequence[tuple[bytes, bytes]] = ()
    """Headers of further limits the call was within."""

    def headers(self) -> list[tuple[bytes, bytes]]:
        """`RateLimit`, `RateLimit-Policy`, and `Retry-After` on a refusal."""
        name = self.name.encode()
        left = b'"%b";r=%d;t=%d' % (name, self.left, -(-self.full_in_s // 1))
        headers = [(b"ratelimit-policy", b'"%b"%b' % (name, self.quota.said)), (b"ratelimit", left)]
        if not self.allowed:
            headers.append((b"retry-after", b"%d" % max(1, -(-self.retry_in_s // 1))))
        headers.extend(self.also)
        return headers

    def refusal(self) -> TooMany:
        headers = {name.decode(): value.decode() for name, value in self.headers()}
        return TooMany(
            f"At most {self.quota.calls} {self.name} calls in {self.quota.window_s:g} s.",
            headers=headers,
        )


class LocalCount:
    """Counts of this process. Callers whose bucket is full again are forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._full_at: dict[tuple[str, str], float] = {}

    def take(self, name: str, caller: str, quota: Quota) -> Verdict:
        """Count one call of `caller` against the quota called `name`."""
        now = self._clock()
        key = (name, caller)
        full_at = max(self._full_at.get(key, now), now) + quota.interval_s
        over_s = full_at - now - quota.window_s
        if over_s > _ROUNDING_S:
            return Verdict(name, quota, False, 0, full_at - now - quota.interval_s, over_s)
        if len(self._full_at) >= MOST_REMEMBERED:
            self._forget(now)
        self._full_at[key] = full_at
        left = int((quota.window_s - (full_at - now)) / quota.interval_s + _ROUNDING_S)
        return Verdict(name, quota, True, left, full_at - now)

    async def ask(self, name: str, caller: str, quota: Quota) -> Verdict:
        return self.take(name, caller, quota)

    def give_back(self, name: str, caller: str, quota: Quota) -> None:
        """Count one call of `caller` less."""
        if (key := (name, caller)) in self._full_at:
            self._full_at[key] -= quota.interval_s

    def _forget(self, now: float) -> None:
        self._full_at = {key: at for key, at in self._full_at.items() if at > now}
        if 2 * len(self._full_at) > MOST_REMEMBERED:  # else the next calls sift them all again
            self._full_at.clear()  # under such an attack a fresh count is the lesser harm


_ROUNDING_S: Final = 1e-9

# A bucket full so late is none: Valkey's clock was set back, or the window shortened.
_TAKE = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000
local interval, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local full_at = tonumber(redis.call('GET', KEYS[1]) or now)
if full_at > now + 2 * window then full_at = now end
full_at = math.max(full_at, now) + interval
local over = full_at - now - window
if over > 0.000001 then
  return {0, tostring(full_at - now - interval), tostring(over)}
end
redis.call('SET', KEYS[1], string.format('%.6f', full_at), 'PX', math.ceil((full_at - now) * 1000))
return {1, tostring(full_at - now), '0'}
"""

_GIVE_BACK = """
local full_at = tonumber(redis.call('GET', KEYS[1]))
if full_at then
  redis.call('SET', KEYS[1], string.format('%.6f', full_at - tonumber(ARGV[1])), 'KEEPTTL')
end
"""


def connect(url: str) -> Redis:
    """A client that would rather fail at once than keep somebody waiting at the door."""
    return Redis.from_url(
        url, socket_timeout=WITHIN_S, socket_connect_timeout=WITHIN_S, retry=Retry(NoBackoff(), 1)
    )


class SharedCount:
    """Counts all replicas share, in Valkey. Without it, a strict count of this process."""

    def __init__(self, valkey: Redis, local: LocalCount, *, without_store: float = 0.5) -> None:
        self._take: Any = valkey.register_script(_TAKE)
        self._give_back: Any = valkey.register_script(_GIVE_BACK)
        self._local = local
        self._without_store = without_store
        self._away_until = 0.0

    async def take(self, name: str, caller: str, quota: Quota) -> Verdict:
        if time.monotonic() < self._away_until:
            return self._local.take(name, caller, quota.share(self._without_store))
        try:
            answer = await self._take(
                [f"limit:{name}:{caller}"], [quota.interval_s, quota.window_s]
            )
        except (RedisError, OSError) as error:
            STORE_ERRORS.inc()
            log.warning("sign-in is counted by this process alone, Valkey is away: %r", error)
            self._away_until = time.monotonic() + AWAY_S  # nobody else need find that out
            return self._local.take(name, caller, quota.share(self._without_store))
        allowed, full_in_s, retry_in_s = int(answer[0]), float(answer[1]), float(answer[2])
        left = int((quota.window_s - full_in_s) / quota.interval_s + _ROUNDING_S) if allowed else 0
        return Verdict(name, quota, bool(allowed), left, full_in_s, retry_in_s)

    async def give_back(self, name: str, caller: str, quota: Quota) -> None:
        """Count one call of `caller` less, if the store can be asked."""
        self._local.give_back(name, caller, quota.share(self._without_store))
        if time.monotonic() >= self._away_until:
            with contextlib.suppress(RedisError, OSError):
                await self._give_back([f"limit:{name}:{caller}"], [quota.interval_s])


CODES_IN_ALL: Final = 10
"""So many times as many codes are sent as may stay unanswered."""


class SignInLimit:
    """Sign-in attempts per account and address, and per address over all accounts.

    Codes are counted per address by themselves, e-mail and text messages apart: each is a message
    somebody pays for. What counts is codes that nobody enters: thousands of phones of a mobile
    network share an address, and most enter theirs; who has messages sent to run up costs does not.
    """

    def __init__(
        self, count: SharedCount, per_account: Quota, per_address: Quota, codes: Quota
    ) -> None:
        self._count = count
        self._per_account = per_account
        self._per_address = per_address
        self._codes = codes
        self._codes_in_all = Quota(codes.calls * CODES_IN_ALL, codes.window_s)

    async def admit(self, account: str, address: str) -> None:
        """Count an attempt. Raises TooMany, with `Retry-After`, when there were too many."""
        network = network_of(address)
        await self._take("sign-in-address", network, self._per_address)
        await self._take("sign-in-account", f"{_digest(account)}@{network}", self._per_account)

    async def admit_code(self, kind: str, address: str) -> None:
        """Count a code sent to an address of a kind, for somebody at `address`.

        Raises TooMany like `admit`.
        """
        network = network_of(address)
        await self._take(f"{kind}-codes-unanswered", network, self._codes)
        await self._take(f"{kind}-codes", network, self._codes_in_all)

    async def note_answer(self, kind: str, address: str) -> None:
        """Note that somebody at `address` entered a code that was sent to one of a kind."""
        await self._count.give_back(f"{kind}-codes-unanswered", network_of(address), self._codes)

    async def _take(self, name: str, caller: str, quota: Quota) -> None:
        verdict = await self._count.take(name, caller, quota)
        if not verdict.allowed:
            REFUSED.labels("sign-in").inc()
            raise verdict.refusal()


def _digest(account: str) -> str:
    """Names of accounts are personal and as long as an attacker likes; a store needs neither."""
    return hashlib.blake2b(account.encode(), digest_size=12).hexdigest()


def network_of(address: str) -> str:
    """What counts as one caller: an IPv4 address, or in IPv6 the /64 network of a household."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def client_address(peer: str, forwarded_for: bytes | None, trusted_proxies: int) -> str:
    """The caller's address: each proxy of ours in front appended whom it saw to `X-Forwarded-For`.

    With `n` such proxies the n-th entry from the right was written by the outermost one of them;
    what stands left of it the caller wrote, and is not believed.
    """
    if not trusted_proxies or not forwarded_for:
        return peer
    seen = [part.strip() for part in forwarded_for.decode("latin-1").split(",")]
    return seen[-min(trusted_proxies, len(seen))]


class Count(Protocol):
    """Counts calls."""

    def take(self, name: str, caller: str, quota: Quota) -> Verdict | None:
        """Count one call; None where that takes a while: then `ask`."""

    async def ask(self, name: str, caller: str, quota: Quota) -> Verdict:
        """Count one call, having asked whom it takes."""


class Limits:
    """The quotas by pace, which may be exchanged at any time, and the count of who used them."""

    def __init__(self, quotas: Mapping[str, Quota], count: Count | None = None) -> None:
        self.quotas = quotas
        self._count = count or LocalCount()

    def take(self, pace: str, caller: str) -> Verdict | None:
        """Count a call. The verdict says whether it may pass; its headers are wanted either way."""
        verdict = self._count.take(pace, caller, self.quotas[pace])
        if verdict is not None and not verdict.allowed:
            REFUSED.labels(pace).inc()
        return verdict

    async def ask(self, pace: str, caller: str) -> Verdict:
        """Count a call that `take` could not."""
        verdict = await self._count.ask(pace, caller, self.quotas[pace])
        if not verdict.allowed:
            REFUSED.labels(pace).inc()
        return verdict
