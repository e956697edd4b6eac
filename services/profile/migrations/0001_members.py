"""Members, their ids, activities, orders, segments and audiences."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "profile_0001"
down_revision = None
branch_labels = ("profile",)
depends_on = None

TIME = sa.DateTime(timezone=True)
STATUSES = "'placed', 'paid', 'shipped', 'delivered', 'cancelled', 'partially_refunded', 'refunded'"


def upgrade() -> None:
    _create_members()
    _create_activities()
    _create_orders()
    _create_segments()


def _create_members() -> None:
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("display_name", sa.Text),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("time_zone", sa.Text, nullable=False),
        sa.Column("channel", sa.Text),
        sa.Column("traits", JSONB, nullable=False),
        sa.Column("traits_at", TIME),
        sa.Column("tags", ARRAY(sa.Text), nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("next_stage_at", TIME),
        sa.Column("last_active_at", TIME),
        sa.Column("merged_into", sa.Uuid, sa.ForeignKey("members.id")),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.CheckConstraint("standing IN ('anonymous', 'known', 'registered')", name="standing"),
        sa.CheckConstraint("stage IN ('new', 'active', 'silent', 'lapsed')", name="stage"),
        sa.CheckConstraint("merged_into <> id", name="merged_into"),
        sa.CheckConstraint("merged_into IS NULL OR next_stage_at IS NULL", name="next_stage_at"),
    )
    op.create_index(
        "ix_members_next_stage_at",
        "members",
        ["next_stage_at"],
        postgresql_where=sa.text("next_stage_at IS NOT NULL"),
    )
    op.create_table(
        "identities",
        sa.Column("namespace", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
        sa.Column(
            "member_id",
            sa.Uuid,
            sa.ForeignKey("members.id", deferrable=True, initially="DEFERRED"),
            nullable=False,
        ),
        sa.CheckConstraint("namespace IN ('anonymous', 'member', 'user')", name="namespace"),
    )
    op.create_index("ix_identities_member_id", "identities", ["member_id", "namespace"])


def _create_activities() -> None:
    op.create_table(
        "activities",
        sa.Column("member_id", sa.Uuid, primary_key=True),
        sa.Column("message_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("properties", JSONB, nullable=False),
        sa.Column("context", JSONB, nullable=False),
        sa.Column("occurred_at", TIME, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
    )
    op.create_index("ix_activities_timeline", "activities", ["member_id", "occurred_at"])


def _create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("order_id", sa.Text, primary_key=True),
        sa.Column("member_id", sa.Uuid, sa.ForeignKey("members.id"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("items", JSONB, nullable=False),
        sa.Column("channel", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("progress", sa.Text, nullable=False),
        sa.Column("refunded_minor", sa.BigInteger, nullable=False),
        sa.Column("placed_at", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.CheckConstraint(f"status IN ({STATUSES})", name="status"),
        sa.CheckConstraint(f"progress IN ({STATUSES})", name="progress"),
        sa.CheckConstraint("amount_minor >= 0", name="amount_minor"),
        sa.CheckConstraint("refunded_minor BETWEEN 0 AND amount_minor", name="refunded_minor"),
    )
    op.create_index("ix_orders_member_id", "orders", ["member_id", "placed_at"])
    op.create_table(
        "order_changes",
        sa.Column("order_id", sa.Text, sa.ForeignKey("orders.order_id"), primary_key=True),
        sa.Column("status", sa.Text, primary_key=True),
        sa.Column("refunded_minor", sa.BigInteger, primary_key=True),
        sa.Column("changed_at", TIME, nullable=False),
    )


def _create_segments() -> None:
    op.create_table(
        "segments",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("rule", JSONB, nullable=False),
        sa.Column("filled_to", sa.Uuid),
        sa.Column("created_at", TIME, nullable=False),
    )
    op.create_index(
        "ix_segments_filling",
        "segments",
        ["key"],
        postgresql_where=sa.text("filled_to IS NOT NULL"),
    )
    op.create_table(
        "segment_members",
        sa.Column("segment", sa.Text, primary_key=True),
        sa.Column("member_id", sa.Uuid, sa.ForeignKey("members.id"), primary_key=True),
        sa.Column("since", TIME, nullable=False),
    )
    op.create_index("ix_segment_members_member_id", "segment_members", ["member_id"])
    op.create_table(
        "audiences",
        sa.Column("audience_id", sa.Uuid, primary_key=True),
        sa.Column("segment", sa.Text, nullable=False),
        sa.Column("next_page", sa.Integer, nullable=False),
        sa.Column("listed_to", sa.Uuid, nullable=False),
        sa.Column("requested_at", TIME, nullable=False),
        sa.Column("listed_at", TIME),
    )
    op.create_index(
        "ix_audiences_open",
        "audiences",
        ["requested_at"],
        postgresql_where=sa.text("listed_at IS NULL"),
    )


def downgrade() -> None:
    for table in (
        "audiences",
        "segment_members",
        "segments",
        "order_changes",
        "orders",
        "activities",
        "identities",
        "members",
    ):
        op.drop_table(table)
