"""Missions, leaderboards and badges."""

from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Path, Request, Response
from pydantic import Field, model_validator

from kit import clock
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, MemberId, Role, requires
from kit.bodies import Answer, Body, Key, Texts, Time
from kit.db import Tx
from kit.etags import respond
from kit.idempotency import RequiresKey
from kit.ids import uuid7
from kit.languages import Language, pick
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page, time_or_none
from kit.problems import Conflict
from services.loyalty.actions.missions import (
    Going,
    add_mission,
    change_mission,
    claim_mission,
    list_missions,
)
from services.loyalty.actions.wallets import settled_standing
from services.loyalty.api.gates import UNCHANGED, GatedAnswer, Gates
from services.loyalty.api.prizes import PrizeAnswer, PrizeBody
from services.loyalty.rules.audience import Audience
from services.loyalty.rules.missions import (
    Goal,
    Measure,
    Mission,
    RankPrize,
    Recurrence,
    progress,
)
from services.loyalty.store import badges, missions
from services.loyalty.store.badges import Awarded
from services.loyalty.tables import Badge

router = Router(tags=["Missions"])

MissionPath = Annotated[UUID, Path(description="The mission's id.")]


class BadgeExists(Conflict):
    code = "loyalty.badge_exists"
    title = "This badge exists already"


class GoalBody(Body):
    """What is counted: occasions, a field of theirs summed, or the member's days with one."""

    trigger: str = Field(
        pattern=r"^(activity\..{1,100}|[a-z]+\.[a-z_]+\.[a-z_]+)$",
        description="Such as `profile.order.placed`, `loyalty.checkin.recorded` or"
        " `activity.Product Reviewed`.",
    )
    target: int = Field(ge=1, le=10**12, strict=True)
    measure: Measure = Measure.COUNT
    field: str | None = Field(
        None, max_length=120, description="Of `sum`: which, such as `amount_minor`."
    )
    where: dict[str, str | int | float | bool] | None = Field(
        None, max_length=10, description="Fields of the event and the values they must have."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.measure is Measure.SUM) != (self.field is not None):
            message = "`field` belongs to the measure `sum`, and only there"
            raise ValueError(message)
        return self


class RankPrizeBody(Body):
    """What the places down to `up_to` bring that none before it has; who ties shares a place."""

    up_to: int = Field(ge=1, le=1000, strict=True)
    prize: PrizeBody


class RankPrizeAnswer(Answer):
    up_to: int
    prize: PrizeAnswer


class NewMission(Body):
    name: Texts
    description: Texts
    goals: list[GoalBody] = Field(min_length=1, max_length=10, description="All must be reached.")
    prize: PrizeBody
    recurrence: Recurrence = Field(
        Recurrence.ONCE, description="Begins anew each day, week (Monday) or month of the member's."
    )
    starts_at: Time | None = None
    ends_at: Time | None = None
    tiers: Gates = Field([], description="Empty: any tier.")
    segments: Gates = Field([], description="Empty: any member; others do not see it.")
    claimed_by_itself: bool = Field(
        default=False, description="Whether the prize comes without being claimed."
    )
    ranked: bool = Field(
        default=False, description="Whether it has a leaderboard, by its 1st goal."
    )
    rank_prizes: list[RankPrizeBody] = Field(
        default=[], max_length=20, description="Of a ranked mission, when its period has ended."
    )
    active: bool = True

    @model_validator(mode="after")
    def _places(self) -> Self:
        reach = [won.up_to for won in self.rank_prizes]
        if reach and not self.ranked:
            raise ValueError("`rank_prizes` belong to a ranked mission: set `ranked`")
        if reach != sorted(set(reach)):
            raise ValueError("`rank_prizes` must reach further one after another")
        if reach and self.recurrence is Recurrence.ONCE and self.ends_at is None:
            raise ValueError("a mission with `rank_prizes` must end, or begin anew: set `ends_at`")
        return self

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            message = "`ends_at` must be after `starts_at`"
            raise ValueError(message)
        return self


class MissionChanges(Body):
    """What is left out stays as it is. Goals and prize stay what members were promised."""

    name: Texts = UNCHANGED
    description: Texts = UNCHANGED
    ends_at: Time | None = UNCHANGED
    tiers: Gates = UNCHANGED
    segments: Gates = UNCHANGED
    active: bool = UNCHANGED


class GoalAnswer(Answer):
    trigger: str
    target: int
    measure: Measure
    field: str | None
    where: dict[str, Any] | None


class MissionAnswer(GatedAnswer):
    """A mission as staff keep it."""

    mission_id: UUID
    name: dict[str, str]
    description: dict[str, str]
    goals: list[GoalAnswer]
    prize: PrizeAnswer
    recurrence: Recurrence
    starts_at: datetime | None
    ends_at: datetime | None
    tiers: list[str]
    segments: list[str]
    claimed_by_itself: bool
    ranked: bool
    rank_prizes: list[RankPrizeAnswer]
    active: bool


class StepAnswer(Answer):
    count: int
    target: int


class GoingAnswer(Answer):
    """A mission as a member sees it."""

    mission_id: UUID
    name: str
    description: str
    progress: float = Field(ge=0, le=1)
    steps: list[StepAnswer]
    prize: PrizeAnswer
    recurrence: Recurrence
    period_ends: date | None = Field(description="The first day of the next period.")
    ends_at: datetime | None
    completed: bool
    claimable: bool
    claimed: bool
    ranked: bool
    rank_prizes: list[RankPrizeAnswer] = Field(description="What places on the board bring.")

    @classmethod
    def of(cls, going: Going, language: str) -> "GoingAnswer":
        mission = going.mission
        return cls(
            mission_id=mission.mission_id,
            name=pick(mission.name, language),
            description=pick(mission.description, language),
            progress=progress(mission, going.counts),
            steps=[
                StepAnswer(count=n, target=goal.target)
                for n, goal in zip(going.counts, mission.goals, strict=True)
            ],
            prize=PrizeAnswer.model_validate(mission.prize),
            recurrence=mission.recurrence,
            period_ends=going.ends,
            ends_at=mission.ends_at,
            completed=going.completed_at is not None,
            claimable=going.claimable,
            claimed=going.claimed_at is not None,
            ranked=mission.ranked,
            rank_prizes=[RankPrizeAnswer.model_validate(won) for won in mission.rank_prizes],
        )


