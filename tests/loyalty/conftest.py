"""The loyalty service on real stores."""

from datetime import UTC, datetime

import pytest

from kit import clock
from kit.testing import harness_of
from services.loyalty.main import create_app
from services.loyalty.settings import Settings

harness = harness_of(create_app, Settings)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The moment it is, a month's first days; the test may set another."""
    now = [datetime(2026, 10, 5, 9, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now
