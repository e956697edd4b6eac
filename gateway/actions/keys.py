"""API keys, which administrators make and revoke, and signing keys, which renew themselves."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway import rules
from gateway.actions.trail import record
from gateway.rules import KeyKind
from gateway.store import keys
from gateway.tables import ApiKey, SigningKey
from gateway.tokens import Signer
from kit.ids import uuid7
from kit.problems import NotFound
from kit.vault import Vault


class KeyUnknown(NotFound):
    code = "gateway.api_key_unknown"
    title = "No such API key"


@dataclass(frozen=True, slots=True)
class NewKey:
    kind: KeyKind
    name: str
    scopes: frozenset[str]
    expires_at: datetime | None = None


async def create_key(
    session: AsyncSession, actor: UUID, new: NewKey, now: datetime
) -> tuple[ApiKey, str]:
    """The new key's row, and the key itself, which cannot be shown ever again."""
    key = rules.as_api_key(new.kind, secrets.token_bytes(32))
    row = await add_key(session, actor, new, key, now)
    assert row is not None  # noqa: S101  (256 random bits do not repeat)
    return row, key


async def add_key(
    session: AsyncSession, actor: UUID | None, new: NewKey, key: str, now: datetime
) -> ApiKey | None:
    """Accept `key` from now on; None, and nothing done, when it was added before."""
    values = {
        "key_id": uuid7(),
        "key_hash": rules.fingerprint(key),
        "kind": new.kind,
        "name": new.name,
        "shown": rules.shown_part(key),
        "scopes": sorted(new.scopes),
        "created_at": now,
        "expires_at": new.expires_at,
    }
    row = await keys.insert_key(session, values)
    if row is not None:
        details = {"name": row.name, "shown": row.shown, "scopes": row.scopes}
        await record(session, actor, "api_key.created", row.key_id, now, **details)
    return row


async def revoke_key(session: AsyncSession, actor: UUID, key_id: UUID, now: datetime) -> bytes:
    """Revoke a key and give its SHA-256.

    Raises KeyUnknown when there is no such key, or it is revoked already.
    """
    key_hash = await keys.revoke_key(session, key_id, now)
    if key_hash is None:
        raise KeyUnknown("The list of keys shows which there are.")
    await record(session, actor, "api_key.revoked", key_id, now)
    return key_hash


async def signers(
    session: AsyncSession, vault: Vault, life: timedelta, now: datetime
) -> list[Signer]:
    """The signing keys. A new one is made when it is due, by whichever replica notices first."""
    rows = await keys.signing_keys(session)
    if _next_signs_from(rows, life, now) is not None:
        await keys.lock_signing_keys(session)
        rows = await keys.signing_keys(session)
        if (signs_from := _next_signs_from(rows, life, now)) is not None:
            await _renew(session, vault, rows, signs_from=signs_from, now=now)
            rows = await keys.signing_keys(session)
    return [_signer(vault, row) for row in rows]


def _next_signs_from(rows: Sequence[SigningKey], life: timedelta, now: datetime) -> datetime | None:
    return rules.next_key_signs_from(rows[-1].signs_from if rows else None, life, now)


async def _renew(
    session: AsyncSession,
    vault: Vault,
    rows: Sequence[SigningKey],
    *,
    signs_from: datetime,
    now: datetime,
) -> None:
    """Make a key, and drop those that nothing valid can be signed with any more."""
    signer = Signer.new(signs_from)
    values = {
        "kid": signer.kid,
        "public_key": signer.key.public_key().public_bytes_raw(),
        "sealed_seed": vault.seal(sealed_as(signer.kid), signer.seed),
        "created_at": now,
        "signs_from": signs_from,
    }
    await keys.insert_signing_key(session, values)
    outlived = rules.outlived({row.kid: row.signs_from for row in rows}, now)
    await keys.delete_signing_keys(session, outlived)


def _signer(vault: Vault, row: SigningKey) -> Signer:
    return Signer.of(vault.open(sealed_as(row.kid), row.sealed_seed), row.signs_from)


def sealed_as(kid: str) -> str:
    return f"the signing key {kid}"
