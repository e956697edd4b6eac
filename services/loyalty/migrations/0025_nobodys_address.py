"""Occasions keep no address and no device: of those rules learn whether there is one."""

from alembic import op

revision = "loyalty_0025"
down_revision = "loyalty_0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        UPDATE occasions
        SET event = event - ARRAY['email', 'phone', 'display_name', 'anonymous_id', 'device_id']
        WHERE trigger IN
            ('gateway.account.registered', 'gateway.guest.created', 'gateway.session.started')
    """)
