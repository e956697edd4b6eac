"""What loyalty's own events led to, so that no rule pays for its own result."""

from alembic import op

revision = "loyalty_0015"
down_revision = "loyalty_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE chains (
            event_id uuid NOT NULL,
            rules text[] NOT NULL,
            depth integer NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT pk_chains PRIMARY KEY (event_id),
            CONSTRAINT ck_chains_depth CHECK (depth BETWEEN 1 AND 5)
        )
    """)
    op.execute("CREATE INDEX ix_chains_recorded_at ON chains (recorded_at)")
