"""The profile service under test."""

from kit.testing import harness_of
from services.profile.main import create_app
from services.profile.settings import Settings

harness = harness_of(create_app, Settings)
