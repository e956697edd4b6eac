"""Draws with published odds, and how fast points may leave."""

from alembic import op

revision = "loyalty_0011"
down_revision = "loyalty_0010"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE TABLE draws (
    draw_id uuid NOT NULL,
    name jsonb NOT NULL,
    description jsonb NOT NULL,
    prizes jsonb NOT NULL,
    seed bytea NOT NULL,
    commitment text NOT NULL,
    entry_points bigint NOT NULL,
    daily_entries integer,
    opens_at timestamptz,
    closes_at timestamptz NOT NULL,
    tiers text[] DEFAULT '{}' NOT NULL,
    segments text[] DEFAULT '{}' NOT NULL,
    active boolean NOT NULL,
    entries bigint DEFAULT '0' NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_draws PRIMARY KEY (draw_id),
    CONSTRAINT ck_draws_entries CHECK (entry_points >= 0 AND daily_entries > 0),
    CONSTRAINT ck_draws_closes_at CHECK (closes_at > opens_at),
    CONSTRAINT ck_draws_commitment CHECK (commitment = encode(sha256(seed), 'hex'))
) WITH (fillfactor = 70);
CREATE INDEX ix_draws_active ON draws (closes_at) WHERE active;

CREATE TABLE draw_stocks (
    draw_id uuid NOT NULL,
    prize text NOT NULL,
    remaining bigint NOT NULL,
    CONSTRAINT pk_draw_stocks PRIMARY KEY (draw_id, prize),
    CONSTRAINT ck_draw_stocks_remaining CHECK (remaining >= 0),
    CONSTRAINT fk_draw_stocks_draw_id_draws FOREIGN KEY (draw_id) REFERENCES draws (draw_id)
);

CREATE TABLE draw_entries (
    draw_id uuid NOT NULL,
    number bigint NOT NULL,
    member_id uuid NOT NULL,
    day date NOT NULL,
    key uuid NOT NULL,
    ticket integer NOT NULL,
    prize text,
    drawn_at timestamptz NOT NULL,
    CONSTRAINT pk_draw_entries PRIMARY KEY (draw_id, number),
    CONSTRAINT uq_draw_entries_member_id_draw_id_key UNIQUE (member_id, draw_id, key),
    CONSTRAINT ck_draw_entries_number CHECK (number >= 1),
    CONSTRAINT ck_draw_entries_ticket CHECK (ticket BETWEEN 0 AND 999999),
    CONSTRAINT fk_draw_entries_draw_id_draws FOREIGN KEY (draw_id) REFERENCES draws (draw_id)
);
CREATE INDEX ix_draw_entries_day ON draw_entries (draw_id, member_id, day);

CREATE TABLE velocity_limits (
    single boolean DEFAULT true NOT NULL,
    hourly_redemptions integer,
    daily_redemptions integer,
    daily_points bigint,
    new_device_hours integer NOT NULL,
    new_device_points bigint,
    CONSTRAINT pk_velocity_limits PRIMARY KEY (single),
    CONSTRAINT ck_velocity_limits_single CHECK (single),
    CONSTRAINT ck_velocity_limits_limits
        CHECK (hourly_redemptions > 0 AND daily_redemptions > 0
            AND daily_points > 0 AND new_device_hours >= 0 AND new_device_points >= 0)
);

ALTER TABLE devices ADD COLUMN trusted_at timestamptz;

INSERT INTO velocity_limits (hourly_redemptions, daily_redemptions, new_device_hours,
    new_device_points)
VALUES (20, 50, 24, 1000);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON draw_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""

FROZEN = """
CREATE FUNCTION refuse_redrawing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'draw % has been published: stop it and make another', OLD.draw_id
        USING ERRCODE = 'restrict_violation';
END $$
"""

FROZEN_TRIGGER = """
CREATE TRIGGER frozen BEFORE UPDATE ON draws FOR EACH ROW
WHEN (OLD.seed <> NEW.seed OR OLD.prizes <> NEW.prizes OR OLD.closes_at <> NEW.closes_at
    OR NEW.entries < OLD.entries)
EXECUTE FUNCTION refuse_redrawing()
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
    op.execute(FROZEN)
    op.execute(FROZEN_TRIGGER)
