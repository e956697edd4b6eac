"""The category of rewards: what was won, and what is lost unless the member does something."""

from alembic import op

revision = "notify_0005"
down_revision = "notify_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("inbox_items", "campaigns", "deliveries"):
        op.execute(f"""
            ALTER TABLE {table} DROP CONSTRAINT ck_{table}_category,
            ADD CONSTRAINT ck_{table}_category CHECK (category IN
                ('account', 'orders', 'points', 'rewards', 'support', 'surveys', 'marketing'))
        """)
