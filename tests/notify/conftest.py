from kit.testing import harness_of
from services.notify.main import create_app
from services.notify.settings import Settings

harness = harness_of(create_app, Settings)
