"""Members who are erased: digests of their ids, by which what comes late is known, and the work."""

from alembic import op

revision = "kit_0003"
down_revision = "kit_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE tombstones (
            digest bytea NOT NULL,
            erased_at timestamptz NOT NULL,
            CONSTRAINT pk_tombstones PRIMARY KEY (digest)
        )
    """)
    op.execute("COMMENT ON COLUMN tombstones.digest IS 'SHA-256 of the id that was erased.'")
    op.execute("""
        CREATE TABLE erasures (
            erasure_id uuid NOT NULL,
            member_ids uuid[] NOT NULL,
            asked_at timestamptz NOT NULL,
            seen_at timestamptz,
            erased_at timestamptz,
            CONSTRAINT pk_erasures PRIMARY KEY (erasure_id)
        )
    """)
    op.execute(
        "COMMENT ON COLUMN erasures.member_ids IS "
        "'Who is to be erased, the closed member first; empty once that is done.'"
    )
    op.execute("CREATE INDEX ix_erasures_open ON erasures (asked_at) WHERE erased_at IS NULL")
