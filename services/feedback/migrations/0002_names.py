"""Name ids after what they identify, as the events do."""

from alembic import op

revision = "feedback_0002"
down_revision = "feedback_0001"
branch_labels = None
depends_on = None

STATEMENTS = """
ALTER TABLE articles RENAME COLUMN id TO article_id;
ALTER TABLE tickets RENAME COLUMN id TO ticket_id;
ALTER INDEX ix_tickets_member_id_id RENAME TO ix_tickets_member_id_ticket_id;
ALTER TABLE messages RENAME COLUMN id TO message_id;
ALTER TABLE messages RENAME CONSTRAINT uq_messages_id TO uq_messages_message_id;
ALTER TABLE notes RENAME COLUMN id TO note_id;
ALTER TABLE surveys RENAME COLUMN id TO survey_id;
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
