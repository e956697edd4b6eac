"""Members' accounts, the identifiers they sign in by, and failures to sign in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gateway.rules import FAILURES_FORGOTTEN_AFTER, Identifier
from gateway.tables import Account, AccountIdentifier, SignInFailures


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is compared with, and whom it then proves."""

    owner_id: UUID
    password_hash: str | None


async def insert_guest(
    session: AsyncSession, member_id: UUID, language: str, now: datetime
) -> None:
    values = {"member_id": member_id, "language": language, "created_at": now}
    await session.execute(insert(Account).values(values))


async def insert_registered(
    session: AsyncSession,
    member_id: UUID,
    *,
    password_hash: str | None,
    display_name: str | None,
    language: str,
    now: datetime,
) -> bool:
    """Make the account, or register the guest's; False when it is registered already."""
    registered = {
        "password_hash": password_hash,
        "display_name": display_name,
        "language": language,
        "registered_at": now,
    }
    statement = (
        insert(Account)
        .values(member_id=member_id, created_at=now, **registered)
        .on_conflict_do_update(
            index_elements=[col(Account.member_id)],
            set_=registered,
            where=col(Account.registered_at).is_(None) & col(Account.closed_at).is_(None),
        )
        .returning(col(Account.member_id))
    )
    return (await session.execute(statement)).first() is not None


async def claim_identifiers(
    session: AsyncSession,
    member_id: UUID,
    identifiers: Sequence[Identifier],
    *,
    now: datetime,
    verified_at: datetime | None,
) -> list[str]:
    """Give the member these identifiers; the values of those that were nobody's."""
    rows = [
        {
            "kind": each.kind,
            "value": each.value,
            "member_id": member_id,
            "added_at": now,
            "verified_at": verified_at,
        }
        for each in sorted(identifiers, key=lambda each: (each.kind, each.value))
    ]
    statement = insert(AccountIdentifier).values(rows).on_conflict_do_nothing()
    return list(
        (await session.execute(statement.returning(col(AccountIdentifier.value)))).scalars()
    )


async def credentials_of(session: AsyncSession, identifier: Identifier) -> Credentials | None:
    statement = (
        select(col(Account.member_id), col(Account.password_hash))
        .join(AccountIdentifier, col(AccountIdentifier.member_id) == col(Account.member_id))
        .where(
            col(AccountIdentifier.kind) == identifier.kind,
            col(AccountIdentifier.value) == identifier.value,
            col(Account.closed_at).is_(None),
        )
    )
    row = (await session.execute(statement)).one_or_none()
    return Credentials(row.member_id, row.password_hash) if row else None


async def credentials_by_id(session: AsyncSession, member_id: UUID) -> Credentials | None:
    statement = select(col(Account.password_hash)).where(
        col(Account.member_id) == member_id, col(Account.closed_at).is_(None)
    )
    row = (await session.execute(statement)).one_or_none()
    return Credentials(member_id, row.password_hash) if row else None


async def hold_open(session: AsyncSession, member_id: UUID) -> str | None:
    """Keep the account from being closed or given another password until the transaction ends.

    Gives the hash of its password, empty for none; None when it is closed.
    """
    statement = (
        select(func.coalesce(col(Account.password_hash), ""))
        .where(col(Account.member_id) == member_id, col(Account.closed_at).is_(None))
        .with_for_update(key_share=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def is_guest(session: AsyncSession, member_id: UUID) -> bool:
    statement = select(col(Account.registered_at).is_(None)).where(
        col(Account.member_id) == member_id, col(Account.closed_at).is_(None)
    )
    return bool((await session.execute(statement)).scalar_one_or_none())


async def set_password_hash(
    session: AsyncSession, member_id: UUID, password_hash: str | None
) -> None:
    await session.execute(
        update(Account)
        .where(col(Account.member_id) == member_id)
        .values(password_hash=password_hash)
    )


async def charge_attempt(session: AsyncSession, name_hash: bytes, now: datetime) -> int | None:
    """Count an attempt as failed before it is judged; the failures in a row, None while blocked.

    The row stays locked until the transaction ends: attempts made at once are counted one by one.
    """
    forgotten = col(SignInFailures.last_failed_at) < now - FAILURES_FORGOTTEN_AFTER
    blocked_until = col(SignInFailures.blocked_until)
    statement = (
        insert(SignInFailures)
        .values(name_hash=name_hash, failures=1, last_failed_at=now)
        .on_conflict_do_update(
            index_elements=[col(SignInFailures.name_hash)],
            set_={
                "failures": case((forgotten, 1), else_=col(SignInFailures.failures) + 1),
                "last_failed_at": now,
            },
            where=blocked_until.is_(None) | (blocked_until <= now),
        )
        .returning(col(SignInFailures.failures))
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def block_until(session: AsyncSession, name_hash: bytes, until: datetime) -> None:
    await session.execute(
        update(SignInFailures)
        .where(col(SignInFailures.name_hash) == name_hash)
        .values(blocked_until=until)
    )


async def blocked_until(session: AsyncSession, name_hash: bytes) -> datetime | None:
    statement = select(col(SignInFailures.blocked_until)).where(
        col(SignInFailures.name_hash) == name_hash
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def forget_failures(session: AsyncSession, name_hash: bytes) -> None:
    await session.execute(delete(SignInFailures).where(col(SignInFailures.name_hash) == name_hash))


async def delete_old_failures(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` counters untouched since `before`; the number deleted."""
    last_failed_at = col(SignInFailures.last_failed_at)
    old = select(col(SignInFailures.name_hash)).where(last_failed_at < before).limit(limit)
    statement = delete(SignInFailures).where(col(SignInFailures.name_hash).in_(old))
    return len((await session.execute(statement.returning(col(SignInFailures.name_hash)))).all())
