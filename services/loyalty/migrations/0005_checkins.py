"""Freeze and make-up cards, kinds of check-ins, and keys phones sign with."""

from alembic import op

revision = "loyalty_0005"
down_revision = "loyalty_0004"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE TABLE checkin_cards (
    member_id uuid NOT NULL,
    freezes integer DEFAULT '0' NOT NULL,
    makeups integer DEFAULT '0' NOT NULL,
    best integer DEFAULT '0' NOT NULL,
    CONSTRAINT pk_checkin_cards PRIMARY KEY (member_id),
    CONSTRAINT ck_checkin_cards_cards CHECK (freezes >= 0 AND makeups >= 0 AND best >= 0)
);

CREATE TABLE checkin_keys (
    key_id uuid NOT NULL,
    member_id uuid NOT NULL,
    secret bytea NOT NULL,
    issued_at timestamptz NOT NULL,
    CONSTRAINT pk_checkin_keys PRIMARY KEY (key_id)
);
CREATE INDEX ix_checkin_keys_member_id ON checkin_keys (member_id, key_id);

CREATE TABLE checkin_terms (
    single boolean DEFAULT true NOT NULL,
    freeze_every integer NOT NULL,
    most_freezes integer NOT NULL,
    makeup_days integer NOT NULL,
    window_s bigint NOT NULL,
    CONSTRAINT pk_checkin_terms PRIMARY KEY (single),
    CONSTRAINT ck_checkin_terms_single CHECK (single),
    CONSTRAINT ck_checkin_terms_terms
        CHECK (freeze_every > 0 AND most_freezes >= 0 AND makeup_days >= 0 AND window_s >= 0)
);

ALTER TABLE checkins
    ADD COLUMN kind text NOT NULL DEFAULT 'present',
    ADD COLUMN checked_at timestamptz,
    ADD CONSTRAINT ck_checkins_kind CHECK (kind IN ('present', 'made_up', 'frozen'));

UPDATE checkins SET checked_at = recorded_at;

INSERT INTO checkin_cards (member_id, best)
SELECT member_id, max(streak) FROM checkins GROUP BY member_id;

INSERT INTO checkin_terms (freeze_every, most_freezes, makeup_days, window_s)
VALUES (7, 2, 7, 259200)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
