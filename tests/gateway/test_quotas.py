"""A key's quota holds over all replicas, over restarts, and over a database that was away."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.limits import Quota, Verdict
from gateway.quotas import Quotas, QuotaSpent, Span
from gateway.store import quotas as store
from gateway.tables import KeyUsage
from kit.auth import Caller, Role
from kit.db import Sessions
from kit.testing import Harness, backend
from tests.gateway.edge import Edge, Service
from tests.gateway.people import Door

NOON = datetime(2026, 2, 28, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON.timestamp()

    def __call__(self) -> float:
        return self.now

    def set(self, *moment: int) -> None:
        self.now = datetime(*moment, tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def key_id(door: Door) -> UUID:
    """A key of which nothing is used."""
    admin = await door.admin()
    body = {"name": "shop", "scopes": ["orders:write"]}
    return UUID((await door.post("/v1/api-keys", body, admin)).json()["key_id"])


@pytest.fixture
def replica(harness: Harness, clock: Clock) -> Callable[..., Quotas]:
    """One of several processes, knowing the quotas of a key."""

    def made(key_id: UUID, per_day: int | None = None, per_month: int | None = None) -> Quotas:
        quotas = Quotas(harness.sessions, clock)
        spans = {Span.DAY: per_day, Span.MONTH: per_month}
        quotas.learn(key_id, {span: most for span, most in spans.items() if most is not None})
        return quotas

    return made


def verdict() -> Verdict:
    return Verdict("backend", Quota(120_000, 60), True, 119_999, 0.1)


async def spent(quotas: Quotas, key_id: UUID, calls: int) -> int:
    """How many of `calls` passed."""
    passed = 0
    for _ in range(calls):
        try:
            await quotas.spend(str(key_id), verdict())
            passed += 1
        except QuotaSpent:
            pass
    return passed


async def used(harness: Harness, key_id: UUID, span: Span = Span.DAY) -> dict[date, int]:
    async with harness.transaction() as session:
        rows = await store.usage_of(session, key_id, date(2026, 1, 1), span)
    return {row.starts_on: row.taken for row in rows}


@pytest.mark.parametrize("quota", [1, 7, 250, 1_000])
async def test_as_many_calls_pass_as_the_quota_says(replica, key_id: UUID, quota: int) -> None:
    quotas = replica(key_id, quota)
    assert await spent(quotas, key_id, quota + 20) == quota


async def test_replicas_together_pass_no_more(replica, key_id: UUID) -> None:
    replicas = [replica(key_id, 300) for _ in range(3)]
    passed = await asyncio.gather(*(spent(quotas, key_id, 200) for quotas in replicas))
    assert sum(passed) == 300


async def test_many_calls_at_once_pass_no_more(replica, key_id: UUID) -> None:
    quotas = replica(key_id, 120)
    passed = await asyncio.gather(*(spent(quotas, key_id, 3) for _ in range(60)))
    assert sum(passed) == 120


async def test_the_smaller_of_two_quotas_counts(replica, key_id: UUID, harness: Harness) -> None:
    quotas = replica(key_id, 10, 25)
    assert await spent(quotas, key_id, 12) == 10
    await quotas.close()
    assert (await used(harness, key_id))[NOON.date()] == 10
    assert (await used(harness, key_id, Span.MONTH))[date(2026, 2, 1)] == 10


async def test_a_new_day_and_a_new_month_begin_anew(replica, key_id: UUID, clock: Clock) -> None:
    quotas = replica(key_id, 10, 25)
    clock.set(2026, 2, 27)
    assert await spent(quotas, key_id, 12) == 10
    clock.set(2026, 2, 28, 0, 0, 1)
    assert await spent(quotas, key_id, 12) == 10
    clock.set(2026, 2, 28, 23, 59, 59)
    assert await spent(quotas, key_id, 2) == 0
    clock.set(2026, 3, 1)
    assert await spent(quotas, key_id, 30) == 10
    clock.set(2026, 3, 2)
    assert await spent(quotas, key_id, 30) == 10
    clock.set(2026, 3, 3)
    assert await spent(quotas, key_id, 30) == 5  # the month's


async def test_a_restart_forgets_nothing(replica, key_id: UUID, harness: Harness) -> None:
    first = replica(key_id, 1_000)
    assert await spent(first, key_id, 333) == 333
    await first.close()
    assert await used(harness, key_id) == {NOON.date(): 333}
    assert await spent(replica(key_id, 1_000), key_id, 1_000) == 667


async def test_a_process_that_is_killed_costs_its_key_one_portion(replica, key_id: UUID) -> None:
    await spent(replica(key_id, 1_000), key_id, 1)  # and is never heard of again
    assert await spent(replica(key_id, 1_000), key_id, 2_000) == 990


async def test_what_an_idle_process_holds_comes_back(replica, key_id: UUID, clock: Clock) -> None:
    idle, busy = replica(key_id, 1_000), replica(key_id, 1_000)
    await spent(idle, key_id, 1)
    assert await spent(busy, key_id, 1_000) == 990
    await idle.settle(idle._idle())  # it was used since the last look
    await idle.settle(idle._idle())
    clock.now += 2
    assert await spent(busy, key_id, 1_000) == 9
    assert await spent(idle, key_id, 1) == 0


async def test_a_spent_quota_is_not_asked_for_with_every_call(
    replica, key_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    take = store.take

    async def counted(*arguments: Any) -> Any:
        asked.append(arguments)
        return await take(*arguments)

    monkeypatch.setattr(store, "take", counted)
    quotas = replica(key_id, 3)
    await spent(quotas, key_id, 500)
    assert len(asked) == 4


async def test_while_the_database_is_away_calls_pass_and_are_charged_later(
    replica, key_id: UUID, harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    quotas = replica(key_id, 1_000)

    async def away(*_: object) -> None:
        raise ConnectionError("away")

    with monkeypatch.context() as patch:
        patch.setattr(store, "take", away)
        assert await spent(quotas, key_id, 25) == 25
    assert await spent(quotas, key_id, 5 + 10) == 15  # the rest of the portion, and one more
    await quotas.close()
    assert await used(harness, key_id) == {NOON.date(): 40}


async def test_all_that_a_process_holds_is_given_back_in_one_go(
    harness: Harness, clock: Clock, door: Door
) -> None:
    """One after another would take longer than a process that ends is waited for."""
    admin, keys = await door.admin(), []
    for number in range(3):
        body = {"name": f"shop {number}", "scopes": ["orders:write"]}
        keys.append(UUID((await door.post("/v1/api-keys", body, admin)).json()["key_id"]))
    transactions = []

    def counted() -> AsyncSession:
        transactions.append(1)
        return harness.sessions()

    quotas = Quotas(cast("Sessions", counted), clock)
    for key_id in keys:
        quotas.learn(key_id, {Span.DAY: 1_000, Span.MONTH: 5_000})
        assert await spent(quotas, key_id, 3) == 3
    transactions.clear()
    await quotas.close()
    assert len(transactions) == 1
    for key_id in keys:
        assert await used(harness, key_id) == {date(2026, 2, 28): 3}
        assert await used(harness, key_id, Span.MONTH) == {date(2026, 2, 1): 3}
    await quotas.close()
    assert await used(harness, keys[0]) == {date(2026, 2, 28): 3}


async def test_a_failed_settlement_is_made_up_for(
    replica, key_id: UUID, harness: Harness, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    quotas = replica(key_id, 1_000)
    await spent(quotas, key_id, 3)
    clock.set(2026, 3, 1)
    await spent(quotas, key_id, 2)

    async def away(*_: object) -> None:
        raise ConnectionError("away")

    with monkeypatch.context() as patch:
        patch.setattr(store, "add", away)
        with pytest.raises(ConnectionError):
            await quotas.settle(quotas._idle())
    await quotas.close()
    assert await used(harness, key_id) == {NOON.date(): 3, date(2026, 3, 1): 2}


async def test_a_key_without_a_quota_is_not_counted(
    replica, key_id: UUID, harness: Harness
) -> None:
    quotas = replica(key_id)
    given = verdict()
    assert await quotas.spend(str(key_id), given) is given
    assert await used(harness, key_id) == {}


async def test_every_answer_says_what_is_left(replica, key_id: UUID) -> None:
    quotas = replica(key_id, 1_000, 30_000)
    said = await quotas.spend(str(key_id), verdict())
    assert said.headers()[2:] == [
        (b"ratelimit-policy", b'"day";q=1000;w=86400'),
        (b"ratelimit", b'"day";r=999;t=43200'),
        (b"ratelimit-policy", b'"month";q=30000;w=2419200'),
        (b"ratelimit", b'"month";r=29999;t=43200'),
    ]


async def test_a_refusal_says_what_was_spent_and_when_to_return(replica, key_id: UUID) -> None:
    quotas = replica(key_id, 2)
    await spent(quotas, key_id, 2)
    with pytest.raises(QuotaSpent) as refused:
        await quotas.spend(str(key_id), verdict())
    body, headers = refused.value.body(), refused.value.headers
    assert (body["status"], body["code"]) == (429, "gateway.quota_spent")
    assert "2 calls a day" in body["detail"]
    assert body["resets_at"] == "2026-03-01T00:00:00+00:00"
    assert headers["Retry-After"] == "43200"
    assert headers["ratelimit"] == '"day";r=0;t=43200'


@pytest.mark.parametrize(
    ("span", "moment", "start", "end"),
    [
        pytest.param(Span.DAY, (2026, 2, 28), (2026, 2, 28), (2026, 3, 1), id="a day"),
        pytest.param(Span.MONTH, (2026, 2, 28), (2026, 2, 1), (2026, 3, 1), id="a short month"),
        pytest.param(Span.MONTH, (2026, 12, 31), (2026, 12, 1), (2027, 1, 1), id="December"),
        pytest.param(Span.MONTH, (2028, 2, 29), (2028, 2, 1), (2028, 3, 1), id="a leap year"),
    ],
)
def test_spans_begin_and_end_at_midnight_utc(
    span: Span, moment: tuple[int, ...], start: tuple[int, ...], end: tuple[int, ...]
) -> None:
    starts_on = span.start(datetime(*moment, 23, 59, tzinfo=UTC))  # type: ignore[misc,arg-type]
    assert starts_on == date(*start)
    assert span.end(starts_on) == datetime(*end, tzinfo=UTC)  # type: ignore[misc,arg-type]


# through the edge


async def test_the_edge_counts_calls_of_keys_and_of_nobody_else(
    replica, key_id: UUID, harness: Harness
) -> None:
    loyalty = Service()
    edge = Edge({"loyalty": loyalty})
    edge.conditions.quotas = replica(key_id, 2)
    shop = Caller(subject=str(key_id), role=Role.SERVICE, scopes=frozenset({"points:read"}))
    path = "/v1/members/01a1ffec-1522-7519-a168-3f4fd41709bf/wallet"
    replies = [await edge.ask("GET", path, shop) for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    assert replies[0].headers["ratelimit"] == '"day";r=1;t=43200'
    assert replies[2].json["code"] == "gateway.quota_spent"
    assert (await edge.ask("GET", path, backend("points:read"))).status == 200
    assert len(loyalty.asked) == 3


# as administrators set them


async def test_a_quota_is_set_shown_changed_and_lifted(
    door: Door, key_id: UUID, harness: Harness
) -> None:
    admin = await door.admin()
    path = f"/v1/api-keys/{key_id}"

    async def put(**body: int | None) -> int:
        headers = {"Content-Type": "application/json"}
        answer = await door.call("PUT", f"{path}/quota", admin, json=body, headers=headers)
        return answer.status_code

    quotas: Quotas = harness.app.state.quotas
    assert await put(per_day=100) == 200
    assert await spent(quotas, key_id, 3) == 3
    shown = (await door.get(f"{path}/usage", admin)).json()
    assert (shown["per_day"], shown["per_month"]) == (100, None)
    assert [day["calls"] for day in shown["days"]] == [3]
    assert await put(per_day=3) == 200
    assert await spent(quotas, key_id, 1) == 0
    assert await put() == 200
    assert await spent(quotas, key_id, 10) == 10
    trail = (await door.get("/v1/audit", admin)).json()["items"]
    changes = [entry for entry in trail if entry["action"] == "api_key.quota_changed"]
    assert [entry["details"]["per_day"] for entry in reversed(changes)] == [100, 3, None]


async def test_another_replica_learns_of_it(door: Door, key_id: UUID, harness: Harness) -> None:
    admin = await door.admin()
    other = Quotas(harness.sessions)
    for per_day, has in ((5, True), (None, False)):
        await door.call("PUT", f"/v1/api-keys/{key_id}/quota", admin, json={"per_day": per_day})
        await other.read()
        assert await spent(other, key_id, 10) == (5 if has else 10)


@pytest.mark.parametrize(
    "body",
    [{"per_day": 0}, {"per_day": -1}, {"per_day": 2**53}, {"per_day": "9"}, {"a": 1}],
    ids=str,
)
async def test_a_wrong_quota_is_refused(door: Door, key_id: UUID, body: dict[str, Any]) -> None:
    admin = await door.admin()
    answer = await door.call("PUT", f"/v1/api-keys/{key_id}/quota", admin, json=body)
    assert answer.status_code == 422


async def test_a_key_there_is_not_has_no_quota(door: Door) -> None:
    admin = await door.admin()
    path = "/v1/api-keys/01a1ffec-1522-7519-a168-3f4fd41709bf"
    answer = await door.call("PUT", f"{path}/quota", admin, json={"per_day": 1})
    assert (answer.status_code, answer.json()["code"]) == (404, "gateway.api_key_unknown")
    assert (await door.get(f"{path}/usage", admin)).status_code == 404


async def test_only_administrators_see_and_set_quotas(door: Door, key_id: UUID) -> None:
    token = (await door.guest())["access_token"]
    asks: list[Callable[[], Awaitable[Any]]] = [
        lambda: door.get(f"/v1/api-keys/{key_id}/usage", token),
        lambda: door.call("PUT", f"/v1/api-keys/{key_id}/quota", token, json={"per_day": 1}),
    ]
    assert [(await ask()).status_code for ask in asks] == [403, 403]


async def test_usage_is_forgotten_after_a_year(key_id: UUID, harness: Harness) -> None:
    async with harness.transaction() as session:
        for year in (2024, 2026):
            await store.add(session, {(key_id, "day", date(year, 1, 1)): 5})
        assert await store.delete_older(session, date(2025, 1, 1), 100) == 1
        rows = await store.usage_of(session, key_id, date(2000, 1, 1), "day")
    assert [row.starts_on for row in rows] == [date(2026, 1, 1)]
    assert isinstance(rows[0], KeyUsage)
