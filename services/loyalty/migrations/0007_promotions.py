"""Missions, badges, offers and referrals."""

from alembic import op

revision = "loyalty_0007"
down_revision = "loyalty_0006"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE TABLE badges (
    badge text NOT NULL,
    name jsonb NOT NULL,
    description jsonb NOT NULL,
    icon text,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_badges PRIMARY KEY (badge)
);

CREATE TABLE member_badges (
    member_id uuid NOT NULL,
    badge text NOT NULL,
    source text NOT NULL,
    awarded_at timestamptz NOT NULL,
    CONSTRAINT pk_member_badges PRIMARY KEY (member_id, badge),
    CONSTRAINT fk_member_badges_badge_badges FOREIGN KEY (badge) REFERENCES badges (badge)
);

CREATE TABLE missions (
    mission_id uuid NOT NULL,
    name jsonb NOT NULL,
    description jsonb NOT NULL,
    goals jsonb NOT NULL,
    prize jsonb NOT NULL,
    recurrence text NOT NULL,
    starts_at timestamptz,
    ends_at timestamptz,
    tiers text[] DEFAULT '{}' NOT NULL,
    segments text[] DEFAULT '{}' NOT NULL,
    claimed_by_itself boolean NOT NULL,
    ranked boolean NOT NULL,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_missions PRIMARY KEY (mission_id),
    CONSTRAINT ck_missions_recurrence CHECK (recurrence IN ('once', 'daily', 'weekly', 'monthly')),
    CONSTRAINT ck_missions_goals CHECK (jsonb_array_length(goals) BETWEEN 1 AND 10),
    CONSTRAINT ck_missions_ends_at CHECK (ends_at > starts_at)
);
CREATE INDEX ix_missions_active ON missions (mission_id) WHERE active;

CREATE TABLE mission_marks (
    mission_id uuid NOT NULL,
    member_id uuid NOT NULL,
    begins date NOT NULL,
    goal integer NOT NULL,
    source_type text NOT NULL,
    source_id text NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT pk_mission_marks
        PRIMARY KEY (mission_id, member_id, begins, goal, source_type, source_id),
    CONSTRAINT ck_mission_marks_amount CHECK (amount > 0),
    CONSTRAINT fk_mission_marks_mission_id_missions
        FOREIGN KEY (mission_id) REFERENCES missions (mission_id)
);
CREATE INDEX ix_mission_marks_source ON mission_marks (source_type, source_id);

CREATE TABLE mission_progress (
    mission_id uuid NOT NULL,
    begins date NOT NULL,
    member_id uuid NOT NULL,
    counts bigint[] NOT NULL,
    score bigint GENERATED ALWAYS AS (counts[1]) STORED,
    completed_at timestamptz,
    claimed_at timestamptz,
    CONSTRAINT pk_mission_progress PRIMARY KEY (mission_id, begins, member_id),
    CONSTRAINT ck_mission_progress_claimed_at
        CHECK (claimed_at IS NULL OR completed_at IS NOT NULL),
    CONSTRAINT fk_mission_progress_mission_id_missions
        FOREIGN KEY (mission_id) REFERENCES missions (mission_id)
) WITH (fillfactor = 80);
CREATE INDEX ix_mission_progress_member_id ON mission_progress (member_id, mission_id, begins);
CREATE INDEX ix_mission_progress_score
    ON mission_progress (mission_id, begins, score DESC, member_id);

CREATE TABLE offers (
    offer_id uuid NOT NULL,
    name jsonb NOT NULL,
    description jsonb NOT NULL,
    occasion text NOT NULL,
    prize jsonb NOT NULL,
    priority integer NOT NULL,
    tiers text[] DEFAULT '{}' NOT NULL,
    segments text[] DEFAULT '{}' NOT NULL,
    stages text[] DEFAULT '{}' NOT NULL,
    before_first_order boolean NOT NULL,
    enrolled_days integer,
    valid_from timestamptz,
    valid_until timestamptz,
    claim_limit bigint,
    claimed bigint DEFAULT '0' NOT NULL,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_offers PRIMARY KEY (offer_id),
    CONSTRAINT ck_offers_occasion
        CHECK (occasion IN ('new_member', 'vip', 'win_back', 'limited_time', 'general')),
    CONSTRAINT ck_offers_claimed CHECK (claimed >= 0 AND claimed <= claim_limit),
    CONSTRAINT ck_offers_valid_until CHECK (valid_until > valid_from),
    CONSTRAINT ck_offers_enrolled_days CHECK (enrolled_days > 0)
) WITH (fillfactor = 70);
CREATE INDEX ix_offers_active ON offers (priority, offer_id) WHERE active;

CREATE TABLE offer_claims (
    offer_id uuid NOT NULL,
    member_id uuid NOT NULL,
    claimed_at timestamptz NOT NULL,
    CONSTRAINT pk_offer_claims PRIMARY KEY (offer_id, member_id),
    CONSTRAINT fk_offer_claims_offer_id_offers FOREIGN KEY (offer_id) REFERENCES offers (offer_id)
);

CREATE TABLE referral_codes (
    member_id uuid NOT NULL,
    code text NOT NULL,
    network text,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_referral_codes PRIMARY KEY (member_id),
    CONSTRAINT uq_referral_codes_code UNIQUE (code)
);

CREATE TABLE referrals (
    friend_id uuid NOT NULL,
    referrer_id uuid NOT NULL,
    state text NOT NULL,
    reason text,
    network text,
    accepted_at timestamptz NOT NULL,
    look_at timestamptz,
    order_id text,
    settled_at timestamptz,
    CONSTRAINT pk_referrals PRIMARY KEY (friend_id),
    CONSTRAINT ck_referrals_state CHECK (state IN ('pending', 'rewarded', 'rejected', 'lapsed')),
    CONSTRAINT ck_referrals_friend_id CHECK (friend_id <> referrer_id),
    CONSTRAINT ck_referrals_look_at CHECK ((state = 'pending') = (look_at IS NOT NULL))
);
CREATE INDEX ix_referrals_look_at ON referrals (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX ix_referrals_network ON referrals (network, accepted_at);
CREATE INDEX ix_referrals_referrer_id ON referrals (referrer_id, accepted_at);

CREATE TABLE referral_terms (
    single boolean DEFAULT true NOT NULL,
    referrer_prize jsonb NOT NULL,
    friend_prize jsonb NOT NULL,
    minimum_order_minor bigint NOT NULL,
    return_days integer NOT NULL,
    new_days integer NOT NULL,
    lapse_days integer NOT NULL,
    most_rewarded integer NOT NULL,
    most_per_network integer NOT NULL,
    CONSTRAINT pk_referral_terms PRIMARY KEY (single),
    CONSTRAINT ck_referral_terms_single CHECK (single),
    CONSTRAINT ck_referral_terms_terms
        CHECK (minimum_order_minor >= 0 AND return_days >= 0 AND new_days > 0
            AND lapse_days > 0 AND most_rewarded > 0 AND most_per_network > 0)
);

INSERT INTO referral_terms (referrer_prize, friend_prize, minimum_order_minor, return_days,
    new_days, lapse_days, most_rewarded, most_per_network)
VALUES ('{"points": 200, "valid_days": 365}', '{"points": 100, "valid_days": 365}', 5000, 15,
    14, 90, 10, 3)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
