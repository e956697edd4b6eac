from kit.testing import harness_of
from tests.kit.notes import Settings, create_app

harness = harness_of(create_app, Settings)
