"""Leaderboards: showing them, making them final when their period is over, giving the prizes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.actions.bookkeeping import close_book, open_book
from services.loyalty.actions.granting import grant
from services.loyalty.actions.missions import MissionNotFound, known_mission
from services.loyalty.events import LeaderboardWon
from services.loyalty.rules.boards import final_boards, prize_of
from services.loyalty.rules.earning import local_day
from services.loyalty.rules.ledger import Source
from services.loyalty.rules.missions import Mission, period_of
from services.loyalty.rules.prizes import NOTHING
from services.loyalty.store import boards, missions
from services.loyalty.store.boards import Place

RANKED = 1_000
"""Places are counted so far; beyond, a member is simply not among the first."""


@dataclass(frozen=True, slots=True)
class Board:
    """The first members of a ranked mission, and where the caller is, if not too far behind.

    Of a board that is final, those whose places brought a prize.
    """

    mission: Mission
    begins: date
    final: bool
    places: Sequence[Place]
    own_rank: int | None
    own_score: int


async def show_board(
    session: AsyncSession,
    mission_id: UUID,
    member_id: UUID | None,
    now: datetime,
    limit: int,
    begins: date | None = None,
) -> Board:
    """A mission's leaderboard in a period, by default the present one by UTC.

    Raises MissionNotFound.
    """
    mission = await known_mission(session, mission_id)
    if not mission.ranked:
        raise MissionNotFound(f"The mission {mission_id} has no leaderboard.")
    begins = period_of(mission.recurrence, begins or local_day(now, "UTC"))
    final = begins in await boards.settled(session, mission_id)
    shown = boards.final if final else boards.ranking
    places = await shown(session, mission_id, begins, limit)
    if member_id is None:
        return Board(mission, begins, final, places, None, 0)
    own = (await missions.progress_of(session, member_id, [(mission_id, begins)])).get(mission_id)
    score = own.counts[0] if own else 0
    better = await boards.ahead_of(session, mission_id, begins, score, RANKED)
    rank = better + 1 if own and better < RANKED else None
    return Board(mission, begins, final, places, rank, score)


async def settle_boards(session: AsyncSession, now: datetime) -> None:
    """Make the boards final whose periods are over for everybody."""
    for mission, made_at in await boards.with_prizes(session):
        known = await boards.settled(session, mission.mission_id)
        for begins in final_boards(mission, made_at, now):
            if begins not in known:
                await boards.settle(session, mission, begins, now)


async def award_places(session: AsyncSession, now: datetime, limit: int) -> bool:
    """Give some of the prizes of a final board, each once, and say so; if there was one."""
    found = await boards.unfinished(session)
    if found is None:
        return False
    mission, begins = found
    members = await boards.to_award(session, mission.mission_id, begins, limit)
    sources = {_source(mission, begins, member_id) for member_id in members}
    book = await open_book(session, set(members), now, sources)
    said = []
    for place in await boards.award(session, mission.mission_id, begins, members, now):
        prize = prize_of(place.rank, mission) or NOTHING
        source = _source(mission, begins, place.member_id)
        await grant(session, book, place.member_id, prize, source)
        said.append(_won(mission, begins, place, prize.points, now))
    await close_book(session, book, said=said)
    return True


def _source(mission: Mission, begins: date, member_id: UUID) -> Source:
    return Source("board", f"{mission.mission_id}:{begins}:{member_id}")


def _won(
    mission: Mission, begins: date, place: Place, points: int, now: datetime
) -> LeaderboardWon:
    return LeaderboardWon(
        member_id=place.member_id,
        mission_id=mission.mission_id,
        name=dict(mission.name),
        begins=begins,
        rank=place.rank,
        score=place.score,
        points=points,
        won_at=now,
    )
