"""Members who were erased: of them an empty row is left for orders to refer to."""

from alembic import op

revision = "profile_0004"
down_revision = "profile_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE members
            ADD COLUMN erased_at timestamptz,
            ADD CONSTRAINT ck_members_erased
                CHECK (erased_at IS NULL OR (num_nonnulls(email, phone, display_name, channel,
                    traits_at, last_active_at, next_stage_at) = 0
                    AND traits = '{}' AND tags = '{}'))
    """)
