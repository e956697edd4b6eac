"""What administrators are to be told by letter."""

from alembic import op

revision = "gateway_0010"
down_revision = "gateway_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE staff_notices (
            notice_id uuid NOT NULL,
            template text NOT NULL,
            language text NOT NULL,
            facts jsonb NOT NULL,
            besides text,
            noted_at timestamptz NOT NULL,
            CONSTRAINT pk_staff_notices PRIMARY KEY (notice_id)
        )
    """)
