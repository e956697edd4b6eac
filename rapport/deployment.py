"""Where a running deployment is: its stores and its settings, for the commands that look into it.

`rapport up` notes the environment it gives to its parts in its data folder. A variable set by
whoever types the command wins, so the same commands look into real servers.
"""

import os
from pathlib import Path

from rapport.errors import OperatorError
from rapport.run_file import noted


def enter(data: Path) -> None:
    """Put the settings of the deployment over `data` into our environment.

    Real servers are named by POSTGRES_URL at least: only the gateway needs Valkey.
    """
    for name, value in noted(data).get("environment", {}).items():
        os.environ.setdefault(name, value)
    if "POSTGRES_URL" not in os.environ:
        raise OperatorError(
            f"nothing runs over {data}: start it with `rapport up`, name its folder with --data, "
            "or name your servers (POSTGRES_URL, NATS_URL, VALKEY_URL)"
        )


def url_of(data: Path, given: str | None) -> str:
    """The address of the gateway: the one given, or that of the deployment over `data`."""
    url = given or noted(data).get("url")
    if not url:
        raise OperatorError(f"nothing runs over {data}: start it with `rapport up`, or give --url")
    return str(url).rstrip("/")
