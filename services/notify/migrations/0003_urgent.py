"""Messages that somebody waits for, sealed until the moment they are sent."""

from alembic import op

revision = "notify_0003"
down_revision = "notify_0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE urgent_messages (
        message_id uuid,
        channel text NOT NULL,
        sealed text,
        state text NOT NULL,
        reason text,
        attempt integer DEFAULT 0 NOT NULL,
        issued_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        CONSTRAINT pk_urgent_messages PRIMARY KEY (message_id),
        CONSTRAINT ck_urgent_messages_channel CHECK (channel IN ('email', 'sms')),
        CONSTRAINT ck_urgent_messages_state CHECK (state IN ('queued', 'sent', 'failed')),
        CONSTRAINT ck_urgent_messages_sealed CHECK ((state = 'queued') = (sealed IS NOT NULL)),
        CONSTRAINT ck_urgent_messages_ended CHECK ((state = 'queued') = (ended_at IS NULL))
    )
    """,
    "CREATE INDEX ix_urgent_messages_queued ON urgent_messages (due_at) WHERE state = 'queued'",
    "CREATE INDEX ix_urgent_messages_ended_at ON urgent_messages (ended_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
