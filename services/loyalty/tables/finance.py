"""What finance declares, what is added up of the ledger for it, and the periods it has closed.

`finance_days`, `finance_months`, `finance_rules`, `finance_rewards`, `finance_sales`,
`finance_members`, `finance_stays` and `finance_lots` are made from entries up to the mark
`finance`, and can be made anew at any time. What is declared and what is closed is append-only.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from kit.db import Timestamp, one_of
from services.loyalty.rules.finance.movements import Movement, Origin
from services.loyalty.rules.finance.terms import Breakage
from services.loyalty.rules.ledger import PointType
from services.loyalty.tables.registry import Table


class FinanceTerms(Table, table=True):
    """How the company keeps its books. One row."""

    __tablename__ = "finance_terms"
    __table_args__ = (
        CheckConstraint("single", name="single"),
        one_of("breakage", Breakage),
        CheckConstraint("tail_rate BETWEEN 0 AND 1", name="tail_rate"),
    )

    single: bool = Field(True, primary_key=True, sa_column_kwargs={"server_default": text("true")})
    time_zone: str = Field(sa_type=Text)
    breakage: str = Field(sa_type=Text)
    tail_rate: Decimal = Field(sa_type=Numeric(9, 8))
    accounts: dict[str, str] = Field(sa_type=JSONB)
    closing_by_two: bool = Field(False, sa_column_kwargs={"server_default": text("false")})


class PointValue(Table, table=True):
    """What a point of a type is worth from a day on, in minor units of a currency."""

    __tablename__ = "point_values"
    __table_args__ = (
        one_of("point_type", PointType),
        CheckConstraint("value_minor > 0", name="value_minor"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
    )

    point_type: str = Field(primary_key=True, sa_type=Text)
    valid_from: date = Field(primary_key=True)
    value_minor: Decimal = Field(sa_type=Numeric(18, 8))
    currency: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    actor: str = Field(sa_type=Text)
    declared_at: datetime = Field(sa_type=Timestamp)


class RewardCost(Table, table=True):
    """What one piece of a reward costs the company from a day on."""

    __tablename__ = "reward_costs"
    __table_args__ = (
        CheckConstraint("cost_minor >= 0", name="cost_minor"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        ForeignKeyConstraint(["reward_id"], ["rewards.reward_id"]),
    )

    reward_id: UUID = Field(primary_key=True)
    valid_from: date = Field(primary_key=True)
    cost_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    actor: str = Field(sa_type=Text)
    declared_at: datetime = Field(sa_type=Timestamp)


class FinanceLot(Table, table=True):
    """Of a lot that goes on with points of another: the month, origin and rule it began with."""

    __tablename__ = "finance_lots"

    lot_id: UUID = Field(primary_key=True)
    cohort: date
    origin: str = Field(sa_type=Text)
    rule: str = Field(sa_type=Text)


class FinanceDay(Table, table=True):
    """What a day has changed of the points a month brought in. `debt` is what is owed more.

    The entries behind it are numbered from `first_seq` to `last_seq`, with others among them.
    """

    __tablename__ = "finance_days"
    __table_args__ = (one_of("origin", Origin), one_of("movement", Movement))

    booked_on: date = Field(primary_key=True)
    point_type: str = Field(primary_key=True, sa_type=Text)
    cohort: date = Field(primary_key=True)
    origin: str = Field(primary_key=True, sa_type=Text)
    movement: str = Field(primary_key=True, sa_type=Text)
    available: int = Field(sa_type=BigInteger)
    pending: int = Field(sa_type=BigInteger)
    held: int = Field(sa_type=BigInteger)
    debt: int = Field(sa_type=BigInteger)
    first_seq: int = Field(sa_type=BigInteger)
    last_seq: int = Field(sa_type=BigInteger)


class FinanceMonth(Table, table=True):
    """The same of a whole month."""

    __tablename__ = "finance_months"

    month: date = Field(primary_key=True)
    point_type: str = Field(primary_key=True, sa_type=Text)
    cohort: date = Field(primary_key=True)
    origin: str = Field(primary_key=True, sa_type=Text)
    movement: str = Field(primary_key=True, sa_type=Text)
    available: int = Field(sa_type=BigInteger)
    pending: int = Field(sa_type=BigInteger)
    held: int = Field(sa_type=BigInteger)
    debt: int = Field(sa_type=BigInteger)


class FinanceRule(Table, table=True):
    """What became on a day of the points a rule paid; of points it paid, under which version.

    Version 0 is where that is not known, or not asked.
    """

    __tablename__ = "finance_rules"

    booked_on: date = Field(primary_key=True)
    point_type: str = Field(primary_key=True, sa_type=Text)
    rule: str = Field(primary_key=True, sa_type=Text)
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    movement: str = Field(primary_key=True, sa_type=Text)
    points: int = Field(sa_type=BigInteger)


class FinanceReward(Table, table=True):
    """What points were redeemed for on a day, less what came back.

    `item` is a reward, a draw, or the currency of orders they paid for, off which they took `minor`
    units.
    """

    __tablename__ = "finance_rewards"

    booked_on: date = Field(primary_key=True)
    point_type: str = Field(primary_key=True, sa_type=Text)
    source_type: str = Field(primary_key=True, sa_type=Text)
    item: str = Field(primary_key=True, sa_type=Text)
    points: int = Field(sa_type=BigInteger)
    times: int = Field(sa_type=BigInteger)
    minor: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class FinanceSale(Table, table=True):
    """Orders that brought points in, counted once each, less the part whose points went back."""

    __tablename__ = "finance_sales"

    booked_on: date = Field(primary_key=True)
    point_type: str = Field(primary_key=True, sa_type=Text)
    cohort: date = Field(primary_key=True)
    currency: str = Field(primary_key=True, sa_type=Text)
    orders: int = Field(sa_type=BigInteger)
    amount_minor: int = Field(sa_type=BigInteger)


class FinanceMember(Table, table=True):
    """What a member earned and redeemed in a month."""

    __tablename__ = "finance_members"

    month: date = Field(primary_key=True)
    point_type: str = Field(primary_key=True, sa_type=Text)
    member_id: UUID = Field(primary_key=True)
    earned: int = Field(sa_type=BigInteger)
    redeemed: int = Field(sa_type=BigInteger)


class FinanceStay(Table, table=True):
    """What a member earned and spent in a stay in a household, up to that wallet's `version`."""

    __tablename__ = "finance_stays"

    household_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True)
    joined_at: datetime = Field(primary_key=True, sa_type=Timestamp)
    version: int = Field(sa_type=BigInteger)
    earned: int = Field(sa_type=BigInteger)
    spent: int = Field(sa_type=BigInteger)


