"""<data>/run.json: what the process that uses a data folder runs, and where.

Other commands find the deployment by it, and a start after a crash finds what was left running.
"""

import json
from pathlib import Path
from typing import Any

RUN_FILE = "run.json"


def noted(data: Path) -> dict[str, Any]:
    """What is noted; nothing when no process uses the folder."""
    try:
        return dict(json.loads((data / RUN_FILE).read_text()))
    except FileNotFoundError:
        return {}


def note(data: Path, facts: object) -> None:
    """Note `facts`."""
    rewrite(data / RUN_FILE, facts)


def forget(data: Path) -> None:
    """Note that no process uses the folder any more."""
    (data / RUN_FILE).unlink(missing_ok=True)


def rewrite(file: Path, content: object) -> None:
    """Replace a JSON file at once, readable by its owner only."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(content, indent=2))
    fresh.replace(file)
