"""The feedback service on real stores."""

from kit.testing import harness_of
from services.feedback.main import create_app
from services.feedback.settings import Settings

harness = harness_of(create_app, Settings)
