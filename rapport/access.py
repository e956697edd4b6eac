"""Staff accounts and API keys made by the operator, who needs no account to make the first."""

import asyncio
import secrets
from collections.abc import Collection

from gateway import rules
from gateway.actions.keys import NewKey, add_key
from gateway.actions.staff import NewStaff, add_staff
from gateway.passwords import Passwords
from gateway.rules import KeyKind
from gateway.settings import Settings
from kit import clock
from kit.auth import STAFF, Role
from kit.problems import Problem
from rapport.databases import in_transaction
from rapport.errors import OperatorError
from rapport.parts import GATEWAY


def create_staff(email: str, role: str, name: str, password: str) -> str:
    """Create a staff account; its password, which is generated when none is given."""
    if role not in STAFF:
        raise OperatorError(f"{role} is no staff role; they are {', '.join(sorted(STAFF))}")
    chosen = rules.normal_password(password or secrets.token_urlsafe(12))
    asyncio.run(add(email, Role(role), name, chosen))
    return chosen


async def add(email: str, role: Role, name: str, password: str) -> None:
    """Add the account, refusing what the API would refuse."""
    try:
        rules.check_password(password, email)
        new = NewStaff(rules.normal_email(email), name, role, await hashed(password))
        await in_transaction(GATEWAY, lambda session: add_staff(session, None, new, clock.now()))
    except ValueError as error:
        raise OperatorError(f"{email} or the password: {error}") from error
    except Problem as problem:
        raise OperatorError(problem.title) from problem


async def hashed(password: str) -> str:
    """The password's hash, with the gateway's parameters."""
    passwords = Passwords(Settings())
    try:
        return await passwords.hash(password)
    finally:
        passwords.close()


def create_key(name: str, scopes: Collection[str], *, write: bool) -> str:
    """Create an API key with `scopes`, or a write key, and give it once."""
    kind = KeyKind.WRITE if write else KeyKind.BACKEND
    wanted = rules.WRITE_KEY_SCOPES if write else frozenset(scopes)
    if not wanted:
        raise OperatorError("name what the key may do: --scope orders:write, or --write")
    key = rules.as_api_key(kind, secrets.token_bytes(32))
    new = NewKey(kind, name, wanted)
    asyncio.run(in_transaction(GATEWAY, lambda s: add_key(s, None, new, key, clock.now())))
    return key
