"""Imports that keep failing are stopped, so that those behind them go on."""

from alembic import op

revision = "loyalty_0032"
down_revision = "loyalty_0031"
branch_labels = None
depends_on = None

STATEMENTS = """
ALTER TABLE imports
    ADD COLUMN failures integer NOT NULL DEFAULT 0,
    ADD COLUMN failed_with text,
    ADD COLUMN retry_at timestamptz,
    ADD COLUMN stopped_while text,
    DROP CONSTRAINT ck_imports_state,
    ADD CONSTRAINT ck_imports_state CHECK (state IN ('receiving', 'checking', 'checked',
        'committing', 'committed', 'undoing', 'undone', 'discarded', 'stopped')),
    ADD CONSTRAINT ck_imports_failures CHECK (failures >= 0),
    ADD CONSTRAINT ck_imports_stopped_while
        CHECK (stopped_while IN ('checking', 'committing', 'undoing')),
    ADD CONSTRAINT ck_imports_stopped CHECK ((state = 'stopped') = (stopped_while IS NOT NULL))
"""


def upgrade() -> None:
    op.execute(STATEMENTS)
