"""What a row of each kind says. The columns of a file are the fields here, under their names.

A date alone means the beginning of that day in UTC; of an end, such as an expiry, the end of it.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

import orjson
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from services.loyalty.rules.imports import Fault, ImportKind
from services.loyalty.rules.ledger import PointType

LARGEST_ROW = 10**12
MEMBER_COLUMNS = ("member_id", "external_id")


def _moment(value: Any) -> Any:
    """A date alone, as the moment at which its day begins."""
    if isinstance(value, str) and (day := _day(value)):
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    return value


def _end(value: Any) -> Any:
    """A date alone, as the moment at which its day has ended."""
    moment = _moment(value)
    if not isinstance(moment, datetime):
        return moment
    try:
        return moment + timedelta(days=1)
    except OverflowError:
        raise ValueError("must be a day before 9999-12-31; what never ends stays empty") from None


def _in_utc(moment: datetime) -> datetime:
    """The moment as it was given, which names the row, if it can be written in UTC."""
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be in the years 1 to 9999 in UTC, too") from None
    return moment


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if len(value) == len("2026-12-31") else None
    except ValueError:
        return None


Moment = Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_in_utc)]
End = Annotated[AwareDatetime, BeforeValidator(_end), AfterValidator(_in_utc)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Code = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{3,63}$")]
_TIME = "Such as 2026-12-31 or 2026-12-31T18:00:00+08:00."
_WHOSE = "The member: `member_id` (a UUID of Rapport's) or `external_id` (your own id)."


class Row(BaseModel):
    """One row; `who` and `reference` are common to all kinds."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True
    )
    kind: ClassVar[ImportKind]
    member_needed: ClassVar[bool] = True
    member_id: UUID | None = Field(None, description="Rapport's id of the member, a UUID.")
    external_id: Reference | None = Field(
        None, description="Your own id of the member, as `userId` of POST /v1/identify told it."
    )
    reference: Reference | None = Field(
        None, description="Your name of the row, unique in the programme; else made of its fields."
    )

    @model_validator(mode="after")
    def _of_one_member(self) -> Self:
        given = (self.member_id is not None) + (self.external_id is not None)
        if given > 1 or (given == 0 and self.member_needed):
            raise ValueError(f"say of one member whose row it is. {_WHOSE}")
        return self

    @property
    def who(self) -> str:
        return f"m:{self.member_id}" if self.member_id else f"x:{self.external_id}"

    @property
    def named(self) -> str:
        """What the row is about, where it has no reference of its own."""
        return self.who

    @property
    def key(self) -> str:
        """Names what the row tells of, and tells nobody an id."""
        name = f"r:{self.reference}" if self.reference else f"n:{self.named}"
        return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()

    @property
    def digest(self) -> bytes:
        """Of all that the row says."""
        said = orjson.dumps(self.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
        return hashlib.blake2b(said, digest_size=16).digest()


class BalanceRow(Row):
    """Points a member has, with one term; or owes, where negative."""

    kind = ImportKind.BALANCES
    point_type: PointType = Field(PointType.POINTS, description="`points` or `growth`.")
    points: int = Field(
        ge=-LARGEST_ROW,
        le=LARGEST_ROW,
        description="A whole number such as 1200; negative: what the member owes.",
    )
    expires_at: End | None = Field(None, description=f"When they expire; empty: never. {_TIME}")
    available_at: Moment | None = Field(
        None, description=f"Until when they are pending; empty: they are not. {_TIME}"
    )
    earned_at: Moment | None = Field(None, description=f"For the member's history. {_TIME}")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.points == 0:
            raise ValueError("`points` is 0, which says nothing; leave the row out")
        if self.points < 0 and (self.point_type is PointType.GROWTH or self._dated):
            raise ValueError("what is owed are `points` without `expires_at` and `available_at`")
        if self.available_at and self.expires_at and self.available_at >= self.expires_at:
            raise ValueError("`available_at` must be before `expires_at`")
        return self

    @property
    def _dated(self) -> bool:
        return self.expires_at is not None or self.available_at is not None

    @property
    def named(self) -> str:
        owed = "owed" if self.points < 0 else ""
        dates = [at.isoformat() if at else "" for at in (self.available_at, self.expires_at)]
        return "|".join([self.who, self.point_type, owed, *dates])


class TierRow(Row):
    """The tier a member has reached before."""

    kind = ImportKind.TIERS
    tier: Reference = Field(description="The key of a tier of the live programme, such as `gold`.")
    since: Moment | None = Field(None, description=f"Since when; empty: now. {_TIME}")
    valid_until: End | None = Field(
        None, description=f"Until when at least; empty: for a period of the programme. {_TIME}"
    )


class HistoryRow(Row):
    """What happened to a member's points before. It is shown, and counts nowhere."""

    kind = ImportKind.HISTORY
    point_type: PointType = Field(PointType.POINTS, description="`points` or `growth`.")
    points: int = Field(
        ge=-LARGEST_ROW, le=LARGEST_ROW, description="Earned; negative: spent or expired."
    )
    occurred_at: Moment = Field(description=_TIME)
    description: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        description="What the member reads, up to 200 characters."
    )

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.points == 0:
            raise ValueError("`points` is 0, which says nothing; leave the row out")
        return self

    @property
    def named(self) -> str:
        return "|".join(
            [self.who, self.occurred_at.isoformat(), str(self.points), self.description]
        )


