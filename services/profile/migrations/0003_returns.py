"""Returns of an order's lines."""

from alembic import op

revision = "profile_0003"
down_revision = "profile_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE order_returns (
            order_id text NOT NULL,
            return_id text NOT NULL,
            lines jsonb NOT NULL,
            wished jsonb NOT NULL,
            returned_at timestamptz NOT NULL,
            CONSTRAINT pk_order_returns PRIMARY KEY (order_id, return_id),
            CONSTRAINT fk_order_returns_order_id_orders FOREIGN KEY (order_id)
                REFERENCES orders (order_id) ON DELETE CASCADE
        )
    """)
    op.execute("""
        CREATE TABLE returned_lines (
            order_id text NOT NULL,
            line integer NOT NULL,
            ordered bigint NOT NULL,
            quantity bigint NOT NULL,
            amount_minor bigint NOT NULL,
            CONSTRAINT pk_returned_lines PRIMARY KEY (order_id, line),
            CONSTRAINT ck_returned_lines_returned
                CHECK (line >= 0 AND amount_minor >= 0 AND quantity BETWEEN 1 AND ordered),
            CONSTRAINT fk_returned_lines_order_id_orders FOREIGN KEY (order_id)
                REFERENCES orders (order_id) ON DELETE CASCADE
        )
    """)
