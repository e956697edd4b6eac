"""Webhooks: endpoints, what is posted to them, and what came of it."""

from alembic import op

revision = "notify_0006"
down_revision = "notify_0005"
branch_labels = None
depends_on = None

STATEMENTS = """
CREATE TABLE webhook_endpoints (
    endpoint_id uuid NOT NULL,
    url text NOT NULL,
    patterns text[] NOT NULL,
    description text NOT NULL,
    contact text,
    language text NOT NULL,
    secret bytea NOT NULL,
    previous_secret bytea,
    previous_until timestamptz,
    state text NOT NULL,
    why_disabled text,
    failing_since timestamptz,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT pk_webhook_endpoints PRIMARY KEY (endpoint_id),
    CONSTRAINT ck_webhook_endpoints_state CHECK (state IN ('enabled', 'disabled')),
    CONSTRAINT ck_webhook_endpoints_patterns CHECK (cardinality(patterns) > 0),
    CONSTRAINT ck_webhook_endpoints_disabled
        CHECK ((state = 'disabled') = (why_disabled IS NOT NULL)),
    CONSTRAINT ck_webhook_endpoints_previous_secret
        CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
);

CREATE TABLE webhook_messages (
    message_id uuid NOT NULL,
    type text NOT NULL,
    subject text,
    body bytea NOT NULL,
    heard_at timestamptz NOT NULL,
    CONSTRAINT pk_webhook_messages PRIMARY KEY (message_id)
);
CREATE INDEX ix_webhook_messages_heard_at ON webhook_messages (heard_at);
CREATE INDEX ix_webhook_messages_subject ON webhook_messages (subject) WHERE subject IS NOT NULL;

CREATE TABLE webhook_deliveries (
    delivery_id uuid NOT NULL,
    endpoint_id uuid NOT NULL,
    message_id uuid NOT NULL,
    state text NOT NULL,
    attempt integer DEFAULT '0' NOT NULL,
    tries integer DEFAULT '0' NOT NULL,
    due_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT pk_webhook_deliveries PRIMARY KEY (delivery_id),
    CONSTRAINT uq_webhook_deliveries_endpoint_id_message_id UNIQUE (endpoint_id, message_id),
    CONSTRAINT fk_webhook_deliveries_endpoint_id_webhook_endpoints
        FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoints (endpoint_id) ON DELETE CASCADE,
    CONSTRAINT fk_webhook_deliveries_message_id_webhook_messages
        FOREIGN KEY (message_id) REFERENCES webhook_messages (message_id) ON DELETE CASCADE,
    CONSTRAINT ck_webhook_deliveries_state CHECK (state IN ('queued', 'delivered', 'failed')),
    CONSTRAINT ck_webhook_deliveries_ended CHECK ((state = 'queued') = (ended_at IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX ix_webhook_deliveries_queued ON webhook_deliveries (endpoint_id, due_at)
    WHERE state = 'queued';
CREATE INDEX ix_webhook_deliveries_endpoint_id ON webhook_deliveries (endpoint_id, delivery_id);
CREATE INDEX ix_webhook_deliveries_message_id ON webhook_deliveries (message_id);

CREATE TABLE webhook_attempts (
    delivery_id uuid NOT NULL,
    attempt integer NOT NULL,
    status integer,
    error text,
    took_ms integer NOT NULL,
    ended_at timestamptz NOT NULL,
    CONSTRAINT pk_webhook_attempts PRIMARY KEY (delivery_id, attempt),
    CONSTRAINT fk_webhook_attempts_delivery_id_webhook_deliveries
        FOREIGN KEY (delivery_id) REFERENCES webhook_deliveries (delivery_id) ON DELETE CASCADE
)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        op.execute(statement)
