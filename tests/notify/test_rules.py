"""Who may be told what and when, and what follows a failure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kit.ids import uuid7
from services.notify import rules
from services.notify.rules import (
    POLICIES,
    CampaignState,
    Category,
    Channel,
    DeliveryState,
    Failure,
    Outcome,
    QuietHours,
    Recipient,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NIGHT = QuietHours(time(22), time(8))
ZONES = ["UTC", "Asia/Shanghai", "Europe/Moscow", "America/New_York", "Australia/Lord_Howe"]
clocks = some.times().map(lambda clock: clock.replace(second=0, microsecond=0))
choices = some.dictionaries(
    some.sampled_from(Category), some.dictionaries(some.sampled_from(Channel), some.booleans())
)


@pytest.mark.parametrize(
    ("chosen", "category", "channel", "allowed"),
    [
        pytest.param({}, "marketing", "email", True, id="the default holds until chosen"),
        pytest.param({}, "points", "email", False, id="points are no e-mails by default"),
        pytest.param({}, "rewards", "email", True, id="what may be lost is an e-mail by default"),
        pytest.param({"rewards": {"email": False}}, "rewards", "email", False, id="not by choice"),
        pytest.param({"points": {"email": True}}, "points", "email", True, id="on by choice"),
        pytest.param({"surveys": {"inbox": False}}, "surveys", "inbox", False, id="off by choice"),
        pytest.param({"surveys": {"email": False}}, "surveys", "inbox", True, id="other channel"),
        pytest.param({"account": {"email": False}}, "account", "email", True, id="mandatory"),
    ],
)
def test_preferences(chosen, category, channel, allowed) -> None:
    assert rules.allows(chosen, Category(category), Channel(channel)) is allowed


@given(choices)
def test_what_is_mandatory_is_allowed_and_refusing_it_is_noticed(chosen) -> None:
    for category, policy in POLICIES.items():
        for channel in policy.mandatory:
            assert rules.allows(chosen, category, channel)
            refused = chosen.get(category, {}).get(channel) is False
            assert ((category, channel) in rules.refused_choices(chosen)) is refused


def local(text: str, zone: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize(
    ("quiet", "now", "end"),
    [
        pytest.param(
            NIGHT,
            local("2026-03-01T23:30", "Asia/Shanghai"),
            local("2026-03-02T08:00", "Asia/Shanghai"),
            id="before midnight: tomorrow morning",
        ),
        pytest.param(
            NIGHT,
            local("2026-03-02T07:59", "Asia/Shanghai"),
            local("2026-03-02T08:00", "Asia/Shanghai"),
            id="after midnight: this morning",
        ),
        pytest.param(NIGHT, local("2026-03-02T08:00", "UTC"), None, id="the end is not quiet"),
        pytest.param(NIGHT, local("2026-03-02T21:59", "UTC"), None, id="just before"),
        pytest.param(
            QuietHours(time(13), time(14)),
            local("2026-03-01T13:00", "UTC"),
            local("2026-03-01T14:00", "UTC"),
            id="within one day",
        ),
        pytest.param(
            QuietHours(time(22), time(2, 30)),
            local("2026-03-29T01:00", "Europe/Berlin"),
            local("2026-03-29T03:30", "Europe/Berlin"),
            id="an end that the spring skips",
        ),
        pytest.param(
            QuietHours(time(22), time(2, 30)),
            local("2026-10-25T02:10", "Europe/Berlin", fold=1),
            local("2026-10-25T02:30", "Europe/Berlin", fold=1),
            id="the second of an hour that autumn repeats",
        ),
    ],
)
def test_end_of_quiet(quiet, now, end) -> None:
    zone = now.tzinfo
    expected = end.astimezone(UTC) if end else None
    assert rules.end_of_quiet(quiet, now.astimezone(UTC), zone) == expected


@given(
    starts=clocks,
    ends=clocks,
    now=some.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=some.just(UTC)),  # noqa: DTZ001
    zone=some.sampled_from(ZONES).map(ZoneInfo),
)
def test_quiet_hours_put_off_to_the_next_moment_that_is_not_quiet(starts, ends, now, zone) -> None:
    quiet = QuietHours(starts, ends)
    end = rules.end_of_quiet(quiet, now, zone)
    assert (end is not None) is quiet.contain(now.astimezone(zone).time())
    if end is not None:
        assert now < end <= now + timedelta(hours=26)
        assert not quiet.contain(end.astimezone(zone).time())
        step = (end - now) / 50
        for between in (now + step * n for n in range(49)):
            assert quiet.contain(between.astimezone(zone).time()) or _clock_is_set_back(
                between, end, zone
            )


def _clock_is_set_back(moment: datetime, end: datetime, zone: ZoneInfo) -> bool:
    """Whether the zone's clock changes between, so that a short stretch may be passed over."""
    return moment.astimezone(zone).utcoffset() != end.astimezone(zone).utcoffset()


