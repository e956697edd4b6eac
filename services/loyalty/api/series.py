"""Series of coupons, and the coupons of each."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import Path
from pydantic import Field, StringConstraints, model_validator

from kit import clock
from kit.app import Router
from kit.auth import STAFF, Role, requires
from kit.bodies import Body, Key, Texts, Time
from kit.db import Tx
from kit.idempotency import RequiredKey
from kit.ids import uuid7
from kit.pages import CursorParameter, Limit, Page, decode_cursor, page
from services.loyalty.actions.issuing import issue_coupon, publish_code
from services.loyalty.actions.series import add_series, change_series
from services.loyalty.api.coupons import Currency, KeptAnswer, Minor
from services.loyalty.api.gates import UNCHANGED, GatedAnswer, Gates
from services.loyalty.api.prizes import PrizeAnswer, PrizeBody
from services.loyalty.rules.audience import Audience
from services.loyalty.rules.claims import wrong_terms
from services.loyalty.rules.coupons import Series, SeriesKind
from services.loyalty.rules.prizes import NOTHING
from services.loyalty.store import coupons
from services.loyalty.store.coupons import Kept

router = Router(tags=["Coupons"])

SeriesPath = Annotated[UUID, Path(description="The series' id.")]
Limited = Annotated[int, Field(ge=1, le=10**9, strict=True)]
Percent = Annotated[int, Field(ge=1, le=100, strict=True)]
OurCode = Annotated[
    str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{3,63}$")
]


class NewSeries(Body):
    """The terms coupons share. Null limits: as often, or as long, as one likes.

    Codes of the kind `claim` need no order: members claim them by `POST /v1/points/codes`.
    """

    name: Texts
    description: Texts
    kind: SeriesKind
    key: Key | None = Field(
        None, description="Of `claim`: how rules name the series, as `event.series`."
    )
    amount_minor: Limited | None = Field(None, description="Of the kind `amount`.")
    percent: Percent | None = Field(None, description="Of the kind `percent`.")
    most_minor: Limited | None = Field(None, description="The most a percentage takes off.")
    gift: str | None = Field(None, min_length=1, max_length=120, description="Of `gift`: the SKU.")
    prize: PrizeBody | None = Field(
        None,
        description="Of `claim`: what each code gives, beside what rules pay.",
    )
    currency: Currency | None = Field(None, description="Needed wherever an amount is given.")
    minimum_spend_minor: Minor = 0
    priority: int = Field(0, ge=-1000, le=1000, description="Lower ones are applied first.")
    stacking_group: Key | None = Field(
        None, description="Of one group an order takes one coupon. Null: the series is its own."
    )
    exclusive: bool = Field(default=False, description="Not together with any other coupon.")
    coupon_uses: Limited | None = Field(1, description="How often each coupon works.")
    member_uses: Limited | None = Field(
        None,
        description="How often each member may use any. Of `claim`, needed where codes work more"
        " than once.",
    )
    valid_from: Time | None = None
    valid_until: Time | None = None
    valid_days: int | None = Field(
        None, ge=1, le=3650, description="How long a personal coupon works, from its issue."
    )
    tiers: Gates = Field([], description="Empty: any tier.")
    segments: Gates = Field([], description="Empty: any member.")
    returns_with_order: bool = Field(
        default=True, description="Whether a cancelled order gives its coupon back."
    )
    active: bool = True

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for kind, field in _VALUE_OF.items():
            if (self.kind is kind) != (getattr(self, field) is not None):
                message = f"`{field}` belongs to the kind `{kind}`, and only there"
                raise ValueError(message)
        amounts = (self.amount_minor, self.most_minor, self.minimum_spend_minor or None)
        if self.currency is None and any(amount is not None for amount in amounts):
            message = "say in which `currency` the amounts are"
            raise ValueError(message)
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            message = "`valid_until` must be after `valid_from`"
            raise ValueError(message)
        if wrong := wrong_terms(self.kind, self._given(), self.model_dump(include=USES)):
            raise ValueError(wrong)
        return self

    def _given(self) -> set[str]:
        """The fields that say something else than if they had been left out."""
        fields = type(self).model_fields.items()
        return {name for name, field in fields if getattr(self, name) != field.default}

    def series(self) -> Series:
        given = self.model_dump(exclude={"tiers", "segments", "prize"})
        prize = self.prize.prize() if self.prize else NOTHING
        return Series(series_id=uuid7(), prize=prize, audience=Audience.of(self), **given)


USES = {"coupon_uses", "member_uses"}

_VALUE_OF = {
    SeriesKind.AMOUNT: "amount_minor",
    SeriesKind.PERCENT: "percent",
    SeriesKind.GIFT: "gift",
    SeriesKind.CLAIM: "key",
}


class SeriesChanges(Body):
    """What is left out stays as it is. What a coupon takes off does not change."""

    name: Texts = UNCHANGED
    description: Texts = UNCHANGED
    minimum_spend_minor: Minor = UNCHANGED
    priority: int = Field(UNCHANGED, ge=-1000, le=1000)
    stacking_group: Key | None = UNCHANGED
    exclusive: bool = UNCHANGED
    member_uses: Limited | None = UNCHANGED
    valid_until: Time | None = UNCHANGED
    tiers: Gates = UNCHANGED
    segments: Gates = UNCHANGED
    returns_with_order: bool = UNCHANGED
    active: bool = UNCHANGED


class SeriesAnswer(GatedAnswer):
    series_id: UUID
    name: dict[str, str]
    description: dict[str, str]
    kind: SeriesKind
    key: str | None
    amount_minor: int | None
    percent: int | None
    most_minor: int | None
    gift: str | None
    prize: PrizeAnswer = Field(description="Of `claim`.")
    currency: str | None
    minimum_spend_minor: int
    priority: int
    stacking_group: str | None
    exclusive: bool
    coupon_uses: int | None
    member_uses: int | None
    valid_from: datetime | None
    valid_until: datetime | None
    valid_days: int | None
    tiers: list[str]
    segments: list[str]
    returns_with_order: bool
    active: bool


class NewCoupon(Body):
    """For one member, or a code for anybody."""

    member_id: UUID | None = None
    code: OurCode | None = Field(None, description="Such as SPRING10: anybody may use it.")

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.member_id is None) == (self.code is None):
            message = "give either `member_id` or `code`"
            raise ValueError(message)
        return self


@router.get("/v1/coupons/series", dependencies=[requires(*STAFF, scope="coupons:read")])
async def list_series(
    tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[SeriesAnswer]:
    """The series of coupons, newest first."""
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    found = await coupons.all_series(tx, limit + 1, before)
    return page(found, limit, SeriesAnswer.of, lambda series: (series.series_id,))


@router.post(
    "/v1/coupons/series",
    status_code=201,
    dependencies=[requires(Role.MARKETER, scope="coupons:write")],
)
async def create_series(body: NewSeries, tx: Tx) -> SeriesAnswer:
    """Make terms for coupons to share."""
    return SeriesAnswer.of(await add_series(tx, body.series(), clock.now()))


@router.patch(
    "/v1/coupons/series/{series_id}",
    dependencies=[requires(Role.MARKETER, scope="coupons:write")],
)
async def edit_series(series_id: SeriesPath, body: SeriesChanges, tx: Tx) -> SeriesAnswer:
    """Change the terms, for coupons that are out there too. What was used keeps what it took."""
    changes = body.model_dump(exclude_unset=True)
    return SeriesAnswer.of(await change_series(tx, series_id, changes, clock.now()))


@router.get(
    "/v1/coupons/series/{series_id}/coupons",
    dependencies=[requires(*STAFF, scope="coupons:read")],
)
async def list_coupons(
    series_id: SeriesPath, tx: Tx, limit: Limit = 50, cursor: CursorParameter = None
) -> Page[KeptAnswer]:
    """The coupons of a series, newest first."""
    before = decode_cursor(cursor, UUID)[0] if cursor else None
    found = await coupons.in_series(tx, series_id, limit + 1, before)
    return page(found, limit, KeptAnswer.of, lambda kept: (kept.coupon.coupon_id,))


@router.post(
    "/v1/coupons/series/{series_id}/coupons",
    status_code=201,
    dependencies=[requires(Role.MARKETER, scope="coupons:write")],
)
async def create_coupon(
    series_id: SeriesPath, body: NewCoupon, key: RequiredKey, tx: Tx
) -> KeptAnswer:
    """Give a member a coupon, or make a code that anybody may use."""
    now = clock.now()
    if body.member_id is not None:
        coupon = await issue_coupon(tx, series_id, body.member_id, f"staff:{key}", now)
    else:
        coupon = await publish_code(tx, series_id, body.code or "", now)
    return KeptAnswer.of(Kept(coupon, now))
