"""What an administrator changes about traffic holds at once, as a whole, and is on record."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import ValidationError

from gateway.breaker import State
from gateway.limits import connect
from gateway.policy import Policy, known_of, plan_of, rows_of
from gateway.routes import ROUTES, SERVICES, Table, Worth
from gateway.settings import Settings
from gateway.store import policies
from gateway.traffic import NotPossible, Traffic
from kit import clock
from kit.ids import uuid7
from kit.testing import Harness, admin, agent, until
from tests.gateway.edge import Service

PATH = "/v1/traffic/policy"


@pytest.fixture
async def traffic(harness: Harness) -> AsyncIterator[Traffic]:
    async with connect(harness.settings.valkey_url) as valkey:
        made = Traffic(harness.settings, None, valkey)
        harness.app.state.traffic = made
        yield made


def row(policy: dict[str, Any], path: str):
    return Table(rows_of(Policy.model_validate(policy).routes)).row(path)


def test_an_empty_policy_changes_nothing() -> None:
    assert rows_of(Policy().routes) == list(ROUTES)


def test_a_row_is_changed_in_what_is_said_alone() -> None:
    changed = {"path": "/v1/wallet", "deadline_ms": 700, "worth": "sync", "pace": "ingest"}
    before = row({}, "/v1/wallet")
    after = row({"routes": [changed]}, "/v1/wallet")
    assert (after.deadline_ms, after.worth, after.pace) == (700, Worth.SYNC, "ingest")
    assert (after.who, after.service, after.cached) == (before.who, before.service, before.cached)


def test_a_path_is_taken_away_and_another_added() -> None:
    routes = [
        {"path": "/v1/checkins", "off": True},
        {"path": "/v1/games/{}", "service": "loyalty", "callers": "members"},
    ]
    assert row({"routes": routes}, "/v1/checkins") is None
    assert row({"routes": routes}, "/v1/games/1/moves").service == "loyalty"


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({"routes": [{"path": "/healthz", "off": True}]}, id="health"),
        pytest.param({"routes": [{"path": "/v1/traffic", "off": True}]}, id="the way back"),
        pytest.param({"routes": [{"path": "/v1/new"}]}, id="a new row that leads nowhere"),
        pytest.param(
            {"routes": [{"path": "/metrics", "service": "loyalty", "callers": "open"}]},
            id="a path that is not public",
        ),
        pytest.param(
            {"routes": [{"path": "/v1/x/../y", "service": "loyalty", "callers": "open"}]},
            id="a path trick",
        ),
        pytest.param({"routes": [{"path": "/v1/wallet", "service": "nope"}]}, id="no service"),
        pytest.param({"routes": [{"path": "/v1/home", "service": "loyalty"}]}, id="our own path"),
        pytest.param({"routes": [{"path": "/v1/me"}, {"path": "/v1/me"}]}, id="twice the same"),
        pytest.param({"limits": {"read": {"quota": "0/60"}}}, id="a quota of nothing"),
        pytest.param({"limits": {"no": {"quota": "1/60"}}}, id="no pace"),
        pytest.param({"upstreams": {"loyalty": []}}, id="nowhere to ask"),
        pytest.param({"upstreams": {"loyalty": [{"url": "file:///etc"}]}}, id="no URL"),
        pytest.param({"upstreams": {"nope": [{"url": "http://a"}]}}, id="unknown service"),
        pytest.param({"breakers": {"loyalty": "half_open"}}, id="no state to hold"),
        pytest.param({"shed_level": 3.0}, id="nobody could call any more"),
        pytest.param({"deny": ["203.0.113.0/33"]}, id="no network"),
        pytest.param({"origins": ["*"]}, id="every page"),
        pytest.param({"sheds": 1}, id="a word nobody knows"),
    ],
)
def test_what_makes_no_sense_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Policy.model_validate(document)


def traffic_with(**settings: Any) -> Traffic:
    return Traffic(Settings(**settings), None, connect("redis://127.0.0.1:1"))


def take_up(traffic: Traffic, document: dict[str, Any]) -> list[str]:
    policy = Policy.model_validate(document)
    traffic.check(policy)
    return [target.name for target in traffic.take_up(1, policy)]


def test_a_policy_is_taken_up_and_taken_back_as_a_whole() -> None:
    traffic = traffic_with(cors_origins="https://a.example")
    quotas = traffic.conditions.limits.quotas
    take_up(
        traffic,
        {
            "limits": {"read": {"quota": "7/60", "by": "device"}},
            "breakers": {"loyalty": "open"},
            "shed_level": 1.0,
            "deny": ["203.0.113.9"],
            "origins": ["https://b.example"],
        },
    )
    conditions = traffic.conditions
    assert (conditions.limits.quotas["read"].calls, conditions.by_device) == (7, {"read"})
    assert conditions.limits.quotas["write"] == quotas["write"]
    assert traffic.upstreams["loyalty"].breaker.state is State.OPEN
    assert conditions.pressure.level == 1.0
    assert conditions.addresses.bars("203.0.113.9")
    assert conditions.origins == {b"https://a.example", b"https://b.example"}
    take_up(traffic, {})
    assert conditions.limits.quotas == quotas
    assert (conditions.addresses, conditions.pressure.level) == (None, 0.0)
    assert traffic.upstreams["loyalty"].breaker.state is State.CLOSED
    assert conditions.origins == {b"https://a.example"}


def test_weights_move_and_places_that_stay_keep_their_state() -> None:
    traffic = traffic_with(
        loyalty_url="http://stable:8080 1", upstream_hosts="canary, .cluster.local"
    )
    stable = traffic.upstreams["loyalty"].targets.all[0]
    stable.failures = 3
    places = [{"url": "http://stable:8080", "weight": 9}, {"url": "http://canary:8080"}]
    assert take_up(traffic, {"upstreams": {"loyalty": places}}) == []
    targets = traffic.upstreams["loyalty"].targets.all
    assert [(target.name, target.weight) for target in targets] == [
        ("http://stable:8080", 9),
        ("http://canary:8080", 1),
    ]
    assert targets[0] is stable
    assert take_up(traffic, {}) == ["http://canary:8080"]
    take_up(traffic, {"upstreams": {"loyalty": [{"url": "http://a.svc.cluster.local"}]}})


@pytest.mark.parametrize("host", ["evil.example", "169.254.169.254", "notcanary", "cluster.local"])
def test_members_data_goes_to_no_host_the_operator_did_not_name(host: str) -> None:
    traffic = traffic_with(upstream_hosts="canary,.cluster.local")
    with pytest.raises(NotPossible, match="UPSTREAM_HOSTS"):
        take_up(traffic, {"upstreams": {"loyalty": [{"url": f"http://{host}"}]}})


def test_in_one_process_there_is_nothing_to_weigh() -> None:
    services = {name: Service() for name in SERVICES}
    traffic = Traffic(Settings(), services, connect("redis://127.0.0.1:1"))
    with pytest.raises(NotPossible, match="in this process"):
        take_up(traffic, {"upstreams": {"loyalty": [{"url": "http://loyalty"}]}})


async def test_a_change_is_versioned_audited_and_in_force(
    harness: Harness, traffic: Traffic
) -> None:
    caller = admin()
    async with harness.client(caller) as client:
        first = await client.put(PATH, json={"shed_level": 0.5})
        second = await client.put(PATH, json={"shed_level": 1.0}, headers={"If-Match": '"1"'})
        assert [first.json()["version"], second.json()["version"]] == [1, 2], first.text
        await traffic.read(harness.sessions)
        shown = (await client.get("/v1/traffic")).json()
        assert (shown["policy"], shown["shed_level"], shown["shed_level_forced"]) == (2, 1.0, True)
        assert shown["upstreams"].keys() == set(SERVICES)
        assert shown["upstreams"]["loyalty"]["breaker"] == "closed"
        assert shown["limits"]["read"] == "1200/60"
        history = (await client.get("/v1/traffic/policies?limit=1")).json()
        assert [item["version"] for item in history["items"]] == [2]
        assert history["next_cursor"]
        audit = (await client.get("/v1/audit")).json()["items"]
    entries = [entry for entry in audit if entry["action"] == "policy.changed"]
    assert len(entries) == 2
    assert {entry["actor_id"] for entry in entries} == {caller.subject}
    newest = next(entry for entry in entries if entry["target"] == "2")
    assert newest["details"]["changed"] == {"shed_level": {"before": 0.5, "after": 1.0}}


async def test_a_stale_change_is_refused(harness: Harness, traffic: Traffic) -> None:
    async with harness.client(admin()) as client:
        assert (await client.get(PATH)).headers["etag"] == '"0"'
        await client.put(PATH, json={"shed_level": 0.5})
        stale = await client.put(PATH, json={}, headers={"If-Match": '"0"'})
        bad = await client.put(PATH, json={}, headers={"If-Match": '"x"'})
        shown = (await client.get(PATH)).json()
    assert [stale.status_code, bad.status_code] == [412, 412]
    assert (shown["version"], shown["policy"]["shed_level"]) == (1, 0.5)


async def test_changes_at_once_are_one_after_another_or_refused(
    harness: Harness, traffic: Traffic
) -> None:
    async with harness.client(admin()) as client:
        answers = await asyncio.gather(
            *(client.put(PATH, json={"shed_level": n / 10}) for n in range(6))
        )
        history = (await client.get("/v1/traffic/policies")).json()["items"]
    accepted = [answer.json()["version"] for answer in answers if answer.status_code == 200]
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert sorted(accepted) == sorted(item["version"] for item in history)
    assert len(accepted) >= 1


async def test_versions_cannot_be_rewritten(harness: Harness, traffic: Traffic) -> None:
    async with harness.client(admin()) as client:
        await client.put(PATH, json={})
    from sqlalchemy import text  # noqa: PLC0415  (for this one refusal)
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    with pytest.raises(DBAPIError, match="never changed"):
        async with harness.transaction() as session:
            await session.execute(text("UPDATE policies SET document = '{}'"))


async def test_nobody_locks_themselves_out(harness: Harness, traffic: Traffic) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9"}
    async with harness.client(admin(), **headers) as client:
        denied = await client.put(PATH, json={"deny": ["203.0.113.0/24"]})
        allowed = await client.put(PATH, json={"allow": ["10.0.0.0/8"]})
        fine = await client.put(PATH, json={"allow": ["203.0.113.0/24"]})
    assert [denied.status_code, allowed.status_code, fine.status_code] == [422, 422, 200]
    assert denied.json()["code"] == "gateway.policy_locks_you_out"


@pytest.mark.parametrize(
    "path", ["/v1/traffic", "/v1/traffic/routes", PATH, "/v1/traffic/policies"]
)
async def test_only_administrators_see_and_change_it(
    harness: Harness, traffic: Traffic, path: str
) -> None:
    async with harness.client(agent()) as client:
        assert (await client.get(path)).status_code == 403
        assert (await client.put(PATH, json={})).status_code == 403
    async with harness.client(admin()) as client:
        assert (await client.get(path)).status_code == 200


async def test_every_replica_takes_it_up_by_itself(
    harness: Harness, traffic: Traffic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.traffic.READ_S", 0.01)
    reading = asyncio.create_task(traffic._keep_reading(harness.sessions))
    async with harness.client(admin()) as client:
        await client.put(PATH, json={"routes": [{"path": "/v1/checkins", "off": True}]})

    async def is_gone() -> bool:
        return traffic.conditions.table.find("/v1/checkins", b"/v1/checkins") is None

    await until(is_gone)
    reading.cancel()


async def test_the_routes_in_force_are_shown(harness: Harness, traffic: Traffic) -> None:
    async with harness.client(admin()) as client:
        rows = (await client.get("/v1/traffic/routes?limit=200")).json()["items"]
    assert len(rows) == len(ROUTES)
    faq = next(item for item in rows if item["path"] == "/v1/faq")
    assert (faq["service"], faq["worth"], faq["cached"]) == ("feedback", "interactive", True)


NEWER = {
    "hedging": {"after_ms": 50},
    "routes": [
        {"path": "/v1/wallet", "deadline_ms": 700},
        {"path": "/v1/points", "mirror_to": "canary"},
        {"path": "/v1/films", "deadline_ms": 700},
    ],
    "limits": {"read": {"quota": "5/60"}, "films": {"quota": "5/60"}},
    "breakers": {"insight": "open", "loyalty": "open"},
    "deny": ["203.0.113.0/24", "country:XX"],
    "shed_level": 1.0,
}
"""As a later version might write it."""
NOT_KNOWN = [
    "breakers.insight",
    "deny[1]",
    "hedging.after_ms",
    "limits.films",
    "routes[1]",
    "routes[2]",
]


async def test_of_a_newer_versions_policy_what_is_known_is_in_force(
    harness: Harness, traffic: Traffic
) -> None:
    async with harness.transaction() as session:
        values = {"version": 1, "document": NEWER, "changed_by": uuid7(), "changed_at": clock.now()}
        assert await policies.add(session, values)
    await traffic.read(harness.sessions)
    assert traffic.version == 1
    assert traffic.conditions.table.row("/v1/wallet").deadline_ms == 700
    assert traffic.conditions.limits.quotas["read"].calls == 5
    assert traffic.upstreams["loyalty"].breaker.state is State.OPEN
    assert traffic.conditions.pressure.level == 1.0
    assert traffic.bars(traffic.policy, "203.0.113.7")
    async with harness.client(admin()) as client:
        shown = (await client.get("/v1/traffic")).json()
        assert (shown["policy"], sorted(shown["policy_unknown"])) == (1, NOT_KNOWN)
        newest = (await client.get(PATH)).json()
        assert sorted(newest["unknown"]) == NOT_KNOWN
        assert newest["policy"]["limits"].keys() == {"read"}


async def test_a_replica_that_tells_its_state_otherwise_hides_no_other(
    harness: Harness, traffic: Traffic, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = {name: told for name, told in traffic.state().items() if name != "policy_unknown"}

    async def others() -> list[dict[str, Any]]:
        at = clock.now().timestamp()
        return [{"replica": "newer:1", "told_at": at}, older | {"replica": "old:1", "told_at": at}]

    monkeypatch.setattr(traffic.replicas, "others", others)
    async with harness.client(admin()) as client:
        shown = (await client.get("/v1/traffic")).json()
    assert [other["replica"] for other in shown["others"]] == ["old:1"]


def barred(document: dict[str, Any]) -> list[bool]:
    """Whether an address that a list could name, and one that none does, stay outside."""
    policy, unknown = known_of(document)
    lists = plan_of(policy, {}, frozenset(), unknown).addresses
    return [lists is not None and lists.bars(each) for each in ("203.0.113.7", "192.0.2.1")]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param({"allow": []}, [False, False], id="an empty list is none"),
        pytest.param({"allow": ["country:XX"]}, [True, True], id="no entry is known"),
        pytest.param({"allow": {"countries": ["XX"]}}, [True, True], id="another shape"),
        pytest.param({"allow": "country:XX"}, [True, True], id="no list at all"),
        pytest.param({"allow": ["country:XX", "203.0.113.7"]}, [False, True], id="one is known"),
        pytest.param({"deny": ["country:XX"]}, [False, False], id="denied by what nobody knows"),
        pytest.param(
            {"deny": ["203.0.113.7"], "allow": ["country:XX"]}, [True, True], id="deny is known"
        ),
        pytest.param({"allowances": {"a": 1}}, [False, False], id="another part of a like name"),
    ],
)
def test_an_allow_list_nobody_understands_lets_nobody_in(
    document: dict[str, Any], expected: list[bool]
) -> None:
    assert barred(document) == expected


async def test_a_replica_that_understands_no_allowed_address_bars_all_and_says_so(
    harness: Harness, traffic: Traffic, caplog: pytest.LogCaptureFixture
) -> None:
    values = {"document": {"allow": ["country:XX"]}, "changed_by": uuid7()}
    async with harness.transaction() as session:
        assert await policies.add(session, {"version": 1, "changed_at": clock.now(), **values})
    await traffic.read(harness.sessions)
    assert traffic.conditions.addresses is not None
    assert traffic.conditions.addresses.bars("203.0.113.7")
    assert traffic.state()["policy_unknown"] == ["allow[0]"]
    assert "all stay outside" in caplog.text
