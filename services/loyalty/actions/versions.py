"""The versions of the programme that pay at present, ready to decide.

A published document never changes, so what was made ready stays in memory; every piece of work
asks only which versions run.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.programme.checking import parse
from services.loyalty.rules.programme.compiling import Compiled, compiled
from services.loyalty.rules.programme.holding import lot_of, salt_of_trial
from services.loyalty.rules.programme.states import VersionState
from services.loyalty.store import versions

REMEMBERED = 32
_ready: OrderedDict[tuple[int, str], Compiled] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Running:
    """The live version, and a trial for a share of the members where there is one."""

    live: Compiled
    trial: Compiled | None = None
    share: int = 0

    def of(self, member_id: UUID) -> Compiled:
        """The member's version: always the same as long as the trial runs, or its share grows."""
        if self.trial and chosen(member_id, self.trial.version) < self.share:
            return self.trial
        return self.live

    def speaks_of(self, trigger: str) -> bool:
        """Whether any rule has this trigger."""
        return trigger in self.live.by_trigger or (
            self.trial is not None and trigger in self.trial.by_trigger
        )

    @property
    def without_trial(self) -> "Running":
        return Running(self.live)


def chosen(member_id: UUID, version: int) -> int:
    """0 to 99: a member's lot in a version's trial. Other versions choose other members first."""
    return lot_of(member_id, salt_of_trial(version))


async def running(session: AsyncSession) -> Running:
    """The versions that pay at present. They are asked for once in a transaction or savepoint."""
    known: Running | None = versions.remembered(session)
    if known is None:
        known = await made_ready(session, await versions.running().of(session))
        versions.remember(session, known)
    return known


async def made_ready(session: AsyncSession, rows: Sequence[Row[Any]]) -> Running:
    """The running versions that the store has found."""
    live: Compiled | None = None
    trial: tuple[Compiled, int] | None = None
    for row in rows:
        made = await ready(session, row.version, row.digest)
        if row.state == VersionState.LIVE:
            live = made
        else:
            trial = made, row.share
    assert live is not None  # noqa: S101  (migrations begin with one, and publishing replaces it)
    return Running(live, *trial) if trial else Running(live)


async def ready(session: AsyncSession, version: int, digest: str) -> Compiled:
    """A version, made ready once."""
    key = version, digest
    if key not in _ready:
        _ready[key] = compiled(version, parse(await versions.body(session, version)))
        if len(_ready) > REMEMBERED:
            _ready.popitem(last=False)
    return _ready[key]
