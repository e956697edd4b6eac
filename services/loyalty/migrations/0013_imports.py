"""Programmes moved in from elsewhere."""

from alembic import op

revision = "loyalty_0013"
down_revision = "loyalty_0012"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE TABLE imports (
    import_id uuid NOT NULL,
    programme text NOT NULL,
    kind text NOT NULL,
    format text NOT NULL,
    delimiter text NOT NULL,
    columns text[] NOT NULL,
    digest bytea NOT NULL,
    state text NOT NULL,
    commits_itself boolean NOT NULL,
    rows bigint NOT NULL,
    reached bigint NOT NULL,
    accepted bigint NOT NULL,
    repeated bigint NOT NULL,
    refused bigint NOT NULL,
    totals jsonb DEFAULT '{}' NOT NULL,
    actor text NOT NULL,
    created_at timestamptz NOT NULL,
    checked_at timestamptz,
    committed_at timestamptz,
    undone_at timestamptz,
    CONSTRAINT pk_imports PRIMARY KEY (import_id),
    CONSTRAINT ck_imports_kind CHECK (kind IN ('balances', 'tiers', 'history', 'coupons',
        'referral_codes', 'referrals', 'checkins')),
    CONSTRAINT ck_imports_format CHECK (format IN ('csv', 'jsonl')),
    CONSTRAINT ck_imports_state CHECK (state IN ('receiving', 'checking', 'checked', 'committing',
        'committed', 'undoing', 'undone', 'discarded')),
    CONSTRAINT ck_imports_counts CHECK (
        rows >= 0 AND reached >= 0 AND accepted >= 0 AND repeated >= 0 AND refused >= 0)
);
CREATE UNIQUE INDEX uq_imports_open ON imports (programme, kind, digest)
    WHERE state NOT IN ('receiving', 'undone', 'discarded');
CREATE INDEX ix_imports_working ON imports (import_id)
    WHERE state IN ('checking', 'committing', 'undoing');

CREATE TABLE import_chunks (
    import_id uuid NOT NULL,
    first_row bigint NOT NULL,
    last_row bigint NOT NULL,
    lines text NOT NULL,
    CONSTRAINT pk_import_chunks PRIMARY KEY (import_id, first_row),
    CONSTRAINT fk_import_chunks_import_id_imports
        FOREIGN KEY (import_id) REFERENCES imports (import_id)
);

CREATE TABLE import_rows (
    import_id uuid NOT NULL,
    row bigint NOT NULL,
    programme text NOT NULL,
    kind text NOT NULL,
    key text,
    digest bytea,
    state text NOT NULL,
    faults jsonb DEFAULT '[]' NOT NULL,
    point_type text,
    points bigint,
    effect jsonb DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_import_rows PRIMARY KEY (import_id, row),
    CONSTRAINT fk_import_rows_import_id_imports
        FOREIGN KEY (import_id) REFERENCES imports (import_id),
    CONSTRAINT ck_import_rows_kind CHECK (kind IN ('balances', 'tiers', 'history', 'coupons',
        'referral_codes', 'referrals', 'checkins')),
    CONSTRAINT ck_import_rows_state CHECK (
        state IN ('accepted', 'repeated', 'refused', 'imported', 'kept', 'undone')),
    CONSTRAINT ck_import_rows_faults CHECK (
        (state = 'refused') = (jsonb_array_length(faults) > 0)),
    CONSTRAINT ck_import_rows_key CHECK (state = 'refused' OR key IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX ix_import_rows_key ON import_rows (import_id, key);
CREATE INDEX ix_import_rows_state ON import_rows (import_id, state, row);
CREATE UNIQUE INDEX uq_import_rows_imported ON import_rows (programme, kind, key)
    WHERE state IN ('imported', 'kept');

CREATE TABLE external_ids (
    external_id text NOT NULL,
    member_id uuid NOT NULL,
    CONSTRAINT pk_external_ids PRIMARY KEY (external_id)
);
CREATE INDEX ix_external_ids_member_id ON external_ids (member_id);

CREATE TABLE past_entries (
    entry_id uuid NOT NULL,
    member_id uuid NOT NULL,
    point_type text NOT NULL,
    points bigint NOT NULL,
    description text NOT NULL,
    occurred_at timestamptz NOT NULL,
    CONSTRAINT pk_past_entries PRIMARY KEY (entry_id),
    CONSTRAINT ck_past_entries_points CHECK (points <> 0)
);
CREATE INDEX ix_past_entries_member_id ON past_entries (member_id, occurred_at, entry_id);

ALTER TABLE entries DROP CONSTRAINT ck_entries_kind;
ALTER TABLE entries ADD CONSTRAINT ck_entries_kind
    CHECK (kind IN ('earn', 'activate', 'spend', 'hold', 'capture', 'void', 'refund', 'reverse',
        'expire', 'extend', 'adjust', 'transfer', 'import'));

ALTER TABLE postings DROP CONSTRAINT ck_postings_account;
ALTER TABLE postings ADD CONSTRAINT ck_postings_account
    CHECK (account IN ('available', 'pending', 'held', 'debt',
        'issued', 'redeemed', 'expired', 'adjusted', 'transferred', 'imported'))
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
