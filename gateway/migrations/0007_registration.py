"""Registrations that wait, sealed, for the code that proves their address."""

from alembic import op

revision = "gateway_0007"
down_revision = "gateway_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE codes
            ADD COLUMN sealed_registration bytea,
            DROP CONSTRAINT ck_codes_purpose,
            ADD CONSTRAINT ck_codes_purpose CHECK (purpose IN ('sign_in', 'reset_password',
                'confirm_identifier', 'reset_staff_password', 'register')),
            ADD CONSTRAINT ck_codes_registration
                CHECK ((purpose = 'register') = (sealed_registration IS NOT NULL))
    """)
