"""Points that pay for orders."""

from alembic import op

revision = "loyalty_0030"
down_revision = "loyalty_0029"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE TABLE payment_terms (
    currency text NOT NULL,
    points bigint NOT NULL,
    minor bigint NOT NULL,
    least_points bigint NOT NULL,
    step bigint NOT NULL,
    most_percent integer NOT NULL,
    most_minor bigint,
    with_coupons boolean NOT NULL,
    lasts_s integer NOT NULL,
    CONSTRAINT pk_payment_terms PRIMARY KEY (currency),
    CONSTRAINT ck_payment_terms_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT ck_payment_terms_worth CHECK (points > 0 AND minor > 0),
    CONSTRAINT ck_payment_terms_least_points
        CHECK (least_points > 0 AND step > 0 AND lasts_s > 0),
    CONSTRAINT ck_payment_terms_most CHECK (most_percent BETWEEN 1 AND 100 AND most_minor > 0)
);

CREATE TABLE payments (
    payment_id uuid NOT NULL,
    order_id text NOT NULL,
    key uuid NOT NULL,
    member_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    points bigint NOT NULL,
    discount_minor bigint NOT NULL,
    worth_points bigint NOT NULL,
    worth_minor bigint NOT NULL,
    with_coupons boolean NOT NULL,
    made_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT pk_payments PRIMARY KEY (payment_id),
    CONSTRAINT uq_payments_key UNIQUE (key),
    CONSTRAINT ck_payments_points CHECK (points > 0 AND worth_points > 0 AND worth_minor > 0),
    CONSTRAINT ck_payments_discount_minor CHECK (discount_minor BETWEEN 1 AND amount_minor),
    CONSTRAINT ck_payments_worth
        CHECK (discount_minor = div(points::numeric * worth_minor, worth_points)),
    CONSTRAINT fk_payments_payment_id_holds FOREIGN KEY (payment_id) REFERENCES holds (hold_id)
);
CREATE UNIQUE INDEX uq_payments_order_id ON payments (order_id) WHERE ended_at IS NULL;
CREATE INDEX ix_payments_order_id ON payments (order_id, payment_id);
CREATE INDEX ix_payments_member_id ON payments (member_id, made_at)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
