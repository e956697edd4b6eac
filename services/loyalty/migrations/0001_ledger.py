"""The ledger, check-ins, orders and rewards; and the programme a new brand begins with."""

from alembic import op

revision = "loyalty_0001"
down_revision = None
branch_labels = ("loyalty",)
depends_on = None

TABLES = """
CREATE TABLE tiers (
    key text,
    growth_points bigint NOT NULL,
    CONSTRAINT pk_tiers PRIMARY KEY (key),
    CONSTRAINT uq_tiers_growth_points UNIQUE (growth_points),
    CONSTRAINT ck_tiers_growth_points CHECK (growth_points >= 0)
);

CREATE TABLE earning_rules (
    key text,
    trigger text NOT NULL,
    point_type text NOT NULL,
    points bigint NOT NULL,
    per_amount_minor bigint,
    currency text,
    streak_points bigint[] NOT NULL DEFAULT '{}',
    daily_cap bigint,
    awaits_delivery boolean NOT NULL,
    pending_days integer NOT NULL,
    valid_days integer,
    active boolean NOT NULL,
    CONSTRAINT pk_earning_rules PRIMARY KEY (key),
    CONSTRAINT ck_earning_rules_point_type CHECK (point_type IN ('points', 'growth')),
    CONSTRAINT ck_earning_rules_points CHECK (points >= 0 AND 0 <= ALL (streak_points)),
    CONSTRAINT ck_earning_rules_per_amount_minor CHECK (per_amount_minor > 0),
    CONSTRAINT ck_earning_rules_daily_cap CHECK (daily_cap >= 0),
    CONSTRAINT ck_earning_rules_days CHECK (pending_days >= 0 AND valid_days > 0)
);

CREATE TABLE members (
    member_id uuid,
    time_zone text NOT NULL DEFAULT 'UTC',
    described_at timestamptz,
    merged_into uuid,
    merged_at timestamptz,
    tier text NOT NULL,
    tier_since timestamptz NOT NULL,
    enrolled_at timestamptz NOT NULL,
    CONSTRAINT pk_members PRIMARY KEY (member_id),
    CONSTRAINT fk_members_tier_tiers FOREIGN KEY (tier) REFERENCES tiers (key)
);
CREATE INDEX ix_members_merged_into ON members (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE wallets (
    member_id uuid,
    point_type text,
    available bigint NOT NULL DEFAULT 0,
    pending bigint NOT NULL DEFAULT 0,
    debt bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 0,
    due_at timestamptz,
    CONSTRAINT pk_wallets PRIMARY KEY (member_id, point_type),
    CONSTRAINT ck_wallets_point_type CHECK (point_type IN ('points', 'growth')),
    CONSTRAINT ck_wallets_available CHECK (available BETWEEN 0 AND 9007199254740991),
    CONSTRAINT ck_wallets_pending CHECK (pending BETWEEN 0 AND 9007199254740991),
    CONSTRAINT ck_wallets_debt CHECK (debt BETWEEN 0 AND 9007199254740991),
    CONSTRAINT ck_wallets_debt_first CHECK (available = 0 OR debt = 0),
    CONSTRAINT fk_wallets_member_id_members FOREIGN KEY (member_id) REFERENCES members (member_id)
) WITH (fillfactor = 70);

CREATE TABLE entries (
    id uuid,
    member_id uuid NOT NULL,
    point_type text NOT NULL,
    version bigint NOT NULL,
    previous_version bigint GENERATED ALWAYS AS (nullif(version - 1, 0)) STORED,
    kind text NOT NULL,
    source_type text NOT NULL,
    source_id text NOT NULL,
    rule text NOT NULL,
    leg text NOT NULL,
    points bigint NOT NULL,
    available bigint NOT NULL,
    pending bigint NOT NULL,
    debt bigint NOT NULL,
    actor text,
    reason text,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_entries PRIMARY KEY (id),
    CONSTRAINT uq_entries_source_type_source_id_rule_leg UNIQUE (source_type, source_id, rule, leg),
    CONSTRAINT uq_entries_member_id_point_type_version UNIQUE (member_id, point_type, version),
    CONSTRAINT fk_entries_member_id_point_type_previous_version_entries
        FOREIGN KEY (member_id, point_type, previous_version)
        REFERENCES entries (member_id, point_type, version),
    CONSTRAINT fk_entries_member_id_point_type_wallets
        FOREIGN KEY (member_id, point_type) REFERENCES wallets (member_id, point_type),
    CONSTRAINT ck_entries_kind
        CHECK (kind IN ('earn', 'activate', 'spend', 'reverse', 'expire', 'adjust', 'transfer')),
    CONSTRAINT ck_entries_version CHECK (version >= 1)
);

CREATE TABLE postings (
    entry_id uuid,
    account text,
    amount bigint NOT NULL,
    CONSTRAINT pk_postings PRIMARY KEY (entry_id, account),
    CONSTRAINT ck_postings_account CHECK (account IN ('available', 'pending', 'debt',
        'issued', 'redeemed', 'expired', 'adjusted', 'transferred')),
    CONSTRAINT ck_postings_amount CHECK (amount <> 0),
    CONSTRAINT fk_postings_entry_id_entries FOREIGN KEY (entry_id) REFERENCES entries (id)
);

CREATE TABLE lots (
    id uuid,
    member_id uuid NOT NULL,
    point_type text NOT NULL,
    original bigint NOT NULL,
    remaining bigint NOT NULL,
    reversed bigint NOT NULL DEFAULT 0,
    expired bigint NOT NULL DEFAULT 0,
    state text NOT NULL,
    due_at timestamptz,
    pending_days integer NOT NULL,
    valid_days integer,
    CONSTRAINT pk_lots PRIMARY KEY (id),
    CONSTRAINT ck_lots_state CHECK (state IN ('awaiting', 'maturing', 'active', 'moved')),
    CONSTRAINT ck_lots_original CHECK (original > 0),
    CONSTRAINT ck_lots_remaining CHECK (remaining >= 0 AND remaining + expired <= original),
    CONSTRAINT ck_lots_reversed CHECK (reversed BETWEEN 0 AND original),
    CONSTRAINT ck_lots_expired CHECK (expired >= 0),
    CONSTRAINT fk_lots_id_entries FOREIGN KEY (id) REFERENCES entries (id)
) WITH (fillfactor = 90);
CREATE INDEX ix_lots_open ON lots (member_id, point_type, due_at, id) WHERE remaining > 0;
CREATE INDEX ix_lots_due ON lots (due_at) WHERE remaining > 0;

CREATE TABLE lot_moves (
    entry_id uuid,
    lot_id uuid,
    points bigint NOT NULL,
    CONSTRAINT pk_lot_moves PRIMARY KEY (entry_id, lot_id),
    CONSTRAINT ck_lot_moves_points CHECK (points <> 0),
    CONSTRAINT fk_lot_moves_entry_id_entries FOREIGN KEY (entry_id) REFERENCES entries (id),
    CONSTRAINT fk_lot_moves_lot_id_lots FOREIGN KEY (lot_id) REFERENCES lots (id)
);
CREATE INDEX ix_lot_moves_lot_id ON lot_moves (lot_id);

CREATE TABLE daily_earnings (
    member_id uuid,
    rule text,
    day date,
    points bigint NOT NULL,
    CONSTRAINT pk_daily_earnings PRIMARY KEY (member_id, rule, day)
);

CREATE TABLE orders (
    order_id text,
    member_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    placed_at timestamptz,
    delivered_at timestamptz,
    undone boolean NOT NULL,
    refunded_minor bigint NOT NULL,
    CONSTRAINT pk_orders PRIMARY KEY (order_id),
    CONSTRAINT ck_orders_amounts CHECK (amount_minor >= 0 AND refunded_minor >= 0)
);
CREATE INDEX ix_orders_member_id ON orders (member_id);

CREATE TABLE checkins (
    member_id uuid,
    day date,
    streak integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT pk_checkins PRIMARY KEY (member_id, day),
    CONSTRAINT ck_checkins_streak CHECK (streak >= 1)
);

CREATE TABLE rewards (
    reward_id uuid,
    name jsonb NOT NULL,
    description jsonb NOT NULL,
    points bigint NOT NULL,
    stock bigint,
    member_limit integer,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_rewards PRIMARY KEY (reward_id),
    CONSTRAINT ck_rewards_points CHECK (points > 0),
    CONSTRAINT ck_rewards_stock CHECK (stock >= 0),
    CONSTRAINT ck_rewards_member_limit CHECK (member_limit > 0)
) WITH (fillfactor = 70);
CREATE INDEX ix_rewards_active ON rewards (points, reward_id) WHERE active;

CREATE TABLE redemptions (
    redemption_id uuid,
    member_id uuid NOT NULL,
    reward_id uuid NOT NULL,
    key uuid NOT NULL,
    points bigint NOT NULL,
    redeemed_at timestamptz NOT NULL,
    CONSTRAINT pk_redemptions PRIMARY KEY (redemption_id),
    CONSTRAINT uq_redemptions_member_id_reward_id_key UNIQUE (member_id, reward_id, key),
    CONSTRAINT fk_redemptions_reward_id_rewards
        FOREIGN KEY (reward_id) REFERENCES rewards (reward_id)
)
"""

APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: write a further entry instead', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""

BALANCED = """
CREATE FUNCTION refuse_imbalance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM written GROUP BY entry_id HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'the postings of an entry must sum to zero'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""

BALANCED_TRIGGER = """
CREATE TRIGGER balanced AFTER INSERT ON postings REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION refuse_imbalance()
"""

PROGRAMME = """
INSERT INTO tiers (key, growth_points)
VALUES ('normal', 0), ('silver', 1000), ('gold', 5000), ('platinum', 20000);

INSERT INTO earning_rules (key, trigger, point_type, points, per_amount_minor, streak_points,
                           daily_cap, awaits_delivery, pending_days, valid_days, active)
VALUES
    ('welcome', 'account.registered', 'points', 100, NULL, '{}', NULL, false, 0, 365, true),
    ('order', 'order.placed', 'points', 1, 100, '{}', NULL, true, 0, 365, true),
    ('order_growth', 'order.placed', 'growth', 1, 100, '{}', NULL, false, 0, NULL, true),
    ('checkin', 'checkin.recorded', 'points', 0, NULL, '{5,5,10,10,15,15,30}', NULL,
     false, 0, 365, true),
    ('checkin_growth', 'checkin.recorded', 'growth', 1, NULL, '{}', NULL, false, 0, NULL, true),
    ('survey', 'survey.answered', 'points', 20, NULL, '{}', 60, false, 0, 365, true),
    ('review', 'activity.Product Reviewed', 'points', 30, NULL, '{}', 90, false, 0, 365, true)
"""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        op.execute(statement)
    op.execute(APPEND_ONLY)
    for table in ("entries", "postings", "lot_moves"):
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(BALANCED)
    op.execute(BALANCED_TRIGGER)
    for statement in PROGRAMME.split(";\n"):
        op.execute(statement)
