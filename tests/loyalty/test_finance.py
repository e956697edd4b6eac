"""Finance through its routes: what an order, a redemption and a month's end make of the books."""

import asyncio
import csv
import io
from datetime import UTC, datetime

import orjson
import pytest

from kit.auth import Caller
from kit.testing import Harness, admin, analyst, backend, member
from tests.loyalty.finances import (
    BASE,
    added_up,
    booked,
    bought,
    close,
    declare,
    get,
    job,
    lines,
    post_terms,
    seen,
)
from tests.loyalty.members import (
    changed,
    execute,
    lives_in,
    new_reward,
    placed,
    post,
    redeem,
    with_points,
)


async def test_the_liability_of_a_day_is_points_times_their_value(
    harness: Harness, at: list[datetime]
) -> None:
    await declare(harness)
    await bought(harness, member())
    at[0] = datetime(2026, 10, 8, tzinfo=UTC)
    await with_points(harness, 71)
    await added_up(harness)
    found = await seen(harness, "/liability?on=2026-10-05")
    points = found["items"][0]
    assert (points["points"]["outstanding"], points["value_minor"]) == (129, 194)  # half to even
    assert [c["origin"] for c in points["cohorts"]] == ["order"]
    now = (await seen(harness, "/liability"))["items"][0]
    assert (now["points"]["outstanding"], now["value_minor"], now["currency"]) == (200, 300, "CNY")
    assert (await seen(harness, "/liability?on=2026-10-04"))["items"][0]["value_minor"] == 0
    assert found["items"][1]["value_minor"] is None  # growth points buy nothing


async def test_an_undelivered_order_is_outstanding_as_pending(
    harness: Harness, at: list[datetime]
) -> None:
    caller = member()
    await harness.deliver(lives_in(caller, "UTC"), placed(caller))
    await added_up(harness)
    points = (await seen(harness, "/liability"))["items"][0]["points"]
    assert (points["available"], points["pending"], points["outstanding"]) == (0, 129, 129)


async def test_a_roll_forward_ties_and_its_entries_are_behind_it(
    harness: Harness, at: list[datetime]
) -> None:
    caller, reward = member(), await new_reward(harness)
    await bought(harness, caller)
    at[0] = datetime(2026, 10, 20, tzinfo=UTC)
    assert (await redeem(harness, caller, reward)).status_code == 201
    await harness.deliver(changed(caller, "refunded", "F-1", refunded_minor=12_900))
    await added_up(harness)
    found = await seen(harness, "/roll-forward?from=2026-10-10&until=2026-10-20")
    points = found["items"][0]
    assert points["opening"]["net"] == 129
    moved = {name: n for name, n in points["movements"].items() if n}
    assert moved == {"redeemed": -80, "reversed": -129}
    assert points["closing"] == {
        "available": 0,
        "pending": 0,
        "held": 0,
        "outstanding": 0,
        "debt": 80,
        "net": -80,
    }
    path = "/entries?from=2026-10-10&until=2026-10-20"
    behind = (await seen(harness, path))["items"]
    assert [(e["movement"], e["points"]) for e in behind] == [("redeemed", -80), ("reversed", -129)]
    first = await seen(harness, f"{path}&limit=1")
    rest = await seen(harness, f"{path}&limit=1&cursor={first['next_cursor']}")
    assert [e["seq"] for e in first["items"] + rest["items"]] == [e["seq"] for e in behind]
    only = await seen(harness, f"{path}&movement=reversed")
    assert [e["points"] for e in only["items"]] == [-129]


async def test_an_order_s_points_take_their_share_of_what_was_paid(
    harness: Harness, at: list[datetime]
) -> None:
    """129 points worth 1.5 each, all expected to be redeemed: 193.5 of 12900 + 193.5."""
    await declare(harness)
    await bought(harness, member())
    await added_up(harness)
    found = await lines(harness, "2026-10")
    share = round(12_900 * 193.5 / (12_900 + 193.5))
    assert booked(found, "contract_liability") == -share
    assert booked(found, "revenue") == share
    [cohort] = (await seen(harness, "/deferrals?period=2026-10"))["items"]
    assert (cohort["liability_minor"], cohort["issued"]) == (share, 129)
    assert {line["account_code"] for line in found} == {"2410", "4000"}


