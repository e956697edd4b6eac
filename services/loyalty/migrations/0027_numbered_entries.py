"""Entries are found by their number, in its order: what reads the newest reads no others.

A block-range index knows nothing of pages until a vacuum has seen them, which on a table that is
only added to is a fifth of it behind; those that stay are told of pages as they fill.

Of each sum, finance keeps between which numbers its entries lie; of sums made before, between all.
Who looks for points of merged members reads what is new.
"""

from alembic import op

revision = "loyalty_0027"
down_revision = "loyalty_0026"
branch_labels = None
depends_on = None

STATEMENTS = """
DROP INDEX ix_entries_seq;
CREATE UNIQUE INDEX ix_entries_seq ON entries (seq);
ALTER INDEX ix_entries_recorded_at SET (autosummarize = on);
ALTER INDEX ix_orders_placed_at SET (autosummarize = on);
ALTER INDEX ix_earned_counts_begins SET (autosummarize = on);
ALTER TABLE finance_days ADD COLUMN first_seq bigint, ADD COLUMN last_seq bigint;
UPDATE finance_days SET first_seq = 1, last_seq = marks.seq
    FROM ledger_marks AS marks WHERE name = 'finance';
ALTER TABLE finance_days ALTER first_seq SET NOT NULL, ALTER last_seq SET NOT NULL;
INSERT INTO ledger_marks (name, seq) VALUES ('gathered', 0)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";"):
        op.execute(statement)
