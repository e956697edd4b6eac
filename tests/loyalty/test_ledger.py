"""The ledger in the database: what it refuses, and what proving it finds."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.exc import DBAPIError

from kit import clock
from kit.ids import uuid7
from kit.scheduler import Job
from kit.testing import Harness, analyst, member, until
from services.loyalty.actions.bookkeeping import open_book
from services.loyalty.actions.settling import settle_due_wallets
from services.loyalty.events import PointsActivated, PointsExpired
from services.loyalty.jobs import SCHEDULE, expire_points
from services.loyalty.rules.ledger import PointType
from services.loyalty.store import proofs
from tests.loyalty.members import (
    adjust,
    balances,
    changed,
    execute,
    make_due,
    merged,
    new_reward,
    placed,
    proved,
    read,
    redeem,
    registered,
    with_points,
)
from tests.loyalty.programmes import rule_changed

EXPIRE, GATHER, PROVE = (
    next(each for each in SCHEDULE if each.name == f"loyalty.{name}")
    for name in ("expire_points", "gather_points", "prove_ledger")
)

ENTRY = """
    INSERT INTO entries (id, member_id, point_type, version, kind, source_type, source_id, rule,
                         leg, points, available, pending, debt, occurred_at, recorded_at)
    SELECT gen_random_uuid(), member_id, point_type, {version}, kind, source_type, {source_id},
           rule, leg, points, available, pending, debt, occurred_at, recorded_at
    FROM entries WHERE version = 1 AND point_type = 'points'
