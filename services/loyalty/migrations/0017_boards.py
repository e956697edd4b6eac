"""Prizes for places on leaderboards, and the final standings."""

from alembic import op

revision = "loyalty_0017"
down_revision = "loyalty_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE missions ADD COLUMN rank_prizes jsonb NOT NULL DEFAULT '[]',
            ADD CONSTRAINT ck_missions_rank_prizes CHECK (ranked OR rank_prizes = '[]')
    """)
    op.execute("""
        CREATE TABLE boards (
            mission_id uuid NOT NULL,
            begins date NOT NULL,
            settled_at timestamptz NOT NULL,
            CONSTRAINT pk_boards PRIMARY KEY (mission_id, begins),
            CONSTRAINT fk_boards_mission_id_missions FOREIGN KEY (mission_id)
                REFERENCES missions (mission_id)
        )
    """)
    op.execute("""
        CREATE TABLE board_places (
            mission_id uuid NOT NULL,
            begins date NOT NULL,
            member_id uuid NOT NULL,
            rank integer NOT NULL,
            score bigint NOT NULL,
            awarded_at timestamptz,
            CONSTRAINT pk_board_places PRIMARY KEY (mission_id, begins, member_id),
            CONSTRAINT ck_board_places_place CHECK (rank >= 1 AND score > 0),
            CONSTRAINT fk_board_places_mission_id_boards FOREIGN KEY (mission_id, begins)
                REFERENCES boards (mission_id, begins)
        )
    """)
    op.execute("CREATE INDEX ix_board_places_member_id ON board_places (member_id)")
    op.execute("""
        CREATE INDEX ix_board_places_open ON board_places (mission_id, begins, rank)
        WHERE awarded_at IS NULL
    """)
