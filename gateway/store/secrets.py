"""Everything that is sealed under the deployment's secret, and the keys kept so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from gateway.tables import SealedKey


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of sealed values; `named` says from a row's key what a value is sealed as."""

    table: type[SQLModel]
    key: str
    column: str
    named: Callable[[Any], str]


async def rows_of(session: AsyncSession, sealed: Sealed) -> Sequence[tuple[UUID | str, bytes]]:
    """Keys and values of a column, locked."""
    key, value = getattr(sealed.table, sealed.key), getattr(sealed.table, sealed.column)
    statement = select(col(key), col(value)).where(col(value).is_not(None)).order_by(col(key))
    rows = await session.execute(statement.with_for_update())
    return [(row[0], row[1]) for row in rows]


async def replace(session: AsyncSession, sealed: Sealed, key: UUID | str, value: bytes) -> None:
    column = getattr(sealed.table, sealed.key)
    await session.execute(
        update(sealed.table).where(col(column) == key).values({sealed.column: value})
    )


async def sealed_key(session: AsyncSession, name: str) -> bytes | None:
    statement = select(col(SealedKey.sealed)).where(col(SealedKey.name) == name)
    return (await session.execute(statement)).scalar_one_or_none()


async def add_sealed_key(session: AsyncSession, name: str, sealed: bytes) -> None:
    """Keep a key, unless another replica was faster."""
    values = {"name": name, "sealed": sealed}
    await session.execute(insert(SealedKey).values(values).on_conflict_do_nothing())


async def put_sealed_key(session: AsyncSession, name: str, sealed: bytes) -> None:
    """Keep a key in the place of the one before."""
    statement = insert(SealedKey).values({"name": name, "sealed": sealed})
    await session.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"sealed": sealed})
    )
