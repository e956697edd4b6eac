"""Outbox, inbox, dead letters, idempotency keys, job runs."""

from alembic import op

revision = "kit_0001"
down_revision = None
branch_labels = ("kit",)
depends_on = None

STATEMENTS = """
CREATE TABLE outbox (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    id uuid NOT NULL,
    type text NOT NULL,
    partition smallint NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    stream_seq bigint,
    stream_created_at timestamptz,
    CONSTRAINT pk_outbox PRIMARY KEY (seq)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);
CREATE INDEX ix_outbox_waiting ON outbox (seq) WHERE published_at IS NULL;
CREATE INDEX ix_outbox_stream ON outbox (stream_created_at, stream_seq);
COMMENT ON COLUMN outbox.id IS 'The event''s id, and its Nats-Msg-Id.';
COMMENT ON COLUMN outbox.body IS 'The envelope as it is published.';
COMMENT ON COLUMN outbox.stream_seq IS 'Where the stream put it.';
COMMENT ON COLUMN outbox.stream_created_at IS 'Which life of the stream that was.';

CREATE TABLE inbox (
    event_id uuid,
    type text NOT NULL,
    handled_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_inbox PRIMARY KEY (event_id)
);
CREATE INDEX ix_inbox_handled_at ON inbox (handled_at);

CREATE TABLE dead_letters (
    event_id uuid,
    type text NOT NULL,
    body bytea NOT NULL,
    error text NOT NULL,
    tries integer NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    settlement text,
    CONSTRAINT pk_dead_letters PRIMARY KEY (event_id)
);
CREATE INDEX ix_dead_letters_waiting ON dead_letters (parked_at) WHERE settled_at IS NULL;
COMMENT ON COLUMN dead_letters.body IS 'The message as it arrived.';
COMMENT ON COLUMN dead_letters.settlement IS 'replayed or discarded';

CREATE TABLE idempotency_keys (
    caller text,
    route text,
    key uuid,
    fingerprint bytea NOT NULL,
    status smallint,
    answer bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (caller, route, key)
);
CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);
COMMENT ON COLUMN idempotency_keys.answer IS 'Headers and body, sealed under the request.';

CREATE TABLE job_runs (
    job text,
    next_run_at timestamptz NOT NULL,
    finished_at timestamptz,
    CONSTRAINT pk_job_runs PRIMARY KEY (job)
);
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
