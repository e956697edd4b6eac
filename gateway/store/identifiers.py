"""What accounts are reached by: proven addresses, and identities other issuers vouch for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from gateway.rules import Identifier, IdentifierKind
from gateway.tables import Account, AccountIdentifier, ExternalIdentity, UsedIdToken


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has an identifier. `proven_otherwise`: by another one, or by another issuer's word."""

    member_id: UUID
    verified_at: datetime | None
    proven_otherwise: bool

    @property
    def yields_to_proof(self) -> bool:
        """Whether who proves the identifier may have the account.

        Not where its holder never proved it but something else: then it was mistyped.
        """
        return self.verified_at is not None or not self.proven_otherwise


async def holder_of(session: AsyncSession, identifier: Identifier) -> Holder | None:
    """Who has `identifier`, and how sure that is."""
    other = aliased(AccountIdentifier)
    member_id = col(AccountIdentifier.member_id)
    proven_otherwise = or_(
        exists().where(
            col(other.member_id) == member_id,
            col(other.kind) != identifier.kind,
            col(other.verified_at).is_not(None),
        ),
        exists().where(col(ExternalIdentity.member_id) == member_id),
    )
    statement = select(member_id, col(AccountIdentifier.verified_at), proven_otherwise).where(
        _is(identifier)
    )
    row = (await session.execute(statement)).one_or_none()
    return Holder(*row) if row else None


def _is(identifier: Identifier) -> ColumnElement[bool]:
    return (col(AccountIdentifier.kind) == identifier.kind) & (
        col(AccountIdentifier.value) == identifier.value
    )


async def of_member(session: AsyncSession, member_id: UUID) -> Sequence[AccountIdentifier]:
    statement = (
        select(AccountIdentifier)
        .where(col(AccountIdentifier.member_id) == member_id)
        .order_by(col(AccountIdentifier.kind))
    )
    return (await session.execute(statement)).scalars().all()


async def mark_verified(session: AsyncSession, identifier: Identifier, now: datetime) -> None:
    """Note that `identifier` was proven; the first time counts."""
    await session.execute(
        update(AccountIdentifier)
        .where(_is(identifier), col(AccountIdentifier.verified_at).is_(None))
        .values(verified_at=now)
    )


async def take_away(session: AsyncSession, identifier: Identifier) -> None:
    await session.execute(delete(AccountIdentifier).where(_is(identifier)))


async def remove_kind(session: AsyncSession, member_id: UUID, kind: IdentifierKind) -> str | None:
    """Take the member's identifier of a kind; which that was."""
    statement = (
        delete(AccountIdentifier)
        .where(col(AccountIdentifier.member_id) == member_id, col(AccountIdentifier.kind) == kind)
        .returning(col(AccountIdentifier.value))
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def remove_all(session: AsyncSession, member_id: UUID) -> None:
    """Take everything the member could sign in by."""
    for table in (AccountIdentifier, ExternalIdentity):
        await session.execute(delete(table).where(col(table.member_id) == member_id))


async def account_of(session: AsyncSession, member_id: UUID) -> Account | None:
    """A member's account that is not closed."""
    statement = select(Account).where(
        col(Account.member_id) == member_id, col(Account.closed_at).is_(None)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def lock_account(session: AsyncSession, member_id: UUID) -> Account | None:
    """A member's account that is not closed, locked."""
    statement = (
        select(Account)
        .where(col(Account.member_id) == member_id, col(Account.closed_at).is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def close_guest(
    session: AsyncSession, guest_id: UUID, member_id: UUID, now: datetime
) -> bool:
    """Close a guest who turned out to be a member; False when it is no guest (any more)."""
    statement = (
        update(Account)
        .where(
            col(Account.member_id) == guest_id,
            col(Account.registered_at).is_(None),
            col(Account.closed_at).is_(None),
        )
        .values(closed_at=now, merged_into=member_id)
        .returning(col(Account.member_id))
    )
    return (await session.execute(statement)).first() is not None


async def close_account(session: AsyncSession, member_id: UUID, now: datetime) -> None:
    await session.execute(
        update(Account)
        .where(col(Account.member_id) == member_id)
        .values(closed_at=now, password_hash=None, display_name=None)
    )


async def external_of_member(session: AsyncSession, member_id: UUID) -> Sequence[ExternalIdentity]:
    statement = (
        select(ExternalIdentity)
        .where(col(ExternalIdentity.member_id) == member_id)
        .order_by(col(ExternalIdentity.issuer))
    )
    return (await session.execute(statement)).scalars().all()


async def linked_member(
    session: AsyncSession, issuer: str, subject: str, email: str | None, now: datetime
) -> UUID | None:
    """The member another issuer calls `subject`, noting that it was asked; None when nobody is."""
    statement = (
        update(ExternalIdentity)
        .where(col(ExternalIdentity.issuer) == issuer, col(ExternalIdentity.subject) == subject)
        .values(last_used_at=now, email=email)
        .returning(col(ExternalIdentity.member_id))
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def link(session: AsyncSession, identity: ExternalIdentity) -> bool:
    """Link an identity; False when it, or the member at this issuer, is linked to another."""
    statement = (
        insert(ExternalIdentity)
        .values(identity.model_dump())
        .on_conflict_do_nothing()
        .returning(col(ExternalIdentity.member_id))
    )
    return (await session.execute(statement)).first() is not None


async def unlink(session: AsyncSession, member_id: UUID, issuer: str) -> bool:
    statement = (
        delete(ExternalIdentity)
        .where(col(ExternalIdentity.member_id) == member_id, col(ExternalIdentity.issuer) == issuer)
        .returning(col(ExternalIdentity.subject))
    )
    return (await session.execute(statement)).first() is not None


async def use_id_token(session: AsyncSession, token_hash: bytes, expires_at: datetime) -> bool:
    """Note that an ID token was used; False when it was before."""
    statement = (
        insert(UsedIdToken)
        .values(token_hash=token_hash, expires_at=expires_at)
        .on_conflict_do_nothing()
        .returning(col(UsedIdToken.token_hash))
    )
    return (await session.execute(statement)).first() is not None


async def delete_used_id_tokens(session: AsyncSession, before: datetime, limit: int) -> int:
    """Delete up to `limit` ID tokens that expired before; the number deleted."""
    expired = (
        select(col(UsedIdToken.token_hash)).where(col(UsedIdToken.expires_at) < before).limit(limit)
    )
    statement = delete(UsedIdToken).where(col(UsedIdToken.token_hash).in_(expired))
    return len((await session.execute(statement.returning(col(UsedIdToken.token_hash)))).all())
