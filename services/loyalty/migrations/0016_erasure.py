"""Members who were erased: their id stays in the ledger, and nothing else of them."""

from alembic import op

revision = "loyalty_0016"
down_revision = "loyalty_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE members
            ADD COLUMN erased_at timestamptz,
            ADD CONSTRAINT ck_members_erased
                CHECK (erased_at IS NULL OR (num_nonnulls(described_at, channel, stage,
                    tier_until, tier_review_at) = 0 AND tags = '{}' AND anonymous))
    """)
