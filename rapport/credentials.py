"""The first administrator and the first keys of a local deployment.

Made at the first start, kept in <data>/credentials.json for its owner's eyes only, and handed to
the gateway through its settings; the gateway creates what is absent.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from rapport.errors import OperatorError
from rapport.run_file import rewrite

FILE = "credentials.json"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens a fresh deployment; the fields carry the names of the gateway's settings."""

    admin_email: str
    admin_password: str
    backend_key: str
    write_key: str

    @property
    def environment(self) -> dict[str, str]:
        """The gateway's settings."""
        return {name.upper(): value for name, value in asdict(self).items()}


def of_folder(data: Path) -> Credentials:
    """The credentials kept in `data`, made when absent."""
    file = data / FILE
    if not file.exists():
        rewrite(file, asdict(fresh()))
    return Credentials(**json.loads(file.read_text()))


def known(data: Path) -> Credentials:
    """The credentials named in the environment, else those kept in `data`."""
    names = [each.name for each in fields(Credentials)]
    given = {name: os.environ.get(name.upper(), "") for name in names}
    if given["admin_password"]:
        return Credentials(**given)
    if not (data / FILE).exists():
        wanted = ", ".join(name.upper() for name in names)
        raise OperatorError(f"there is no {data / FILE}; set {wanted}")
    return of_folder(data)


def fresh() -> Credentials:
    """New credentials."""
    return Credentials(
        admin_email="admin@rapport.example",
        admin_password=secrets.token_urlsafe(12),
        backend_key=f"rk_{secrets.token_urlsafe(32)}",
        write_key=f"wk_{secrets.token_urlsafe(32)}",
    )
