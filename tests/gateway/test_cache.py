"""Answers that are the same for all are asked for once, and given to nobody who may see more."""

import asyncio

import pytest

from gateway.cache import MOST_BYTES, OVERHEAD, Cache, kept_of, matches
from gateway.upstreams import Answer, UpstreamDown
from kit.testing import admin, backend, member
from tests.gateway.edge import Clock, Edge, Service, answering

PUBLIC = (b"cache-control", b"public, max-age=10, stale-while-revalidate=60, stale-if-error=600")
TIERS = "/v1/tiers"


class Source:
    """A service that counts how often it is asked."""

    def __init__(self, *headers: tuple[bytes, bytes]) -> None:
        self.asked = 0
        self.fails = False
        self.go = asyncio.Event()
        self.go.set()
        self._headers = dict(headers or [PUBLIC])

    async def __call__(self) -> Answer:
        self.asked += 1
        await self.go.wait()
        if self.fails:
            raise UpstreamDown("away")
        return Answer(200, self._headers, b"answer %d" % self.asked)


async def body(cache: Cache, source: Source, key: bytes = b"k") -> bytes:
    kept, answer = await cache.answer((key,), source)
    return kept.body if kept else answer.body


async def settled(cache: Cache) -> None:
    await asyncio.gather(*cache._fetching.values(), return_exceptions=True)


async def test_while_fresh_it_is_asked_for_once() -> None:
    cache, source = Cache(Clock()), Source()
    assert [await body(cache, source) for _ in range(5)] == [b"answer 1"] * 5
    assert source.asked == 1


async def test_stale_is_given_at_once_while_one_request_renews_it() -> None:
    clock, source = Clock(), Source()
    cache = Cache(clock)
    await body(cache, source)
    clock.now += 11
    source.go.clear()
    assert [await body(cache, source) for _ in range(5)] == [b"answer 1"] * 5
    source.go.set()
    await settled(cache)
    assert await body(cache, source) == b"answer 2"
    assert source.asked == 2


async def test_too_old_is_waited_for() -> None:
    clock, source = Clock(), Source()
    cache = Cache(clock)
    await body(cache, source)
    clock.now += 71
    assert await body(cache, source) == b"answer 2"


async def test_while_the_service_is_away_old_is_better_than_nothing_up_to_a_point() -> None:
    clock, source = Clock(), Source()
    cache = Cache(clock)
    await body(cache, source)
    source.fails = True
    clock.now += 600
    assert await body(cache, source) == b"answer 1"
    clock.now += 11
    with pytest.raises(UpstreamDown):
        await body(cache, source)


async def test_those_who_ask_at_once_share_one_request() -> None:
    cache, source = Cache(Clock()), Source()
    source.go.clear()
    asking = [asyncio.create_task(body(cache, source)) for _ in range(20)]
    await asyncio.sleep(0)
    asking[0].cancel()  # the others must not lose it with whoever came first
    await asyncio.sleep(0)
    source.go.set()
    results = await asyncio.gather(*asking, return_exceptions=True)
    assert set(results[1:]) == {b"answer 1"}
    assert source.asked == 1


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        pytest.param(200, {}, id="nothing is said"),
        pytest.param(200, {b"cache-control": b"private, max-age=60"}, id="for one alone"),
        pytest.param(200, {b"cache-control": b"public"}, id="no time"),
        pytest.param(200, {b"cache-control": b"public, max-age=0"}, id="no time at all"),
        pytest.param(200, {b"cache-control": b"public, no-store, max-age=9"}, id="not to be kept"),
        pytest.param(404, dict([PUBLIC]), id="a refusal"),
        pytest.param(200, dict([PUBLIC, (b"set-cookie", b"a=b")]), id="with a cookie"),
        pytest.param(200, dict([PUBLIC, (b"vary", b"authorization")]), id="by caller"),
        pytest.param(200, dict([PUBLIC, (b"vary", b"*")]), id="by anything"),
    ],
)
def test_only_what_says_so_is_kept(status: int, headers: dict) -> None:
    assert kept_of(Answer(status, headers, b"x"), 0.0) is None