"""


async def with_a_history(harness: Harness) -> None:
    """A member who has earned, waited, spent, returned and owed, and one who just has points."""
    await with_points(harness, 5, valid_days=30)
    caller = await with_points(harness, 500, valid_days=30)
    await harness.deliver(registered(caller), placed(caller), placed(caller, "A-2", 600_000))
    await harness.deliver(changed(caller, "delivered"), changed(caller, "delivered", "A-2"))
    await redeem(harness, caller, await new_reward(harness, points=6_700))
    refund = {"amount_minor": 600_000, "refunded_minor": 300_000}
    await harness.deliver(changed(caller, "partially_refunded", "A-2", **refund))
    assert (await balances(harness, caller))[2] > 0


@pytest.mark.parametrize("table", ["entries", "postings", "lot_moves"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
async def test_what_is_written_stays(harness: Harness, table: str, change: str) -> None:
    await with_a_history(harness)
    column = "amount" if table == "postings" else "points"
    with pytest.raises(DBAPIError, match="append-only"):
        await execute(harness, change.format(table, column, column))


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        pytest.param(
            "INSERT INTO postings SELECT id, 'adjusted', 5 FROM entries",
            "sum to zero",
            id="postings that do not sum to zero",
        ),
        pytest.param(
            ENTRY.format(version=99, source_id="'other'"),
            "previous_version",
            id="a gap in versions",
        ),
        pytest.param(
            ENTRY.format(version=1, source_id="'other'"),
            "uq_entries_member_id",
            id="a version twice",
        ),
        pytest.param(
            ENTRY.format(version=2, source_id="source_id"), "uq_entries_source", id="a claim twice"
        ),
        pytest.param(
            ENTRY.format(version=1, source_id="'other'").replace(
                " member_id, point_type, 1", " gen_random_uuid(), point_type, 1"
            ),
            "of no wallet",
            id="an entry of no wallet",
        ),
        pytest.param(
            "INSERT INTO postings SELECT gen_random_uuid(), account, n"
            " FROM (VALUES ('issued', 5), ('available', -5)) AS given (account, n), entries"
            " WHERE version = 1",
            "sum to zero",
            id="postings of different entries",
        ),
        pytest.param(
            "INSERT INTO postings SELECT CAST(id AS uuid), account, n FROM (VALUES"
            " ('01a1ffec-1522-7519-a168-3f4fd41709bf', 'issued', 5),"
            " ('01a1ffec-1522-7519-a168-3f4fd41709bf', 'available', -5)"
            ") AS given (id, account, n)",
            "of no entry",
            id="postings of no entry",
        ),
        pytest.param(
            "INSERT INTO lots (id, member_id, point_type, original, remaining, state, pending_days)"
            " SELECT gen_random_uuid(), member_id, point_type, 5, 5, 'active', 0 FROM wallets",
            "of no entry",
            id="a lot of no entry",
        ),
        pytest.param("DELETE FROM wallets", "keep their keys", id="a wallet that goes"),
        pytest.param(
            "UPDATE wallets SET member_id = gen_random_uuid()",
            "keep their keys",
            id="a wallet that becomes another's",
        ),
        pytest.param(
            "UPDATE wallets SET available = -1", "ck_wallets_available", id="a negative balance"
        ),
        pytest.param(
            "UPDATE wallets SET available = 1, debt = 1",
            "ck_wallets_debt_first",
            id="points available while some are owed",
        ),
        pytest.param(
            f"UPDATE wallets SET available = {2**53}",
            "ck_wallets_available",
            id="a balance nobody can read",
        ),
        pytest.param(
            "UPDATE lots SET remaining = original + 1", "ck_lots_remaining", id="a lot that grows"
        ),
        pytest.param(
            "UPDATE lots SET reversed = original + 1",
            "ck_lots_reversed",
            id="more taken back than earned",
        ),
    ],
)
async def test_the_database_itself_refuses(harness: Harness, statement: str, broken: str) -> None:
    await harness.deliver(registered(member()))
    with pytest.raises(DBAPIError, match=broken):
        await execute(harness, statement)


async def test_a_sound_ledger_is_proved(harness: Harness) -> None:
    await with_a_history(harness)
    found = await read(harness, analyst(), "/v1/loyalty/ledger/verify")
    assert found["sound"] is True
    assert found["drift_points"] == {"points": 0, "growth": 0}
    assert [check["claim"] for check in found["checks"]] == [p.claim for p in proofs.PROOFS]


DAMAGES = [
    (
        "INSERT INTO postings SELECT id, 'debt', 5 FROM entries WHERE kind = 'spend'",
        "each entry sum to zero",
    ),
    ("UPDATE wallets SET available = 1, debt = 0", "its last entry left"),
    ("UPDATE wallets SET available = 1, debt = 0", "what its lots hold"),
    ("UPDATE lots SET remaining = 0", "less what was taken out"),
    ("DELETE FROM lot_moves", "what it takes it takes from lots"),
    ("UPDATE entries SET available = 5 WHERE version = 2", "those of the entry before it"),
    ("UPDATE wallets SET version = version + 1", "counts its entries"),
    ("UPDATE wallets SET due_at = NULL", "before its wallet says so"),
    ("UPDATE members SET tier = 'platinum'", "the highest their growth points reach"),
]


@pytest.mark.parametrize(("damage", "claim"), DAMAGES, ids=[claim for _, claim in DAMAGES])
async def test_damage_is_found_and_measured(harness: Harness, damage: str, claim: str) -> None:
    await with_a_history(harness)
    async with harness.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        await connection.exec_driver_sql(damage)
    found = await read(harness, analyst(), "/v1/loyalty/ledger/verify")
    assert found["sound"] is False
    assert sum(found["drift_points"].values()) > 0
    [check] = [check for check in found["checks"] if claim in check["claim"]]
    assert check["contradictions"] > 0
    await harness.run(PROVE)
    drift = {kind: gauge(kind) for kind in ("points", "growth")}
    assert drift == found["drift_points"]


def gauge(point_type: str) -> float | None:
    return REGISTRY.get_sample_value("loyalty_ledger_drift_points", {"point_type": point_type})


async def test_points_nobody_looks_at_expire_by_the_clock(harness: Harness) -> None:
    callers = [await with_points(harness, 10, valid_days=30) for _ in range(3)]
    await harness.run(EXPIRE)
    assert await harness.published(PointsExpired) == []
    due_at = clock.now() + timedelta(days=31)
    await harness.run(EXPIRE, at=due_at)
    expired = await harness.published(PointsExpired)
    assert {e.member_id for e in expired} == {caller.member_id for caller in callers}
    assert [(e.points, e.balance) for e in expired] == [(10, 0)] * 3
    await harness.run(EXPIRE, at=due_at)
    assert len(await harness.published(PointsExpired)) == 3
    await proved(harness)


async def test_the_sweep_works_in_portions_until_all_is_settled(harness: Harness) -> None:
    for _ in range(5):
        await with_points(harness, 10, valid_days=30)
    await make_due(harness, clock.now())
    rounds, more = 0, True
    while more:
        async with harness.transaction() as session:
            more = await settle_due_wallets(session, clock.now(), 2)
        rounds += more
    assert rounds == 3
    await proved(harness)


async def test_the_sweep_waits_for_nobody(harness: Harness) -> None:
    held = await with_points(harness, 10, valid_days=30)
    free = await with_points(harness, 10, valid_days=30)
    await make_due(harness, clock.now())
    async with harness.transaction() as holder:
        connection = await holder.connection()
        await connection.exec_driver_sql(
            f"SELECT 1 FROM wallets WHERE member_id = '{held.subject}' FOR UPDATE"
        )
        async with harness.transaction() as session:
            await expire_points(session, clock.now())
    assert [e.member_id for e in await harness.published(PointsExpired)] == [free.member_id]


async def test_a_pending_period_ends_by_the_clock(harness: Harness) -> None:
    await rule_changed(harness, "order", pending_days=14)
    caller = member()
    await harness.deliver(placed(caller), changed(caller, "delivered"))
    assert await balances(harness, caller) == (0, 129, 0, 129)
    await harness.run(EXPIRE, at=clock.now() + timedelta(days=15))
    [activated] = await harness.published(PointsActivated)
    assert (activated.points, activated.balance) == (129, 129)
    assert await balances(harness, caller) == (129, 0, 0, 129)


async def test_what_a_merged_guest_got_too_late_is_brought_to_who_goes_on(
    harness: Harness,
) -> None:
    """A guest's token may live a little longer than the guest."""
    guest, known = await with_points(harness, 10), member()
    await harness.deliver(merged(guest, known))
    await adjust(harness, guest, points=7)
    await harness.run(GATHER)
    assert await balances(harness, guest) == (0, 0, 0, 0)
    assert await balances(harness, known) == (17, 0, 0, 0)
    await proved(harness)


