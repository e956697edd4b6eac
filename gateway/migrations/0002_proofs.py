"""Codes, proven identifiers, sign-in by other issuers, and guests who turned out to be members."""

from alembic import op

revision = "gateway_0002"
down_revision = "gateway_0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE accounts ADD COLUMN merged_into uuid",
    """
    ALTER TABLE accounts ADD CONSTRAINT fk_accounts_merged_into_accounts
        FOREIGN KEY (merged_into) REFERENCES accounts (member_id)
    """,
    """
    ALTER TABLE accounts ADD CONSTRAINT ck_accounts_merged
        CHECK (merged_into IS NULL OR closed_at IS NOT NULL)
    """,
    """
    ALTER TABLE accounts ADD CONSTRAINT ck_accounts_closed
        CHECK (closed_at IS NULL OR password_hash IS NULL)
    """,
    "ALTER TABLE account_identifiers ADD COLUMN verified_at timestamptz",
    "DROP INDEX ix_account_identifiers_member_id",
    """
    ALTER TABLE account_identifiers ADD CONSTRAINT uq_account_identifiers_member_id_kind
        UNIQUE (member_id, kind)
    """,
    """
    CREATE TABLE codes (
        code_id uuid,
        purpose text NOT NULL,
        destination_hash bytea NOT NULL,
        sealed_destination bytea NOT NULL,
        member_id uuid,
        code_hash bytea NOT NULL,
        link_hash bytea NOT NULL,
        tries_left integer NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        CONSTRAINT pk_codes PRIMARY KEY (code_id),
        CONSTRAINT uq_codes_link_hash UNIQUE (link_hash),
        CONSTRAINT ck_codes_purpose CHECK (purpose IN
            ('sign_in', 'reset_password', 'confirm_identifier', 'reset_staff_password')),
        CONSTRAINT ck_codes_tries_left CHECK (tries_left >= 0),
        CONSTRAINT ck_codes_member_id
            CHECK ((purpose = 'confirm_identifier') = (member_id IS NOT NULL))
    )
    """,
    "CREATE INDEX ix_codes_destination_hash ON codes (destination_hash, issued_at)",
    "CREATE INDEX ix_codes_issued_at ON codes (issued_at)",
    """
    CREATE TABLE external_identities (
        issuer text,
        subject text,
        member_id uuid NOT NULL,
        email text,
        linked_at timestamptz NOT NULL,
        last_used_at timestamptz NOT NULL,
        CONSTRAINT pk_external_identities PRIMARY KEY (issuer, subject),
        CONSTRAINT uq_external_identities_member_id_issuer UNIQUE (member_id, issuer),
        CONSTRAINT fk_external_identities_member_id_accounts
            FOREIGN KEY (member_id) REFERENCES accounts (member_id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE used_id_tokens (
        token_hash bytea,
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_used_id_tokens PRIMARY KEY (token_hash)
    )
    """,
    "CREATE INDEX ix_used_id_tokens_expires_at ON used_id_tokens (expires_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
