"""Announcements: what every member is told."""

from alembic import op

revision = "notify_0004"
down_revision = "notify_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE announcements (
            announcement_id uuid NOT NULL,
            content jsonb NOT NULL,
            action text,
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            created_by text NOT NULL,
            created_at timestamptz NOT NULL,
            withdrawn_at timestamptz,
            CONSTRAINT pk_announcements PRIMARY KEY (announcement_id),
            CONSTRAINT ck_announcements_times CHECK (ends_at > starts_at)
        )
    """)
    op.execute(
        "CREATE INDEX ix_announcements_shown ON announcements (starts_at) "
        "WHERE withdrawn_at IS NULL"
    )
