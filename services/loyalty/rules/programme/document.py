"""The programme as a document: what may be written in it. docs/earning-rules.md is its manual.

The models hold the shape, `faults` what a shape cannot say, such as that a campaign named exists.
Every fault names its place, such as `rules[2].when.all[0].field`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from services.loyalty.rules.ledger import PointType
from services.loyalty.rules.programme.holding import MOST_HELD_OUT
from services.loyalty.rules.programme.states import Period

MOST_RULES = 2000
MOST_POINTS = 10**9
MOST_AMOUNT = 10**14
MOST_BUDGET = 10**15
MOST_DAYS = 3650


def _as_text(value: object) -> object:
    """YAML and JSON write 1.5 as a number; its text is exact."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
Label = Annotated[str, StringConstraints(pattern=r"^[^\x00]{1,200}$")]
Language = Annotated[str, StringConstraints(pattern=r"^(en|zh-CN|ru)$")]
Texts = Annotated[dict[Language, Label], Field(min_length=1)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Points = Annotated[int, Field(strict=True, ge=0, le=MOST_POINTS)]
Days = Annotated[int, Field(strict=True, ge=0, le=MOST_DAYS)]
Months = Annotated[int, Field(strict=True, ge=1, le=120)]
Factor = Annotated[
    str, BeforeValidator(_as_text), StringConstraints(pattern=r"^\d{1,4}(\.\d{1,4})?$")
]
"""An exact decimal such as "1.5"."""

Comparison = Literal["eq", "ne", "in", "gt", "gte", "lt", "lte", "exists"]
Rounding = Literal["down", "up", "half_up", "half_even"]


class Part(BaseModel):
    """A part of the document. Unknown fields are refused, so that no typo passes silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Condition(Part):
    """One of `all`, `any`, `not`, `item`, or a comparison of a field.

    `item` holds if the condition holds of one and the same item of the event's `items`.
    `otherwise` says in the member's language what is asked for, where it is not met.
    """

    all: Annotated[list["Condition"], Field(min_length=1, max_length=50)] | None = None
    any: Annotated[list["Condition"], Field(min_length=1, max_length=50)] | None = None
    negated: "Condition | None" = Field(None, alias="not")
    item: "Condition | None" = None
    field: Label | None = None
    op: Comparison | None = None
    value: Any = None
    otherwise: Texts | None = None


class Earn(Part):
    """What a rule pays.

    `points` alone; `points` for each `per` of an `amount`; the nth of a `series`, n being the
    field `of`; or as much on top of what other `rules` pay as makes it `multiply` times that.
    """

    points: Points | None = None
    per: Annotated[int, Field(strict=True, ge=1, le=MOST_AMOUNT)] | None = None
    amount: Label = "order"
    currency: Currency | None = None
    discount: Literal["before", "after"] = "after"
    tax: Literal["included", "excluded"] = "included"
    shipping: Literal["included", "excluded"] = "included"
    items: Condition | None = None
    rounding: Rounding = "down"
    series: Annotated[list[Points], Field(min_length=1, max_length=366)] | None = None
    of: Label | None = None
    multiply: Factor | None = None
    rules: Annotated[list[Key], Field(min_length=1, max_length=200)] | None = None


class Cap(Part):
    """At most `points`, or `times`, for each member in a period; across the rule or campaign."""

    points: Points | None = None
    times: Annotated[int, Field(strict=True, ge=1, le=10**6)] | None = None
    per: Period
    across: Literal["rule", "campaign"] = "rule"


class Campaign(Part):
    name: Texts
    begins: AwareDatetime | None = Field(None, alias="from")
    ends: AwareDatetime | None = Field(None, alias="until")
    budget_points: Annotated[int, Field(strict=True, ge=0, le=MOST_BUDGET)] | None = None
    hold_out: Annotated[int, Field(strict=True, ge=1, le=MOST_HELD_OUT)] | None = None


class Rule(Part):
    """What a trigger pays in one point type, when, and how often."""

    key: Key
    name: Texts
    trigger: Label
    when: Condition | None = None
    earn: Earn
    point_type: PointType = PointType.POINTS
    priority: Annotated[int, Field(strict=True, ge=-1000, le=1000)] = 0
    group: Key | None = None
    exclusive: bool = False
    tier_multiplier: bool = False
    caps: Annotated[list[Cap], Field(max_length=10)] = []
    budget_points: Annotated[int, Field(strict=True, ge=0, le=MOST_BUDGET)] | None = None
    campaign: Key | None = None
    begins: AwareDatetime | None = Field(None, alias="from")
    ends: AwareDatetime | None = Field(None, alias="until")
    awaits_delivery: bool = False
    pending_days: Days = 0
    valid_days: Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS)] | None = None


class Benefits(Part):
    """What a tier gives. Others read it in `loyalty.tier.changed`."""

    multiplier: Factor = "1"
    priority_support: bool = False
    exclusive_offers: bool = False
    free_shipping: bool = False
    birthday_points: Points = 0


class Level(Part):
    key: Key
    name: Texts
    threshold: Annotated[int, Field(strict=True, ge=0, le=MOST_AMOUNT)]
    benefits: Benefits = Benefits()


class Tiers(Part):
    """Levels, ascending, and how they are reached and kept.

    Measured is what `basis` gathered in the last `window_months`, or ever. A level reached is held
    for `period_months` at least, then `grace_days` more; without a period it is what the measure
    says at every moment.
    """

    basis: Literal["growth_points", "spend", "orders"] = "growth_points"
    currency: Currency | None = None
    window_months: Months | None = None
    period_months: Months | None = None
    grace_days: Days = 0
    warn_days: Days = 30
    soft_landing: bool = False
    levels: Annotated[list[Level], Field(min_length=1, max_length=100)]


class Cost(Part):
    """What a point costs the company."""

    per_point_minor: Factor
    currency: Currency


class Programme(Part):
    """The whole programme."""

    rules: Annotated[list[Rule], Field(max_length=MOST_RULES)]
    campaigns: dict[Key, Campaign] = {}
    groups: dict[Key, Literal["first", "best"]] = {}
    tiers: Tiers
    cost: Cost | None = None

    def written(self) -> dict[str, Any]:
        """The document as it is kept: without what says nothing."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a document. `field` is its place."""

    field: str
    code: str
    detail: str


class BadProgramme(ValueError):  # noqa: N818  (a verdict on the document)
    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.detail}" for fault in faults[:5]))
        self.faults = tuple(faults)

    @property
    def errors(self) -> list[dict[str, str]]:
        """The faults as RFC 9457 answers list them."""
        return [asdict(fault) for fault in self.faults]


