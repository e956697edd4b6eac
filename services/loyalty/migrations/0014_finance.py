"""Finance: what is declared, what is added up of the ledger, and the periods that are closed."""

from alembic import op

revision = "loyalty_0014"
down_revision = "loyalty_0013"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE TABLE finance_terms (
    single boolean DEFAULT true NOT NULL,
    time_zone text NOT NULL,
    breakage text NOT NULL,
    tail_rate numeric(9, 8) NOT NULL,
    accounts jsonb NOT NULL,
    CONSTRAINT pk_finance_terms PRIMARY KEY (single),
    CONSTRAINT ck_finance_terms_single CHECK (single),
    CONSTRAINT ck_finance_terms_breakage CHECK (breakage IN ('proportional', 'remote')),
    CONSTRAINT ck_finance_terms_tail_rate CHECK (tail_rate BETWEEN 0 AND 1)
);

CREATE TABLE point_values (
    point_type text NOT NULL,
    valid_from date NOT NULL,
    value_minor numeric(18, 8) NOT NULL,
    currency text NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    declared_at timestamptz NOT NULL,
    CONSTRAINT pk_point_values PRIMARY KEY (point_type, valid_from),
    CONSTRAINT ck_point_values_point_type CHECK (point_type IN ('points', 'growth')),
    CONSTRAINT ck_point_values_value_minor CHECK (value_minor > 0),
    CONSTRAINT ck_point_values_currency CHECK (currency ~ '^[A-Z]{3}$')
);

CREATE TABLE reward_costs (
    reward_id uuid NOT NULL,
    valid_from date NOT NULL,
    cost_minor bigint NOT NULL,
    currency text NOT NULL,
    actor text NOT NULL,
    declared_at timestamptz NOT NULL,
    CONSTRAINT pk_reward_costs PRIMARY KEY (reward_id, valid_from),
    CONSTRAINT ck_reward_costs_cost_minor CHECK (cost_minor >= 0),
    CONSTRAINT ck_reward_costs_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT fk_reward_costs_reward_id_rewards
        FOREIGN KEY (reward_id) REFERENCES rewards (reward_id)
);

CREATE TABLE finance_lots (
    lot_id uuid NOT NULL,
    cohort date NOT NULL,
    origin text NOT NULL,
    rule text NOT NULL,
    CONSTRAINT pk_finance_lots PRIMARY KEY (lot_id)
);

CREATE TABLE finance_days (
    booked_on date NOT NULL,
    point_type text NOT NULL,
    cohort date NOT NULL,
    origin text NOT NULL,
    movement text NOT NULL,
    available bigint NOT NULL,
    pending bigint NOT NULL,
    held bigint NOT NULL,
    debt bigint NOT NULL,
    CONSTRAINT pk_finance_days PRIMARY KEY (booked_on, point_type, cohort, origin, movement),
    CONSTRAINT ck_finance_days_origin CHECK (origin IN ('order', 'import', 'other')),
    CONSTRAINT ck_finance_days_movement
        CHECK (movement IN ('earned', 'imported', 'transferred_in', 'transferred_out',
            'refunded', 'redeemed', 'expired', 'reversed', 'adjusted', 'shifted'))
);

CREATE TABLE finance_rules (
    booked_on date NOT NULL,
    point_type text NOT NULL,
    rule text NOT NULL,
    version integer NOT NULL,
    movement text NOT NULL,
    points bigint NOT NULL,
    CONSTRAINT pk_finance_rules PRIMARY KEY (booked_on, point_type, rule, version, movement)
);

CREATE TABLE finance_rewards (
    booked_on date NOT NULL,
    point_type text NOT NULL,
    source_type text NOT NULL,
    item text NOT NULL,
    points bigint NOT NULL,
    times bigint NOT NULL,
    CONSTRAINT pk_finance_rewards PRIMARY KEY (booked_on, point_type, source_type, item)
);

CREATE TABLE finance_sales (
    booked_on date NOT NULL,
    point_type text NOT NULL,
    cohort date NOT NULL,
    currency text NOT NULL,
    orders bigint NOT NULL,
    amount_minor bigint NOT NULL,
    CONSTRAINT pk_finance_sales PRIMARY KEY (booked_on, point_type, cohort, currency)
);

CREATE TABLE finance_members (
    month date NOT NULL,
    point_type text NOT NULL,
    member_id uuid NOT NULL,
    earned bigint NOT NULL,
    redeemed bigint NOT NULL,
    CONSTRAINT pk_finance_members PRIMARY KEY (month, point_type, member_id)
);

