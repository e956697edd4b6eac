"""Accounts, sessions, staff, keys, and the audit trail that only grows."""

from alembic import op

revision = "gateway_0001"
down_revision = None
branch_labels = ("gateway",)
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE accounts (
        member_id uuid,
        password_hash text,
        display_name text,
        language text NOT NULL,
        created_at timestamptz NOT NULL,
        registered_at timestamptz,
        closed_at timestamptz,
        CONSTRAINT pk_accounts PRIMARY KEY (member_id)
    )
    """,
    """
    CREATE TABLE account_identifiers (
        kind text,
        value text,
        member_id uuid NOT NULL,
        added_at timestamptz NOT NULL,
        CONSTRAINT pk_account_identifiers PRIMARY KEY (kind, value),
        CONSTRAINT ck_account_identifiers_kind CHECK (kind IN ('email', 'phone')),
        CONSTRAINT fk_account_identifiers_member_id_accounts
            FOREIGN KEY (member_id) REFERENCES accounts (member_id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_account_identifiers_member_id ON account_identifiers (member_id)",
    """
    CREATE TABLE staff_members (
        staff_id uuid,
        email text NOT NULL,
        display_name text NOT NULL,
        role text NOT NULL,
        password_hash text NOT NULL,
        created_at timestamptz NOT NULL,
        disabled_at timestamptz,
        CONSTRAINT pk_staff_members PRIMARY KEY (staff_id),
        CONSTRAINT uq_staff_members_email UNIQUE (email),
        CONSTRAINT ck_staff_members_role
            CHECK (role IN ('agent', 'marketer', 'analyst', 'admin'))
    )
    """,
    """
    CREATE TABLE sessions (
        session_id uuid,
        member_id uuid,
        staff_id uuid,
        device_id text,
        platform text,
        app text,
        started_at timestamptz NOT NULL,
        refreshed_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        revoked_at timestamptz,
        revoked_because text,
        CONSTRAINT pk_sessions PRIMARY KEY (session_id),
        CONSTRAINT ck_sessions_owner CHECK (num_nonnulls(member_id, staff_id) = 1),
        CONSTRAINT fk_sessions_member_id_accounts
            FOREIGN KEY (member_id) REFERENCES accounts (member_id) ON DELETE CASCADE,
        CONSTRAINT fk_sessions_staff_id_staff_members
            FOREIGN KEY (staff_id) REFERENCES staff_members (staff_id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_sessions_member_id ON sessions (member_id)",
    "CREATE INDEX ix_sessions_staff_id ON sessions (staff_id)",
    "CREATE INDEX ix_sessions_expires_at ON sessions (expires_at)",
    "CREATE INDEX ix_sessions_revoked_at ON sessions (revoked_at) WHERE revoked_at IS NOT NULL",
    """
    CREATE TABLE refresh_tokens (
        token_hash bytea,
        session_id uuid NOT NULL,
        issued_at timestamptz NOT NULL,
        used_at timestamptz,
        used_by text,
        salt bytea,
        CONSTRAINT pk_refresh_tokens PRIMARY KEY (token_hash),
        CONSTRAINT fk_refresh_tokens_session_id_sessions
            FOREIGN KEY (session_id) REFERENCES sessions (session_id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_refresh_tokens_session_id ON refresh_tokens (session_id)",
    "CREATE INDEX ix_refresh_tokens_used_at ON refresh_tokens (used_at)",
    """
    CREATE TABLE sign_in_failures (
        name_hash bytea,
        failures integer NOT NULL,
        blocked_until timestamptz,
        last_failed_at timestamptz NOT NULL,
        CONSTRAINT pk_sign_in_failures PRIMARY KEY (name_hash)
    )
    """,
    "CREATE INDEX ix_sign_in_failures_last_failed_at ON sign_in_failures (last_failed_at)",
    """
    CREATE TABLE api_keys (
        key_id uuid,
        key_hash bytea NOT NULL,
        kind text NOT NULL,
        name text NOT NULL,
        shown text NOT NULL,
        scopes text[] NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz,
        CONSTRAINT pk_api_keys PRIMARY KEY (key_id),
        CONSTRAINT uq_api_keys_key_hash UNIQUE (key_hash),
        CONSTRAINT ck_api_keys_kind CHECK (kind IN ('backend', 'write'))
    )
    """,
    """
    CREATE TABLE signing_keys (
        kid text,
        public_key bytea NOT NULL,
        sealed_seed bytea NOT NULL,
        created_at timestamptz NOT NULL,
        signs_from timestamptz NOT NULL,
        CONSTRAINT pk_signing_keys PRIMARY KEY (kid)
    )
    """,
    """
    CREATE TABLE audit_entries (
        entry_id uuid,
        actor_id uuid,
        action text NOT NULL,
        target text NOT NULL,
        details jsonb NOT NULL,
        occurred_at timestamptz NOT NULL,
        CONSTRAINT pk_audit_entries PRIMARY KEY (entry_id)
    )
    """,
    "CREATE INDEX ix_audit_entries_occurred_at ON audit_entries (occurred_at, entry_id)",
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit trail is append-only';
    END $$
    """,
    """
    CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
        FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
