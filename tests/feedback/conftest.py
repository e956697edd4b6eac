"""The feedback service on real stores."""

import tempfile
from pathlib import Path

from kit.testing import harness_of
from services.feedback.main import create_app
from services.feedback.settings import Settings

FOLDER = tempfile.TemporaryDirectory(prefix="rapport-attachments-")

harness = harness_of(create_app, Settings, attachments_folder=Path(FOLDER.name))
