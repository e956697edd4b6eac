"""Keys that hashes were made with: they stay when the secret they are sealed under is changed."""

from alembic import op

revision = "gateway_0008"
down_revision = "gateway_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE sealed_keys (
            name text NOT NULL,
            sealed bytea NOT NULL,
            CONSTRAINT pk_sealed_keys PRIMARY KEY (name)
        )
    """)
