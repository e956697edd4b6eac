"""How far members' tiers have been brought to a version whose tiers differ."""

from alembic import op

revision = "loyalty_0009"
down_revision = "loyalty_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE programme_versions
            ADD COLUMN recomputed_after uuid,
            ADD COLUMN recompute_falling boolean NOT NULL DEFAULT false
    """)
