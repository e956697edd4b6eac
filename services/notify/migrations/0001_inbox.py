"""Mailboxes, contacts, preferences, campaigns, deliveries."""

from alembic import op

revision = "notify_0001"
down_revision = None
branch_labels = ("notify",)
depends_on = None

STATEMENTS = """
CREATE TABLE mailboxes (
    member_id uuid NOT NULL,
    last_seq bigint DEFAULT 0 NOT NULL,
    unread bigint DEFAULT 0 NOT NULL,
    CONSTRAINT pk_mailboxes PRIMARY KEY (member_id),
    CONSTRAINT ck_mailboxes_unread CHECK (unread BETWEEN 0 AND last_seq)
);

CREATE TABLE inbox_items (
    member_id uuid NOT NULL,
    seq bigint NOT NULL,
    item_id uuid NOT NULL,
    cause text NOT NULL,
    category text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    action text,
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    CONSTRAINT pk_inbox_items PRIMARY KEY (member_id, seq),
    CONSTRAINT uq_inbox_items_item_id UNIQUE (item_id),
    CONSTRAINT uq_inbox_items_member_id_cause UNIQUE (member_id, cause),
    CONSTRAINT ck_inbox_items_seq CHECK (seq >= 1),
    CONSTRAINT ck_inbox_items_category CHECK (
        category IN ('account', 'orders', 'points', 'support', 'surveys', 'marketing')
    ),
    CONSTRAINT fk_inbox_items_member_id_mailboxes
        FOREIGN KEY (member_id) REFERENCES mailboxes (member_id)
);
CREATE INDEX ix_inbox_items_unread ON inbox_items (member_id, seq) WHERE read_at IS NULL;

CREATE TABLE contacts (
    member_id uuid NOT NULL,
    email text,
    display_name text,
    language text,
    time_zone text,
    copied_at timestamptz,
    merged_into uuid,
    merged_at timestamptz,
    unsubscribe_token uuid NOT NULL,
    CONSTRAINT pk_contacts PRIMARY KEY (member_id),
    CONSTRAINT uq_contacts_unsubscribe_token UNIQUE (unsubscribe_token)
);
CREATE INDEX ix_contacts_merged_into ON contacts (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE preferences (
    member_id uuid NOT NULL,
    choices jsonb NOT NULL,
    quiet_from time,
    quiet_until time,
    time_zone text,
    changed_at timestamptz NOT NULL,
    CONSTRAINT pk_preferences PRIMARY KEY (member_id),
    CONSTRAINT ck_preferences_quiet_hours CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
);

CREATE TABLE campaigns (
    campaign_id uuid NOT NULL,
    name text NOT NULL,
    segment text NOT NULL,
    category text NOT NULL,
    channels text[] NOT NULL,
    content jsonb NOT NULL,
    action text,
    state text NOT NULL,
    audience bigint DEFAULT 0 NOT NULL,
    last_page integer,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT pk_campaigns PRIMARY KEY (campaign_id),
    CONSTRAINT ck_campaigns_state CHECK (
        state IN ('draft', 'running', 'paused', 'finished', 'cancelled')
    ),
    CONSTRAINT ck_campaigns_category CHECK (
        category IN ('account', 'orders', 'points', 'support', 'surveys', 'marketing')
    ),
    CONSTRAINT ck_campaigns_channels CHECK (cardinality(channels) > 0),
    CONSTRAINT ck_campaigns_started CHECK (
        (state = 'draft') = (started_at IS NULL) OR state = 'cancelled'
    )
);
CREATE INDEX ix_campaigns_open ON campaigns (state) WHERE state IN ('running', 'paused');

CREATE TABLE audience_pages (
    campaign_id uuid NOT NULL,
    page integer NOT NULL,
    CONSTRAINT pk_audience_pages PRIMARY KEY (campaign_id, page),
    CONSTRAINT fk_audience_pages_campaign_id_campaigns
        FOREIGN KEY (campaign_id) REFERENCES campaigns (campaign_id)
);

CREATE TABLE deliveries (
    delivery_id uuid NOT NULL,
    member_id uuid NOT NULL,
    channel text NOT NULL,
    cause text NOT NULL,
    template text NOT NULL,
    category text NOT NULL,
    campaign_id uuid,
    facts jsonb NOT NULL,
    action text,
    language text,
    state text NOT NULL,
    reason text,
    attempt integer DEFAULT 0 NOT NULL,
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    leased_until timestamptz,
    ended_at timestamptz,
    CONSTRAINT pk_deliveries PRIMARY KEY (delivery_id),
    CONSTRAINT uq_deliveries_cause_member_id_channel UNIQUE (cause, member_id, channel),
    CONSTRAINT ck_deliveries_state CHECK (
        state IN ('queued', 'in_flight', 'sent', 'failed', 'skipped', 'unknown', 'cancelled')
    ),
    CONSTRAINT ck_deliveries_category CHECK (
        category IN ('account', 'orders', 'points', 'support', 'surveys', 'marketing')
    ),
    CONSTRAINT ck_deliveries_channel CHECK (channel IN ('inbox', 'email', 'push')),
    CONSTRAINT ck_deliveries_lease CHECK ((state = 'in_flight') = (leased_until IS NOT NULL)),
    CONSTRAINT fk_deliveries_campaign_id_campaigns
        FOREIGN KEY (campaign_id) REFERENCES campaigns (campaign_id)
) WITH (fillfactor = 80);
CREATE INDEX ix_deliveries_campaign_id ON deliveries (campaign_id, channel, state);
CREATE INDEX ix_deliveries_in_flight ON deliveries (leased_until) WHERE state = 'in_flight';
CREATE INDEX ix_deliveries_member_id ON deliveries (member_id);
CREATE INDEX ix_deliveries_queued ON deliveries (channel, campaign_id, due_at)
    WHERE state = 'queued';
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
