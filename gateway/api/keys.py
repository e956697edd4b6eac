"""API keys of the company's backends and of Segment SDKs. For administrators."""

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import Response
from pydantic import Field, model_validator

from gateway import rules
from gateway.actions import keys
from gateway.actions.keys import NewKey
from gateway.api.bodies import NeverStored, TheIdentity
from gateway.identity import verified
from gateway.rules import KeyKind
from gateway.store import keys as stored
from kit import clock, pages
from kit.app import Router
from kit.auth import CurrentCaller, Role, requires
from kit.bodies import Answer, Body, Name, Time
from kit.db import Tx
from kit.pages import CursorParameter, Limit, Page

router = Router(prefix="/v1/api-keys", tags=["API keys"], dependencies=[requires(Role.ADMIN)])


class NewKeyBody(Body):
    name: Name
    kind: KeyKind = KeyKind.BACKEND
    scopes: frozenset[str] = Field(max_length=50)
    expires_at: Time | None = None

    @model_validator(mode="after")
    def _allowed(self) -> Self:
        rules.check_scopes(self.kind, self.scopes)
        if self.expires_at is not None and self.expires_at <= clock.now():
            raise ValueError("expires_at must lie in the future")
        return self


class KeyAnswer(Answer):
    """A key as lists show it; `shown` is its beginning."""

    key_id: UUID
    kind: KeyKind
    name: str
    shown: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewKeyAnswer(KeyAnswer):
    """A new key with the key itself, which is shown this once."""

    key: str


@router.post("", status_code=201, dependencies=[NeverStored])
async def create_key(
    body: NewKeyBody, caller: CurrentCaller, identity: TheIdentity, tx: Tx
) -> NewKeyAnswer:
    """Create an API key. Keep the answer: the key is not shown again."""
    new = NewKey(body.kind, body.name, body.scopes, body.expires_at)
    row, key = await keys.create_key(tx, UUID(caller.subject), new, clock.now())
    identity.authenticator.add_key(row.key_hash, verified(row))
    return NewKeyAnswer(**KeyAnswer.model_validate(row).model_dump(), key=key)


@router.get("")
async def list_keys(tx: Tx, limit: Limit = 50, cursor: CursorParameter = None) -> Page[KeyAnswer]:
    """All keys, revoked ones too, those that were created first first."""
    after = pages.decode_cursor(cursor, UUID)[0] if cursor else None
    rows = await stored.keys_after(tx, after, limit + 1)
    return pages.page(rows, limit, KeyAnswer.model_validate, lambda row: (row.key_id,))


@router.delete("/{key_id}", status_code=204, response_class=Response)
async def revoke_key(key_id: UUID, caller: CurrentCaller, identity: TheIdentity, tx: Tx) -> None:
    """Refuse a key from now on; within half a minute wherever the gateway runs."""
    key_hash = await keys.revoke_key(tx, UUID(caller.subject), key_id, clock.now())
    identity.authenticator.revoke_key(key_hash)
