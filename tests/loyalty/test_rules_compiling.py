"""Finding rules by what they insist on."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.loyalty.rules.programme.conditions import Facts
from tests.loyalty.programmes import rule
from tests.loyalty.test_rules_deciding import SATURDAY, decided, made, paid

VALUES = st.one_of(st.integers(0, 6), st.sampled_from(["a", "b", "c", "d"]))


def comparison() -> st.SearchStrategy[dict[str, Any]]:
    """Comparisons with a number or a text, of fields that hold either."""
    fields = st.sampled_from(["event.one", "event.other", "member.tier"])
    ordered = st.sampled_from(["eq", "gt", "gte", "lt", "lte"])
    one = st.fixed_dictionaries({"field": fields, "op": ordered, "value": VALUES})
    listed = st.lists(VALUES, min_size=1, max_size=3)
    among = st.fixed_dictionaries({"field": fields, "op": st.just("in"), "value": listed})
    return (one | among).filter(lambda c: c["field"] != "member.tier" or _is_text(c["value"]))


def _is_text(value: Any) -> bool:
    return all(isinstance(part, str) for part in (value if isinstance(value, list) else [value]))


@given(
    st.lists(st.tuples(comparison(), comparison(), st.integers(-2, 2)), max_size=16),
    st.lists(VALUES, max_size=3),
    VALUES,
    st.sampled_from(["a", "d"]),
)
def test_finding_rules_by_what_they_insist_on_changes_nothing(
    rules: list[tuple[dict[str, Any], dict[str, Any], int]], one: list[Any], other: Any, tier: str
) -> None:
    """The index only saves work: whom it leaves out would have failed."""
    documents = [
        rule(f"r{n}", priority=turn, when={"any" if turn == 0 else "all": [first, second]})
        for n, (first, second, turn) in enumerate(rules)
    ]
    event, member = {"one": one, "other": other}, {"tier": tier}
    version = made(*documents)
    facts = Facts(event, member, SATURDAY, "UTC")
    plain = [key for key, rule in version.by_key.items() if rule.check(facts) is None]
    assert list(paid(decided(version, event, member=member))) == plain
