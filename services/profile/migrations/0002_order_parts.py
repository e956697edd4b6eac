"""What of an order's amount is discount, tax and shipping."""

from alembic import op

revision = "profile_0002"
down_revision = "profile_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE orders
            ADD COLUMN discount_minor bigint NOT NULL DEFAULT 0,
            ADD COLUMN tax_minor bigint NOT NULL DEFAULT 0,
            ADD COLUMN shipping_minor bigint NOT NULL DEFAULT 0,
            ADD CONSTRAINT ck_orders_parts
                CHECK (discount_minor >= 0 AND tax_minor >= 0 AND shipping_minor >= 0
                    AND tax_minor + shipping_minor <= amount_minor)
    """)