async def test_redeeming_recognises_revenue_and_the_reward_s_cost(
    harness: Harness, at: list[datetime]
) -> None:
    await declare(harness)
    caller, reward = member(), await new_reward(harness)
    body = {"reward_id": reward, "valid_from": "2026-10-01", "cost_minor": 700, "currency": "CNY"}
    assert (await post(harness, admin(), f"{BASE}/reward-costs", body)).status_code == 201
    await bought(harness, caller)
    await redeem(harness, caller, reward)
    await added_up(harness)
    found = await lines(harness, "2026-10")
    assert booked(found, "cost_of_rewards") == 700
    assert booked(found, "rewards_payable") == -700
    share = round(12_900 * 193.5 / (12_900 + 193.5))
    assert booked(found, "contract_liability") == -(share - round(share * 80 / 129))
    sent = "/costs?from=2026-10-01&until=2026-10-05"
    costs = await seen(harness, sent)
    [shown] = costs["rewards"]
    assert (shown["item"], shown["times"], shown["points"], shown["cost_minor"]) == (
        reward,
        1,
        80,
        700,
    )
    rule = next(each for each in costs["rules"] if each["rule"] == "order")
    assert (rule["issued"], rule["redeemed"], rule["issued_minor"]) == (129, 80, 194)
    assert sum(rule["versions"].values()) == 129
    assert "0" not in rule["versions"]


async def test_a_journal_is_the_same_bytes_however_often_it_is_asked_for(
    harness: Harness, at: list[datetime]
) -> None:
    await declare(harness)
    await bought(harness, member())
    await with_points(harness, 50)
    await added_up(harness)
    first, again = [await get(harness, "/journal?period=2026-10") for _ in range(2)]
    assert (first.content, first.headers["ETag"]) == (again.content, again.headers["ETag"])
    assert first.headers["Content-Type"].startswith("text/csv")
    by_accept = await get(harness, "/journal?period=2026-10", Accept="application/jsonl")
    by_name = await get(harness, "/journal?period=2026-10&format=jsonl")
    assert by_accept.content == by_name.content
    as_csv = list(csv.DictReader(io.StringIO(first.text)))
    as_json = [orjson.loads(line) for line in by_name.text.splitlines()]
    assert [str(line["debit_minor"]) for line in as_json] == [r["debit_minor"] for r in as_csv]
    debits = sum(line["debit_minor"] for line in as_json)
    assert debits == sum(line["credit_minor"] for line in as_json) > 0


async def test_a_closed_period_stays_and_what_comes_late_is_in_the_next(
    harness: Harness, at: list[datetime]
) -> None:
    await declare(harness)
    await bought(harness, member())
    await added_up(harness)
    at[0] = datetime(2026, 11, 2, tzinfo=UTC)
    before = await get(harness, "/journal?period=2026-10")
    answer = await close(harness, "2026-10")
    assert answer.status_code == 201, answer.text
    at[0] = datetime(2026, 10, 31, 23, tzinfo=UTC)  # a clock that was behind
    await with_points(harness, 40)
    at[0] = datetime(2026, 11, 3, tzinfo=UTC)
    await added_up(harness)
    after = await get(harness, "/journal?period=2026-10")
    assert (after.content, after.headers["ETag"]) == (before.content, before.headers["ETag"])
    assert booked(await lines(harness, "2026-11"), "promotional_liability") == -60
    october = await seen(harness, "/roll-forward?from=2026-10-01&until=2026-10-31")
    november = await seen(harness, "/roll-forward?from=2026-11-01&until=2026-11-03")
    assert october["items"][0]["closing"] == november["items"][0]["opening"]
    assert november["items"][0]["movements"]["adjusted"] == 40
    [entry] = (await seen(harness, "/entries?from=2026-11-01&until=2026-11-03"))["items"]
    assert (entry["booked_on"], entry["points"]) == ("2026-11-01", 40)
    assert (await seen(harness, "/verify"))["sound"]


async def test_closing_twice_or_at_once_closes_once(harness: Harness, at: list[datetime]) -> None:
    await declare(harness)
    await bought(harness, member())
    await added_up(harness)
    at[0] = datetime(2026, 11, 2, tzinfo=UTC)
    answers = await asyncio.gather(*(close(harness, "2026-10") for _ in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.text for answer in answers}) == 1
    assert len((await seen(harness, "/periods"))["items"]) == 1


