"""Wallets, entries and remarks on them, postings, lots and lot moves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from kit.db import Timestamp, one_of
from services.loyalty.rules import ledger
from services.loyalty.rules.ledger import LARGEST, Account, Clawback, HoldState, Kind, LotState
from services.loyalty.tables.registry import Table

SWEEP_S = """
    extract(epoch FROM due_at AT TIME ZONE 'UTC')::bigint + CASE
        WHEN state = 'active' AND extract(epoch FROM due_at AT TIME ZONE 'UTC')::bigint % 86400 = 0
        THEN uuid_hash(member_id) & 65535
        ELSE 0
    END
"""
"""When the sweeper looks at a lot, in Unix time: of lots that all expire at midnight, at some time
of the day after.
"""


class Wallet(Table, table=True):
    """One member's account of one point type: the balances to read, and the lock to write under.

    No column is indexed that changes with each entry, so updates stay in their page. A member of a
    household has no points of their own: they are in the household's wallet.
    """

    __tablename__ = "wallets"
    __table_args__ = (
        one_of("point_type", ledger.PointType),
        CheckConstraint(f"available BETWEEN 0 AND {LARGEST}", name="available"),
        CheckConstraint(f"pending BETWEEN 0 AND {LARGEST}", name="pending"),
        CheckConstraint(f"held BETWEEN 0 AND {LARGEST}", name="held"),
        CheckConstraint(f"debt BETWEEN 0 AND {LARGEST}", name="debt"),
        CheckConstraint("available = 0 OR debt = 0", name="debt_first"),
        CheckConstraint(
            "household_id IS NULL OR (available = 0 AND pending = 0 AND held = 0 AND debt = 0)",
            name="shared",
        ),
        Index("ix_wallets_idle_at", "idle_at", postgresql_where=text("idle_at IS NOT NULL")),
        {"postgresql_with": {"fillfactor": "70"}},
    )

    member_id: UUID = Field(primary_key=True, foreign_key="members.member_id")
    point_type: str = Field(primary_key=True, sa_type=Text, foreign_key="point_types.key")
    available: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    pending: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    held: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    debt: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    version: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    due_at: datetime | None = Field(None, sa_type=Timestamp)
    idle_at: datetime | None = Field(None, sa_type=Timestamp)
    household_id: UUID | None = Field(None, foreign_key="households.household_id")


class Entry(Table, table=True):
    """One change of one wallet, for ever. Its claim (source, rule, leg) is written only once.

    `reason` is one of a few words of ours, or the digest of a remark.
    """

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("source_type", "source_id", "rule", "leg"),
        UniqueConstraint("member_id", "point_type", "version"),
        one_of("kind", Kind),
        CheckConstraint("version >= 1", name="version"),
        Index(
            "ix_entries_reverses",
            "reverses",
            postgresql_where=text("reverses IS NOT NULL"),
        ),
        Index("ix_entries_seq", "seq", unique=True),
        Index(
            "ix_entries_recorded_at",
            "recorded_at",
            postgresql_using="brin",
            postgresql_with={"pages_per_range": "16", "autosummarize": "on"},
        ),
    )

    id: UUID = Field(primary_key=True)
    seq: int | None = Field(
        None, nullable=False, sa_type=BigInteger, sa_column_args=[Identity(always=True)]
    )
    member_id: UUID
    by_member_id: UUID | None = None
    point_type: str = Field(sa_type=Text)
    version: int = Field(sa_type=BigInteger)
    previous_version: int | None = Field(
        None,
        sa_type=BigInteger,
        sa_column_args=[Computed("nullif(version - 1, 0)", persisted=True)],
    )
    kind: str = Field(sa_type=Text)
    source_type: str = Field(sa_type=Text)
    source_id: str = Field(sa_type=Text)
    rule: str = Field(sa_type=Text)
    leg: str = Field(sa_type=Text)
    points: int = Field(sa_type=BigInteger)
    available: int = Field(sa_type=BigInteger)
    pending: int = Field(sa_type=BigInteger)
    held: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    debt: int = Field(sa_type=BigInteger)
    actor: str | None = Field(None, sa_type=Text)
    reason: str | None = Field(None, sa_type=Text)
    reverses: UUID | None = Field(None, foreign_key="entries.id")
    occurred_at: datetime = Field(sa_type=Timestamp)
    recorded_at: datetime = Field(sa_type=Timestamp)


class Remark(Table, table=True):
    """Why somebody wrote an entry, in words of their own. It is changed never, wiped at most.

    The digest of `salt` and `said` is the entry's reason. `member_id` is whom it is about: of an
    entry in a household's wallet, whose doing it was.
    """

    __tablename__ = "remarks"
    __table_args__ = (Index("ix_remarks_member_id", "member_id"),)

    entry_id: UUID = Field(primary_key=True, foreign_key="entries.id")
    member_id: UUID
    salt: bytes = Field(sa_type=LargeBinary)
    said: str = Field(sa_type=Text)


class Posting(Table, table=True):
    """An amount that an entry puts on an account, or takes off it when negative."""

    __tablename__ = "postings"
    __table_args__ = (
        one_of("account", Account),
        CheckConstraint("amount <> 0", name="amount"),
    )

    entry_id: UUID = Field(primary_key=True)
    account: str = Field(primary_key=True, sa_type=Text)
    amount: int = Field(sa_type=BigInteger)


class Lot(Table, table=True):
    """What is left of one credit. Its id is its entry's.

    No index looks at `remaining`, only at whether there is any, so that updates stay in their page.
    """

    __tablename__ = "lots"
    __table_args__ = (
        one_of("state", LotState),
        CheckConstraint("original > 0", name="original"),
        CheckConstraint(
            "remaining >= 0 AND held >= 0 AND remaining + held + expired <= original",
            name="remaining",
        ),
        CheckConstraint("reversed BETWEEN 0 AND original", name="reversed"),
        CheckConstraint("waived BETWEEN 0 AND reversed", name="waived"),
        CheckConstraint("expired >= 0", name="expired"),
        Index(
            "ix_lots_open",
            "member_id",
            "point_type",
            "due_at",
            "id",
            postgresql_where=text("is_open"),
        ),
        Index(
            "ix_lots_sweep_s", "sweep_s", postgresql_where=text("is_open AND sweep_s IS NOT NULL")
        ),
        Index(
            "ix_lots_reminders",
            "point_type",
            "due_at",
            "id",
            postgresql_where=text("is_open AND state = 'active' AND due_at IS NOT NULL"),
        ),
        Index(
            "ix_lots_maturing",
            "member_id",
            "point_type",
            "due_at",
            postgresql_where=text("is_open AND state = 'maturing'"),
        ),
        {"postgresql_with": {"fillfactor": "90"}},
    )

    id: UUID = Field(primary_key=True)
    member_id: UUID
    point_type: str = Field(sa_type=Text)
    original: int = Field(sa_type=BigInteger)
    remaining: int = Field(sa_type=BigInteger)
    held: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    reversed: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    waived: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    expired: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    state: str = Field(sa_type=Text)
    due_at: datetime | None = Field(None, sa_type=Timestamp)
    pending_days: int = 0
    valid_days: int | None = None
    valid_until: datetime | None = Field(None, sa_type=Timestamp)
    sweep_s: int | None = Field(
        None, sa_type=BigInteger, sa_column_args=[Computed(SWEEP_S, persisted=True)]
    )
    is_open: bool | None = Field(
        None, sa_type=Boolean, sa_column_args=[Computed("remaining > 0", persisted=True)]
    )


class LotMove(Table, table=True):
    """What an entry put into a lot or took out of it: which debit used which credit.

    `points` may be spent, `held` are set aside.
    """

    __tablename__ = "lot_moves"
    __table_args__ = (
        CheckConstraint("points <> 0 OR held <> 0", name="points"),
        Index("ix_lot_moves_lot_id", "lot_id"),
    )

    entry_id: UUID = Field(primary_key=True, foreign_key="entries.id")
    lot_id: UUID = Field(primary_key=True, foreign_key="lots.id")
    points: int = Field(sa_type=BigInteger)
    held: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class PointType(Table, table=True):
    """How points of one type behave. See `rules.ledger.Policy`."""

    __tablename__ = "point_types"
    __table_args__ = (
        one_of("key", ledger.PointType),
        one_of("clawback", Clawback),
        CheckConstraint("debt_limit >= 0", name="debt_limit"),
        CheckConstraint("grace_days >= 0", name="grace_days"),
        CheckConstraint("approval_above >= 0 AND transfer_daily_limit >= 0", name="limits"),
        one_of("expiry", ledger.Expiry),
        one_of("period", ledger.Period),
        CheckConstraint("(expiry = 'period_end') = (period IS NOT NULL)", name="period_end"),
        CheckConstraint(
            "(expiry = 'inactivity') = (inactivity_days IS NOT NULL) AND inactivity_days > 0",
            name="inactivity",
        ),
        CheckConstraint("0 < ALL (reminder_days)", name="reminder_days"),
    )

    key: str = Field(primary_key=True, sa_type=Text)
    clawback: str = Field(sa_type=Text)
    debt_limit: int | None = Field(None, sa_type=BigInteger)
    grace_days: int
    approval_above: int | None = Field(None, sa_type=BigInteger)
    transferable: bool = Field(False, sa_column_kwargs={"server_default": "false"})
    transfer_daily_limit: int | None = Field(None, sa_type=BigInteger)
    expiry: str = Field(
        ledger.Expiry.AS_EARNED, sa_type=Text, sa_column_kwargs={"server_default": "as_earned"}
    )
    period: str | None = Field(None, sa_type=Text)
    inactivity_days: int | None = None
    reminder_days: list[int] = Field(
        sa_type=ARRAY(Integer), sa_column_kwargs={"server_default": "{}"}
    )


class Hold(Table, table=True):
    """Points set aside. `key` is the Idempotency-Key it came with: no retry holds twice."""

    __tablename__ = "holds"
    __table_args__ = (
        UniqueConstraint("key"),
        ForeignKeyConstraint(
            ["member_id", "point_type"], ["wallets.member_id", "wallets.point_type"]
        ),
        one_of("state", HoldState),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint(
            "captured >= 0 AND released >= 0 AND captured + released <= points", name="used"
        ),
        CheckConstraint("(state = 'open') = (captured + released < points)", name="open"),
        Index("ix_holds_whose", text("coalesce(by_member_id, member_id)"), "hold_id"),
        Index("ix_holds_due", "expires_at", postgresql_where=text("state = 'open'")),
        Index(
            "ix_holds_open",
            "member_id",
            "point_type",
            "expires_at",
            postgresql_where=text("state = 'open'"),
        ),
        {"postgresql_with": {"fillfactor": "90"}},
    )

    hold_id: UUID = Field(primary_key=True)
    member_id: UUID
    by_member_id: UUID | None = None
    point_type: str = Field(sa_type=Text)
    key: UUID
    reference: str | None = Field(None, sa_type=Text)
    points: int = Field(sa_type=BigInteger)
    captured: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    released: int = Field(0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    state: str = Field(sa_type=Text)
    expires_at: datetime = Field(sa_type=Timestamp)
    authorized_at: datetime = Field(sa_type=Timestamp)


class HeldLot(Table, table=True):
    """What an open hold holds of a lot."""

    __tablename__ = "held_lots"
    __table_args__ = (
        CheckConstraint("points > 0", name="points"),
        Index("ix_held_lots_lot_id", "lot_id"),
    )

    hold_id: UUID = Field(primary_key=True, foreign_key="holds.hold_id")
    lot_id: UUID = Field(primary_key=True, foreign_key="lots.id")
    points: int = Field(sa_type=BigInteger)


class Refund(Table, table=True):
    """How many of the points an entry spent have come back: never more than all."""

    __tablename__ = "refunds"
    __table_args__ = (CheckConstraint("refunded > 0 AND refunded <= points", name="refunded"),)

    entry_id: UUID = Field(primary_key=True, foreign_key="entries.id")
    points: int = Field(sa_type=BigInteger)
    refunded: int = Field(sa_type=BigInteger)
