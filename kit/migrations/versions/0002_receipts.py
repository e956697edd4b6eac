"""What a keyed write led to can be found: by key first, and by receipt in outbox and inbox.

Only what a keyed write led to is in the indexes, so that all else costs what it did.
"""

from alembic import op

revision = "kit_0002"
down_revision = "kit_0001"
branch_labels = None
depends_on = None

TABLES = ("outbox", "inbox", "dead_letters")


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN receipt_id uuid")
        op.execute(f"COMMENT ON COLUMN {table}.receipt_id IS 'The keyed write that led to it.'")
        op.execute(
            f"CREATE INDEX ix_{table}_receipt_id ON {table} (receipt_id) "
            "WHERE receipt_id IS NOT NULL"
        )
    op.execute(
        "ALTER TABLE idempotency_keys DROP CONSTRAINT pk_idempotency_keys, "
        "ADD CONSTRAINT pk_idempotency_keys PRIMARY KEY (key, caller, route)"
    )
