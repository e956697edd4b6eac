"""Quotas of API keys, and what was taken of them."""

from alembic import op

revision = "gateway_0005"
down_revision = "gateway_0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE key_quotas (
        key_id uuid NOT NULL,
        per_day bigint,
        per_month bigint,
        changed_at timestamptz NOT NULL,
        CONSTRAINT pk_key_quotas PRIMARY KEY (key_id),
        CONSTRAINT ck_key_quotas_per_day CHECK (per_day > 0),
        CONSTRAINT ck_key_quotas_per_month CHECK (per_month > 0),
        CONSTRAINT fk_key_quotas_key_id_api_keys
            FOREIGN KEY (key_id) REFERENCES api_keys (key_id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE key_usage (
        key_id uuid NOT NULL,
        span text NOT NULL,
        starts_on date NOT NULL,
        taken bigint NOT NULL,
        CONSTRAINT pk_key_usage PRIMARY KEY (key_id, span, starts_on),
        CONSTRAINT ck_key_usage_span CHECK (span IN ('day', 'month')),
        CONSTRAINT ck_key_usage_taken CHECK (taken >= 0),
        CONSTRAINT fk_key_usage_key_id_api_keys
            FOREIGN KEY (key_id) REFERENCES api_keys (key_id) ON DELETE CASCADE
    ) WITH (fillfactor = 50)
    """,
    "CREATE INDEX ix_key_usage_starts_on ON key_usage (starts_on)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