async def test_only_what_was_looked_at_is_closed_and_only_the_next_month_that_is_over(
    harness: Harness, at: list[datetime]
) -> None:
    await declare(harness)
    await bought(harness, member())
    await added_up(harness)
    early = await close(harness, "2026-10")
    assert (early.status_code, early.json()["code"]) == (409, "loyalty.period_not_closable")
    at[0] = datetime(2026, 11, 30, tzinfo=UTC)
    skipping = await close(harness, "2026-11")
    assert skipping.json()["code"] == "loyalty.period_not_closable"
    changed_since = await close(harness, "2026-10", digest="0" * 64)
    assert changed_since.json()["code"] == "loyalty.journal_changed"
    at[0] = datetime(2026, 10, 30, tzinfo=UTC)
    await with_points(harness, 5)
    at[0] = datetime(2026, 11, 30, tzinfo=UTC)
    behind = await close(harness, "2026-10")
    assert "still being added up" in behind.json()["detail"]
    missing = await get(harness, "/journal?period=2026-08")
    assert (missing.status_code, missing.json()["code"]) == (404, "loyalty.period_not_found")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE finance_periods SET ends_on = ends_on + 1",
        "DELETE FROM finance_periods",
        "UPDATE finance_journal SET debit_minor = debit_minor + 1",
        "UPDATE finance_cohorts SET issued = 0",
        "DELETE FROM point_values",
        "UPDATE point_values SET value_minor = 2",
        """INSERT INTO finance_journal (period, number, posting, event, account, code, debit_minor,
            credit_minor, currency, point_type, points)
        SELECT period, 900, 900, event, account, code, 5, 0, currency, point_type, 0
        FROM finance_journal LIMIT 1""",
        """INSERT INTO finance_periods SELECT DATE '2026-12-01', DATE '2026-12-31', 0, '', 0, '',
            '', now()""",
        """INSERT INTO point_values VALUES ('growth', DATE '2026-10-31', 1, 'CNY', '', '',
            now())""",
    ],
)
async def test_the_database_keeps_what_is_closed(
    harness: Harness, at: list[datetime], statement: str
) -> None:
    await declare(harness)
    await bought(harness, member())
    await added_up(harness)
    at[0] = datetime(2026, 11, 2, tzinfo=UTC)
    assert (await close(harness, "2026-10")).status_code == 201
    with pytest.raises(Exception, match=r"append-only|closed|balanced|one after the other"):
        await execute(harness, statement)


async def test_closed_months_are_carried_on_exactly(harness: Harness, at: list[datetime]) -> None:
    """Closing a month on the way changes nothing in the next."""
    await declare(harness)
    caller, reward = member(), await new_reward(harness)
    await bought(harness, caller)
    await added_up(harness)
    at[0] = datetime(2026, 11, 2, tzinfo=UTC)
    await redeem(harness, caller, reward)
    await added_up(harness)
    open_before = await get(harness, "/journal?period=2026-11")
    await close(harness, "2026-10")
    assert (await get(harness, "/journal?period=2026-11")).content == open_before.content


async def test_what_is_declared_stays_and_needs_its_day_and_currency(
    harness: Harness, at: list[datetime]
) -> None:
    assert (await declare(harness)).status_code == 201
    assert (await declare(harness)).status_code == 201  # the same again
    another = await declare(harness, value_minor="2")
    assert another.json()["code"] == "loyalty.already_declared"
    foreign = await declare(harness, valid_from="2026-11-01", currency="EUR")
    assert foreign.json()["code"] == "loyalty.other_currency"
    dearer = await declare(harness, valid_from="2026-10-03", value_minor="2")
    assert dearer.status_code == 201
    values = (await seen(harness, "/point-values"))["items"]
    assert [value["value_minor"] for value in values] == ["1.50000000", "2.00000000"]
    await bought(harness, member())
    await added_up(harness)
    at[0] = datetime(2026, 11, 2, tzinfo=UTC)
    await close(harness, "2026-10")
    late = await declare(harness, valid_from="2026-10-20", value_minor="3")
    assert (late.status_code, late.json()["code"]) == (409, "loyalty.period_closed")
    terms = await post_terms(harness, time_zone="Asia/Shanghai")
    assert terms.json()["code"] == "loyalty.period_closed"


