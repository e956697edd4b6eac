"""The programme a new brand begins with, as its first version, in place of tables of rules."""

import hashlib
import json

from alembic import op
from sqlalchemy import text

revision = "loyalty_0004"
down_revision = "loyalty_0003"
branch_labels = None
depends_on = None


def named(en: str, zh: str, ru: str) -> dict[str, str]:
    return {"en": en, "zh-CN": zh, "ru": ru}


PROGRAMME = {
    "rules": [
        {
            "key": "welcome",
            "name": named("Welcome", "注册奖励", "Добро пожаловать"),
            "trigger": "gateway.account.registered",
            "earn": {"points": 100},
            "valid_days": 365,
        },
        {
            "key": "order",
            "name": named("Purchase", "购物", "Покупка"),
            "trigger": "profile.order.placed",
            "earn": {"points": 1, "per": 100},
            "awaits_delivery": True,
            "valid_days": 365,
        },
        {
            "key": "order_growth",
            "name": named("Purchase", "购物", "Покупка"),
            "trigger": "profile.order.placed",
            "point_type": "growth",
            "earn": {"points": 1, "per": 100},
        },
        {
            "key": "checkin",
            "name": named("Check-in", "每日签到", "Отметка дня"),
            "trigger": "loyalty.checkin.recorded",
            "earn": {"series": [5, 5, 10, 10, 15, 15, 30], "of": "event.streak"},
            "valid_days": 365,
        },
        {
            "key": "checkin_growth",
            "name": named("Check-in", "每日签到", "Отметка дня"),
            "trigger": "loyalty.checkin.recorded",
            "point_type": "growth",
            "earn": {"points": 1},
        },
        {
            "key": "survey",
            "name": named("Survey", "问卷调查", "Опрос"),
            "trigger": "feedback.survey.answered",
            "earn": {"points": 20},
            "caps": [{"times": 3, "per": "day"}],
            "valid_days": 365,
        },
        {
            "key": "review",
            "name": named("Review", "商品评价", "Отзыв"),
            "trigger": "activity.Product Reviewed",
            "earn": {"points": 30},
            "caps": [{"times": 3, "per": "day"}],
            "valid_days": 365,
        },
    ],
    "tiers": {
        "levels": [
            {
                "key": "normal",
                "name": named("Member", "普通会员", "Участник"),
                "threshold": 0,
            },
            {
                "key": "silver",
                "name": named("Silver", "银卡会员", "Серебряный"),
                "threshold": 1000,
                "benefits": {"exclusive_offers": True},
            },
            {
                "key": "gold",
                "name": named("Gold", "金卡会员", "Золотой"),
                "threshold": 5000,
                "benefits": {"exclusive_offers": True, "priority_support": True},
            },
            {
                "key": "platinum",
                "name": named("Platinum", "白金会员", "Платиновый"),
                "threshold": 20000,
                "benefits": {
                    "exclusive_offers": True,
                    "priority_support": True,
                    "free_shipping": True,
                },
            },
        ],
    },
}

INSERT = """
INSERT INTO programme_versions
    (version, state, digest, body, note, author, created_at, changed_at, published_at)
VALUES (1, 'live', :digest, CAST(:body AS jsonb), 'The programme a new brand begins with.',
        'rapport', now(), now(), now())
"""

REPLACED = """
INSERT INTO earned_counts (member_id, counter, period, begins, points, times)
SELECT member_id, 'rule:' || rule, 'day', day, points,
    CASE rule WHEN 'survey' THEN points / 20 WHEN 'review' THEN points / 30 ELSE 1 END
FROM daily_earnings;

ALTER TABLE members DROP CONSTRAINT fk_members_tier_tiers;

DROP TABLE daily_earnings, earning_rules, tiers
"""


def upgrade() -> None:
    body = json.dumps(PROGRAMME, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(body.encode()).hexdigest()
    op.execute(text(INSERT).bindparams(body=body, digest=digest))
    for statement in REPLACED.split(";\n"):
        op.execute(statement)