class FinancePeriod(Table, table=True):
    """A month that is closed: entries numbered above `last_seq` belong to later ones. Append-only.

    `digest` is over its journal as it was exported. Where two people close, `proposed_by` is the
    first; a trigger refuses a period without while the terms ask for two.
    """

    __tablename__ = "finance_periods"
    __table_args__ = (
        CheckConstraint("ends_on >= begins_on", name="ends_on"),
        CheckConstraint("last_seq >= 0", name="last_seq"),
        CheckConstraint("proposed_by <> closed_by", name="four_eyes"),
        CheckConstraint("(proposed_by IS NULL) = (proposed_at IS NULL)", name="proposed"),
    )

    begins_on: date = Field(primary_key=True)
    ends_on: date
    last_seq: int = Field(sa_type=BigInteger)
    digest: str = Field(sa_type=Text)
    lines: int = Field(sa_type=BigInteger)
    reason: str = Field(sa_type=Text)
    closed_by: str = Field(sa_type=Text)
    closed_at: datetime = Field(sa_type=Timestamp)
    proposed_by: str | None = Field(None, sa_type=Text)
    proposed_at: datetime | None = Field(None, sa_type=Timestamp)


class FinanceProposal(Table, table=True):
    """A month that somebody would close as its journal is, and which waits for a second person."""

    __tablename__ = "finance_proposals"

    begins_on: date = Field(primary_key=True)
    digest: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    proposed_by: str = Field(sa_type=Text)
    proposed_at: datetime = Field(sa_type=Timestamp)


class FinanceCohort(Table, table=True):
    """Where a month's points stood when a period was closed: what the next one begins with."""

    __tablename__ = "finance_cohorts"
    __table_args__ = (ForeignKeyConstraint(["period"], ["finance_periods.begins_on"]),)

    period: date = Field(primary_key=True)
    point_type: str = Field(primary_key=True, sa_type=Text)
    cohort: date = Field(primary_key=True)
    origin: str = Field(primary_key=True, sa_type=Text)
    issued: int = Field(sa_type=BigInteger)
    expired: int = Field(sa_type=BigInteger)
    outstanding: int = Field(sa_type=BigInteger)
    value_minor: Decimal = Field(sa_type=Numeric(18, 8))
    rate: Decimal = Field(sa_type=Numeric(14, 12))
    price_minor: Decimal = Field(sa_type=Numeric(30, 12))
    future_rate: Decimal = Field(sa_type=Numeric(14, 12))
    deferred_minor: int = Field(sa_type=BigInteger)
    redeemed_minor: int = Field(sa_type=BigInteger)
    breakage_minor: int = Field(sa_type=BigInteger)


class JournalLine(Table, table=True):
    """A line of a closed period's journal, as it was exported. Append-only."""

    __tablename__ = "finance_journal"
    __table_args__ = (
        ForeignKeyConstraint(["period"], ["finance_periods.begins_on"]),
        CheckConstraint("debit_minor >= 0 AND credit_minor >= 0", name="sides"),
        CheckConstraint("(debit_minor = 0) <> (credit_minor = 0)", name="one_side"),
    )

    period: date = Field(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    posting: int
    event: str = Field(sa_type=Text)
    account: str = Field(sa_type=Text)
    code: str = Field(sa_type=Text)
    debit_minor: int = Field(sa_type=BigInteger)
    credit_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=Text)
    point_type: str = Field(sa_type=Text)
    cohort: date | None = None
    origin: str | None = Field(None, sa_type=Text)
    item: str | None = Field(None, sa_type=Text)
    points: int = Field(sa_type=BigInteger)