def test_the_shelf_is_bounded() -> None:
    cache = Cache()
    large = Answer(200, dict([PUBLIC]), b"x" * 100_000)
    for number in range(500):
        cache._put((b"%d" % number,), kept_of(large, 0.0))
    assert cache._bytes <= MOST_BYTES
    assert cache._bytes == len(cache._kept) * (100_000 + OVERHEAD)
    assert (b"499",) in cache._kept


@pytest.mark.parametrize(
    ("named", "same"),
    [(b'"1"', True), (b'W/"1"', True), (b'"0", "1"', True), (b"*", True), (b'"2"', False)],
)
def test_tags_are_compared_weakly(named: bytes, *, same: bool) -> None:
    assert matches(named, b'"1"') is same
    assert matches(named, b'W/"1"') is same


@pytest.fixture
def loyalty() -> Service:
    return Service(answering({"items": []}, 200, PUBLIC))


async def test_guests_and_members_share_an_answer_and_get_304(loyalty: Service) -> None:
    edge = Edge({"loyalty": loyalty})
    first = await edge.ask("GET", TIERS)
    second = await edge.ask("GET", TIERS, member())
    third = await edge.ask("GET", TIERS, headers={"If-None-Match": first.headers["etag"]})
    assert (first.json, second.json, third.status, third.body) == (
        {"items": []}, {"items": []}, 304, b"",
    )  # fmt: skip
    assert "age" in second.headers
    assert len(loyalty.asked) == 1
    assert "authorization" not in loyalty.headers
    assert not [r for r in (first, second, third) if "x-request-id" not in r.headers]


async def test_languages_and_queries_are_kept_apart(loyalty: Service) -> None:
    edge = Edge({"loyalty": loyalty})
    for language in ("en", "ru", "en"):
        await edge.ask("GET", TIERS, headers={"Accept-Language": language})
    await edge.ask("GET", TIERS, query="limit=1", headers={"Accept-Language": "en"})
    assert len(loyalty.asked) == 3
    assert loyalty.asked[-1]["query_string"] == b"limit=1"


async def test_caches_on_the_way_keep_apart_what_is_kept_apart_here(loyalty: Service) -> None:
    """Whoever keeps a public answer by its URL alone gives Chinese to Russians."""
    reply = await Edge({"loyalty": loyalty}).ask("GET", TIERS)
    assert set(reply.headers["vary"].split(", ")) == {"accept", "accept-language", "origin"}


@pytest.mark.parametrize("header", ["Accept", "Accept-Language"])
async def test_no_header_of_a_caller_fills_the_memory(loyalty: Service, header: str) -> None:
    edge = Edge({"loyalty": loyalty})
    reply = await edge.ask("GET", TIERS, headers={header: "x" * 60_000})
    assert reply.status == 200
    assert not edge.proxy.cache._kept


@pytest.mark.parametrize("caller", [admin(), backend("faq:write")], ids=["staff", "a program"])
async def test_who_may_see_more_asks_the_service(loyalty: Service, caller) -> None:
    edge = Edge({"loyalty": loyalty})
    await edge.ask("GET", TIERS)
    await edge.ask("GET", TIERS, caller)
    assert len(loyalty.asked) == 2
    assert edge.caller_in(loyalty.headers, "loyalty")["sub"] == caller.subject


async def test_what_is_not_public_is_asked_for_each_time_and_as_who_asks() -> None:
    service = Service()
    edge = Edge({"loyalty": service})
    replies = [await edge.ask("GET", TIERS) for _ in range(3)]
    assert {reply.status for reply in replies} == {200}
    assert len(service.asked) == 3
    caller = member()
    assert (await edge.ask("GET", TIERS, caller)).json == {"ok": True}
    assert edge.caller_in(service.headers, "loyalty")["sub"] == caller.subject


async def test_nobody_shortens_the_time_of_a_request_that_others_wait_for() -> None:
    service = Service()
    await Edge({"loyalty": service}).ask("GET", TIERS, headers={"X-Deadline-Ms": "1"})
    assert service.headers["x-deadline-ms"] == "5000"


async def test_a_bad_token_is_refused_however_public_the_answer(loyalty: Service) -> None:
    edge = Edge({"loyalty": loyalty})
    await edge.ask("GET", TIERS)
    assert (await edge.ask("GET", TIERS, headers={"Authorization": "Bearer x"})).status == 401
