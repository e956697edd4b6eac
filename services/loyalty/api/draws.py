"""Draws: entering, and checking that they were fair."""

from datetime import datetime
from functools import partial
from typing import Annotated, Self
from uuid import UUID

from fastapi import Path
from pydantic import Field, model_validator

from kit import clock
from kit.app import Router
from kit.auth import STAFF, CurrentCaller, MemberId, Role, requires
from kit.bodies import Answer, Body, Key, Texts, Time
from kit.db import Tx
from kit.idempotency import RequiredKey
from kit.ids import uuid7
from kit.languages import Language, pick
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.loyalty.actions.draws import (
    add_draw,
    audit_draw,
    enter_draw,
    list_draws,
    position,
    stop_draw,
)
from services.loyalty.actions.wallets import settled_standing
from services.loyalty.api.gates import Gates
from services.loyalty.api.prizes import PrizeAnswer, PrizeBody
from services.loyalty.rules.audience import Audience
from services.loyalty.rules.draws import TICKETS, Draw, DrawPrize
from services.loyalty.store import draws

router = Router(tags=["Draws"])

DrawPath = Annotated[UUID, Path(description="The draw's id.")]


class PrizeChance(Body):
    key: Key
    name: Texts
    odds: int = Field(ge=1, le=TICKETS, strict=True, description="Of a million tickets.")
    stock: int | None = Field(None, ge=1, le=10**9, strict=True, description="Null: no end.")
    prize: PrizeBody


class NewDraw(Body):
    name: Texts
    description: Texts
    prizes: list[PrizeChance] = Field(min_length=1, max_length=20)
    entry_points: int = Field(0, ge=0, le=10**9, strict=True)
    daily_entries: int | None = Field(1, ge=1, le=1000, description="Null: any number.")
    opens_at: Time | None = None
    closes_at: Time = Field(description="The secret is told then.")
    tiers: Gates = Field([], description="Empty: any tier.")
    segments: Gates = Field([], description="Empty: any member.")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if sum(prize.odds for prize in self.prizes) > TICKETS:
            message = f"the odds may add up to {TICKETS} at most"
            raise ValueError(message)
        if len({prize.key for prize in self.prizes}) < len(self.prizes):
            message = "each prize needs a `key` of its own"
            raise ValueError(message)
        if self.opens_at and self.closes_at <= self.opens_at:
            message = "`closes_at` must be after `opens_at`"
            raise ValueError(message)
        return self


class ChanceAnswer(Answer):
    key: str
    name: str
    odds: int = Field(description="Of a million.")
    prize: PrizeAnswer


class DrawAnswer(Answer):
    """A draw. `commitment` is the SHA-256 of the secret that decides it, in hexadecimal."""

    draw_id: UUID
    name: str
    description: str
    entry_points: int
    opens_at: datetime | None
    closes_at: datetime
    prizes: list[ChanceAnswer] = Field(description="What no prize takes wins nothing.")
    commitment: str
    entries_left: int | None = Field(description="Of the caller's, today. Null: any number.")
    active: bool

    @classmethod
    def of(cls, draw: Draw, language: str, used: int = 0) -> "DrawAnswer":
        daily = draw.daily_entries
        return cls(
            draw_id=draw.draw_id,
            name=pick(draw.name, language),
            description=pick(draw.description, language),
            entry_points=draw.entry_points,
            opens_at=draw.opens_at,
            closes_at=draw.closes_at,
            prizes=[
                ChanceAnswer(
                    key=each.key,
                    name=pick(each.name, language),
                    odds=each.odds,
                    prize=PrizeAnswer.model_validate(each.prize),
                )
                for each in draw.prizes
            ],
            commitment=draw.commitment,
            entries_left=None if daily is None else max(0, daily - used),
            active=draw.active,
        )


class DrawnAnswer(Answer):
    """An entry. With the secret, `number` and `key` anybody computes the `ticket` again."""

    draw_id: UUID
    number: int
    key: UUID
    ticket: int
    prize: str | None = Field(description="The key of what was won; null: nothing.")
    name: str | None
    won: PrizeAnswer | None
    balance: int


class AuditedAnswer(Answer):
    number: int
    key: UUID
    ticket: int
    prize: str | None
    drawn_at: datetime


