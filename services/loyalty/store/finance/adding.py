"""Adding entries up, portion after portion: what each changed of the points of which month.

An entry's points are those of the lots it moved (`lot_moves`) and made. They belong to the month
(`cohort`) and origin their lot began with, wherever they have gone since: a lot that goes on in
another wallet, or comes back in one, is followed to the credit it began as. Points given to
another member come of several lots: they count as of the one that gave the most. Only what never
changes is read, so that adding all up anew comes to the same.

The SQL is put together from pieces of our own alone.
"""

# ruff: noqa: S608

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.loyalty.rules.finance.movements import MOVEMENT_OF, Movement
from services.loyalty.store.sharing import EARNED, IN_STAY, SPENT

MARK = "finance"

_BATCH = f"""
    terms AS (SELECT time_zone FROM finance_terms LIMIT 1),
    batch AS MATERIALIZED (
        SELECT entries.*,
            greatest((recorded_at AT TIME ZONE time_zone)::date, (
                SELECT max(ends_on) + 1 FROM finance_periods WHERE last_seq < entries.seq
            )) AS booked_on,
            {MOVEMENT_OF} AS movement
        FROM entries, terms
        WHERE seq > :after AND seq <= :until
    )
"""

_COHORT = """
    date_trunc('month', greatest(least(occurred_at, recorded_at), '1970-01-02 UTC')
        AT TIME ZONE time_zone)::date AS cohort
"""
"""The month in which points were earned. What is said to be older than computers is so old."""

_BEGAN = f"""
    {_COHORT},
    CASE WHEN kind = 'import' THEN 'import' WHEN source_type = 'order' THEN 'order'
        ELSE 'other' END AS origin,
    rule
"""

_FOLLOW = text(f"""
    WITH RECURSIVE {_BATCH},
    line (lot_id, at, steps) AS (
        SELECT batch.id, batch.id, 0 FROM batch JOIN lots ON lots.id = batch.id
        WHERE kind IN ('transfer', 'refund')
        UNION ALL
        SELECT line.lot_id, earlier.id, steps + 1
        FROM line JOIN entries AS now ON now.id = line.at CROSS JOIN LATERAL (
            SELECT CAST(right(now.rule, 36) AS uuid) AS id WHERE now.kind = 'refund'
            UNION ALL
            (SELECT lot_id FROM entries AS given JOIN lot_moves ON entry_id = given.id
            WHERE now.rule LIKE 'transfer:%' AND given.source_type = now.source_type
                AND given.source_id = now.source_id AND given.rule = 'transfer'
                AND given.leg = 'out'
            ORDER BY lot_moves.points, lot_id LIMIT 1)
            UNION ALL
            (SELECT began.id FROM entries AS began JOIN lots ON lots.id = began.id
            WHERE now.kind = 'transfer' AND now.rule NOT LIKE 'transfer:%'
                AND began.source_type = now.source_type AND began.source_id = now.source_id
                AND began.rule = now.rule
            ORDER BY began.seq LIMIT 1)
        ) AS earlier
        WHERE now.kind IN ('transfer', 'refund') AND earlier.id <> now.id AND steps < 1000
    )
    INSERT INTO finance_lots (lot_id, cohort, origin, rule)
    SELECT DISTINCT ON (line.lot_id) line.lot_id, {_BEGAN}
    FROM line JOIN entries ON entries.id = line.at, terms
    ORDER BY line.lot_id, steps DESC
    ON CONFLICT (lot_id) DO NOTHING
""")

_PARTS = f"""
    {_BATCH},
    posted AS (
        SELECT entry_id, coalesce(sum(amount) FILTER (WHERE account = 'available'), 0) AS available,
            coalesce(sum(amount) FILTER (WHERE account = 'pending'), 0) AS pending,
            - coalesce(sum(amount) FILTER (WHERE account = 'debt'), 0) AS debt
        FROM postings JOIN batch ON id = entry_id GROUP BY entry_id
    ),
    moved AS (
        SELECT entry_id, lot_id, lot_moves.points AS remaining, lot_moves.held
        FROM lot_moves JOIN batch ON id = entry_id WHERE kind <> 'activate'
        UNION ALL
        SELECT batch.id, lots.id, lots.original, 0 FROM batch JOIN lots ON lots.id = batch.id
    ),
    parts AS (
        SELECT entry_id, lot_id, moved.held, 0::numeric AS debt,
            CASE WHEN posted.pending = 0 THEN remaining ELSE 0 END AS available,
            CASE WHEN posted.pending = 0 THEN 0 ELSE remaining END AS pending
        FROM moved JOIN posted USING (entry_id)
        UNION ALL
        SELECT entry_id, own.id, 0, posted.debt,
            CASE WHEN kind = 'activate' THEN posted.available ELSE 0 END,
            CASE WHEN kind = 'activate' THEN posted.pending ELSE 0 END
        FROM posted JOIN batch ON batch.id = entry_id LEFT JOIN LATERAL (
            SELECT lots.id FROM entries AS made JOIN lots ON lots.id = made.id
            WHERE made.source_type = batch.source_type AND made.source_id = batch.source_id
                AND made.rule = batch.rule AND made.point_type = batch.point_type
                AND made.seq <= batch.seq
            ORDER BY made.member_id = batch.member_id DESC, made.seq DESC LIMIT 1
        ) AS own ON true
        WHERE kind = 'activate' OR posted.debt <> 0
    ),
    placed AS MATERIALIZED (
        SELECT booked_on, batch.point_type, batch.movement,
            coalesce(followed.cohort, began.cohort) AS cohort,
            coalesce(followed.origin, began.origin) AS origin,
            coalesce(followed.rule, began.rule) AS rule,
            batch.id AS entry_id, batch.seq,
            parts.available, parts.pending, parts.held, parts.debt
        FROM parts JOIN batch ON batch.id = parts.entry_id
        LEFT JOIN finance_lots AS followed ON followed.lot_id = parts.lot_id
        CROSS JOIN LATERAL (
            SELECT {_BEGAN} FROM entries, terms WHERE entries.id = coalesce(parts.lot_id, batch.id)
        ) AS began
    )
"""

