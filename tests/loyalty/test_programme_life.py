"""The life of a change: drafts, simulations, back-tests, trials, publication."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import ABSENT, Harness, agent, analyst, backend, marketer, member
from services.loyalty.actions.simulating import run_next_backtest
from services.loyalty.events import TrialEnded
from services.loyalty.jobs import end_bad_trials, forget_occasions
from services.loyalty.store.occasions import Earned, earned
from tests.loyalty.costs import rows_read
from tests.loyalty.members import balances, execute, placed, post, proved, read, with_points
from tests.loyalty.programmes import NAME, live_programme, programme, rule, run_programme
from tests.loyalty.test_programme import in_segment, members_by_lot, shared

VERSIONS = "/v1/programme/versions"
COST = {"per_point_minor": "0.5", "currency": "CNY"}


async def draft(harness: Harness, body: dict[str, Any], note: str = "") -> int:
    answer = await post(harness, marketer(), VERSIONS, {"document": body, "note": note})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["version"])


async def publish(harness: Harness, version: int, **share: Any) -> httpx.Response:
    return await post(harness, marketer(), f"{VERSIONS}/{version}/publications", share)


async def backtested(harness: Harness, version: int, days: int = 90) -> dict[str, Any]:
    answer = await post(harness, marketer(), f"{VERSIONS}/{version}/backtests", {"days": days})
    assert answer.status_code == 202, answer.text
    async with harness.transaction() as session:
        assert await run_next_backtest(session, clock.now())
    asked = answer.json()["backtest_id"]
    return await read(harness, analyst(), f"/v1/programme/backtests/{asked}")


async def test_a_draft_pays_nobody_until_it_is_published(harness: Harness) -> None:
    caller = member()
    version = await draft(harness, programme(rule()), "Shares")
    await harness.deliver(shared(caller))
    assert (await balances(harness, caller))[0] == 0
    answer = await publish(harness, version)
    assert (answer.status_code, answer.json()["state"]) == (200, "live")
    await harness.deliver(shared(caller))
    assert (await balances(harness, caller))[0] == 10
    listed = (await read(harness, agent(), VERSIONS))["items"]
    assert tuple(listed[0][name] for name in ("version", "state", "note")) == (2, "live", "Shares")
    assert listed[1]["retired_because"] == "replaced by 2"


async def test_a_draft_that_is_wrong_is_refused_with_every_place(harness: Harness) -> None:
    body = programme(rule(group="x"), rule("b", when={"all": [{"field": "m", "op": "eq"}]}))
    answer = await post(harness, marketer(), VERSIONS, {"document": body})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    fields = [error["field"] for error in answer.json()["errors"]]
    assert fields == ["rules[0].group", "rules[1].when.all[0].field"]


async def test_a_draft_changes_and_what_was_published_does_not(harness: Harness) -> None:
    version = await draft(harness, programme(rule()))
    path = f"{VERSIONS}/{version}"
    async with harness.client(marketer()) as client:
        body = {"document": programme(rule(earn={"points": 3}))}
        changed = await client.put(path, json=body)
        assert changed.json()["document"]["rules"][0]["earn"] == {"points": 3}
        await publish(harness, version)
        refused = await client.put(path, json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "loyalty.not_a_draft")


async def test_publishing_twice_and_at_once_leaves_one_live_version(harness: Harness) -> None:
    one, two = [await draft(harness, programme(rule())) for _ in range(2)]
    asked = [publish(harness, version) for version in [one, two] * 3]
    answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} <= {200, 409}
    rows = await execute(harness, "SELECT version FROM programme_versions WHERE state = 'live'")
    assert len(rows) == 1


async def test_the_live_version_cannot_be_ended(harness: Harness) -> None:
    answer = await post(harness, marketer(), f"{VERSIONS}/1/retirement")
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.not_publishable")


async def test_a_trial_grows_to_everybody(harness: Harness) -> None:
    await publish(harness, await draft(harness, programme(rule())))
    trial = await draft(harness, programme(rule(earn={"points": 20})))
    answer = await publish(harness, trial, share=5, ceiling_points=1000)
    assert (answer.json()["state"], answer.json()["share"]) == ("trial", 5)
    inside, outside = members_by_lot(trial, 50, 1)
    await publish(harness, trial, share=50, ceiling_points=1000)
    await harness.deliver(shared(inside[0]), shared(outside[0]))
    await publish(harness, trial)
    await harness.deliver(shared(outside[0]))
    assert [(await balances(harness, c))[0] for c in (inside[0], outside[0])] == [20, 30]


@pytest.mark.parametrize(
    ("share", "code"),
    [
        pytest.param({"share": 5}, "malformed", id="without a ceiling"),
        pytest.param({"share": 100, "ceiling_points": 5}, "invalid", id="of everybody"),
        pytest.param({"share": 0, "ceiling_points": 5}, "invalid", id="of nobody"),
    ],
)
async def test_a_trial_that_makes_no_sense(
    harness: Harness, share: dict[str, int], code: str
) -> None:
    answer = await publish(harness, await draft(harness, programme(rule())), **share)
    assert answer.json()["code"] == code


async def test_one_trial_at_a_time(harness: Harness) -> None:
    one, two = [await draft(harness, programme(rule())) for _ in range(2)]
    await publish(harness, one, share=5, ceiling_points=100)
    answer = await publish(harness, two, share=5, ceiling_points=100)
    assert (answer.status_code, answer.json()["code"]) == (409, "loyalty.not_publishable")
    await post(harness, marketer(), f"{VERSIONS}/{one}/retirement")
    assert (await publish(harness, two, share=5, ceiling_points=100)).status_code == 200


@pytest.mark.parametrize(
    ("points", "state"),
    [pytest.param(25, "trial", id="a little more"), pytest.param(80, "retired", id="far more")],
)
async def test_a_trial_whose_members_earn_too_much_ends(
    harness: Harness, points: int, state: str
) -> None:
    await publish(harness, await draft(harness, programme(rule())))
    trial = await draft(harness, programme(rule(earn={"points": points})))
    await publish(harness, trial, share=50, ceiling_points=10**6, anomaly_percent=300)
    inside, outside = members_by_lot(trial, 50, 25)
    await harness.deliver(*map(shared, [*inside, *outside]))
    async with harness.transaction() as session:
        await end_bad_trials(session, clock.now())
    found = await read(harness, analyst(), f"{VERSIONS}/{trial}")
    assert found["state"] == state
    assert (found["retired_because"] or "").startswith("anomaly" if state == "retired" else "")
    said = await harness.published(TrialEnded)
    assert [(e.version, e.share, e.reason) for e in said] == (
        [(trial, 50, found["retired_because"])] if state == "retired" else []
    )


async def test_a_trial_that_goes_live_while_it_is_watched_stays_live(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(harness, await draft(harness, programme(rule())))
    trial = await draft(harness, programme(rule(earn={"points": 80})))
    await publish(harness, trial, share=50, ceiling_points=10**6)
    inside, outside = members_by_lot(trial, 50, 25)
    await harness.deliver(*map(shared, [*inside, *outside]))

    async def meanwhile(*about: Any) -> Any:
        assert (await publish(harness, trial)).status_code == 200
        return await earned(*about)

    monkeypatch.setattr("services.loyalty.store.occasions.earned", meanwhile)
    async with harness.transaction() as session:
        await end_bad_trials(session, clock.now())
    found = await read(harness, analyst(), "/v1/programme")
    assert (found["version"], found["retired_because"]) == (trial, None)


async def test_a_trial_is_watched_without_counting_everything_again(harness: Harness) -> None:
    """What is settled is counted once, each member once; only what is new is read."""
    await publish(harness, await draft(harness, programme(rule())))
    trial = await draft(harness, programme(rule(earn={"points": 11})))
    await publish(harness, trial, share=50, ceiling_points=10**6)
    inside, outside = members_by_lot(trial, 50, 120)
    since = clock.now() - timedelta(hours=1)

    async def look(session: AsyncSession) -> Earned:
        return await earned(session, trial, since, clock.now())

    await harness.deliver(*map(shared, [*inside[:100], *outside]))
    await harness.deliver(*map(shared, inside[:50]))
    async with harness.transaction() as session:
        await session.execute(text("ANALYZE occasions"))  # as may happen at any moment
    assert await rows_read(harness, look) < 60  # all would be 300
    late = timedelta(minutes=10)  # so that the next are not settled yet
    await harness.deliver(*map(shared, inside[90:]))
    async with harness.transaction() as session:
        found = await earned(session, trial, since, clock.now() - late)
    assert (found.members, found.points) == (120, 11 * 180)


async def test_a_trial_leaves_the_live_versions_budgets_as_they_are(harness: Harness) -> None:
    body = programme(rule(campaign="c"), campaigns={"c": {"name": NAME, "budget_points": 25}})
    await publish(harness, await draft(harness, body))
    body["campaigns"]["c"]["budget_points"] = 1_000
    body["rules"][0]["budget_points"] = 500
    trial = await draft(harness, body)
    await publish(harness, trial, share=1, ceiling_points=1_000)
    _, [outside] = members_by_lot(trial, 1, 1)
    await harness.deliver(shared(outside, 4))
    assert (await balances(harness, outside))[0] == 25
    await publish(harness, trial)
    await harness.deliver(shared(outside, 4))
    assert (await balances(harness, outside))[0] == 65


async def test_a_simulation_takes_the_real_path_and_leaves_nothing(harness: Harness) -> None:
    caller = await with_points(harness, 5)
    body = programme(rule(budget_points=4), rule("other", when={"not": {"all": [WIDE]}}))
    version = await draft(harness, body)
    before = await everything(harness)
    asked = {"member_id": caller.subject, "trigger": "activity.Shared", "event": {"width": 9}}
    path = f"{VERSIONS}/{version}/simulations"
    answer = await post(harness, marketer(), path, asked)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["points"], found["wallet"]["available"]) == (4, 9)
    assert [(o["rule"], o["verdict"], o["points"]) for o in found["outcomes"]] == [
        ("share", "paid", 4),
        ("other", "failed", 0),
    ]
    assert found["outcomes"][1]["place"] == "when.not"
    assert await everything(harness) == before
    await proved(harness)


WIDE = {"field": "event.width", "op": "gt", "value": 3}


async def everything(harness: Harness) -> list[Any]:
    """Counts of all rows a simulation could leave, and the wallets."""
    tables = ("entries", "lots", "occasions", "earned_counts", "budgets", "outbox")
    counts = [await execute(harness, f"SELECT count(*) FROM {name}") for name in tables]
    return [counts, await execute(harness, "SELECT * FROM wallets ORDER BY 1, 2")]


async def test_what_happened_can_be_decided_again_by_a_draft(harness: Harness) -> None:
    caller = member()
    await harness.deliver(shared(caller, stars=5))
    [(occasion,)] = await execute(harness, "SELECT id FROM occasions")
    await harness.deliver(placed(caller))
    stars = {"field": "event.properties.stars", "op": "eq", "value": 5}
    version = await draft(harness, programme(rule(when=stars)))
    path = f"{VERSIONS}/{version}/simulations"
    answer = await post(harness, marketer(), path, {"occasion_id": str(occasion)})
    assert answer.json()["points"] == 10
    absent = await post(harness, marketer(), path, {"occasion_id": str(ABSENT)})
    assert (absent.status_code, absent.json()["code"]) == (404, "loyalty.occasion_not_found")


async def test_a_backtest_of_the_live_version_gives_what_was_paid(harness: Harness) -> None:
    await publish(harness, await draft(harness, lively()))
    callers = [member() for _ in range(4)]
    for day in (2, 3, 4):
        for number, caller in enumerate(callers):
            await harness.deliver(shared(caller, number + 1, at=f"2026-03-0{day}T10:00:00Z"))
    [(paid,)] = await execute(harness, "SELECT sum(points) FROM entries")
    same = await draft(harness, lively())
    report = (await backtested(harness, same))["report"]
    assert report["baseline"]["points"] == report["candidate"]["points"] == paid
    assert report["occasions"] == 3 * (1 + 2 + 3 + 4)
    assert report["members"]["winners"] == report["members"]["losers"] == 0
    assert report["candidate"]["rules"]["share"]["caps_hit"] == 3 * (0 + 0 + 1 + 2)
    assert report["candidate"]["budgets"] == {"rule:share": {"ceiling": 500, "used": paid}}


def lively() -> dict[str, Any]:
    return programme(rule(caps=[{"points": 25, "per": "day"}], budget_points=500), cost=COST)


async def test_a_backtest_names_winners_and_losers(harness: Harness) -> None:
    await publish(harness, await draft(harness, programme(rule(), cost=COST)))
    vip, plain = member(), member()
    await harness.deliver(in_segment(vip, "vip", "2026-03-01T00:00:00Z"))
    await harness.deliver(shared(vip, 2), shared(plain))
    for_vips = {"field": "member.segments", "op": "eq", "value": "vip"}
    body = programme(rule(earn={"points": 4}), rule("v", when=for_vips), cost=COST)
    found = await backtested(harness, await draft(harness, body))
    report = found["report"]
    assert (found["state"], report["points_difference"]) == ("done", 32 - 30)
    assert report["cost_minor_difference"] == 1
    assert report["by_segment"]["vip"] == {
        "members": 1,
        "points_before": 20,
        "points_after": 28,
        "winners": 1,
        "points_won": 8,
        "losers": 0,
        "points_lost": 0,
    }
    assert (report["by_tier"]["normal"]["losers"], report["by_tier"]["normal"]["points_lost"]) == (
        1,
        6,
    )
    assert report["candidate"]["rules"]["v"]["conditions_failed"] == 1


async def test_a_backtest_knows_occasions_no_rule_spoke_of(harness: Harness) -> None:
    await harness.deliver(*[shared(member(), 3) for _ in range(3)])
    report = (await backtested(harness, await draft(harness, programme(rule()))))["report"]
    assert (report["occasions"], report["candidate"]["points"]) == (9, 90)
    assert report["members"]["winners"] == 3


async def test_a_backtest_that_cannot_run_says_why(harness: Harness) -> None:
    version = await draft(harness, programme(rule()))
    await execute(
        harness,
        "UPDATE programme_versions SET body = '{}', digest = 'damaged' WHERE version = :v",
        v=version,
    )
    found = await backtested(harness, version)
    assert found["state"] == "failed"
    assert "BadProgramme" in found["error"]


async def test_occasions_are_forgotten_in_time(harness: Harness) -> None:
    await harness.deliver(shared(member()))
    for days, left in ((90, 1), (101, 0)):
        async with harness.transaction() as session:
            await forget_occasions(session, clock.now() + timedelta(days=days))
        assert len(await execute(harness, "SELECT 1 FROM occasions")) == left


async def test_counts_of_periods_long_over_are_forgotten(harness: Harness) -> None:
    caps = [{"times": 9, "per": per} for per in ("day", "month", "ever")]
    await run_programme(harness, programme(rule(caps=caps)))
    await harness.deliver(shared(member(), at=clock.now().isoformat()))
    for days, left in ((99, {"day", "month", "ever"}), (170, {"ever"})):
        async with harness.transaction() as session:
            await forget_occasions(session, clock.now() + timedelta(days=days))
        rows = await execute(harness, "SELECT period FROM earned_counts")
        assert {row.period for row in rows} == left


READERS = [agent(), analyst(), marketer(), backend("programme:read")]
ROUTES = [
    ("GET", "/v1/programme", None),
    ("POST", VERSIONS, {"document": {}}),
    ("GET", f"{VERSIONS}/1/yaml", None),
    ("POST", f"{VERSIONS}/1/publications", {}),
    ("POST", f"{VERSIONS}/1/simulations", {}),
    ("POST", f"{VERSIONS}/1/backtests", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES, ids=str)
async def test_members_and_strangers_stay_outside(
    harness: Harness, method: str, path: str, body: Any
) -> None:
    for caller, status in ((None, 401), (member(), 403), (backend("points:read"), 403)):
        assert (await called(harness, caller, method, path, body)).status_code == status


async def called(
    harness: Harness, caller: Caller | None, method: str, path: str, body: Any
) -> httpx.Response:
    async with harness.client(caller, **{"Idempotency-Key": str(uuid7())}) as client:
        return await client.request(method, path, json=body)


@pytest.mark.parametrize("number", [7, 2**31 - 1])
async def test_a_version_there_is_not(harness: Harness, number: int) -> None:
    for path in (f"{VERSIONS}/{number}", f"{VERSIONS}/{number}/yaml"):
        answer = await called(harness, marketer(), "GET", path, None)
        assert (answer.status_code, answer.json()["code"]) == (404, "loyalty.version_not_found")


async def test_staff_read_what_is_live(harness: Harness) -> None:
    for caller in READERS:
        found = await read(harness, caller, "/v1/programme")
        assert (found["version"], found["state"]) == (1, "live")
        assert found["document"] == await live_programme(harness)


async def test_a_budget_lowered_below_its_use_stops_there(harness: Harness) -> None:
    body = programme(rule(campaign="c"), campaigns={"c": {"name": NAME, "budget_points": 25}})
    await publish(harness, await draft(harness, body))
    await harness.deliver(shared(member(), 2))
    body["campaigns"]["c"]["budget_points"] = 5
    await publish(harness, await draft(harness, body))
    late = member()
    await harness.deliver(shared(late))
    assert (await balances(harness, late))[0] == 0
    await run_programme(harness, programme(rule()))
