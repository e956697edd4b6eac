"""PostgreSQL refuses to run as root: as root, it runs as a system user of its own."""

import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

from rapport.errors import OperatorError

NAME = "rapport"


def required() -> str:
    """The user PostgreSQL must run as, made when absent; empty when we are not root."""
    if os.geteuid() != 0:
        return ""
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        create()
    return NAME


def create() -> None:
    """Create the system user."""
    program = shutil.which("useradd") or "/usr/sbin/useradd"
    command = [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 -- constant
    except (OSError, subprocess.CalledProcessError) as error:
        raise OperatorError(
            f"PostgreSQL does not run as root, and the user {NAME} could not be made; "
            "start it as another user"
        ) from error


def let_pass(path: Path) -> None:
    """Let other users pass through (not read) the folders above `path`, so that ours reaches it."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def give(path: Path, user: str) -> None:
    """Make `user` the owner of `path`; nothing when `user` is empty."""
    if user:
        shutil.chown(path, user, pwd.getpwnam(user).pw_gid)