class AuditAnswer(Page[AuditedAnswer]):
    """The entries in order of their numbers.

    `ticket` is HMAC-SHA256(seed, "<draw id>:<number>:<key>"), its first eight bytes as an
    integer, modulo 1,000,000; prizes lie over the tickets in their order, as wide as their odds.
    """

    draw_id: UUID
    commitment: str
    seed: str | None = Field(description="Null until the draw has closed.")


@router.get("/v1/draws", dependencies=[requires(Role.MEMBER, *STAFF)])
async def show_draws(
    caller: CurrentCaller,
    language: Language,
    tx: Tx,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> Page[DrawAnswer]:
    """The draws the caller may enter, with odds and commitments; staff see all, newest first."""
    if caller.role is not Role.MEMBER:
        before = decode_cursor(cursor, UUID)[0] if cursor else None
        kept = await draws.listed(tx, limit + 1, before)
        shown = partial(DrawAnswer.of, language=language)
        return page(kept, limit, shown, lambda draw: (draw.draw_id,))
    now = clock.now()
    after = decode_cursor(cursor, datetime.fromisoformat, UUID) if cursor else None
    zone = (await settled_standing(tx, caller.member_id, now)).time_zone
    found = await list_draws(tx, caller.member_id, zone, now, limit=limit + 1, after=after)
    return page(found, limit, lambda each: DrawAnswer.of(each.draw, language, each.used), position)


@router.post("/v1/draws", status_code=201, dependencies=[requires(Role.MARKETER)])
async def create_draw(body: NewDraw, language: Language, tx: Tx) -> DrawAnswer:
    """Make a draw. What is published of it does not change afterwards."""
    given = body.model_dump(exclude={"tiers", "segments", "prizes"})
    prizes = [
        DrawPrize(
            key=each.key,
            name=each.name,
            odds=each.odds,
            stock=each.stock,
            prize=each.prize.prize(),
        )
        for each in body.prizes
    ]
    audience = Audience.of(body)
    draw = Draw(draw_id=uuid7(), prizes=prizes, audience=audience, commitment="", **given)
    return DrawAnswer.of(await add_draw(tx, draw, clock.now()), language)


@router.post("/v1/draws/{draw_id}/stops", dependencies=[requires(Role.MARKETER)])
async def stop(draw_id: DrawPath, language: Language, tx: Tx) -> DrawAnswer:
    """Take no more entries."""
    return DrawAnswer.of(await stop_draw(tx, draw_id), language)


@router.post("/v1/draws/{draw_id}/entries", status_code=201)
async def enter(
    draw_id: DrawPath, member_id: MemberId, key: RequiredKey, language: Language, tx: Tx
) -> DrawnAnswer:
    """Enter a draw. The Idempotency-Key is the phone's part in the luck, so make it at random."""
    drawn = await enter_draw(tx, member_id, draw_id, key, clock.now())
    prize = drawn.prize
    return DrawnAnswer(
        draw_id=draw_id,
        number=drawn.entry.number,
        key=key,
        ticket=drawn.entry.ticket,
        prize=drawn.entry.prize,
        name=pick(prize.name, language) if prize else None,
        won=PrizeAnswer.model_validate(prize.prize) if prize else None,
        balance=drawn.balance,
    )


@router.get("/v1/draws/{draw_id}/audit", dependencies=[requires(Role.MEMBER, *STAFF)])
async def show_audit(
    draw_id: DrawPath,
    tx: Tx,
    limit: Limit = 200,
    cursor: CursorParameter = None,
) -> AuditAnswer:
    """Every entry with nobody's name; once the draw has closed, the secret to check them by."""
    after = decode_cursor(cursor, int)[0] if cursor else 0
    audit = await audit_draw(tx, draw_id, clock.now(), limit + 1, after)
    shown = page(
        audit.entries,
        limit,
        lambda entry: AuditedAnswer(**entry._asdict()),
        lambda entry: (entry.number,),
    )
    return AuditAnswer(
        **dict(shown),
        draw_id=draw_id,
        commitment=audit.draw.commitment,
        seed=audit.seed.hex() if audit.seed else None,
    )
