"""Whom to wish a happy birthday, and who was wished one when."""

from alembic import op

revision = "profile_0005"
down_revision = "profile_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE INDEX ix_members_birthday ON members (substr((traits ->> 'birthday'), 6, 5))
        WHERE traits ? 'birthday'
    """)
    op.execute("""
        CREATE TABLE birthdays_told (
            member_id uuid NOT NULL,
            told_at timestamptz NOT NULL,
            CONSTRAINT pk_birthdays_told PRIMARY KEY (member_id),
            CONSTRAINT fk_birthdays_told_member_id_members FOREIGN KEY (member_id)
                REFERENCES members (id)
        )
    """)
