"""What was ordered and has come back, by line; what a rule paid for, where not for the whole."""

from alembic import op

revision = "loyalty_0012"
down_revision = "loyalty_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE orders
            ADD COLUMN lines jsonb NOT NULL DEFAULT '[]',
            ADD COLUMN returned jsonb NOT NULL DEFAULT '{}'
    """)
    op.execute("""
        CREATE TABLE line_shares (
            order_id text NOT NULL,
            rule text NOT NULL,
            weights jsonb NOT NULL,
            CONSTRAINT pk_line_shares PRIMARY KEY (order_id, rule),
            CONSTRAINT ck_line_shares_weights CHECK (jsonb_array_length(weights) > 0)
        )
    """)
