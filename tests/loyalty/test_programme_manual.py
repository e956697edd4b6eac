"""docs/earning-rules.md says what is true."""

import re
from pathlib import Path

from services.loyalty.rules.programme.checking import FIELDS
from services.loyalty.rules.programme.document import Earn, Rule, Tiers
from services.loyalty.rules.programme.triggers import FOLLOWING, HEARD, OWN
from services.loyalty.rules.programme.writing import of_yaml

MANUAL = Path("docs/earning-rules.md").read_text(encoding="utf-8")


def test_the_example_is_a_programme() -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL)
    assert [rule.key for rule in of_yaml(example).rules] == ["review", "order", "singles_day"]


def test_every_word_of_the_language_is_in_the_manual() -> None:
    names = [
        field.alias or name
        for model in (Rule, Earn, Tiers)
        for name, field in model.model_fields.items()
    ]
    missing = [name for name in names if not re.search(rf"\b{name}\b", MANUAL)]
    assert missing == []


def test_every_trigger_and_field_is_in_the_manual() -> None:
    assert [name for name in {*HEARD, *FOLLOWING, *OWN} if f"`{name}`" not in MANUAL] == []
    assert [name for name in FIELDS if name.split(".")[1] not in MANUAL] == []
