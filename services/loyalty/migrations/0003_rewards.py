"""Coupons, code pools, gates and fulfilment of rewards, and members' devices."""

from alembic import op

revision = "loyalty_0003"
down_revision = "loyalty_0002"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE TABLE coupon_series (
    series_id uuid NOT NULL,
    name jsonb NOT NULL,
    description jsonb NOT NULL,
    kind text NOT NULL,
    amount_minor bigint,
    percent integer,
    most_minor bigint,
    gift text,
    currency text,
    minimum_spend_minor bigint NOT NULL,
    priority integer NOT NULL,
    stacking_group text,
    exclusive boolean NOT NULL,
    coupon_uses integer,
    member_uses integer,
    valid_from timestamptz,
    valid_until timestamptz,
    valid_days integer,
    tiers text[] DEFAULT '{}' NOT NULL,
    segments text[] DEFAULT '{}' NOT NULL,
    returns_with_order boolean NOT NULL,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pk_coupon_series PRIMARY KEY (series_id),
    CONSTRAINT ck_coupon_series_kind CHECK (kind IN ('amount', 'percent', 'shipping', 'gift')),
    CONSTRAINT ck_coupon_series_amount CHECK ((kind = 'amount') = (amount_minor IS NOT NULL)),
    CONSTRAINT ck_coupon_series_percent CHECK ((kind = 'percent') = (percent IS NOT NULL)),
    CONSTRAINT ck_coupon_series_gift CHECK ((kind = 'gift') = (gift IS NOT NULL)),
    CONSTRAINT ck_coupon_series_positive CHECK (amount_minor > 0 AND most_minor > 0),
    CONSTRAINT ck_coupon_series_share CHECK (percent BETWEEN 1 AND 100),
    CONSTRAINT ck_coupon_series_minimum_spend_minor CHECK (minimum_spend_minor >= 0),
    CONSTRAINT ck_coupon_series_limits
        CHECK (coupon_uses > 0 AND member_uses > 0 AND valid_days > 0),
    CONSTRAINT ck_coupon_series_valid_until CHECK (valid_until > valid_from)
);
CREATE INDEX ix_coupon_series_updated_at ON coupon_series (updated_at);

CREATE TABLE coupons (
    coupon_id uuid NOT NULL,
    series_id uuid NOT NULL,
    code text NOT NULL,
    member_id uuid,
    uses integer DEFAULT '0' NOT NULL,
    most_uses integer,
    valid_until timestamptz,
    issued_at timestamptz NOT NULL,
    revoked_at timestamptz,
    reminded boolean DEFAULT false NOT NULL,
    source text,
    CONSTRAINT pk_coupons PRIMARY KEY (coupon_id),
    CONSTRAINT uq_coupons_code UNIQUE (code),
    CONSTRAINT uq_coupons_source UNIQUE (source),
    CONSTRAINT ck_coupons_uses CHECK (uses >= 0 AND uses <= most_uses),
    CONSTRAINT fk_coupons_series_id_coupon_series
        FOREIGN KEY (series_id) REFERENCES coupon_series (series_id)
) WITH (fillfactor = 80);
CREATE INDEX ix_coupons_member_id ON coupons (member_id, coupon_id) WHERE member_id IS NOT NULL;
CREATE INDEX ix_coupons_reminder ON coupons (valid_until)
        WHERE member_id IS NOT NULL AND uses = 0 AND NOT reminded;
CREATE INDEX ix_coupons_series_id ON coupons (series_id, coupon_id);

CREATE TABLE coupon_member_uses (
    series_id uuid NOT NULL,
    member_id uuid NOT NULL,
    uses integer NOT NULL,
    most integer,
    CONSTRAINT pk_coupon_member_uses PRIMARY KEY (series_id, member_id),
    CONSTRAINT ck_coupon_member_uses_uses CHECK (uses >= 0 AND uses <= most),
    CONSTRAINT fk_coupon_member_uses_series_id_coupon_series
        FOREIGN KEY (series_id) REFERENCES coupon_series (series_id)
);

CREATE TABLE order_discounts (
    discount_id uuid NOT NULL,
    order_id text NOT NULL,
    key uuid NOT NULL,
    member_id uuid NOT NULL,
    codes text[] NOT NULL,
    amount_minor bigint NOT NULL,
    currency text NOT NULL,
    discount_minor bigint NOT NULL,
    redeemed_at timestamptz NOT NULL,
    rolled_back_at timestamptz,
    CONSTRAINT pk_order_discounts PRIMARY KEY (discount_id),
    CONSTRAINT uq_order_discounts_key UNIQUE (key),
    CONSTRAINT ck_order_discounts_discount_minor CHECK (discount_minor BETWEEN 0 AND amount_minor)
);
CREATE INDEX ix_order_discounts_member_id ON order_discounts (member_id);
CREATE UNIQUE INDEX uq_order_discounts_order_id ON order_discounts (order_id)
        WHERE rolled_back_at IS NULL;