CREATE TABLE finance_periods (
    begins_on date NOT NULL,
    ends_on date NOT NULL,
    last_seq bigint NOT NULL,
    digest text NOT NULL,
    lines bigint NOT NULL,
    reason text NOT NULL,
    closed_by text NOT NULL,
    closed_at timestamptz NOT NULL,
    CONSTRAINT pk_finance_periods PRIMARY KEY (begins_on),
    CONSTRAINT ck_finance_periods_ends_on CHECK (ends_on >= begins_on),
    CONSTRAINT ck_finance_periods_last_seq CHECK (last_seq >= 0)
);

CREATE TABLE finance_cohorts (
    period date NOT NULL,
    point_type text NOT NULL,
    cohort date NOT NULL,
    origin text NOT NULL,
    issued bigint NOT NULL,
    expired bigint NOT NULL,
    outstanding bigint NOT NULL,
    value_minor numeric(18, 8) NOT NULL,
    rate numeric(14, 12) NOT NULL,
    price_minor numeric(30, 12) NOT NULL,
    future_rate numeric(14, 12) NOT NULL,
    deferred_minor bigint NOT NULL,
    redeemed_minor bigint NOT NULL,
    breakage_minor bigint NOT NULL,
    CONSTRAINT pk_finance_cohorts PRIMARY KEY (period, point_type, cohort, origin),
    CONSTRAINT fk_finance_cohorts_period_finance_periods
        FOREIGN KEY (period) REFERENCES finance_periods (begins_on)
);

CREATE TABLE finance_journal (
    period date NOT NULL,
    number integer NOT NULL,
    posting integer NOT NULL,
    event text NOT NULL,
    account text NOT NULL,
    code text NOT NULL,
    debit_minor bigint NOT NULL,
    credit_minor bigint NOT NULL,
    currency text NOT NULL,
    point_type text NOT NULL,
    cohort date,
    origin text,
    item text,
    points bigint NOT NULL,
    CONSTRAINT pk_finance_journal PRIMARY KEY (period, number),
    CONSTRAINT fk_finance_journal_period_finance_periods
        FOREIGN KEY (period) REFERENCES finance_periods (begins_on),
    CONSTRAINT ck_finance_journal_sides CHECK (debit_minor >= 0 AND credit_minor >= 0),
    CONSTRAINT ck_finance_journal_one_side CHECK ((debit_minor = 0) <> (credit_minor = 0))
);

CREATE INDEX ix_entries_recorded_at ON entries USING brin (recorded_at)
    WITH (pages_per_range = 16);
CREATE INDEX ix_orders_placed_at ON orders USING brin (placed_at) WITH (pages_per_range = 16);

INSERT INTO ledger_marks (name, seq) VALUES ('finance', 0);
INSERT INTO finance_terms (time_zone, breakage, tail_rate, accounts)
VALUES ('UTC', 'proportional', 1, '{"contract_liability": "2410", "promotional_liability": "2420",
    "rewards_payable": "2430", "imported_balances": "2490", "revenue": "4000",
    "breakage_revenue": "4100", "cost_of_rewards": "5100", "marketing_expense": "6100"}')
"""

APPEND_ONLY = (
    "point_values",
    "reward_costs",
    "finance_periods",
    "finance_cohorts",
    "finance_journal",
)

FUNCTIONS = (
    """
CREATE FUNCTION refuse_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.begins_on <> (SELECT max(ends_on) + 1 FROM finance_periods) THEN
        RAISE EXCEPTION 'periods are closed one after the other: % does not come next',
            NEW.begins_on USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE FUNCTION refuse_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.valid_from <= (SELECT max(ends_on) FROM finance_periods) THEN
        RAISE EXCEPTION '% lies in a closed period', NEW.valid_from
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE FUNCTION refuse_unbalanced_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM written GROUP BY period, posting
            HAVING sum(debit_minor) <> sum(credit_minor))
        OR EXISTS (SELECT FROM finance_periods WHERE begins_on IN (SELECT period FROM written)
            AND lines <> (SELECT count(*) FROM finance_journal WHERE period = begins_on)) THEN
        RAISE EXCEPTION 'a journal is balanced, and written once with its period'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
""",
)

TRIGGERS = (
    (
        "CREATE TRIGGER consecutive BEFORE INSERT ON finance_periods"
        " FOR EACH ROW EXECUTE FUNCTION refuse_gap()"
    ),
    (
        "CREATE TRIGGER open_period BEFORE INSERT ON point_values"
        " FOR EACH ROW EXECUTE FUNCTION refuse_closed()"
    ),
    (
        "CREATE TRIGGER open_period BEFORE INSERT ON reward_costs"
        " FOR EACH ROW EXECUTE FUNCTION refuse_closed()"
    ),
    (
        "CREATE TRIGGER balanced AFTER INSERT ON finance_journal REFERENCING NEW TABLE AS written"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced_journal()"
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement.replace(":", "\\:"))
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for statement in (*FUNCTIONS, *TRIGGERS):
        op.execute(statement)
