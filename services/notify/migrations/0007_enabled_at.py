"""Since when a webhook endpoint is called: what was said before is not posted to it."""

from alembic import op

revision = "notify_0007"
down_revision = "notify_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE webhook_endpoints ADD COLUMN enabled_at timestamptz")
    op.execute("UPDATE webhook_endpoints SET enabled_at = created_at")
    op.execute("ALTER TABLE webhook_endpoints ALTER COLUMN enabled_at SET NOT NULL")
