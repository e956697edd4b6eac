"""What the points took off that orders were paid with, for finance."""

from alembic import op

revision = "loyalty_0033"
down_revision = "loyalty_0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE finance_rewards ADD COLUMN minor bigint NOT NULL DEFAULT 0")
