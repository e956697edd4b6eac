"""Totals that are added to instead of counted anew: a household's stays, and versions' on trial."""

from alembic import op

revision = "loyalty_0028"
down_revision = "loyalty_0027"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE TABLE finance_stays (
    household_id uuid NOT NULL,
    member_id uuid NOT NULL,
    joined_at timestamptz NOT NULL,
    version bigint NOT NULL,
    earned bigint NOT NULL,
    spent bigint NOT NULL,
    CONSTRAINT pk_finance_stays PRIMARY KEY (household_id, member_id, joined_at)
);
INSERT INTO finance_stays
SELECT stay.household_id, stay.member_id, joined_at, max(version),
    coalesce(sum(points) FILTER (WHERE kind IN ('earn', 'adjust', 'reverse')), 0),
    - coalesce(sum(points) FILTER (WHERE kind IN ('spend', 'capture', 'refund')), 0)
FROM household_members AS stay JOIN entries ON entries.member_id = stay.household_id
    AND point_type = 'points' AND by_member_id = stay.member_id
    AND recorded_at BETWEEN joined_at AND coalesce(left_at, 'infinity')
WHERE seq <= (SELECT seq FROM ledger_marks WHERE name = 'finance')
GROUP BY stay.household_id, stay.member_id, joined_at;
CREATE TABLE version_totals (
    version integer NOT NULL,
    since timestamptz NOT NULL,
    reached uuid NOT NULL,
    members bigint NOT NULL,
    points bigint NOT NULL,
    CONSTRAINT pk_version_totals PRIMARY KEY (version),
    CONSTRAINT fk_version_totals_version_programme_versions
        FOREIGN KEY (version) REFERENCES programme_versions (version)
)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";"):
        op.execute(statement)
