"""Lots on their way are found without looking at all that may be spent."""

from alembic import op

revision = "loyalty_0029"
down_revision = "loyalty_0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE INDEX ix_lots_maturing ON lots (member_id, point_type, due_at)
        WHERE is_open AND state = 'maturing'
    """)
