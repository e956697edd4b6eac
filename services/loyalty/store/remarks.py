"""What people write about entries: kept beside them, so that an erased member's can be wiped.

An entry's `reason` is then the digest of a salt and the words. It is sealed with the entry, so a
remark that was changed shows; once salt and words are wiped, the digest leads nowhere.
"""

import hashlib
import secrets
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

SALT_BYTES: Final = 16
MARK: Final = "sha256="
"""What the reason of an entry with a remark begins with."""

REASON: Final = f"""
    CASE WHEN starts_with(reason, '{MARK}')
        THEN (SELECT said FROM remarks WHERE entry_id = entries.id) ELSE reason END AS reason
"""  # noqa: S608  (a mark of our own)
"""An entry's reason as it is read: a word of ours, or a remark that is still there."""


class Said(NamedTuple):
    """Words and the salt of their digest."""

    salt: bytes
    words: str

    @classmethod
    def of(cls, words: str) -> "Said":
        return cls(secrets.token_bytes(SALT_BYTES), words)

    @property
    def digest(self) -> str:
        return MARK + hashlib.sha256(self.salt + self.words.encode()).hexdigest()


async def reason_of(session: AsyncSession, entry_id: UUID) -> str | None:
    """Why an entry was written."""
    statement = text(f"SELECT {REASON} FROM entries WHERE id = :entry_id")  # noqa: S608
    found: str | None = (await session.execute(statement, {"entry_id": entry_id})).scalar_one()
    return found
