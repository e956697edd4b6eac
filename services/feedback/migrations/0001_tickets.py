"""Members, articles, tickets, messages, notes, surveys."""

from alembic import op

revision = "feedback_0001"
down_revision = None
branch_labels = ("feedback",)
depends_on = None

STATEMENTS = """
CREATE TABLE members (
    member_id uuid,
    display_name varchar,
    language varchar NOT NULL,
    described_at timestamptz,
    tier varchar NOT NULL,
    tier_changed_at timestamptz,
    merged_into uuid,
    merged_at timestamptz,
    CONSTRAINT pk_members PRIMARY KEY (member_id)
);
CREATE INDEX ix_members_merged_into ON members (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE articles (
    id uuid,
    category varchar NOT NULL,
    stage varchar(16) NOT NULL,
    version integer NOT NULL,
    written_by varchar NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    published_at timestamptz,
    CONSTRAINT pk_articles PRIMARY KEY (id),
    CONSTRAINT ck_articles_stage CHECK (stage IN ('draft', 'published'))
);
CREATE INDEX ix_articles_category ON articles (category);

CREATE TABLE article_texts (
    article_id uuid,
    language varchar,
    title varchar NOT NULL,
    body varchar NOT NULL,
    terms tsvector NOT NULL,
    length integer NOT NULL,
    CONSTRAINT pk_article_texts PRIMARY KEY (article_id, language),
    CONSTRAINT fk_article_texts_article_id_articles
        FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE
);
CREATE INDEX ix_article_texts_terms ON article_texts USING gin (terms);

CREATE TABLE tickets (
    id uuid,
    member_id uuid NOT NULL,
    follows_id uuid,
    subject varchar NOT NULL,
    status varchar(16) NOT NULL,
    priority varchar(16) NOT NULL,
    tier varchar NOT NULL,
    channel varchar(16) NOT NULL,
    assignee_id varchar,
    last_number integer NOT NULL,
    opened_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    first_response_due_at timestamptz NOT NULL,
    first_response_at timestamptz,
    breached_at timestamptz,
    resolved_at timestamptz,
    resolved_by varchar,
    CONSTRAINT pk_tickets PRIMARY KEY (id),
    CONSTRAINT uq_tickets_follows_id UNIQUE (follows_id),
    CONSTRAINT fk_tickets_follows_id_tickets FOREIGN KEY (follows_id) REFERENCES tickets (id),
    CONSTRAINT ck_tickets_status CHECK (status IN ('open', 'pending', 'resolved')),
    CONSTRAINT ck_tickets_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    CONSTRAINT ck_tickets_channel CHECK (channel IN ('app', 'web')),
    CONSTRAINT ck_tickets_resolution CHECK ((status = 'resolved') = (resolved_at IS NOT NULL))
);
CREATE INDEX ix_tickets_member_id_id ON tickets (member_id, id);
CREATE INDEX ix_tickets_queue ON tickets (status, first_response_due_at, id);
CREATE INDEX ix_tickets_assignee_id ON tickets (assignee_id, first_response_due_at, id);
CREATE INDEX ix_tickets_unanswered ON tickets (first_response_due_at)
    WHERE first_response_at IS NULL AND breached_at IS NULL AND status <> 'resolved';

CREATE TABLE messages (
    ticket_id uuid,
    number integer,
    id uuid NOT NULL,
    author varchar(16) NOT NULL,
    author_id varchar NOT NULL,
    client_msg_id uuid NOT NULL,
    text varchar NOT NULL,
    sent_at timestamptz NOT NULL,
    CONSTRAINT pk_messages PRIMARY KEY (ticket_id, number),
    CONSTRAINT uq_messages_id UNIQUE (id),
    CONSTRAINT uq_messages_ticket_id_author_id_client_msg_id
        UNIQUE (ticket_id, author_id, client_msg_id),
    CONSTRAINT fk_messages_ticket_id_tickets FOREIGN KEY (ticket_id) REFERENCES tickets (id),
    CONSTRAINT ck_messages_author CHECK (author IN ('member', 'agent', 'system')),
    CONSTRAINT ck_messages_number CHECK (number > 0)
);

CREATE TABLE notes (
    id uuid,
    ticket_id uuid NOT NULL,
    author_id varchar NOT NULL,
    client_msg_id uuid NOT NULL,
    text varchar NOT NULL,
    written_at timestamptz NOT NULL,
    CONSTRAINT pk_notes PRIMARY KEY (id),
    CONSTRAINT uq_notes_ticket_id_author_id_client_msg_id
        UNIQUE (ticket_id, author_id, client_msg_id),
    CONSTRAINT fk_notes_ticket_id_tickets FOREIGN KEY (ticket_id) REFERENCES tickets (id)
);

CREATE TABLE surveys (
    id uuid,
    member_id uuid NOT NULL,
    kind varchar(16) NOT NULL,
    ticket_id uuid,
    question jsonb NOT NULL,
    offered_at timestamptz NOT NULL,
    score smallint,
    comment varchar,
    answered_at timestamptz,
    CONSTRAINT pk_surveys PRIMARY KEY (id),
    CONSTRAINT uq_surveys_ticket_id UNIQUE (ticket_id),
    CONSTRAINT fk_surveys_ticket_id_tickets FOREIGN KEY (ticket_id) REFERENCES tickets (id),
    CONSTRAINT ck_surveys_kind CHECK (kind IN ('csat', 'nps', 'ces')),
    CONSTRAINT ck_surveys_answer CHECK ((score IS NULL) = (answered_at IS NULL))
);
CREATE INDEX ix_surveys_member_id ON surveys (member_id) WHERE answered_at IS NULL;
CREATE INDEX ix_surveys_kind_answered_at ON surveys (kind, answered_at);
CREATE UNIQUE INDEX uq_surveys_standing ON surveys (member_id, kind)
    WHERE answered_at IS NULL AND ticket_id IS NULL;
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";\n"):
        if statement.strip():
            op.execute(statement)
