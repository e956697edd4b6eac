"""Missions: bringing goals nearer, completing, claiming."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import Conflict, NotFound, Unprocessable
from services.loyalty.actions.bookkeeping import close_book, lock_wallets, open_book
from services.loyalty.actions.granting import check_prize, grant
from services.loyalty.actions.members import of_survivors
from services.loyalty.actions.periods import check_period
from services.loyalty.actions.versions import running
from services.loyalty.events import MissionCompleted
from services.loyalty.rules.book import Book
from services.loyalty.rules.earning import Occasion, local_day
from services.loyalty.rules.ledger import PointType, Source, WalletKey
from services.loyalty.rules.missions import (
    Mark,
    Mission,
    Recurrence,
    marks,
    period_end,
    period_of,
)
from services.loyalty.rules.programme.triggers import FOLLOWING, HEARD, OWN, is_known
from services.loyalty.store import mission_marks, missions, orders, persons
from services.loyalty.store.missions import Course, Position, Progress


class MissionNotFound(NotFound):
    code = "loyalty.mission_not_found"
    title = "No such mission"


class BadGoal(Unprocessable):
    code = "loyalty.bad_goal"
    title = "A goal nobody can come nearer to"


class NotCompleted(Conflict):
    code = "loyalty.mission_not_completed"
    title = "The mission is not completed yet"


@dataclass(frozen=True, slots=True)
class Going:
    """A mission as one member sees it, in its present period."""

    mission: Mission
    begins: date
    ends: date | None
    counts: Sequence[int]
    completed_at: datetime | None
    claimed_at: datetime | None

    @property
    def claimable(self) -> bool:
        return self.completed_at is not None and self.claimed_at is None

    @property
    def turn(self) -> int:
        """Those to claim come first, those claimed last."""
        return 0 if self.claimable else 2 if self.claimed_at else 1

    @property
    def position(self) -> Position:
        """Where it stands among the member's."""
        return self.turn, self.mission.ends_at, self.mission.mission_id


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mission's prize, taken, and the points the member then has."""

    mission: Mission
    begins: date
    balance: int


async def lock_earners(session: AsyncSession, occasions: Sequence[Occasion], now: datetime) -> None:
    """Lock the wallets of all for whom rules or missions do something.

    For who locks anything else, or pays some and counts for others: budgets are locked behind
    wallets, and no wallet may be locked later.
    """
    programme = await running(session)
    going = await _going_for(session, occasions)
    counting = {goal.trigger for mission in going for goal in mission.goals}
    earning = [o for o in occasions if o.trigger in counting or programme.speaks_of(o.trigger)]
    if earning:
        moved = await of_survivors(session, earning)
        await lock_wallets(session, {occasion.member_id for occasion in moved}, now)


async def advance_missions(
    session: AsyncSession, occasions: Sequence[Occasion], now: datetime
) -> None:
    """Let occasions bring goals nearer, each once; complete what is reached, and say so."""
    if going := await _going_for(session, occasions):
        await _advance(session, occasions, going, now)


async def _going_for(session: AsyncSession, occasions: Sequence[Occasion]) -> list[Mission]:
    """The missions that the occasions may bring nearer."""
    triggers = {occasion.trigger for occasion in occasions}
    return await missions.triggered(session, triggers) if triggers else []


async def _advance(
    session: AsyncSession, occasions: Sequence[Occasion], going: Sequence[Mission], now: datetime
) -> None:
    made = await _marks(session, await of_survivors(session, occasions), going)
    if not made:
        return
    sources = {Source("mission", _name(m.mission_id, m.member_id, m.begins)) for m in made}
    book = await open_book(session, {mark.member_id for mark in made}, now, sources)
    sums: Counter[tuple[UUID, UUID, date, int]] = Counter()
    for mission_id, member_id, begins, goal, amount in await mission_marks.mark(session, made):
        sums[mission_id, member_id, begins, goal] += amount
    by_id = {mission.mission_id: mission for mission in going}
    sizes = {mission.mission_id: len(mission.goals) for mission in going}
    said = []
    for progress in await missions.advance(session, sums, sizes):
        mission = by_id[progress.mission_id]
        if not progress.completed_at and mission.is_reached(progress.counts):
            said += await _complete(session, book, mission, progress)
    await close_book(session, book, said=said)


async def complete_reached(session: AsyncSession, member_id: UUID, now: datetime) -> None:
    """Complete what a member has reached by being merged with another."""
    open_ones = await missions.uncompleted(session, member_id)
    reached = [(m, p) for m, p in open_ones if m.is_reached(p.counts)]
    if not reached:
        return
    sources = {Source("mission", _name(m.mission_id, member_id, p.begins)) for m, p in reached}
    book = await open_book(session, {member_id}, now, sources)
    said = []
    for mission, progress in reached:
        said += await _complete(session, book, mission, progress)
    await close_book(session, book, said=said)


async def uncount_orders(session: AsyncSession, order_ids: Collection[str]) -> None:
    """Orders were cancelled: what they added to missions not completed yet goes again."""
    if order_ids:
        await mission_marks.unmark(session, "order", sorted(order_ids))


