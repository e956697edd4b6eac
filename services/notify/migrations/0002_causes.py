"""A delivery keeps what caused it, so that what is said of it later is on the same account."""

from alembic import op

revision = "notify_0002"
down_revision = "notify_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE deliveries ADD COLUMN correlation_id text, "
        "ADD COLUMN causation_id text, ADD COLUMN receipt_id uuid"
    )
