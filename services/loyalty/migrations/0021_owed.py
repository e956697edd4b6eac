"""Debts brought along from another programme are a movement of their own.

Where there are any, all is added up anew.
"""

from alembic import op

revision = "loyalty_0021"
down_revision = "loyalty_0020"
branch_labels = None
depends_on = None

MADE = (
    "finance_days",
    "finance_months",
    "finance_rules",
    "finance_rewards",
    "finance_sales",
    "finance_members",
    "finance_lots",
)


def upgrade() -> None:
    op.execute("""
        ALTER TABLE finance_days DROP CONSTRAINT ck_finance_days_movement,
            ADD CONSTRAINT ck_finance_days_movement
            CHECK (movement IN ('earned', 'imported', 'owed', 'transferred_in', 'transferred_out',
                'refunded', 'redeemed', 'expired', 'reversed', 'adjusted', 'shifted'))
    """)
    owed = "EXISTS (SELECT FROM entries WHERE kind = 'import' AND points < 0)"
    for table in MADE:
        op.execute(f"DELETE FROM {table} WHERE {owed}")  # noqa: S608
    op.execute(f"UPDATE ledger_marks SET seq = 0 WHERE name = 'finance' AND {owed}")  # noqa: S608
