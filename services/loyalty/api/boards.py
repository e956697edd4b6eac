"""Leaderboards of missions."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, Role, requires
from kit.bodies import Answer
from kit.db import Tx
from services.loyalty.actions.boards import Board, show_board
from services.loyalty.api.missions import MissionPath, RankPrizeAnswer

router = Router(tags=["Missions"])


class PlaceAnswer(Answer):
    rank: int
    score: int
    is_you: bool
    name: str = Field(description="The end of the member's id: loyalty knows no names.")


class BoardAnswer(Answer):
    begins: date
    final: bool = Field(description="Whether the period is over: then the places with a prize.")
    prizes: list[RankPrizeAnswer]
    places: list[PlaceAnswer]
    your_rank: int | None = Field(description="Null: not among the first thousand.")
    your_score: int

    @classmethod
    def of(cls, board: Board, caller: UUID | None) -> "BoardAnswer":
        places = [
            PlaceAnswer(
                rank=place.rank,
                score=place.score,
                is_you=place.member_id == caller,
                name=f"…{str(place.member_id)[-4:]}",
            )
            for place in board.places
        ]
        return cls(
            begins=board.begins,
            final=board.final,
            prizes=[RankPrizeAnswer.model_validate(won) for won in board.mission.rank_prizes],
            places=places,
            your_rank=board.own_rank,
            your_score=board.own_score,
        )


@router.get(
    "/v1/missions/{mission_id}/leaderboard",
    dependencies=[requires(Role.MEMBER, *STAFF, scope="missions:read")],
)
async def show_leaderboard(
    mission_id: MissionPath,
    caller: CurrentCaller,
    tx: Tx,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    begins: Annotated[
        date | None, Query(description="A day of the period; now, if left out.")
    ] = None,
) -> BoardAnswer:
    """Who has come farthest in a period of the mission, and where the caller is."""
    own = caller.member_id if caller.role is Role.MEMBER else None
    board = await show_board(tx, mission_id, own, clock.now(), limit, begins)
    return BoardAnswer.of(board, own)
