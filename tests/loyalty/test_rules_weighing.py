"""How much of what a rule paid is for which line of the order."""

import pytest

from services.loyalty.rules.programme.weighing import line_weights
from tests.loyalty.programmes import rule
from tests.loyalty.test_rules_deciding import BILL, ORDER, decided, made, on_order

CHINA = {"field": "item.category", "op": "eq", "value": "china"}


def about(when: dict, **changes) -> dict:
    return rule("extra", trigger=ORDER, when=when, earn={"points": 50}, **changes)


@pytest.mark.parametrize(
    ("written", "weights"),
    [
        pytest.param(on_order(), None, id="the order whole"),
        pytest.param(on_order(items=CHINA), [0, 7_900], id="the lines its amount counts"),
        pytest.param(about({"item": CHINA}), [0, 7_900], id="the lines its condition asks for"),
        pytest.param(
            about({"field": "event.items.sku", "op": "eq", "value": "tea"}), [5_000, 0],
            id="also where it names their field",
        ),
        pytest.param(
            about({"all": [{"item": CHINA}, {"field": "event.items.sku", "op": "in",
                                             "value": ["tea"]}]}), None,
            id="all lines, where each is asked for by a part",
        ),
        pytest.param(
            about({"not": {"field": "event.items.sku", "op": "eq", "value": "milk"}}), None,
            id="what must not be there chooses none",
        ),
        pytest.param(
            about({"field": "event.amount_minor", "op": "gte", "value": 100}), None,
            id="a condition of the order whole",
        ),
    ],
)  # fmt: skip
def test_weights_of_a_rule(written: dict, weights: list[int] | None) -> None:
    decision = decided(made(written), BILL)
    key = written["key"]
    assert dict(line_weights(decision)) == ({key: weights} if weights else {})


def test_what_multiplies_rests_on_the_lines_of_what_it_multiplies() -> None:
    """129 for the whole order and 79 for the china, doubled: 208 more, 158 of it for the china."""
    china = on_order(items=CHINA) | {"key": "china"}
    double = rule("double", trigger=ORDER, earn={"multiply": "2"})
    weights = dict(line_weights(decided(made(on_order(), china, double), BILL)))
    tea, cup = weights["double"]
    assert cup * 208 == (tea + cup) * (129 * 79 / 129 + 79)


def test_what_paid_nothing_has_no_weights() -> None:
    rich = about({"item": CHINA}) | {"caps": [{"points": 0, "per": "day"}]}
    assert dict(line_weights(decided(made(rich), BILL))) == {}
