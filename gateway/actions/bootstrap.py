"""What a fresh deployment begins with: its first administrator and its first keys."""

import contextlib
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from gateway import rules
from gateway.actions.keys import NewKey, add_key
from gateway.actions.staff import NewStaff, StaffExists, add_staff
from gateway.rules import KeyKind
from kit.auth import Role

BACKEND_SCOPES = frozenset({
    "activities:write", "coupons:read", "coupons:redeem", "members:read", "members:write",
    "messages:write", "orders:read", "orders:write", "points:read", "points:write",
    "segments:read",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class FirstCredentials:
    """What is empty is not made. The password is hashed already."""

    admin_email: str = ""
    admin_password_hash: str = field(default="", repr=False)
    backend_key: str = field(default="", repr=False)
    write_key: str = field(default="", repr=False)


async def bootstrap(session: AsyncSession, first: FirstCredentials, now: datetime) -> None:
    """Make what is not there. What is there stays as it is, though it was changed since.

    May run at once in many places.
    """
    if first.admin_email:
        await _add_admin(session, first, now)
    backend = NewKey(KeyKind.BACKEND, "First backend key", BACKEND_SCOPES)
    write = NewKey(KeyKind.WRITE, "First write key", rules.WRITE_KEY_SCOPES)
    for new, key in ((backend, first.backend_key), (write, first.write_key)):
        if key:
            await add_key(session, None, new, key, now)


async def _add_admin(session: AsyncSession, first: FirstCredentials, now: datetime) -> None:
    email = rules.normal_email(first.admin_email)
    admin = NewStaff(email, "Administrator", Role.ADMIN, first.admin_password_hash)
    with contextlib.suppress(StaffExists):
        await add_staff(session, None, admin, now)
