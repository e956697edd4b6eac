"""The life of a change: a draft, a trial with a share of the members, live, retired.

Whoever changes versions locks them all first, so that there is always one live version and at
most one trial. What pays goes on reading meanwhile.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Conflict, Invalid, NotFound
from services.loyalty.actions.retiring import retire
from services.loyalty.actions.versions import ready
from services.loyalty.rules.programme.checking import parse
from services.loyalty.rules.programme.comparing import Difference, differences
from services.loyalty.rules.programme.compiling import budgets_of
from services.loyalty.rules.programme.document import BadProgramme, Programme
from services.loyalty.rules.programme.states import VersionState
from services.loyalty.rules.programme.writing import as_yaml, of_yaml
from services.loyalty.store import versions
from services.loyalty.tables import ProgrammeVersion


class VersionNotFound(NotFound):
    code = "loyalty.version_not_found"
    title = "No such version"


class NotADraft(Conflict):
    code = "loyalty.not_a_draft"
    title = "Only a draft can be changed"


class NotPublishable(Conflict):
    code = "loyalty.not_publishable"
    title = "The version cannot be published"


FIRST = UUID(int=0)
"""Before every member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A trial: the percentage of members, and what ends it."""

    percent: int
    ceiling: int
    anomaly_percent: int


def checked(raw: object) -> Programme:
    """A document that is right. Raises Invalid naming every place that is wrong."""
    try:
        return parse(raw)
    except BadProgramme as refusal:
        raise Invalid(refusal.errors) from None


def checked_yaml(text: str) -> Programme:
    """The same of YAML."""
    try:
        return of_yaml(text)
    except BadProgramme as refusal:
        raise Invalid(refusal.errors) from None


async def known_version(session: AsyncSession, version: int) -> ProgrammeVersion:
    """Raises VersionNotFound."""
    found = await versions.find(session, version)
    if found is None:
        raise VersionNotFound(f"There is no version {version}.")
    return found


async def live_version(session: AsyncSession) -> ProgrammeVersion:
    live = await versions.in_state(session, VersionState.LIVE)
    assert live is not None  # noqa: S101  (there always is one)
    return live


async def draft(
    session: AsyncSession, programme: Programme, note: str, author: str, now: datetime
) -> ProgrammeVersion:
    """A new version, that pays nobody yet."""
    await versions.lock_all(session)
    version = ProgrammeVersion(
        version=0,
        state=VersionState.DRAFT,
        **_written(programme),
        note=note,
        author=author,
        created_at=now,
        changed_at=now,
    )
    await versions.add(session, version)
    return version


async def change_draft(
    session: AsyncSession, version: int, programme: Programme, note: str, now: datetime
) -> ProgrammeVersion:
    """Write a draft anew. Raises VersionNotFound or NotADraft."""
    await versions.lock_all(session)
    found = await known_version(session, version)
    if found.state != VersionState.DRAFT:
        raise NotADraft(f"Version {version} is {found.state}: make a further version instead.")
    await versions.change(session, version, **_written(programme), note=note, changed_at=now)
    return await known_version(session, version)


def _written(programme: Programme) -> dict[str, Any]:
    body = programme.written()
    digest = hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return {"body": body, "digest": digest}


async def publish(
    session: AsyncSession,
    version: int,
    share: Share | None,
    now: datetime,
    *,
    falling: bool = True,
) -> ProgrammeVersion:
    """Let a version pay everybody, or a share of the members. Doing so again changes nothing.

    A trial's share may be changed while it runs. Raises VersionNotFound or NotPublishable.
    """
    await versions.lock_all(session)
    found = await known_version(session, version)
    if found.state == VersionState.RETIRED or (share and found.state == VersionState.LIVE):
        raise NotPublishable(f"Version {version} is {found.state}: make a further version.")
    if found.state == VersionState.LIVE:
        return found
    await _set_budgets(session, found, share)
    if share:
        await _try_out(session, found, share, now)
    else:
        await _go_live(session, found, now, falling=falling)
    return await known_version(session, version)


async def _set_budgets(session: AsyncSession, found: ProgrammeVersion, share: Share | None) -> None:
    """Give the version's budgets their ceilings.

    A trial draws on the budgets of the live version as that has them: only its own are new.
    """
    ceilings = dict(budgets_of(parse(found.body)))
    if share:
        theirs = dict(budgets_of(parse((await live_version(session)).body)))
        ceilings = {name: n for name, n in ceilings.items() if name not in theirs}
    await versions.set_budgets(session, ceilings)


async def _try_out(
    session: AsyncSession, found: ProgrammeVersion, share: Share, now: datetime
) -> None:
    running = await versions.in_state(session, VersionState.TRIAL)
    if running and running.version != found.version:
        raise NotPublishable(f"Version {running.version} is on trial: end that first.")
    if share.ceiling < found.issued:
        raise NotPublishable(f"The trial has issued {found.issued} points already.")
    await versions.change(
        session,
        found.version,
        state=VersionState.TRIAL,
        share=share.percent,
        ceiling=share.ceiling,
        anomaly_percent=share.anomaly_percent,
        published_at=found.published_at or now,
    )


async def _go_live(
    session: AsyncSession, found: ProgrammeVersion, now: datetime, *, falling: bool
) -> None:
    """Tiers that differ from those before are recomputed, by a job; down only if `falling`."""
    differ = (await live_version(session)).body["tiers"] != found.body["tiers"]
    for state in (VersionState.LIVE, VersionState.TRIAL):
        running = await versions.in_state(session, state)
        if running and running.version != found.version:
            await retire(session, running.version, f"replaced by {found.version}", now)
    await versions.change(
        session,
        found.version,
        state=VersionState.LIVE,
        published_at=now,
        recomputed_after=FIRST if differ else None,
        recompute_falling=falling,
    )


async def end(session: AsyncSession, version: int, because: str, now: datetime) -> ProgrammeVersion:
    """Give up a draft or end a trial; its members have the live version from now on.

    Raises VersionNotFound, or NotPublishable for the live one, which another has to replace.
    """
    await versions.lock_all(session)
    found = await known_version(session, version)
    if found.state == VersionState.LIVE:
        raise NotPublishable(f"Version {version} is live: publish another in its place.")
    if found.state != VersionState.RETIRED:
        await retire(session, version, because, now)
    return await known_version(session, version)


async def compare(session: AsyncSession, before: int, after: int) -> list[Difference]:
    """What differs between two versions. Raises VersionNotFound."""
    one, other = await known_version(session, before), await known_version(session, after)
    return differences(one.body, other.body)


async def as_written(session: AsyncSession, version: int) -> str:
    """A version as YAML. Raises VersionNotFound."""
    return as_yaml(parse((await known_version(session, version)).body))


@dataclass(frozen=True, slots=True)
class Imported:
    """What a document differs in from the live version; the draft made of it, if it does."""

    differences: list[Difference]
    version: ProgrammeVersion | None


async def import_programme(
    session: AsyncSession,
    programme: Programme,
    note: str,
    author: str,
    now: datetime,
    *,
    dry_run: bool,
) -> Imported:
    """Make a draft of a document that differs from the live version."""
    live = await live_version(session)
    found = differences(live.body, programme.written())
    if not found or dry_run:
        return Imported(found, None)
    return Imported(found, await draft(session, programme, note, author, now))


async def ready_version(session: AsyncSession, version: int) -> Any:
    """A version, ready to decide. Raises VersionNotFound."""
    found = await known_version(session, version)
    return await ready(session, found.version, found.digest)
