"""The loyalty service on real stores."""

from kit.testing import harness_of
from services.loyalty.main import create_app
from services.loyalty.settings import Settings

harness = harness_of(create_app, Settings)
