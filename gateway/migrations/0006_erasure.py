"""Receipts of the erasure of members who closed their accounts."""

from alembic import op

revision = "gateway_0006"
down_revision = "gateway_0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE erasure_receipts (
        erasure_id uuid NOT NULL,
        member_digest bytea NOT NULL,
        member_id uuid,
        sealed_email bytea,
        language text NOT NULL,
        requested_at timestamptz NOT NULL,
        finished_at timestamptz,
        CONSTRAINT pk_erasure_receipts PRIMARY KEY (erasure_id),
        CONSTRAINT ck_erasure_receipts_member_id
            CHECK ((finished_at IS NULL) = (member_id IS NOT NULL)),
        CONSTRAINT ck_erasure_receipts_sealed_email
            CHECK (finished_at IS NULL OR sealed_email IS NULL)
    )
    """,
    "CREATE INDEX ix_erasure_receipts_member_digest ON erasure_receipts (member_digest)",
    """
    CREATE UNIQUE INDEX uq_erasure_receipts_member_id ON erasure_receipts (member_id)
    WHERE member_id IS NOT NULL
    """,
    """
    CREATE TABLE erasure_steps (
        erasure_id uuid NOT NULL,
        service text NOT NULL,
        erased_at timestamptz NOT NULL,
        CONSTRAINT pk_erasure_steps PRIMARY KEY (erasure_id, service),
        CONSTRAINT fk_erasure_steps_erasure_id_erasure_receipts
            FOREIGN KEY (erasure_id) REFERENCES erasure_receipts (erasure_id)
    )
    """,
)


INDEXES = (
    """
    CREATE INDEX ix_accounts_closed_at ON accounts (closed_at)
    WHERE closed_at IS NOT NULL AND merged_into IS NULL
    """,
    """
    CREATE INDEX ix_accounts_merged_into ON accounts (merged_into)
    WHERE merged_into IS NOT NULL
    """,
)


def upgrade() -> None:
    for statement in (*STATEMENTS, *INDEXES):
        op.execute(statement)
