"""Changing the secret that the gateway seals with, without losing what it sealed.

`rotate` puts the present secret aside and another in its place, the gateway starts with both, and
`reseal` seals anew and forgets the one put aside. Each may die at any point and be run again; at
every moment the files hold the secret that everything is sealed under.
"""

import asyncio
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.actions import secrets
from gateway.settings import Settings, other_file
from kit.vault import Vault, secret_of
from rapport.databases import in_transaction
from rapport.errors import OperatorError
from rapport.parts import GATEWAY


def rotate() -> str:
    """Put the present secret aside and make another; what to do next."""
    settings = Settings()
    file, other = settings.secret_key_file, other_file(settings.secret_key_file)
    if settings.secret_key is not None:
        raise OperatorError(
            "SECRET_KEY is set: set SECRET_KEY_OTHER to the present secret and SECRET_KEY to "
            "another, restart the gateway, then run `rapport secrets reseal`"
        )
    if not file.exists():
        raise OperatorError(f"{file} is not there; the gateway makes it when it first starts")
    with alone_in(file.parent):
        if not _put_aside(file, other):
            raise OperatorError(
                f"{other} is there: restart the gateway, then run `rapport secrets reseal`"
            )
        fresh = file.with_name(f"{file.name}.next")
        secret_of(fresh)
        fresh.replace(file)
    return f"Made a new secret in {file}. Restart the gateway, then run `rapport secrets reseal`."


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """While this lasts no other rotation is at work there; one that dies is at work no more."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _put_aside(file: Path, other: Path) -> bool:
    """Keep what is in `file` as `other` too; False where another secret is kept there already."""
    try:
        os.link(file, other)
    except FileExistsError:
        return secret_of(other) == secret_of(file)  # a rotation that died here goes on
    return True


def reseal() -> str:
    """Seal everything under the present secret; what became of it."""
    settings = Settings()
    vault = settings.vault()
    if vault.other is None:
        raise OperatorError("there is no other secret: run `rapport secrets rotate` first")
    try:
        count = asyncio.run(in_transaction(GATEWAY, partial(_reseal, vault=vault)))
    except ValueError as error:
        raise OperatorError(str(error)) from error
    if settings.secret_key_other is None:
        other_file(settings.secret_key_file).unlink(missing_ok=True)
        return f"Sealed {count} values anew. The secret before is deleted."
    return f"Sealed {count} values anew. Unset SECRET_KEY_OTHER, and restart the gateway."


async def _reseal(session: AsyncSession, vault: Vault) -> int:
    """A gateway that knows the secret before alone would go on sealing under it."""
    if not await secrets.was_started(session, vault):
        raise OperatorError("no gateway has started with the new secret: restart it first")
    return await secrets.reseal(session, vault)
