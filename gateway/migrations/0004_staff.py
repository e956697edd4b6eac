"""Invitations, second factors, scopes and time-outs of staff; looking through the audit trail."""

from alembic import op

revision = "gateway_0004"
down_revision = "gateway_0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    ALTER TABLE staff_members
        ADD COLUMN scopes text[] NOT NULL DEFAULT '{}',
        ADD COLUMN sealed_totp bytea,
        ADD COLUMN totp_confirmed_at timestamptz,
        ADD COLUMN totp_last_step bigint,
        ADD COLUMN last_used_at timestamptz,
        ADD CONSTRAINT ck_staff_members_totp
            CHECK (totp_confirmed_at IS NULL OR sealed_totp IS NOT NULL)
    """,
    "ALTER TABLE staff_members ALTER COLUMN scopes DROP DEFAULT",
    """
    CREATE TABLE recovery_codes (
        staff_id uuid,
        code_hash bytea,
        used_at timestamptz,
        CONSTRAINT pk_recovery_codes PRIMARY KEY (staff_id, code_hash),
        CONSTRAINT fk_recovery_codes_staff_id_staff_members
            FOREIGN KEY (staff_id) REFERENCES staff_members (staff_id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE invitations (
        invitation_id uuid,
        email text NOT NULL,
        display_name text NOT NULL,
        role text NOT NULL,
        scopes text[] NOT NULL,
        token_hash bytea NOT NULL,
        invited_by uuid NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        accepted_at timestamptz,
        withdrawn_at timestamptz,
        CONSTRAINT pk_invitations PRIMARY KEY (invitation_id),
        CONSTRAINT uq_invitations_token_hash UNIQUE (token_hash),
        CONSTRAINT ck_invitations_role
            CHECK (role IN ('agent', 'marketer', 'analyst', 'admin')),
        CONSTRAINT ck_invitations_ended
            CHECK (accepted_at IS NULL OR withdrawn_at IS NULL)
    )
    """,
    """
    CREATE UNIQUE INDEX ix_invitations_open ON invitations (email)
        WHERE accepted_at IS NULL AND withdrawn_at IS NULL
    """,
    "ALTER TABLE sessions ADD COLUMN ends_at timestamptz",
    "UPDATE sessions SET ends_at = expires_at WHERE staff_id IS NOT NULL",
    """
    ALTER TABLE sessions
        ADD CONSTRAINT ck_sessions_ends_at CHECK ((staff_id IS NULL) = (ends_at IS NULL)),
        ADD CONSTRAINT ck_sessions_expires_at CHECK (ends_at IS NULL OR expires_at <= ends_at)
    """,
    """
    CREATE INDEX ix_audit_entries_actor_id ON audit_entries (actor_id, occurred_at, entry_id)
    """,
    "CREATE INDEX ix_audit_entries_target ON audit_entries (target, occurred_at, entry_id)",
    "CREATE INDEX ix_audit_entries_action ON audit_entries (action, occurred_at, entry_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
