"""Codes that earn: series to claim, the claims made, and how often members try wrong codes."""

from alembic import op

revision = "loyalty_0026"
down_revision = "loyalty_0025"
branch_labels = None
depends_on = None

STATEMENTS = """
ALTER TABLE coupon_series
    ADD COLUMN key text,
    ADD COLUMN prize jsonb,
    DROP CONSTRAINT ck_coupon_series_kind,
    ADD CONSTRAINT ck_coupon_series_kind
        CHECK (kind IN ('amount', 'percent', 'shipping', 'gift', 'claim')),
    ADD CONSTRAINT uq_coupon_series_key UNIQUE (key),
    ADD CONSTRAINT ck_coupon_series_key CHECK ((kind = 'claim') = (key IS NOT NULL)),
    ADD CONSTRAINT ck_coupon_series_prize CHECK (kind = 'claim' OR prize IS NULL),
    ADD CONSTRAINT ck_coupon_series_claim CHECK (kind <> 'claim'
        OR (currency IS NULL AND most_minor IS NULL AND minimum_spend_minor = 0
            AND (coupon_uses IS NOT DISTINCT FROM 1 OR member_uses IS NOT NULL)));

CREATE TABLE code_claims (
    claim_id uuid NOT NULL,
    coupon_id uuid NOT NULL,
    number integer NOT NULL,
    series_id uuid NOT NULL,
    member_id uuid NOT NULL,
    key uuid NOT NULL,
    points bigint NOT NULL,
    pending_points bigint NOT NULL,
    growth_points bigint NOT NULL,
    claimed_at timestamptz NOT NULL,
    undone_at timestamptz,
    CONSTRAINT pk_code_claims PRIMARY KEY (claim_id),
    CONSTRAINT uq_code_claims_coupon_id_number UNIQUE (coupon_id, number),
    CONSTRAINT uq_code_claims_key UNIQUE (key),
    CONSTRAINT ck_code_claims_number CHECK (number > 0),
    CONSTRAINT ck_code_claims_points
        CHECK (points >= 0 AND growth_points >= 0 AND pending_points BETWEEN 0 AND points),
    CONSTRAINT fk_code_claims_coupon_id_coupons
        FOREIGN KEY (coupon_id) REFERENCES coupons (coupon_id),
    CONSTRAINT fk_code_claims_series_id_coupon_series
        FOREIGN KEY (series_id) REFERENCES coupon_series (series_id)
);
CREATE INDEX ix_code_claims_member_id ON code_claims (member_id, claim_id);
CREATE INDEX ix_code_claims_series_id ON code_claims (series_id, claim_id);

CREATE TABLE wrong_codes (
    member_id uuid NOT NULL,
    tried_at timestamptz[] NOT NULL,
    CONSTRAINT pk_wrong_codes PRIMARY KEY (member_id)
);

ALTER TABLE velocity_limits
    ADD COLUMN hourly_wrong_codes integer DEFAULT 10,
    DROP CONSTRAINT ck_velocity_limits_limits,
    ADD CONSTRAINT ck_velocity_limits_limits
        CHECK (hourly_redemptions > 0 AND daily_redemptions > 0
            AND daily_points > 0 AND new_device_hours >= 0 AND new_device_points >= 0
            AND hourly_wrong_codes > 0);

ALTER TABLE velocity_limits ALTER COLUMN hourly_wrong_codes DROP DEFAULT
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
