"""Versions of the programme, the occasions it decides on, and what is known of members for that."""

from alembic import op

revision = "loyalty_0002"
down_revision = "loyalty_0001"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE TABLE programme_versions (
    version integer NOT NULL,
    state text NOT NULL,
    digest text NOT NULL,
    body jsonb NOT NULL,
    note text NOT NULL,
    author text NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    published_at timestamptz,
    retired_at timestamptz,
    retired_because text,
    share integer,
    ceiling bigint,
    issued bigint NOT NULL DEFAULT 0,
    anomaly_percent integer,
    CONSTRAINT pk_programme_versions PRIMARY KEY (version),
    CONSTRAINT ck_programme_versions_version CHECK (version >= 1),
    CONSTRAINT ck_programme_versions_state
        CHECK (state IN ('draft', 'trial', 'live', 'retired')),
    CONSTRAINT ck_programme_versions_share
        CHECK (state <> 'trial' OR coalesce(share, 0) BETWEEN 1 AND 99),
    CONSTRAINT ck_programme_versions_issued CHECK (issued >= 0 AND issued <= ceiling)
);

CREATE UNIQUE INDEX uq_programme_versions_live ON programme_versions (state) WHERE state = 'live';

CREATE UNIQUE INDEX uq_programme_versions_trial ON programme_versions (state)
    WHERE state = 'trial';

CREATE TABLE occasions (
    id uuid NOT NULL,
    member_id uuid NOT NULL,
    trigger text NOT NULL,
    source_type text NOT NULL,
    source_id text NOT NULL,
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    event jsonb NOT NULL,
    version integer,
    member jsonb,
    outcomes jsonb,
    points bigint NOT NULL,
    CONSTRAINT pk_occasions PRIMARY KEY (id),
    CONSTRAINT uq_occasions_source_type_source_id_trigger
        UNIQUE (source_type, source_id, trigger)
);

CREATE INDEX ix_occasions_member_id_id ON occasions (member_id, id);

CREATE TABLE earned_counts (
    member_id uuid NOT NULL,
    counter text NOT NULL,
    period text NOT NULL,
    begins date NOT NULL,
    points bigint NOT NULL,
    times bigint NOT NULL,
    CONSTRAINT pk_earned_counts PRIMARY KEY (member_id, counter, period, begins),
    CONSTRAINT ck_earned_counts_period
        CHECK (period IN ('day', 'week', 'month', 'year', 'ever')),
    CONSTRAINT ck_earned_counts_counts CHECK (points >= 0 AND times >= 0)
);

CREATE TABLE budgets (
    budget text NOT NULL,
    ceiling bigint NOT NULL,
    used bigint NOT NULL DEFAULT 0,
    CONSTRAINT pk_budgets PRIMARY KEY (budget),
    CONSTRAINT ck_budgets_used CHECK (used >= 0 AND used <= ceiling)
) WITH (fillfactor = 70);

CREATE TABLE backtests (
    backtest_id uuid NOT NULL,
    version integer NOT NULL,
    baseline integer NOT NULL,
    days integer NOT NULL,
    state text NOT NULL,
    author text NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    report jsonb,
    error text,
    CONSTRAINT pk_backtests PRIMARY KEY (backtest_id),
    CONSTRAINT ck_backtests_state CHECK (state IN ('queued', 'done', 'failed')),
    CONSTRAINT ck_backtests_days CHECK (days >= 1)
);

CREATE INDEX ix_backtests_queued ON backtests (created_at) WHERE state = 'queued';

CREATE TABLE member_segments (
    member_id uuid NOT NULL,
    segment text NOT NULL,
    inside boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT pk_member_segments PRIMARY KEY (member_id, segment)
);

ALTER TABLE members
    ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
    ADD COLUMN channel text,
    ADD COLUMN language text NOT NULL DEFAULT 'en',
    ADD COLUMN stage text,
    ADD COLUMN anonymous boolean NOT NULL DEFAULT true,
    ADD COLUMN tier_until timestamptz,
    ADD COLUMN tier_review_at timestamptz,
    ADD COLUMN tier_warned boolean NOT NULL DEFAULT false;

CREATE INDEX ix_members_tier_review_at ON members (tier_review_at)
    WHERE tier_review_at IS NOT NULL
"""

FROZEN = """
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'version % has been published: make a further version instead', OLD.version
        USING ERRCODE = 'restrict_violation';
END $$
"""

FROZEN_TRIGGER = """
CREATE TRIGGER frozen BEFORE UPDATE ON programme_versions FOR EACH ROW
WHEN (OLD.state <> 'draft' AND (NEW.body IS DISTINCT FROM OLD.body OR NEW.state = 'draft'))
EXECUTE FUNCTION refuse_rewriting()
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
    op.execute(FROZEN)
    op.execute(FROZEN_TRIGGER)
