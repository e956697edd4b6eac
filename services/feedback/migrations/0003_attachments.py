"""Files that go with messages."""

from alembic import op

revision = "feedback_0003"
down_revision = "feedback_0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE attachments (
        attachment_id uuid,
        ticket_id uuid NOT NULL,
        author varchar(16) NOT NULL,
        author_id varchar NOT NULL,
        name varchar NOT NULL,
        media_type varchar NOT NULL,
        size_bytes bigint NOT NULL,
        sha256 bytea NOT NULL,
        created_at timestamptz NOT NULL,
        message_id uuid,
        place smallint,
        CONSTRAINT pk_attachments PRIMARY KEY (attachment_id),
        CONSTRAINT fk_attachments_ticket_id_tickets
            FOREIGN KEY (ticket_id) REFERENCES tickets (ticket_id),
        CONSTRAINT fk_attachments_message_id_messages
            FOREIGN KEY (message_id) REFERENCES messages (message_id),
        CONSTRAINT uq_attachments_message_id_place UNIQUE (message_id, place),
        CONSTRAINT ck_attachments_author CHECK (author IN ('member', 'agent', 'system')),
        CONSTRAINT ck_attachments_size_bytes CHECK (size_bytes > 0),
        CONSTRAINT ck_attachments_place CHECK ((message_id IS NULL) = (place IS NULL))
    )
    """,
    """
    CREATE UNIQUE INDEX uq_attachments_unsent ON attachments (ticket_id, author_id, sha256)
        WHERE message_id IS NULL
    """,
    "CREATE INDEX ix_attachments_unsent ON attachments (created_at) WHERE message_id IS NULL",
    "CREATE INDEX ix_attachments_ticket_id ON attachments (ticket_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