_ADD = text(f"""
    WITH {_PARTS},
    versions AS (
        SELECT batch.id AS entry_id, max(occasions.version) AS version
        FROM batch JOIN occasions ON occasions.source_type = batch.source_type
            AND occasions.source_id = batch.source_id AND occasions.version IS NOT NULL
            AND occasions.outcomes @> jsonb_build_array(jsonb_build_object('entry_id', batch.id))
        WHERE kind = 'earn' AND batch.points <> 0 GROUP BY batch.id
    ),
    days AS (
        INSERT INTO finance_days AS known (booked_on, point_type, cohort, origin, movement,
            available, pending, held, debt, first_seq, last_seq)
        SELECT booked_on, point_type, cohort, origin, movement,
            sum(available), sum(pending), sum(held), sum(debt), min(seq), max(seq)
        FROM placed GROUP BY booked_on, point_type, cohort, origin, movement
        ORDER BY booked_on, point_type, cohort, origin, movement
        ON CONFLICT (booked_on, point_type, cohort, origin, movement) DO UPDATE SET
            available = known.available + excluded.available,
            pending = known.pending + excluded.pending,
            held = known.held + excluded.held, debt = known.debt + excluded.debt,
            first_seq = least(known.first_seq, excluded.first_seq),
            last_seq = greatest(known.last_seq, excluded.last_seq)
    ),
    months AS (
        INSERT INTO finance_months AS known (month, point_type, cohort, origin, movement,
            available, pending, held, debt)
        SELECT date_trunc('month', booked_on)::date AS month, point_type, cohort, origin, movement,
            sum(available), sum(pending), sum(held), sum(debt)
        FROM placed GROUP BY 1, point_type, cohort, origin, movement
        ORDER BY 1, point_type, cohort, origin, movement
        ON CONFLICT (month, point_type, cohort, origin, movement) DO UPDATE SET
            available = known.available + excluded.available,
            pending = known.pending + excluded.pending,
            held = known.held + excluded.held, debt = known.debt + excluded.debt
    ),
    rules AS (
        INSERT INTO finance_rules AS known (booked_on, point_type, rule, version, movement, points)
        SELECT booked_on, point_type, rule, coalesce(version, 0), movement,
            sum(available + pending + held - debt)
        FROM placed LEFT JOIN versions USING (entry_id)
        WHERE movement <> '{Movement.SHIFTED}'
        GROUP BY booked_on, point_type, rule, coalesce(version, 0), movement
        ON CONFLICT (booked_on, point_type, rule, version, movement)
            DO UPDATE SET points = known.points + excluded.points
    ),
    rewards AS (
        INSERT INTO finance_rewards AS known (booked_on, point_type, source_type, item, points,
            times, minor)
        SELECT booked_on, batch.point_type, source_type,
            CASE source_type WHEN 'redemption' THEN coalesce(redemptions.reward_id::text, '')
                WHEN 'hold' THEN coalesce(payments.currency, '')
                WHEN 'draw' THEN split_part(source_id, ':', 1) ELSE '' END AS item,
            - sum(batch.points),
            sum(CASE WHEN kind <> 'refund' THEN 1
                WHEN coalesce(redemptions.points, payments.points) = (
                    SELECT sum(back.points) FROM entries AS back
                    WHERE back.source_type = batch.source_type AND back.source_id = batch.source_id
                        AND back.kind = 'refund' AND back.seq <= batch.seq
                ) THEN -1 ELSE 0 END),
            coalesce(sum(took.minor), 0)
        FROM batch LEFT JOIN redemptions ON redemption_id =
            CASE source_type WHEN 'redemption' THEN CAST(source_id AS uuid) END
        LEFT JOIN payments ON payment_id =
            CASE source_type WHEN 'hold' THEN CAST(source_id AS uuid) END
        LEFT JOIN LATERAL (
            SELECT trunc(discount_minor::numeric * - coalesce(sum(same.points), 0)
                    / payments.points)
                - trunc(discount_minor::numeric * - coalesce(sum(same.points)
                    FILTER (WHERE same.seq < batch.seq), 0) / payments.points) AS minor
            FROM entries AS same
            WHERE same.source_type = batch.source_type AND same.source_id = batch.source_id
                AND same.kind IN ('capture', 'refund') AND same.seq <= batch.seq
        ) AS took ON payment_id IS NOT NULL
        WHERE kind IN ('spend', 'capture', 'refund')
        GROUP BY booked_on, batch.point_type, source_type, item
        ON CONFLICT (booked_on, point_type, source_type, item) DO UPDATE SET
            points = known.points + excluded.points, times = known.times + excluded.times,
            minor = known.minor + excluded.minor
    ),
    sold AS (
        SELECT batch.booked_on, batch.point_type, cohort, currency,
            CASE WHEN earned_before IS NULL THEN 1 ELSE 0 END AS orders,
            coalesce(trunc(amount_minor::numeric * greatest(0, earned - back) / earned), 0)
                - coalesce(trunc(amount_minor::numeric
                    * greatest(0, earned_before - back_before) / earned_before), 0) AS amount_minor
        FROM batch JOIN orders ON order_id = source_id CROSS JOIN terms CROSS JOIN LATERAL (
            SELECT sum(earned) AS earned, sum(earned) FILTER (WHERE sooner) AS earned_before,
                sum(back) AS back, sum(back) FILTER (WHERE sooner) AS back_before,
                min(cohort) AS cohort
            FROM (
                SELECT greatest(points, 0) AS earned, greatest(- points, 0) AS back,
                    same.seq < batch.seq AS sooner, {_COHORT}
                FROM entries AS same
                WHERE source_type = 'order' AND same.source_id = batch.source_id
                    AND same.point_type = batch.point_type AND same.seq <= batch.seq
                    AND kind IN ('earn', 'reverse')
            ) AS same
        ) AS known
        WHERE batch.source_type = 'order' AND batch.kind IN ('earn', 'reverse')
            AND batch.points <> 0
    ),
    sales AS (
        INSERT INTO finance_sales AS known (booked_on, point_type, cohort, currency, orders,
            amount_minor)
        SELECT booked_on, point_type, cohort, currency, sum(orders), sum(amount_minor)
        FROM sold GROUP BY booked_on, point_type, cohort, currency
        ON CONFLICT (booked_on, point_type, cohort, currency) DO UPDATE SET
            orders = known.orders + excluded.orders,
            amount_minor = known.amount_minor + excluded.amount_minor
    ),
    stays AS (
        INSERT INTO finance_stays AS known (household_id, member_id, joined_at, version, earned,
            spent)
        SELECT stay.household_id, stay.member_id, joined_at, max(version), {EARNED}, {SPENT}
        FROM batch AS entries JOIN household_members AS stay ON {IN_STAY}
        GROUP BY stay.household_id, stay.member_id, joined_at
        ORDER BY stay.household_id, stay.member_id, joined_at
        ON CONFLICT (household_id, member_id, joined_at) DO UPDATE SET version = excluded.version,
            earned = known.earned + excluded.earned, spent = known.spent + excluded.spent
    )
    INSERT INTO finance_members AS known (month, point_type, member_id, earned, redeemed)
    SELECT date_trunc('month', booked_on)::date AS month, point_type,
        coalesce(by_member_id, member_id) AS whose,
        coalesce(sum(points) FILTER (WHERE kind = 'earn'), 0),
        - coalesce(sum(points) FILTER (WHERE kind <> 'earn'), 0)
    FROM batch WHERE kind IN ('earn', 'spend', 'capture', 'refund') AND points <> 0
    GROUP BY 1, point_type, whose ORDER BY 1, point_type, whose
    ON CONFLICT (month, point_type, member_id) DO UPDATE SET
        earned = known.earned + excluded.earned, redeemed = known.redeemed + excluded.redeemed
""")

_MADE = (
    "finance_days",
    "finance_months",
    "finance_rules",
    "finance_rewards",
    "finance_sales",
    "finance_members",
    "finance_stays",
    "finance_lots",
)


async def add_up(session: AsyncSession, after: int, until: int) -> None:
    """Add the entries between two numbers to the sums.

    Planned anew each time, and by indexes: a plan for any portion whatever reads whole tables.
    """
    await session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    await session.execute(text("SET LOCAL random_page_cost = 1.1"))
    await session.execute(text("SET LOCAL enable_seqscan = off"))
    await session.execute(_FOLLOW, {"after": after, "until": until})
    await session.execute(_ADD, {"after": after, "until": until})


async def forget_sums(session: AsyncSession) -> None:
    """Delete all that was added up, to begin anew."""
    for table in _MADE:
        await session.execute(text(f"DELETE FROM {table}"))
