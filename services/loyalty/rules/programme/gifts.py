"""Benefits of tiers that are rules nobody has to write."""

from collections.abc import Iterator

from services.loyalty.rules.programme.document import Condition, Earn, Rule, Tiers
from services.loyalty.rules.programme.triggers import BIRTHDAY

NAME = {"en": "Birthday gift", "zh-CN": "生日礼", "ru": "Подарок на день рождения"}
VALID_DAYS = 365


def birthday_gifts(tiers: Tiers) -> Iterator[Rule]:
    """A rule for each level with a birthday gift. No written rule can have its key."""
    for level in tiers.levels:
        if points := level.benefits.birthday_points:
            yield Rule.model_construct(
                key=f"birthday:{level.key}",
                name=NAME,
                trigger=BIRTHDAY,
                when=Condition(field="member.tier", op="eq", value=level.key),
                earn=Earn(points=points),
                valid_days=VALID_DAYS,
            )
