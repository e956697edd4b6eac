"""Node programs of the tests, each in a folder of this worker's own with its locked packages."""

import atexit
import functools
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

needs_npm = pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")


@functools.cache
def installed(program: str) -> Path:
    """A copy of a folder beside this file; two `npm ci` in one folder would break each other."""
    folder = Path(tempfile.mkdtemp(prefix=f"rapport-{program}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ignored = shutil.ignore_patterns("node_modules")
    shutil.copytree(Path(__file__).parent / program, folder, ignore=ignored, dirs_exist_ok=True)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(command, check=True, cwd=folder, timeout=300, capture_output=True)
    return folder
