"""Rules of segments: what they mean, and what is no rule."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.profile.rules.identities import Standing
from services.profile.rules.lifecycle import Stage
from services.profile.rules.orders import Spending
from services.profile.rules.segments import (
    BUILT_IN,
    DEEPEST,
    MOST_LEAVES,
    BadRule,
    Facts,
    parse,
    ready,
)

MEI = Facts(
    traits={
        "plan": "gold",
        "age": 30,
        "subscribed": True,
        "joined": "2026-03-01",
        "deep": {"a": 1},
    },
    tags=frozenset({"vip"}),
    stage=Stage.ACTIVE,
    standing=Standing.REGISTERED,
    spending=Spending(order_count=3, net_minor={"CNY": 12900}),
)


@pytest.mark.parametrize(
    ("rule", "fits"),
    [
        ({"trait": "plan", "op": "eq", "value": "gold"}, True),
        ({"trait": "plan", "op": "ne", "value": "gold"}, False),
        ({"trait": "city", "op": "ne", "value": "Ufa"}, True),
        ({"trait": "plan", "op": "in", "value": ["silver", "gold"]}, True),
        ({"trait": "plan", "op": "exists"}, True),
        ({"trait": "city", "op": "exists"}, False),
        ({"trait": "age", "op": "gte", "value": 30}, True),
        ({"trait": "age", "op": "gt", "value": 30}, False),
        ({"trait": "age", "op": "lt", "value": 30.5}, True),
        ({"trait": "age", "op": "eq", "value": "30"}, False),
        ({"trait": "age", "op": "lt", "value": "99"}, False),
        ({"trait": "city", "op": "lt", "value": 1}, False),
        ({"trait": "subscribed", "op": "eq", "value": True}, True),
        ({"trait": "subscribed", "op": "eq", "value": 1}, False),
        ({"trait": "subscribed", "op": "gt", "value": 0}, False),
        ({"trait": "joined", "op": "gte", "value": "2026-01-01"}, True),
        ({"trait": "deep", "op": "eq", "value": "x"}, False),
        ({"tag": "vip"}, True),
        ({"tag": "new"}, False),
        ({"stage": "active"}, True),
        ({"standing": "anonymous"}, False),
        ({"orders": "count", "op": "gte", "value": 3}, True),
        ({"orders": "net_minor", "currency": "CNY", "op": "gt", "value": 10000}, True),
        ({"orders": "net_minor", "currency": "RUB", "op": "eq", "value": 0}, True),
        ({"not": {"tag": "vip"}}, False),
        ({"all": [{"tag": "vip"}, {"stage": "silent"}]}, False),
        ({"any": [{"tag": "vip"}, {"stage": "silent"}]}, True),
        ({"all": [{"not": {"stage": "new"}}, {"any": [{"tag": "x"}, {"tag": "vip"}]}]}, True),
    ],
    ids=str,
)
def test_meaning(rule, fits) -> None:
    assert parse(rule)(MEI) is fits


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        (None, "rule"),
        ([], "rule"),
        ({}, "rule"),
        ({"tags": "vip"}, "rule"),
        ({"all": []}, "rule.all"),
        ({"all": {"tag": "vip"}}, "rule.all"),
        ({"any": [{"tag": "vip"}, 5]}, "rule.any[1]"),
        ({"not": {"all": [{"tag": ""}]}}, "rule.not.all[0].tag"),
        ({"tag": "vip", "stage": "new"}, "rule.stage"),
        ({"all": [{"tag": "vip"}], "tag": "vip"}, "rule.tag"),
        ({"tag": 5}, "rule.tag"),
        ({"tag": "x" * 201}, "rule.tag"),
        ({"stage": "asleep"}, "rule.stage"),
        ({"standing": ["known"]}, "rule.standing"),
        ({"trait": "plan", "op": "like", "value": "g%"}, "rule.op"),
        ({"trait": "plan", "op": ["eq"], "value": "g"}, "rule.op"),
        ({"trait": "plan", "op": "eq"}, "rule.value"),
        ({"trait": "plan", "op": "eq", "value": None}, "rule.value"),
        ({"trait": "plan", "op": "eq", "value": {}}, "rule.value"),
        ({"trait": "plan", "op": "eq", "value": "x" * 201}, "rule.value"),
        ({"trait": "plan", "op": "in", "value": "gold"}, "rule.value"),
        ({"trait": "plan", "op": "in", "value": []}, "rule.value"),
        ({"trait": "plan", "op": "in", "value": [["gold"]]}, "rule.value"),
        ({"trait": "plan", "op": "exists", "value": 1}, "rule.value"),
        ({"trait": ["plan"], "op": "exists"}, "rule.trait"),
        ({"orders": "count", "op": "gt", "value": "3"}, "rule.value"),
        ({"orders": "count", "op": "gt", "value": True}, "rule.value"),
        ({"orders": "spent", "op": "gt", "value": 3}, "rule.orders"),
        ({"orders": ["count"], "op": "gt", "value": 3}, "rule.orders"),
        ({"orders": "net_minor", "op": "gt", "value": 3}, "rule.currency"),
        ({"orders": "net_minor", "currency": "GOLD", "op": "gt", "value": 3}, "rule.currency"),
        ({"orders": "count", "currency": "CNY", "op": "gt", "value": 3}, "rule.currency"),
    ],
    ids=str,
)
def test_what_is_no_rule_is_refused_at_its_place(rule, place) -> None:
    with pytest.raises(BadRule) as refusal:
        parse(rule)
    assert refusal.value.place == place


def test_depth_and_size_are_limited() -> None:
    deep = {"tag": "vip"}
    for _ in range(DEEPEST - 1):
        deep = {"not": deep}
    parse(deep)
    with pytest.raises(BadRule, match="levels deep"):
        parse({"not": deep})
    parse({"any": [{"tag": "vip"}] * MOST_LEAVES})
    with pytest.raises(BadRule, match="leaf beyond"):
        parse({"any": [{"tag": "vip"}] * (MOST_LEAVES + 1)})


words = st.sampled_from(
    [
        "all",
        "any",
        "not",
        "trait",
        "op",
        "value",
        "tag",
        "stage",
        "standing",
        "orders",
        "currency",
        "eq",
        "in",
        "gt",
        "exists",
        "count",
        "net_minor",
        "active",
        "CNY",
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


@given(values, st.dictionaries(words, values, max_size=4))
def test_whatever_comes_is_refused_or_answers_yes_or_no(rule, traits) -> None:
    try:
        ready = parse(rule)
    except BadRule:
        return
    assert ready(Facts(traits=traits)) in (True, False)


leaves = st.sampled_from(
    [{"tag": "vip"}, {"stage": "active"}, {"stage": "new"}, {"trait": "x", "op": "exists"}]
)
rules = st.recursive(leaves, lambda r: st.builds(lambda a: {"not": a}, r), max_leaves=3)


@given(st.lists(rules, min_size=1, max_size=5))
def test_all_and_any_are_each_others_opposite(parts) -> None:
    none_fails = parse({"all": parts})(MEI)
    some_fails = parse({"any": [{"not": part} for part in parts]})(MEI)
    assert none_fails is not some_fails


@pytest.mark.parametrize("stage", Stage)
def test_each_stage_has_its_built_in_segment(stage) -> None:
    facts = Facts(stage=stage)
    assert [s.key for s in BUILT_IN if parse(s.rule)(facts)] == [stage.value]


ORDERED = {"orders": "count", "op": "gte", "value": 3}


@pytest.mark.parametrize(
    ("rule", "asks"),
    [
        pytest.param(ORDERED, True, id="orders themselves"),
        pytest.param({"all": [{"tag": "vip"}, {"not": ORDERED}]}, True, id="orders deep inside"),
        pytest.param({"any": [{"tag": "vip"}, {"stage": "new"}]}, False, id="no orders"),
        pytest.param({"trait": "orders", "op": "exists"}, False, id="a trait called orders"),
    ],
)
def test_a_stored_rule_says_whether_it_asks_for_orders(rule: object, *, asks: bool) -> None:
    assert ready(orjson.dumps(rule).decode()).asks_for_orders is asks