class ClaimedAnswer(Answer):
    mission_id: UUID
    begins: date
    prize: PrizeAnswer
    balance: int


class NewBadge(Body):
    badge: Key
    name: Texts
    description: Texts
    icon: str | None = Field(None, max_length=500, description="Where its picture is.")


class BadgeAnswer(Answer):
    badge: str
    name: dict[str, str]
    description: dict[str, str]
    icon: str | None


class AwardedAnswer(Answer):
    badge: str
    name: str
    description: str
    icon: str | None
    awarded_at: datetime

    @classmethod
    def of(cls, awarded: Awarded, language: str) -> "AwardedAnswer":
        texts = {
            "name": pick(awarded.name, language),
            "description": pick(awarded.description, language),
        }
        return cls.model_validate({**awarded._asdict(), **texts})


@router.get(
    "/v1/missions",
    response_model=Page[GoingAnswer] | Page[MissionAnswer],
    dependencies=[requires(Role.MEMBER, *STAFF, scope="missions:read")],
)
async def show_missions(
    request: Request,
    caller: CurrentCaller,
    language: Language,
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Response:
    """The missions going on and how far the caller is, what is to claim first; staff see all."""
    if caller.role is not Role.MEMBER:
        before = decode_cursor(cursor, UUID)[0] if cursor else None
        kept = await missions.listed(tx, limit + 1, before)
        return respond(request, page(kept, limit, MissionAnswer.of, lambda m: (m.mission_id,)))
    now = clock.now()
    after = decode_cursor(cursor, int, time_or_none, UUID) if cursor else None
    zone = (await settled_standing(tx, caller.member_id, now)).time_zone
    going = await list_missions(tx, caller.member_id, zone, now, limit=limit + 1, after=after)
    item = partial(GoingAnswer.of, language=language)
    return respond(request, page(going, limit, item, lambda each: each.position))


@router.post(
    "/v1/missions",
    status_code=201,
    dependencies=[requires(Role.MARKETER, scope="missions:write")],
)
async def create_mission(body: NewMission, tx: Tx) -> MissionAnswer:
    """Set members goals. They count what happens from now on."""
    given = body.model_dump(exclude={"tiers", "segments", "goals", "prize", "rank_prizes"})
    mission = Mission(
        mission_id=uuid7(),
        goals=[Goal(**goal.model_dump()) for goal in body.goals],
        prize=body.prize.prize(),
        rank_prizes=[
            RankPrize(up_to=won.up_to, prize=won.prize.prize()) for won in body.rank_prizes
        ],
        audience=Audience.of(body),
        **given,
    )
    return MissionAnswer.of(await add_mission(tx, mission, clock.now()))


@router.patch(
    "/v1/missions/{mission_id}",
    dependencies=[requires(Role.MARKETER, scope="missions:write")],
)
async def edit_mission(mission_id: MissionPath, body: MissionChanges, tx: Tx) -> MissionAnswer:
    """Change a mission. Goals and prize stay: end it and make another instead."""
    changes = body.model_dump(exclude_unset=True)
    return MissionAnswer.of(await change_mission(tx, mission_id, changes, clock.now()))


@router.post("/v1/missions/{mission_id}/claims", status_code=201, dependencies=[RequiresKey])
async def claim(mission_id: MissionPath, member_id: MemberId, tx: Tx) -> ClaimedAnswer:
    """Take the prize of a completed mission.

    409 `loyalty.mission_not_completed` before its goals are reached.
    """
    claimed = await claim_mission(tx, member_id, mission_id, clock.now())
    return ClaimedAnswer(
        mission_id=mission_id,
        begins=claimed.begins,
        prize=PrizeAnswer.model_validate(claimed.mission.prize),
        balance=claimed.balance,
    )


@router.get("/v1/badges")
async def list_own_badges(
    member_id: MemberId,
    language: Language,
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[AwardedAnswer]:
    """The caller's badges, the newest first."""
    after = decode_cursor(cursor, datetime.fromisoformat, str) if cursor else None
    found = await badges.of_member(member_id, limit + 1, after).of(tx)
    item = partial(AwardedAnswer.of, language=language)
    return page(found, limit, item, lambda awarded: (awarded.awarded_at, awarded.badge))


@router.get("/v1/loyalty/badges", dependencies=[requires(*STAFF, scope="missions:read")])
async def list_badges(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[BadgeAnswer]:
    """Every badge there is, by its key."""
    after = decode_cursor(cursor, str)[0] if cursor else ""
    found = await badges.listed(tx, limit + 1, after)
    return page(found, limit, BadgeAnswer.model_validate, lambda badge: (badge.badge,))


@router.post(
    "/v1/loyalty/badges",
    status_code=201,
    dependencies=[requires(Role.MARKETER, scope="missions:write")],
)
async def create_badge(body: NewBadge, tx: Tx) -> BadgeAnswer:
    """Make a badge that missions may give."""
    badge = Badge(**body.model_dump(), created_at=clock.now())
    if not await badges.add(tx, badge):
        raise BadgeExists(f"There is a badge {body.badge} already; choose another name.")
    return BadgeAnswer.model_validate(badge)
