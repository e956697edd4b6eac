"""Reading the segments in one step with the lock that no segment is added under."""

from alembic import op

revision = "profile_0006"
down_revision = "profile_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # each statement of the function sees what was committed before it: the segments are read after
    # the lock is had
    op.execute("""
        CREATE FUNCTION segments_held() RETURNS TABLE (key text, rule text)
        LANGUAGE plpgsql VOLATILE AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock_shared(hashtext('profile.segments'));
            RETURN QUERY SELECT segments.key, segments.rule::text FROM segments;
        END $$
    """)
