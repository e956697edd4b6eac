"""What the importers of all kinds share."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.imports import Fault
from services.loyalty.rules.imports.rows import Row
from services.loyalty.store import members
from services.loyalty.store.imports import DoneRow

R = TypeVar("R", bound=Row)
Effect = dict[str, Any]
"""What undoing a row needs to know."""
Verdicts = Mapping[int, Effect | Fault]
"""By row: what it did, or why it did not."""


@dataclass(frozen=True, slots=True)
class Ready(Generic[R]):
    """A row that can be read, and whose it is; None: nobody's."""

    row: int
    said: R
    owner: UUID | None

    @property
    def member_id(self) -> UUID:
        assert self.owner is not None  # noqa: S101  (kinds that allow it look first)
        return self.owner


@dataclass(frozen=True, slots=True)
class Work(Generic[R]):
    """Rows to be taken in as of `now`."""

    import_id: UUID
    actor: str
    now: datetime
    rows: Sequence[Ready[R]]

    @property
    def member_ids(self) -> set[UUID]:
        return {item.owner for item in self.rows if item.owner is not None}


@dataclass(frozen=True, slots=True)
class Undoing:
    """Imported rows to be undone as of `now`."""

    import_id: UUID
    actor: str
    now: datetime
    rows: Sequence[DoneRow]

    async def members(self, session: AsyncSession) -> Mapping[int, UUID]:
        """By row: whose it is now. Members who are gone are left out."""
        named = {item.row: UUID(item.effect["member_id"]) for item in self.rows}
        alive = await members.alive(session, set(named.values()))
        return {row: alive[member_id] for row, member_id in named.items() if member_id in alive}


class Importer(NamedTuple):
    """What rows of a kind do, and how that is undone: the rows that could be."""

    take: Callable[[AsyncSession, Work[Any]], Awaitable[Verdicts]]
    undo: Callable[[AsyncSession, Undoing], Awaitable[Collection[int]]]


def source_of(import_id: UUID, row: int) -> str:
    """What a row is called wherever something was made for it."""
    return f"{import_id}:{row}"


class Members(NamedTuple):
    """Members by the two ids files name them with."""

    by_id: Mapping[UUID, UUID]
    by_external_id: Mapping[str, UUID]

    def find(
        self, member_id: UUID | None, external_id: str | None, prefix: str = ""
    ) -> UUID | Fault | None:
        """The member who goes on under this name; what is wrong where there is none."""
        if member_id is not None:
            known = self.by_id.get(member_id)
            return known or Fault(
                f"{prefix}member_id",
                "unknown_member",
                f"There is no member {member_id}; GET /v1/members finds them.",
            )
        if external_id is not None:
            known = self.by_external_id.get(external_id)
            return known or Fault(
                f"{prefix}external_id",
                "unknown_member",
                f"Nobody is known as {external_id!r}; tell of them first: POST /v1/identify with"
                " it as `userId`.",
            )
        return None


async def known(
    session: AsyncSession, member_ids: Collection[UUID], external_ids: Collection[str]
) -> Members:
    """Those of these members that loyalty knows."""
    named = await members.named(session, external_ids) if external_ids else {}
    alive = await members.alive(session, {*member_ids, *named.values()})
    there = {name: alive.get(member_id, member_id) for name, member_id in named.items()}
    return Members(alive, there)