@given(some.integers(1, 50))
def test_delays_never_shrink(attempt) -> None:
    assert timedelta(0) < rules.retry_delay(attempt) <= rules.retry_delay(attempt + 1)


LATER = NOW + timedelta(days=3)


@pytest.mark.parametrize(
    ("failure", "marketing", "expires_at", "state"),
    [
        pytest.param("permanent", False, LATER, "failed", id="refused for good"),
        pytest.param("temporary", False, LATER, "queued", id="tried again"),
        pytest.param("temporary", True, LATER, "queued", id="marketing not accepted: tried again"),
        pytest.param("uncertain", False, LATER, "queued", id="in doubt: sent again"),
        pytest.param("uncertain", True, LATER, "unknown", id="marketing in doubt: never again"),
        pytest.param(
            "temporary", False, NOW + timedelta(seconds=59), "failed", id="no time for another try"
        ),
    ],
)
def test_after_failure(failure, marketing, expires_at, state) -> None:
    outcome = rules.after_failure(
        Failure(failure), "why", attempt=1, marketing=marketing, now=NOW, expires_at=expires_at
    )
    due_at = NOW + timedelta(minutes=1) if state == "queued" else None
    assert outcome == Outcome(DeliveryState(state), "why", due_at)


def recipient(**known) -> Recipient:
    return Recipient(uuid7(), **{"known": True, "email": "mei@example.com", **known})


MIDNIGHT = datetime(2026, 3, 1, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("known", "category", "now", "outcome"),
    [
        pytest.param({}, "marketing", NOW, None, id="nothing in the way"),
        pytest.param(
            {"choices": {"marketing": {"email": False}}},
            "marketing",
            NOW,
            Outcome(DeliveryState.SKIPPED, "preference_off"),
            id="switched off since it was queued",
        ),
        pytest.param(
            {"email": None},
            "support",
            NOW,
            Outcome(DeliveryState.SKIPPED, "no_address"),
            id="the profile has no address",
        ),
        pytest.param(
            {"email": None, "known": False},
            "support",
            NOW,
            Outcome(DeliveryState.QUEUED, "awaiting_address", NOW + timedelta(minutes=1)),
            id="the profile is still to come",
        ),
        pytest.param(
            {"quiet_hours": NIGHT},
            "support",
            MIDNIGHT,
            Outcome(DeliveryState.QUEUED, "quiet_hours", MORNING),
            id="put off while the member sleeps",
        ),
        pytest.param({"quiet_hours": NIGHT}, "account", MIDNIGHT, None, id="urgent"),
        pytest.param(
            {"quiet_hours": NIGHT, "time_zone": "Asia/Shanghai"},
            "support",
            MIDNIGHT,
            None,
            id="day",
        ),
        pytest.param(
            {"quiet_hours": NIGHT, "time_zone": "Mars/Olympus"},
            "support",
            MIDNIGHT,
            Outcome(DeliveryState.QUEUED, "quiet_hours", MORNING),
            id="a time zone that is none: UTC",
        ),
    ],
)
def test_before_sending(known, category, now, outcome) -> None:
    assert rules.before_sending(recipient(**known), Category(category), now) == outcome


@given(some.sampled_from(CampaignState))
def test_a_campaign_that_is_over_stays_over(state) -> None:
    for over in (CampaignState.FINISHED, CampaignState.CANCELLED):
        assert not rules.may_become(over, state)
    assert not rules.may_become(state, CampaignState.DRAFT)
