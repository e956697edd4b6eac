"""A member's holds are found by the member; counts of periods long over by when those began."""

from alembic import op

revision = "loyalty_0024"
down_revision = "loyalty_0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE INDEX ix_holds_whose ON holds (coalesce(by_member_id, member_id), hold_id)
    """)
    op.execute("""
        CREATE INDEX ix_earned_counts_begins ON earned_counts USING brin (begins)
            WITH (pages_per_range = 16) WHERE period IN ('day', 'week', 'month')
    """)
