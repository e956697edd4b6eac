"""Policies of traffic: what administrators changed while the gateway ran."""

from alembic import op

revision = "gateway_0003"
down_revision = "gateway_0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE policies (
        version bigint,
        document jsonb NOT NULL,
        changed_by uuid NOT NULL,
        changed_at timestamptz NOT NULL,
        CONSTRAINT pk_policies PRIMARY KEY (version),
        CONSTRAINT ck_policies_version CHECK (version > 0)
    )
    """,
    # versions are history: a new one is added, an old one never changed
    """
    CREATE FUNCTION refuse_change_of_policy() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'versions of the policy are never changed';
    END $$
    """,
    """
    CREATE TRIGGER policies_are_kept BEFORE UPDATE OR DELETE ON policies
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_policy()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