async def count_orders(session: AsyncSession, placed: Sequence[Occasion], now: datetime) -> None:
    """Let orders bring goals nearer, but not those known to be cancelled already."""
    if going := await _going_for(session, placed):
        gone = await orders.undone(session, {occasion.source.id for occasion in placed})
        standing = [occasion for occasion in placed if occasion.source.id not in gone]
        await _advance(session, standing, going, now)


async def claim_mission(
    session: AsyncSession, member_id: UUID, mission_id: UUID, now: datetime
) -> Claimed:
    """Take the prize of a completed mission. Claiming again answers as the first time did.

    Raises MissionNotFound or NotCompleted.
    """
    mission = await known_mission(session, mission_id)
    progress = await missions.claimable(session, mission_id, member_id)
    if progress is None:
        raise NotCompleted(
            "Reach the mission's goals first; GET /v1/missions says how far you are."
        )
    source = Source("mission", _name(mission_id, member_id, progress.begins))
    book = await open_book(session, {member_id}, now, {source})
    if await missions.claim(session, progress, now):
        await grant(session, book, member_id, mission.prize, source)
    await close_book(session, book)
    balance = book.wallet(WalletKey(member_id, PointType.POINTS)).available
    return Claimed(mission, progress.begins, balance)


async def list_missions(
    session: AsyncSession,
    member_id: UUID,
    time_zone: str,
    now: datetime,
    *,
    limit: int,
    after: Position | None = None,
) -> list[Going]:
    """The missions a member may see, those to claim first, then those that end soonest."""
    periods = periods_on(local_day(now, time_zone))
    ask = missions.going_on(member_id, periods, now, limit=limit, after=after)
    return [going(mission, course) for mission, course in await ask.of(session)]


def periods_on(day: date) -> dict[Recurrence, date]:
    """When the period that `day` is in begins, of each recurrence."""
    return {recurrence: period_of(recurrence, day) for recurrence in Recurrence}


async def add_mission(session: AsyncSession, mission: Mission, now: datetime) -> Mission:
    """Make a mission. Raises BadGoal or BadPrize."""
    _check_goals(mission)
    for prize in (mission.prize, *(won.prize for won in mission.rank_prizes)):
        await check_prize(session, prize)
    await missions.add(session, mission, now)
    return mission


def _check_goals(mission: Mission) -> None:
    """Refuse goals that count what is never told of."""
    known = ", ".join(sorted({*HEARD, *FOLLOWING, *OWN}))
    detail = f"Nothing is told of under this name. There are {known} and activity.<name>."
    wrong = [
        {"field": f"goals[{number}].trigger", "code": "unknown", "detail": detail}
        for number, goal in enumerate(mission.goals)
        if not is_known(goal.trigger)
    ]
    if wrong:
        raise BadGoal("Name triggers that are known.", errors=wrong)


async def change_mission(
    session: AsyncSession, mission_id: UUID, changes: Mapping[str, Any], now: datetime
) -> Mission:
    """Change a mission; its goals and its prize stay what members were promised.

    Raises MissionNotFound or WrongPeriod.
    """
    check_period(await known_mission(session, mission_id), changes, "starts_at", "ends_at")
    await missions.change(session, mission_id, changes, now)
    return await known_mission(session, mission_id)


async def known_mission(session: AsyncSession, mission_id: UUID) -> Mission:
    """Raises MissionNotFound."""
    mission = await missions.mission(session, mission_id)
    if mission is None:
        raise _absent(mission_id)
    return mission


async def _marks(
    session: AsyncSession, occasions: Sequence[Occasion], going: Sequence[Mission]
) -> list[Mark]:
    """What the occasions add, for members the missions are for; at most once for each source."""
    member_ids = {occasion.member_id for occasion in occasions}
    known = await persons.persons(session, member_ids)
    made: dict[tuple[object, ...], Mark] = {}
    for occasion in occasions:
        person, time_zone = known[occasion.member_id]
        for mission in going:
            if mission.audience.admits(person):
                for mark in marks(mission, occasion, time_zone):
                    made.setdefault(mark[:-1], mark)
    return list(made.values())


async def _complete(
    session: AsyncSession, book: Book, mission: Mission, progress: Progress
) -> list[MissionCompleted]:
    if not await missions.complete(session, progress, book.now):
        return []
    if mission.claimed_by_itself and await missions.claim(session, progress, book.now):
        name = _name(mission.mission_id, progress.member_id, progress.begins)
        await grant(session, book, progress.member_id, mission.prize, Source("mission", name))
    return [
        MissionCompleted(
            member_id=progress.member_id,
            mission_id=mission.mission_id,
            name=dict(mission.name),
            begins=progress.begins,
            points=mission.prize.points,
            claimed=mission.claimed_by_itself,
            completed_at=book.now,
        )
    ]


def going(mission: Mission, course: Course) -> Going:
    """A mission, and how far a member has come in it."""
    return Going(
        mission,
        course.begins,
        period_end(mission.recurrence, course.begins),
        course.counts or [0] * len(mission.goals),
        course.completed_at,
        course.claimed_at,
    )


def _name(mission_id: UUID, member_id: UUID, begins: date) -> str:
    return f"{mission_id}:{member_id}:{begins}"


def _absent(mission_id: UUID) -> MissionNotFound:
    return MissionNotFound(f"There is no mission {mission_id}.")
