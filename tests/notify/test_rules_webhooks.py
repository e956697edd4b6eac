"""What follows an attempt, which addresses are called, and what patterns stand for."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import pytest

from rapport.parts import PARTS
from services.notify.rules.webhooks import (
    EVENT_TYPES,
    SCHEDULE,
    Attempted,
    HookState,
    WhyDisabled,
    after_attempt,
    may_call,
    retry_after_of,
    wants,
    why_disable,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEALED = "gateway.message.issued.v1"


def test_every_event_can_be_had_but_what_is_sealed_for_notify() -> None:
    said = {payload.type for part in PARTS.values() for payload in part.service.publishes}
    assert set(EVENT_TYPES) == said - {SEALED}
    assert len(EVENT_TYPES) == len(set(EVENT_TYPES))


@pytest.mark.parametrize(
    ("patterns", "event_type", "wanted"),
    [
        (["loyalty.points.*"], "loyalty.points.earned.v1", True),
        (["loyalty.*"], "loyalty.tier.changed.v1", True),
        (["*"], "profile.order.placed.v1", True),
        (["loyalty.points.earned.v1"], "loyalty.points.earned.v1", True),
        (["loyalty.points.*"], "loyalty.tier.changed.v1", False),
        (["loyalty.points.earned"], "loyalty.points.earned.v1", False),
        (["profile.*", "*.tier.*"], "loyalty.tier.changed.v1", True),
    ],
)
def test_patterns(patterns: list[str], event_type: str, *, wanted: bool) -> None:
    assert wants(patterns, event_type) is wanted


def test_attempts_go_on_for_about_three_days() -> None:
    waits = []
    for attempt in range(1, 12):
        outcome = after_attempt(Attempted(500), attempt=attempt, now=NOW, chance=0)
        if outcome.state is HookState.FAILED:
            break
        waits.append(outcome.due_at - NOW)
    assert tuple(waits) == SCHEDULE
    assert timedelta(days=3) < sum(waits, timedelta()) < timedelta(days=3.5)


def test_waits_are_longer_by_chance() -> None:
    outcome = after_attempt(Attempted(None, "refused"), attempt=2, now=NOW, chance=0.5)
    assert outcome.due_at == NOW + timedelta(minutes=5) * 1.1


@pytest.mark.parametrize(
    ("attempted", "state", "wait"),
    [
        (Attempted(200), HookState.DELIVERED, None),
        (Attempted(299), HookState.DELIVERED, None),
        (Attempted(302), HookState.QUEUED, timedelta(seconds=5)),
        (Attempted(400), HookState.QUEUED, timedelta(seconds=5)),
        (Attempted(410), HookState.FAILED, None),
        (Attempted(429, retry_after=HOUR), HookState.QUEUED, HOUR),
        (Attempted(503, retry_after=HOUR), HookState.QUEUED, HOUR),
        (Attempted(503, retry_after=HOUR * 100), HookState.QUEUED, HOUR * 24),
        (Attempted(429, retry_after=timedelta(0)), HookState.QUEUED, timedelta(seconds=5)),
        (Attempted(500, retry_after=HOUR), HookState.QUEUED, timedelta(seconds=5)),
    ],
)
def test_what_follows_an_answer(
    attempted: Attempted, state: HookState, wait: timedelta | None
) -> None:
    outcome = after_attempt(attempted, attempt=1, now=NOW, chance=0)
    assert (outcome.state, outcome.due_at) == (state, NOW + wait if wait is not None else None)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        (None, None),
        ("120", timedelta(minutes=2)),
        ("Sun, 01 Mar 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Sun, 01 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("99999999999999999999", timedelta(seconds=10**6)),
    ],
)
def test_retry_after(header: str | None, wait: timedelta | None) -> None:
    assert retry_after_of(header, NOW) == wait


@pytest.mark.parametrize(
    ("attempted", "failing", "why"),
    [
        (Attempted(410), timedelta(0), WhyDisabled.GONE),
        (Attempted(500), timedelta(days=5), WhyDisabled.FAILING),
        (Attempted(500), timedelta(days=4.9), None),
    ],
)
def test_when_an_endpoint_is_disabled(
    attempted: Attempted, failing: timedelta, why: WhyDisabled | None
) -> None:
    assert why_disable(attempted, NOW - failing, NOW) is why


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("127.8.9.1", False),
        ("10.0.0.1", False),
        ("172.16.3.4", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("239.1.1.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("198.18.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("ff0e::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("2002:7f00:1::", False),
        ("2002:a00:1::1", False),
    ],
)
def test_only_the_public_internet_is_called(address: str, *, public: bool) -> None:
    assert may_call(ip_address(address)) is public


def test_networks_can_be_allowed() -> None:
    allowed = [ip_network("127.0.0.0/8"), ip_network("fd00::/8")]
    assert may_call(ip_address("127.0.0.1"), allowed)
    assert may_call(ip_address("::ffff:127.0.0.1"), allowed)
    assert may_call(ip_address("fd00::7"), allowed)
    assert not may_call(ip_address("10.0.0.1"), allowed)