def shaped(raw: object) -> Programme:
    """Read a document's shape. Raises BadProgramme naming each place that is wrong."""
    try:
        return Programme.model_validate(raw)
    except ValidationError as error:
        raise BadProgramme([_fault(item) for item in error.errors()]) from None


def _fault(error: Mapping[str, Any]) -> Fault:
    place = [part for part in error["loc"] if part != "[key]"]
    return Fault(place_of(place), error["type"], error["msg"])


def place_of(parts: Sequence[str | int]) -> str:
    """`rules[2].earn.per` of ("rules", 2, "earn", "per")."""
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return name.lstrip(".") or "programme"


def decimal(factor: str) -> Decimal:
    return Decimal(factor)


def window_of(rule: Rule, programme: Programme) -> tuple[datetime | None, datetime | None]:
    """When a rule pays: within its own window and its campaign's."""
    campaign = programme.campaigns.get(rule.campaign or "")
    begins = [m for m in (rule.begins, campaign and campaign.begins) if m]
    ends = [m for m in (rule.ends, campaign and campaign.ends) if m]
    return max(begins, default=None), min(ends, default=None)


def conditions(rule: Rule) -> Iterator[tuple[str, Condition, bool]]:
    """The conditions of a rule with their places, and whether they are of an item."""
    if rule.when:
        yield "when", rule.when, False
    if rule.earn.items:
        yield "earn.items", rule.earn.items, True
