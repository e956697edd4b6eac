"""Codes by which a member approves the device of a session."""

from alembic import op

revision = "gateway_0009"
down_revision = "gateway_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE codes
            DROP CONSTRAINT ck_codes_purpose,
            ADD CONSTRAINT ck_codes_purpose CHECK (purpose IN ('sign_in', 'reset_password',
                'confirm_identifier', 'reset_staff_password', 'register', 'approve_device')),
            DROP CONSTRAINT ck_codes_member_id,
            ADD CONSTRAINT ck_codes_member_id CHECK (
                (purpose IN ('confirm_identifier', 'approve_device')) = (member_id IS NOT NULL))
    """)