async def test_days_begin_where_the_books_are_kept(harness: Harness, at: list[datetime]) -> None:
    at[0] = datetime(2026, 10, 31, 18, tzinfo=UTC)
    await with_points(harness, 10)
    await added_up(harness)
    assert (await post_terms(harness, time_zone="Mars/Base")).status_code == 422
    assert (await post_terms(harness, time_zone="Asia/Shanghai")).status_code == 200
    await harness.run(job("add_up_finance"))
    rows = await execute(harness, "SELECT DISTINCT booked_on, cohort FROM finance_days")
    assert [(str(row.booked_on), str(row.cohort)) for row in rows] == [("2026-11-01", "2026-11-01")]
    kept = await seen(harness, "/terms")
    assert kept["accounts"]["revenue"] == "4000"
    changed_code = await post_terms(harness, accounts={"revenue": "4711"})
    assert changed_code.json()["accounts"]["revenue"] == "4711"
    assert changed_code.json()["accounts"]["breakage_revenue"] == "4100"


async def test_without_a_value_there_is_no_journal(harness: Harness, at: list[datetime]) -> None:
    await bought(harness, member())
    await added_up(harness)
    answer = await get(harness, "/journal?period=2026-10")
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.finance_undeclared")


async def test_breakage_is_observed_and_what_if_is_asked(
    harness: Harness, at: list[datetime]
) -> None:
    caller, reward = (
        await with_points(harness, 100, valid_days=40),
        await new_reward(harness, points=60),
    )
    await redeem(harness, caller, reward)
    at[0] = datetime(2026, 12, 3, tzinfo=UTC)
    await harness.run(job("expire_points"))
    await added_up(harness)
    found = await seen(harness, "/breakage")
    assert [(s["age"], s["exposed"], s["redeemed"], s["expired"]) for s in found["steps"]] == [
        (0, 100, 60, 0),
        (1, 40, 0, 0),
    ]
    at[0] = datetime(2027, 1, 3, tzinfo=UTC)
    found = await seen(harness, "/breakage")
    assert (float(found["ultimate_redemption_rate"]), float(found["breakage_rate"])) == (0.6, 0.4)
    assert found["cohorts"][0]["redeemed_by_age"] == [60, 0, 0]
    assert found["cohorts"][0]["expired_by_age"] == [0, 0, 40]
    rarely = await seen(harness, "/breakage?redeeming=0.5")
    assert float(rarely["ultimate_redemption_rate"]) == 0.3


async def test_activity_counts_members(harness: Harness, at: list[datetime]) -> None:
    caller, reward = member(), await new_reward(harness)
    await bought(harness, caller)
    await bought(harness, member(), "F-2")
    await redeem(harness, caller, reward)
    await added_up(harness)
    found = await seen(harness, "/activity?from=2026-10-01&until=2026-10-31")
    assert found == {
        "earning": 2,
        "redeeming": 1,
        "active": 2,
        "holding": 2,
        "holding_active": 2,
        "owing": 0,
    }
    later = await seen(harness, "/activity?from=2026-11-01&until=2026-11-30")
    assert (later["active"], later["holding"], later["holding_active"]) == (0, 2, 0)


@pytest.mark.parametrize(
    "path",
    [
        "/liability?on=2027-01-01",
        "/roll-forward?from=2026-10-05&until=2026-10-01",
        "/roll-forward?from=2026-10-01&until=2026-12-01",
        "/costs?from=2026-10-05&until=2026-10-01",
        "/breakage?redeeming=-1",
        "/journal?period=2026-13",
    ],
)
async def test_times_that_make_no_sense_are_refused(
    harness: Harness, at: list[datetime], path: str
) -> None:
    assert (await get(harness, path)).status_code == 422


@pytest.mark.parametrize("caller", [member(), backend("points:read")], ids=["member", "backend"])
async def test_the_books_are_not_for_everybody(harness: Harness, caller: Caller) -> None:
    async with harness.client(caller) as client:
        assert (await client.get(f"{BASE}/liability")).status_code == 403
    async with harness.client(analyst()) as client:
        answer = await client.patch(f"{BASE}/terms", json={"breakage": "remote"})
        assert answer.status_code == 403


async def test_a_backend_may_read_with_its_scope(harness: Harness) -> None:
    async with harness.client(backend("finance:read")) as client:
        assert (await client.get(f"{BASE}/liability")).status_code == 200