class CouponRow(Row):
    """A coupon that is out already, and not used."""

    kind = ImportKind.COUPONS
    member_needed = False
    series_id: UUID = Field(description="The series whose terms it has: GET /v1/coupons/series.")
    code: Code = Field(description="4 to 64 of A-Z, 0-9, `-` and `_`.")
    issued_at: Moment | None = Field(None, description=_TIME)
    valid_until: End | None = Field(
        None, description=f"Of a member's coupon; empty: as the series has it. {_TIME}"
    )

    @model_validator(mode="after")
    def _own_end(self) -> Self:
        if self.valid_until and self.member_id is None and self.external_id is None:
            raise ValueError("a code for anybody ends with its series: leave `valid_until` empty")
        return self

    @property
    def named(self) -> str:
        return self.code


class ReferralCodeRow(Row):
    """The code in the links a member has given to friends."""

    kind = ImportKind.REFERRAL_CODES
    code: Code = Field(description="4 to 64 of A-Z, 0-9, `-` and `_`.")


class ReferralRow(Row):
    """Who brought the member."""

    kind = ImportKind.REFERRALS
    referrer_member_id: UUID | None = Field(None, description="Rapport's id of who brought them.")
    referrer_external_id: Reference | None = Field(
        None, description="Or your own id of who brought them."
    )
    accepted_at: Moment = Field(description=_TIME)
    state: Literal["rewarded", "rejected", "pending"] = Field(
        "rewarded", description="`pending`: the reward is still to come, as the terms here say."
    )

    @model_validator(mode="after")
    def _of_one_referrer(self) -> Self:
        if (self.referrer_member_id is None) == (self.referrer_external_id is None):
            raise ValueError("give either `referrer_member_id` or `referrer_external_id`")
        return self


class CheckInRow(Row):
    """A member's streak, and the cards that mend it."""

    kind = ImportKind.CHECKINS
    last_day: date = Field(
        ge=date(1970, 1, 1), description="The last day with a check-in, such as 2026-11-21."
    )
    streak: int = Field(ge=1, le=36_500, description="How many days in a row that was.")
    best: int | None = Field(None, ge=1, le=36_500, description="The longest streak ever.")
    freeze_cards: int = Field(0, ge=0, le=1_000, description="Freeze cards at hand.")
    makeup_cards: int = Field(0, ge=0, le=1_000, description="Make-up cards at hand.")


ROWS: Mapping[ImportKind, type[Row]] = {
    row.kind: row
    for row in (
        BalanceRow,
        TierRow,
        HistoryRow,
        CouponRow,
        ReferralCodeRow,
        ReferralRow,
        CheckInRow,
    )
}


def needed(kind: ImportKind) -> frozenset[str]:
    """The columns a file of this kind cannot do without."""
    fields = ROWS[kind].model_fields.items()
    return frozenset(name for name, field in fields if field.is_required())


def wrong_columns(kind: ImportKind, columns: tuple[str, ...]) -> str | None:
    """What is wrong with the columns of a file, and what would be right."""
    known = tuple(ROWS[kind].model_fields)
    right = f"A file of {kind} has the columns {', '.join(known)}."
    if strange := [name for name in columns if name not in known]:
        return f"Unknown: {', '.join(repr(name) for name in strange)}. {right}"
    if missing := sorted(needed(kind) - set(columns)):
        return f"Missing: {', '.join(missing)}. {right}"
    if ROWS[kind].member_needed and not set(MEMBER_COLUMNS) & set(columns):
        return f"Missing: member_id or external_id. {right}"
    return None


def parse(kind: ImportKind, fields: Mapping[str, Any]) -> Row | list[Fault]:
    """A row, or all that is wrong with it."""
    model = ROWS[kind]
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        return [_fault(model, item) for item in error.errors(include_input=False)]


def _fault(model: type[Row], error: Mapping[str, Any]) -> Fault:
    column = str(error["loc"][0]) if error["loc"] else None
    message = error["msg"].removeprefix("Value error, ")
    detail = message[:1].upper() + message[1:] + "."
    field = model.model_fields.get(column or "")
    if field is not None and field.description:
        detail += f" {field.description}"
    elif column is not None:
        detail += f" The columns are {', '.join(model.model_fields)}."
    return Fault(column, error["type"], detail.replace("..", "."))
