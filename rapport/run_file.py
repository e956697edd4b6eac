"""<data>/run.json: what the process that uses a data folder runs, and where.

Other commands find the deployment by it, and a start after a crash finds what was left running.
"""

import json
import os
from pathlib import Path
from typing import Any

RUN_FILE = "run.json"


def noted(data: Path) -> dict[str, Any]:
    """What is noted; nothing when no process uses the folder, or the note cannot be read.

    A power failure may leave a file that is empty; nothing it named has outlived that.
    """
    try:
        return dict(json.loads((data / RUN_FILE).read_text()))
    except (FileNotFoundError, TypeError, ValueError):
        return {}


def note(data: Path, facts: object) -> None:
    """Note `facts`."""
    rewrite(data / RUN_FILE, facts)


def forget(data: Path) -> None:
    """Note that no process uses the folder any more."""
    (data / RUN_FILE).unlink(missing_ok=True)


def rewrite(file: Path, content: object) -> None:
    """Replace a JSON file at once, readable by its owner only; it is on disk before it counts."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    with fresh.open("w") as opened:
        opened.write(json.dumps(content, indent=2))
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
