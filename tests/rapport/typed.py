"""Commands as typed at a terminal: in this process, where all is imported, or in one of its own."""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from unittest.mock import patch

import pytest

from rapport.__main__ import main

Done = subprocess.CompletedProcess[str]


def typed(environment: Mapping[str, str], *arguments: str) -> Done:
    """What `rapport` says and its status, run here."""
    line = ["rapport", *arguments]
    said, complained = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, environment, clear=True),
        patch.object(sys, "argv", line),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(complained),
        pytest.raises(SystemExit) as left,
    ):
        main()
    return Done(line, int(left.value.code or 0), said.getvalue(), complained.getvalue())


def typed_apart(environment: Mapping[str, str], *arguments: str, program: str = "") -> Done:
    """The same in a process of its own, or a `program` that calls the command."""
    how = ["-c", program] if program else ["-m", "rapport"]
    return subprocess.run(
        [sys.executable, *how, *arguments],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
