"""A month closed by two people: one proposes, another closes, both having looked at it."""

from alembic import op

revision = "loyalty_0019"
down_revision = "loyalty_0018"
branch_labels = None
depends_on = None

STATEMENTS = """
ALTER TABLE finance_terms ADD COLUMN closing_by_two boolean NOT NULL DEFAULT false;

ALTER TABLE finance_periods
    ADD COLUMN proposed_by text,
    ADD COLUMN proposed_at timestamptz,
    ADD CONSTRAINT ck_finance_periods_four_eyes CHECK (proposed_by <> closed_by),
    ADD CONSTRAINT ck_finance_periods_proposed
        CHECK ((proposed_by IS NULL) = (proposed_at IS NULL));

CREATE TABLE finance_proposals (
    begins_on date NOT NULL,
    digest text NOT NULL,
    reason text NOT NULL,
    proposed_by text NOT NULL,
    proposed_at timestamptz NOT NULL,
    CONSTRAINT pk_finance_proposals PRIMARY KEY (begins_on)
)
"""

FUNCTION = """
CREATE FUNCTION refuse_one_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.proposed_by IS NULL AND (SELECT closing_by_two FROM finance_terms) THEN
        RAISE EXCEPTION 'two people close a period' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
    op.execute(FUNCTION)
    op.execute(
        "CREATE TRIGGER two_people BEFORE INSERT ON finance_periods"
        " FOR EACH ROW EXECUTE FUNCTION refuse_one_person()"
    )
