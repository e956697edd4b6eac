"""Whether a lot has anything left is a column: what is taken out of it then touches no index."""

from alembic import op

revision = "loyalty_0022"
down_revision = "loyalty_0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DROP INDEX ix_lots_open, ix_lots_sweep_s, ix_lots_reminders")
    op.execute("""
        ALTER TABLE lots
            ADD COLUMN is_open boolean GENERATED ALWAYS AS (remaining > 0) STORED
    """)
    op.execute("""
        CREATE INDEX ix_lots_open ON lots (member_id, point_type, due_at, id) WHERE is_open
    """)
    op.execute("CREATE INDEX ix_lots_sweep_s ON lots (sweep_s) WHERE is_open")
    op.execute("""
        CREATE INDEX ix_lots_reminders ON lots (point_type, due_at, id)
            WHERE is_open AND state = 'active' AND due_at IS NOT NULL
    """)
