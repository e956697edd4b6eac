"""Daily check-ins."""

from calendar import monthrange
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, Field

from kit import clock
from kit.app import Router
from kit.auth import MemberId, Role, requires
from kit.bodies import Answer, Body
from kit.db import Tx
from kit.idempotency import RequiredKey, RequiresKey
from services.loyalty.actions.checkins import (
    Signed,
    check_in,
    check_in_later,
    issue_key,
    make_up,
)
from services.loyalty.rules.checkins import CheckInKind, Terms, bitmask
from services.loyalty.store import checkins

router = Router(tags=["Check-in"])


def _with_zone(moment: str) -> str:
    if datetime.fromisoformat(moment).tzinfo is None:
        message = "must say its time zone, such as 2026-03-02T08:00:00Z"
        raise ValueError(message)
    return moment


def _month(value: str) -> str:
    date.fromisoformat(f"{value}-01")
    return value


class OfflineCheckIn(Body):
    """A check-in made without a network, signed by the phone when it was made."""

    checked_in_at: Annotated[str, AfterValidator(_with_zone)] = Field(
        max_length=40, description="When the member was there, by the phone's clock."
    )
    key_id: UUID = Field(description="Of the secret it is signed with.")
    signature: str = Field(
        pattern=r"^[0-9a-fA-F]{64}$",
        description="HMAC-SHA256 of member id, Idempotency-Key and `checked_in_at` as it is sent"
        " here, each on a line (LF between them, none at the end), in hexadecimal.",
    )


class CheckedInAnswer(Answer):
    day: date = Field(description="The member's calendar day, in their time zone.")
    streak: int = Field(description="Consecutive days, this one included.")
    points: int
    balance: int
    next_at: datetime
    frozen: list[date] = Field(description="Missed days that freeze cards covered.")
    freeze_cards: int


class MakeUpBody(Body):
    day: date = Field(description="The missed day.")


class MadeUpAnswer(Answer):
    day: date
    streak: int = Field(description="The streak, now that the day is filled.")
    makeup_cards: int


class KeyAnswer(Answer):
    key_id: UUID
    secret: str = Field(description="32 bytes in hexadecimal. Keep it where only the app reads.")
    issued_at: datetime
    window_s: int = Field(description="How late a check-in made without a network is taken.")


class CalendarAnswer(Answer):
    """A month of check-ins. Bit 0 of each mask is the 1st."""

    month: str
    present: int
    made_up: int
    frozen: int


class TermsBody(Body):
    freeze_every: int = Field(7, ge=1, le=366, description="Days of a streak that bring a card.")
    most_freezes: int = Field(2, ge=0, le=30)
    makeup_days: int = Field(7, ge=0, le=31, description="How far back a make-up card reaches.")
    window_s: int = Field(259_200, ge=0, le=604_800)


class TermsAnswer(Answer):
    freeze_every: int
    most_freezes: int
    makeup_days: int
    window_s: int


@router.post("/v1/checkins", status_code=201, dependencies=[requires(Role.MEMBER)])
async def record_checkin(
    member_id: MemberId, key: RequiredKey, tx: Tx, body: OfflineCheckIn | None = None
) -> CheckedInAnswer:
    """Check in for today, or, with a body, for when the phone had no network.

    Once a day: a second time is 409 `loyalty.already_checked_in`.
    """
    now = clock.now()
    if body is None:
        return CheckedInAnswer.model_validate(await check_in(tx, member_id, now))
    signed = Signed(at=body.checked_in_at, key_id=body.key_id, signature=body.signature)
    return CheckedInAnswer.model_validate(await check_in_later(tx, member_id, signed, key, now))


@router.post("/v1/checkins/makeups", status_code=201, dependencies=[RequiresKey])
async def make_up_for_day(member_id: MemberId, body: MakeUpBody, tx: Tx) -> MadeUpAnswer:
    """Fill a missed day with a make-up card, so that the streak is whole again."""
    return MadeUpAnswer.model_validate(await make_up(tx, member_id, body.day, clock.now()))


@router.post("/v1/checkins/keys", status_code=201)
async def create_key(member_id: MemberId, tx: Tx) -> KeyAnswer:
    """A secret with which this phone signs check-ins it makes without a network."""
    key, terms = await issue_key(tx, member_id, clock.now()), await checkins.terms(tx)
    return KeyAnswer(
        key_id=key.key_id,
        secret=key.secret.hex(),
        issued_at=key.issued_at,
        window_s=terms.window_s,
    )


@router.get("/v1/checkins")
async def show_calendar(
    member_id: MemberId,
    tx: Tx,
    month: Annotated[
        str,
        AfterValidator(_month),
        Query(pattern=r"^\d{4}-\d\d$", description="Such as 2026-03."),
    ],
) -> CalendarAnswer:
    """The caller's check-ins of a month."""
    first = date.fromisoformat(f"{month}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    made = await checkins.between(tx, member_id, first, last)
    masks = {
        kind.value: bitmask(item.day for item in made if item.kind is kind) for kind in CheckInKind
    }
    return CalendarAnswer(month=month, **masks)


@router.get("/v1/loyalty/checkin-terms", dependencies=[requires(Role.MARKETER, Role.ANALYST)])
async def show_terms(tx: Tx) -> TermsAnswer:
    return TermsAnswer.model_validate(await checkins.terms(tx))


@router.put("/v1/loyalty/checkin-terms", dependencies=[requires(Role.MARKETER)])
async def set_terms(body: TermsBody, tx: Tx) -> TermsAnswer:
    """Set how cards come and reach, and how late a check-in without a network is taken."""
    await checkins.set_terms(tx, Terms(**body.model_dump()))
    return TermsAnswer.model_validate(await checkins.terms(tx))
