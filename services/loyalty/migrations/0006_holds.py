"""Holds, refunds, and what each point type's policy says of clawbacks."""

from alembic import op

revision = "loyalty_0006"
down_revision = "loyalty_0005"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE TABLE point_types (
    key text,
    clawback text NOT NULL,
    debt_limit bigint,
    grace_days integer NOT NULL,
    CONSTRAINT pk_point_types PRIMARY KEY (key),
    CONSTRAINT ck_point_types_key CHECK (key IN ('points', 'growth')),
    CONSTRAINT ck_point_types_clawback
        CHECK (clawback IN ('pending_only', 'clamp_to_zero', 'allow_debt')),
    CONSTRAINT ck_point_types_debt_limit CHECK (debt_limit >= 0),
    CONSTRAINT ck_point_types_grace_days CHECK (grace_days >= 0)
);
INSERT INTO point_types (key, clawback, debt_limit, grace_days)
VALUES ('points', 'allow_debt', NULL, 0), ('growth', 'allow_debt', NULL, 0);

ALTER TABLE wallets ADD COLUMN held bigint NOT NULL DEFAULT 0;
ALTER TABLE wallets ADD CONSTRAINT ck_wallets_held CHECK (held BETWEEN 0 AND 9007199254740991);
ALTER TABLE wallets ADD CONSTRAINT fk_wallets_point_type_point_types
    FOREIGN KEY (point_type) REFERENCES point_types (key);

ALTER TABLE entries ADD COLUMN held bigint NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN reverses uuid;
ALTER TABLE entries ADD CONSTRAINT fk_entries_reverses_entries
    FOREIGN KEY (reverses) REFERENCES entries (id);
ALTER TABLE entries DROP CONSTRAINT ck_entries_kind;
ALTER TABLE entries ADD CONSTRAINT ck_entries_kind
    CHECK (kind IN ('earn', 'activate', 'spend', 'hold', 'capture', 'void', 'refund', 'reverse',
        'expire', 'extend', 'adjust', 'transfer'));

ALTER TABLE postings DROP CONSTRAINT ck_postings_account;
ALTER TABLE postings ADD CONSTRAINT ck_postings_account
    CHECK (account IN ('available', 'pending', 'held', 'debt',
        'issued', 'redeemed', 'expired', 'adjusted', 'transferred'));

ALTER TABLE lots ADD COLUMN held bigint NOT NULL DEFAULT 0;
ALTER TABLE lots ADD COLUMN waived bigint NOT NULL DEFAULT 0;
ALTER TABLE lots DROP CONSTRAINT ck_lots_remaining;
ALTER TABLE lots ADD CONSTRAINT ck_lots_remaining
    CHECK (remaining >= 0 AND held >= 0 AND remaining + held + expired <= original);
ALTER TABLE lots ADD CONSTRAINT ck_lots_waived CHECK (waived BETWEEN 0 AND reversed);

ALTER TABLE lot_moves ADD COLUMN held bigint NOT NULL DEFAULT 0;
ALTER TABLE lot_moves DROP CONSTRAINT ck_lot_moves_points;
ALTER TABLE lot_moves ADD CONSTRAINT ck_lot_moves_points CHECK (points <> 0 OR held <> 0);

CREATE TABLE holds (
    hold_id uuid,
    member_id uuid NOT NULL,
    point_type text NOT NULL,
    key uuid NOT NULL,
    reference text,
    points bigint NOT NULL,
    captured bigint NOT NULL DEFAULT 0,
    released bigint NOT NULL DEFAULT 0,
    state text NOT NULL,
    expires_at timestamptz NOT NULL,
    authorized_at timestamptz NOT NULL,
    CONSTRAINT pk_holds PRIMARY KEY (hold_id),
    CONSTRAINT uq_holds_key UNIQUE (key),
    CONSTRAINT ck_holds_state CHECK (state IN ('open', 'captured', 'voided', 'timed_out')),
    CONSTRAINT ck_holds_points CHECK (points > 0),
    CONSTRAINT ck_holds_used
        CHECK (captured >= 0 AND released >= 0 AND captured + released <= points),
    CONSTRAINT ck_holds_open CHECK ((state = 'open') = (captured + released < points)),
    CONSTRAINT fk_holds_member_id_point_type_wallets
        FOREIGN KEY (member_id, point_type) REFERENCES wallets (member_id, point_type)
) WITH (fillfactor = 90);
CREATE INDEX ix_holds_due ON holds (expires_at) WHERE state = 'open';
CREATE INDEX ix_holds_open ON holds (member_id, point_type, expires_at) WHERE state = 'open';

CREATE TABLE held_lots (
    hold_id uuid,
    lot_id uuid,
    points bigint NOT NULL,
    CONSTRAINT pk_held_lots PRIMARY KEY (hold_id, lot_id),
    CONSTRAINT ck_held_lots_points CHECK (points > 0),
    CONSTRAINT fk_held_lots_hold_id_holds FOREIGN KEY (hold_id) REFERENCES holds (hold_id),
    CONSTRAINT fk_held_lots_lot_id_lots FOREIGN KEY (lot_id) REFERENCES lots (id)
);
CREATE INDEX ix_held_lots_lot_id ON held_lots (lot_id);

CREATE TABLE refunds (
    entry_id uuid,
    points bigint NOT NULL,
    refunded bigint NOT NULL,
    CONSTRAINT pk_refunds PRIMARY KEY (entry_id),
    CONSTRAINT ck_refunds_refunded CHECK (refunded > 0 AND refunded <= points),
    CONSTRAINT fk_refunds_entry_id_entries FOREIGN KEY (entry_id) REFERENCES entries (id)
)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