def job(name: str) -> Job:
    [found] = [each for each in SCHEDULE if each.name == f"loyalty.{name}"]
    return found


async def seal(harness: Harness) -> None:
    """Run the job until all is sealed: it waits for transactions of other databases too."""

    async def is_sealed() -> bool:
        await harness.run(job("seal_ledger"))
        [row] = await execute(
            harness,
            "SELECT (SELECT seq FROM ledger_marks WHERE name = 'sealed')"
            " >= (SELECT max(seq) FROM entries) AS all_sealed",
        )
        return bool(row.all_sealed)

    await until(is_sealed, within_s=120)


async def damage(harness: Harness, statement: str) -> None:
    """Do what only somebody can who is above the database's own guards."""
    async with harness.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        await connection.exec_driver_sql(statement)


async def test_what_was_proved_is_not_read_again(harness: Harness) -> None:
    await with_a_history(harness)
    await seal(harness)
    await harness.run(job("prove_ledger"))
    found = await read(harness, analyst(), "/v1/loyalty/ledger/verify")
    assert found["sound"]
    assert found["since"] > 0
    [old] = await execute(harness, "SELECT id FROM entries ORDER BY seq LIMIT 1")
    await damage(harness, f"INSERT INTO postings VALUES ('{old.id}', 'debt', 5)")
    assert (await read(harness, analyst(), "/v1/loyalty/ledger/verify"))["sound"]
    assert not (await read(harness, analyst(), "/v1/loyalty/ledger/verify?whole=true"))["sound"]


@pytest.mark.parametrize(("harm", "claim"), DAMAGES[:-1], ids=[claim for _, claim in DAMAGES[:-1]])
async def test_fresh_damage_is_found_without_reading_all(
    harness: Harness, harm: str, claim: str
) -> None:
    await with_points(harness, 3)
    await seal(harness)
    await harness.run(job("prove_ledger"))
    await with_a_history(harness)
    await damage(harness, harm)
    found = await read(harness, analyst(), "/v1/loyalty/ledger/verify")
    assert found["since"] > 0
    [check] = [check for check in found["checks"] if claim in check["claim"]]
    assert check["contradictions"] > 0


async def test_a_ledger_found_unsound_is_read_whole_until_it_is_sound(harness: Harness) -> None:
    await with_a_history(harness)
    await seal(harness)
    await harness.run(job("prove_ledger"))
    await damage(harness, "UPDATE wallets SET available = 1, debt = 0 WHERE debt > 0")
    await harness.run(job("prove_whole_ledger"))
    assert gauge("points")
    await harness.run(job("prove_ledger"))
    assert gauge("points")


async def test_batches_that_enrol_the_same_members_wait_in_no_circle(harness: Harness) -> None:
    members, chance = [uuid7() for _ in range(12)], random.Random(7)
    batches = [set(chance.sample(members, 4)) for _ in range(20)]

    async def enrol(batch: set[UUID]) -> None:
        async with harness.transaction() as session:
            await open_book(session, batch, clock.now())

    await asyncio.gather(*map(enrol, batches))
    enrolled = "SELECT (SELECT count(*) FROM members), (SELECT count(*) FROM wallets)"
    assert await execute(harness, enrolled) == [(12, 12 * len(PointType))]
