"""Wallets: the member's own, and staff's view of a member's."""

from datetime import datetime
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import Field

from kit import clock
from kit.app import Router
from kit.auth import STAFF, MemberId, requires
from kit.bodies import Answer
from kit.db import Tx
from kit.etags import SHARED, respond
from kit.languages import Language, pick
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page, page_of
from services.loyalty.actions.members import known_member
from services.loyalty.actions.versions import running
from services.loyalty.actions.wallets import (
    WalletView,
    read_wallet,
    settled_history,
)
from services.loyalty.rules.ledger import Kind, PointType, WalletKey
from services.loyalty.rules.programme.document import Level
from services.loyalty.store.wallets import Line

router = Router(tags=["Wallet"])

MemberPath = Annotated[UUID, Path(description="The member's id.")]


Basis = Literal["growth_points", "spend", "orders"]


class BenefitsAnswer(Answer):
    multiplier: str
    priority_support: bool
    exclusive_offers: bool
    free_shipping: bool
    birthday_points: int


class TierAnswer(Answer):
    key: str
    name: str
    threshold: int = Field(description="From how much of the programme's measure on one has it.")
    benefits: BenefitsAnswer

    @classmethod
    def of(cls, level: Level, language: str) -> "TierAnswer":
        return cls.model_validate({**level.model_dump(), "name": pick(level.name, language)})


class KeepAnswer(Answer):
    """What it takes to keep the tier beyond `until`."""

    until: datetime
    needs: int
    missing: int
    projected: str = Field(description="The tier that follows, as things are now.")


class TierProgress(Answer):
    key: str
    name: str
    benefits: BenefitsAnswer
    reached_at: datetime | None
    basis: Basis = Field(description="What counts: growth points, spend in minor units, orders.")
    value: int = Field(description="How much of it the member has.")
    next: TierAnswer | None = Field(description="Null at the highest tier.")
    missing: int
    progress: float = Field(ge=0, le=1, description="The way from this tier to the next.")
    keep: KeepAnswer | None = Field(description="Null if the tier has no end.")

    @classmethod
    def of(cls, view: WalletView, language: str) -> "TierProgress":
        progress, keep = view.progress, view.progress.keep
        return cls(
            **TierAnswer.of(progress.tier, language).model_dump(exclude={"threshold"}),
            reached_at=view.tier.since if view.tier else None,
            basis=progress.basis,
            value=progress.value,
            next=TierAnswer.of(progress.next, language) if progress.next else None,
            missing=progress.missing,
            progress=progress.share,
            keep=KeepAnswer(
                until=keep.until,
                needs=keep.needs,
                missing=keep.missing,
                projected=keep.projected.key,
            )
            if keep
            else None,
        )


class ExpiringAnswer(Answer):
    points: int
    expires_at: datetime


class CheckInAnswer(Answer):
    done_today: bool
    streak: int
    next_at: datetime | None = Field(description="When one is possible again; null: now.")


class EntryAnswer(Answer):
    """One change of a wallet. `points` are signed; the balances are those it left."""

    entry_id: UUID
    version: int
    kind: Kind
    points: int
    available: int
    pending: int
    held: int
    debt: int
    rule: str
    source_type: str
    source_id: str
    reason: str | None
    by_member_id: UUID | None = Field(description="Whose doing it was, of a household.")
    occurred_at: datetime

    @classmethod
    def of(cls, line: Line) -> "EntryAnswer":
        return cls(**line._asdict())


class WalletAnswer(Answer):
    """A wallet as it stands. `debt` is what the next points to arrive will pay first."""

    member_id: UUID
    household_id: UUID | None = Field(description="Whose points these are, if they are shared.")
    version: int = Field(description="Counts the changes of points and growth points.")
    points: int = Field(description="Available to spend.")
    pending: int
    held: int = Field(description="Set aside for orders that are not paid yet.")
    debt: int
    growth_points: int
    tier: TierProgress
    expiring: list[ExpiringAnswer] = Field(description="The next three, soonest first.")
    checkin: CheckInAnswer
    recent: list[EntryAnswer] = Field(description="The last five changes of points.")

    @classmethod
    def of(cls, view: WalletView, language: str) -> "WalletAnswer":
        return cls(
            member_id=view.growth.key.member_id,
            household_id=view.household_id,
            version=view.points.version + view.growth.version,
            points=view.points.available,
            pending=view.points.pending,
            held=view.points.held,
            debt=view.points.debt,
            growth_points=view.growth.available,
            tier=TierProgress.of(view, language),
            expiring=[ExpiringAnswer.model_validate(item) for item in view.expiring],
            checkin=CheckInAnswer.model_validate(view.checkin),
            recent=[EntryAnswer.of(line) for line in view.recent],
        )


@router.get(
    "/v1/members/{member_id}/wallet",
    response_model=WalletAnswer,
    dependencies=[requires(*STAFF, scope="points:read")],
)
async def show_members_wallet(
    request: Request, member_id: MemberPath, language: Language, tx: Tx
) -> Response:
    """A member's wallet, as the member sees it."""
    view = await read_wallet(tx, await known_member(tx, member_id), clock.now())
    return respond(request, WalletAnswer.of(view, language))


@router.get("/v1/points/history")
async def list_history(
    member_id: MemberId,
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
    point_type: Annotated[PointType, Query()] = PointType.POINTS,
) -> Page[EntryAnswer]:
    """The changes of the caller's points or growth points, newest first."""
    entries = await settled_history(
        tx,
        WalletKey(member_id, point_type),
        clock.now(),
        limit=limit + 1,
        before_version=decode_cursor(cursor, int)[0] if cursor else None,
    )
    return page(entries, limit, EntryAnswer.of, lambda entry: (entry.version,))


@router.get("/v1/tiers")
async def list_tiers(
    tx: Tx,
    language: Language,
    response: Response,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[TierAnswer]:
    """The tiers, from the lowest."""
    response.headers["Cache-Control"] = SHARED
    levels = (await running(tx)).live.tiers.levels
    item = partial(TierAnswer.of, language=language)
    return page_of(levels, limit, cursor, item, _place, int, str)


def _place(level: Level) -> tuple[int, str]:
    return level.threshold, level.key
