"""Changing the secret that the gateway seals with, without losing what it sealed."""

import asyncio

from gateway.actions import secrets
from gateway.settings import Settings, other_file
from kit.vault import secret_of
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
    if other.exists():
        raise OperatorError(f"{other} is there: first restart, then run `rapport secrets reseal`")
    if not file.exists():
        raise OperatorError(f"{file} is not there; the gateway makes it when it first starts")
    file.rename(other)
    secret_of(file)
    return f"Made a new secret in {file}. Restart the gateway, then run `rapport secrets reseal`."


def reseal() -> str:
    """Seal everything under the present secret; what became of it."""
    settings = Settings()
    vault = settings.vault()
    if vault.other is None:
        raise OperatorError("there is no other secret: run `rapport secrets rotate` first")
    try:
        count = asyncio.run(in_transaction(GATEWAY, lambda s: secrets.reseal(s, vault)))
    except ValueError as error:
        raise OperatorError(str(error)) from error
    if settings.secret_key_other is None:
        other_file(settings.secret_key_file).unlink()
        return f"Sealed {count} values anew. The secret before is deleted."
    return f"Sealed {count} values anew. Unset SECRET_KEY_OTHER, and restart the gateway."
