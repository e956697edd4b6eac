"""Finance's sums by month, so that long histories are read as fast as short ones."""

from alembic import op

revision = "loyalty_0018"
down_revision = "loyalty_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE finance_months (
            month date NOT NULL,
            point_type text NOT NULL,
            cohort date NOT NULL,
            origin text NOT NULL,
            movement text NOT NULL,
            available bigint NOT NULL,
            pending bigint NOT NULL,
            held bigint NOT NULL,
            debt bigint NOT NULL,
            CONSTRAINT pk_finance_months PRIMARY KEY (month, point_type, cohort, origin, movement)
        )
    """)
    op.execute("""
        INSERT INTO finance_months
        SELECT date_trunc('month', booked_on)::date, point_type, cohort, origin, movement,
            sum(available), sum(pending), sum(held), sum(debt)
        FROM finance_days GROUP BY 1, 2, 3, 4, 5
    """)
