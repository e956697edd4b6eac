"""What people write about entries, beside the entries: an erased member's can be wiped.

The entry keeps a salted digest, which is sealed with it. What was written before stays where it is.
"""

from alembic import op

revision = "loyalty_0020"
down_revision = "loyalty_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE remarks (
            entry_id uuid NOT NULL,
            member_id uuid NOT NULL,
            salt bytea NOT NULL,
            said text NOT NULL,
            CONSTRAINT pk_remarks PRIMARY KEY (entry_id),
            CONSTRAINT fk_remarks_entry_id_entries FOREIGN KEY (entry_id) REFERENCES entries (id)
        )
    """)
    op.execute("CREATE INDEX ix_remarks_member_id ON remarks (member_id)")
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE ON remarks "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
