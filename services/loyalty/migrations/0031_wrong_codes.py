"""Wrong codes count once each: their hashes, in the order of the times they were tried at."""

from alembic import op

revision = "loyalty_0031"
down_revision = "loyalty_0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE wrong_codes ADD COLUMN hashes bigint[] NOT NULL DEFAULT '{}'")