CREATE TABLE coupon_uses (
    discount_id uuid NOT NULL,
    coupon_id uuid NOT NULL,
    discount_minor bigint NOT NULL,
    CONSTRAINT pk_coupon_uses PRIMARY KEY (discount_id, coupon_id),
    CONSTRAINT ck_coupon_uses_discount_minor CHECK (discount_minor >= 0),
    CONSTRAINT fk_coupon_uses_discount_id_order_discounts
        FOREIGN KEY (discount_id) REFERENCES order_discounts (discount_id),
    CONSTRAINT fk_coupon_uses_coupon_id_coupons
        FOREIGN KEY (coupon_id) REFERENCES coupons (coupon_id)
);
CREATE INDEX ix_coupon_uses_coupon_id ON coupon_uses (coupon_id);

CREATE TABLE reward_codes (
    reward_id uuid NOT NULL,
    code text NOT NULL,
    redemption_id uuid,
    CONSTRAINT pk_reward_codes PRIMARY KEY (reward_id, code),
    CONSTRAINT uq_reward_codes_redemption_id UNIQUE (redemption_id),
    CONSTRAINT fk_reward_codes_reward_id_rewards
        FOREIGN KEY (reward_id) REFERENCES rewards (reward_id),
    CONSTRAINT fk_reward_codes_redemption_id_redemptions
        FOREIGN KEY (redemption_id) REFERENCES redemptions (redemption_id)
);
CREATE INDEX ix_reward_codes_free ON reward_codes (reward_id, code) WHERE redemption_id IS NULL;

CREATE TABLE code_loads (
    load_id uuid NOT NULL,
    reward_id uuid,
    series_id uuid,
    wanted integer NOT NULL,
    prefix text NOT NULL,
    length integer NOT NULL,
    added bigint NOT NULL,
    duplicates bigint NOT NULL,
    invalid bigint NOT NULL,
    errors jsonb DEFAULT '[]' NOT NULL,
    actor text NOT NULL,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT pk_code_loads PRIMARY KEY (load_id),
    CONSTRAINT ck_code_loads_target CHECK (num_nonnulls(reward_id, series_id) = 1),
    CONSTRAINT ck_code_loads_wanted CHECK (wanted >= 0),
    CONSTRAINT fk_code_loads_reward_id_rewards
        FOREIGN KEY (reward_id) REFERENCES rewards (reward_id),
    CONSTRAINT fk_code_loads_series_id_coupon_series
        FOREIGN KEY (series_id) REFERENCES coupon_series (series_id)
);
CREATE INDEX ix_code_loads_running ON code_loads (load_id) WHERE finished_at IS NULL;

CREATE TABLE code_chunks (
    load_id uuid NOT NULL,
    number integer NOT NULL,
    first_line integer NOT NULL,
    lines text NOT NULL,
    CONSTRAINT pk_code_chunks PRIMARY KEY (load_id, number),
    CONSTRAINT fk_code_chunks_load_id_code_loads
        FOREIGN KEY (load_id) REFERENCES code_loads (load_id)
);

CREATE TABLE devices (
    member_id uuid NOT NULL,
    device text NOT NULL,
    session text NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    CONSTRAINT pk_devices PRIMARY KEY (member_id, device)
);
CREATE INDEX ix_devices_device ON devices (device);
CREATE INDEX ix_devices_session ON devices (session);

ALTER TABLE rewards
    ADD COLUMN kind text NOT NULL DEFAULT 'benefit',
    ADD COLUMN cooldown_s bigint,
    ADD COLUMN valid_from timestamptz,
    ADD COLUMN valid_until timestamptz,
    ADD COLUMN tiers text[] NOT NULL DEFAULT '{}',
    ADD COLUMN segments text[] NOT NULL DEFAULT '{}',
    ADD COLUMN series_id uuid,
    ADD CONSTRAINT ck_rewards_kind CHECK (kind IN
        ('benefit', 'code', 'physical', 'coupon', 'freeze_card', 'makeup_card')),
    ADD CONSTRAINT ck_rewards_cooldown_s CHECK (cooldown_s > 0),
    ADD CONSTRAINT ck_rewards_valid_until CHECK (valid_until > valid_from),
    ADD CONSTRAINT ck_rewards_series_id CHECK ((kind = 'coupon') = (series_id IS NOT NULL)),
    ADD CONSTRAINT fk_rewards_series_id_coupon_series
        FOREIGN KEY (series_id) REFERENCES coupon_series (series_id);

ALTER TABLE redemptions
    ADD COLUMN code text,
    ADD COLUMN fulfilment text NOT NULL DEFAULT 'none',
    ADD COLUMN tracking text,
    ADD COLUMN fulfilment_at timestamptz,
    ADD CONSTRAINT ck_redemptions_fulfilment CHECK (fulfilment IN
        ('none', 'requested', 'packed', 'shipped', 'delivered', 'cancelled'));

CREATE INDEX ix_redemptions_member_id_redeemed_at ON redemptions (member_id, redeemed_at);

CREATE INDEX ix_redemptions_open ON redemptions (redemption_id)
    WHERE fulfilment IN ('requested', 'packed', 'shipped')
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
