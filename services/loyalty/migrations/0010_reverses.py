"""An index to find what takes back the effect of an entry."""

from alembic import op

revision = "loyalty_0010"
down_revision = "loyalty_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX ix_entries_reverses ON entries (reverses) WHERE reverses IS NOT NULL")
