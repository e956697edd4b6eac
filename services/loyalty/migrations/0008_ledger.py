"""Four eyes, transfers, households, policies of expiry, reminders, and the chain of blocks."""

from alembic import op

revision = "loyalty_0008"
down_revision = "loyalty_0007"
branch_labels = None
depends_on = None

STATEMENTS = """
ALTER TABLE point_types
    ADD COLUMN approval_above bigint,
    ADD COLUMN transferable boolean NOT NULL DEFAULT false,
    ADD COLUMN transfer_daily_limit bigint,
    ADD COLUMN expiry text NOT NULL DEFAULT 'as_earned',
    ADD COLUMN period text,
    ADD COLUMN inactivity_days integer,
    ADD COLUMN reminder_days integer[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT ck_point_types_limits
        CHECK (approval_above >= 0 AND transfer_daily_limit >= 0),
    ADD CONSTRAINT ck_point_types_expiry
        CHECK (expiry IN ('as_earned', 'period_end', 'inactivity')),
    ADD CONSTRAINT ck_point_types_period CHECK (period IN ('month', 'quarter', 'year')),
    ADD CONSTRAINT ck_point_types_period_end
        CHECK ((expiry = 'period_end') = (period IS NOT NULL)),
    ADD CONSTRAINT ck_point_types_inactivity CHECK (
        (expiry = 'inactivity') = (inactivity_days IS NOT NULL) AND inactivity_days > 0
    ),
    ADD CONSTRAINT ck_point_types_reminder_days CHECK (0 < ALL (reminder_days));
UPDATE point_types
SET approval_above = 100000, transferable = true, transfer_daily_limit = 5000,
    reminder_days = '{30,7}'
WHERE key = 'points';

CREATE TABLE adjustments (
    adjustment_id uuid,
    member_id uuid NOT NULL,
    point_type text NOT NULL,
    points bigint NOT NULL,
    valid_days integer,
    reason text NOT NULL,
    state text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz,
    CONSTRAINT pk_adjustments PRIMARY KEY (adjustment_id),
    CONSTRAINT ck_adjustments_state CHECK (state IN ('waiting', 'approved', 'rejected')),
    CONSTRAINT ck_adjustments_points CHECK (points <> 0),
    CONSTRAINT ck_adjustments_four_eyes CHECK (decided_by <> requested_by),
    CONSTRAINT ck_adjustments_decided
        CHECK (((decided_by IS NULL) = (state = 'waiting'))
            AND ((decided_at IS NULL) = (state = 'waiting'))),
    CONSTRAINT fk_adjustments_member_id_members
        FOREIGN KEY (member_id) REFERENCES members (member_id)
);
CREATE INDEX ix_adjustments_waiting ON adjustments (adjustment_id) WHERE state = 'waiting';

CREATE TABLE transfers (
    transfer_id uuid,
    key uuid NOT NULL,
    from_member_id uuid NOT NULL,
    to_member_id uuid NOT NULL,
    points bigint NOT NULL,
    message text,
    made_at timestamptz NOT NULL,
    CONSTRAINT pk_transfers PRIMARY KEY (transfer_id),
    CONSTRAINT uq_transfers_from_member_id_key UNIQUE (from_member_id, key),
    CONSTRAINT ck_transfers_points CHECK (points > 0),
    CONSTRAINT ck_transfers_members CHECK (from_member_id <> to_member_id),
    CONSTRAINT fk_transfers_from_member_id_members
        FOREIGN KEY (from_member_id) REFERENCES members (member_id),
    CONSTRAINT fk_transfers_to_member_id_members
        FOREIGN KEY (to_member_id) REFERENCES members (member_id)
);
CREATE INDEX ix_transfers_from_member_id_made_at ON transfers (from_member_id, made_at);

CREATE TABLE households (
    household_id uuid,
    name text NOT NULL,
    code text NOT NULL,
    created_at timestamptz NOT NULL,
    closed_at timestamptz,
    CONSTRAINT pk_households PRIMARY KEY (household_id),
    CONSTRAINT uq_households_code UNIQUE (code),
    CONSTRAINT fk_households_household_id_members
        FOREIGN KEY (household_id) REFERENCES members (member_id)
);

CREATE TABLE household_members (
    household_id uuid,
    member_id uuid,
    joined_at timestamptz,
    left_at timestamptz,
    CONSTRAINT pk_household_members PRIMARY KEY (household_id, member_id, joined_at),
    CONSTRAINT fk_household_members_household_id_households
        FOREIGN KEY (household_id) REFERENCES households (household_id),
    CONSTRAINT fk_household_members_member_id_members
        FOREIGN KEY (member_id) REFERENCES members (member_id)
);
CREATE UNIQUE INDEX uq_household_members_present ON household_members (member_id)
    WHERE left_at IS NULL;

ALTER TABLE wallets
    ADD COLUMN household_id uuid,
    ADD COLUMN idle_at timestamptz,
    ADD CONSTRAINT ck_wallets_shared CHECK (
        household_id IS NULL OR (available = 0 AND pending = 0 AND held = 0 AND debt = 0)
    ),
    ADD CONSTRAINT fk_wallets_household_id_households
        FOREIGN KEY (household_id) REFERENCES households (household_id);
CREATE INDEX ix_wallets_idle_at ON wallets (idle_at) WHERE idle_at IS NOT NULL;

ALTER TABLE entries ADD COLUMN by_member_id uuid;
ALTER TABLE entries ADD COLUMN seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY;
CREATE INDEX ix_entries_seq ON entries USING brin (seq) WITH (pages_per_range = 16);

ALTER TABLE holds ADD COLUMN by_member_id uuid;

ALTER TABLE lots ADD COLUMN valid_until timestamptz;
ALTER TABLE lots ADD COLUMN sweep_s bigint GENERATED ALWAYS AS (
    extract(epoch FROM due_at AT TIME ZONE 'UTC')::bigint + CASE
        WHEN state = 'active' AND extract(epoch FROM due_at AT TIME ZONE 'UTC')::bigint % 86400 = 0
        THEN uuid_hash(member_id) & 65535
        ELSE 0
    END
) STORED;
DROP INDEX ix_lots_due;
CREATE INDEX ix_lots_sweep_s ON lots (sweep_s) WHERE remaining > 0;
CREATE INDEX ix_lots_reminders ON lots (point_type, due_at, id)
    WHERE remaining > 0 AND state = 'active' AND due_at IS NOT NULL;

CREATE TABLE reminders (
    member_id uuid,
    point_type text,
    expires_on date,
    days_before integer,
    reminded_at timestamptz NOT NULL,
    CONSTRAINT pk_reminders PRIMARY KEY (member_id, point_type, expires_on, days_before)
);

CREATE TABLE reminder_marks (
    point_type text,
    days_before integer,
    due_at timestamptz NOT NULL,
    lot_id uuid NOT NULL,
    CONSTRAINT pk_reminder_marks PRIMARY KEY (point_type, days_before)
);

CREATE TABLE ledger_blocks (
    number bigint,
    first_seq bigint NOT NULL,
    last_seq bigint NOT NULL,
    entries bigint NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamptz NOT NULL,
    CONSTRAINT pk_ledger_blocks PRIMARY KEY (number),
    CONSTRAINT uq_ledger_blocks_last_seq UNIQUE (last_seq),
    CONSTRAINT ck_ledger_blocks_number CHECK (number >= 1),
    CONSTRAINT ck_ledger_blocks_range CHECK (first_seq <= last_seq)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_blocks
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE ledger_marks (
    name text,
    seq bigint NOT NULL,
    candidate_seq bigint,
    candidate_xmax bigint,
    CONSTRAINT pk_ledger_marks PRIMARY KEY (name),
    CONSTRAINT ck_ledger_marks_seq CHECK (seq >= 0)
);
INSERT INTO ledger_marks (name, seq) VALUES ('sealed', 0), ('proved', 0)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
