"""Notes."""

from alembic import op

revision = "notes_0001"
down_revision = None
branch_labels = ("notes",)
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE TABLE notes (id uuid CONSTRAINT pk_notes PRIMARY KEY,"
        " author varchar NOT NULL, text varchar NOT NULL)"
    )
