"""Why an occasion earned what it did, in a sentence: the same as the first of all reasons."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.loyalty.rules.programme.compiling import Compiled
from services.loyalty.rules.programme.conditions import Check, Facts
from services.loyalty.rules.programme.deciding import Decision
from services.loyalty.rules.programme.explaining import all_said, in_short, reasons, unspoken
from tests.loyalty.programmes import rule
from tests.loyalty.test_rules_deciding import SATURDAY, decided, made

TRIGGER = "activity.Shared"


def kept(decision: Decision) -> list[dict[str, Any]]:
    return [outcome.recorded() for outcome in decision.outcomes]


def first_of_all(version: Compiled, decision: Decision) -> str:
    """Of what every rule says, as an explanation in full lists it."""
    told = reasons(all_said(kept(decision), TRIGGER, decision.facts, version), version, "en")
    paid = " ".join(reason.text for reason in told if reason.points)
    return paid or (told[0].text if told else unspoken("en"))


WHEN: list[dict[str, Any]] = [
    {"field": "event.x", "op": "eq", "value": 1},
    {"field": "event.x", "op": "gt", "value": 5},
    {"field": "member.segments", "op": "eq", "value": "vip"},
    {"field": "time.hour", "op": "lt", "value": 9},
    {"not": {"field": "event.x", "op": "eq", "value": 2}},
]
CHANGES: list[dict[str, Any]] = [
    {},
    {"until": "2026-03-01T00:00:00Z"},
    {"budget_points": 5},
    {"earn": {"points": 3}},
    {"priority": 7},
]
rules = st.lists(st.tuples(st.sampled_from([None, *WHEN]), st.sampled_from(CHANGES)), max_size=14)


@given(rules, st.integers(0, 8))
def test_a_summary_is_the_first_of_all_reasons(
    written: list[tuple[dict[str, Any] | None, dict[str, Any]]], x: int
) -> None:
    """Also where so many rules have the trigger that not all are kept with the occasion."""
    version = made(
        *(
            rule(f"r{n}", **({"when": when} if when else {}), **changes)
            for n, (when, changes) in enumerate(written)
        ),
        rule("elsewhere", trigger="activity.Reviewed"),
    )
    decision = decided(version, {"x": x})
    told = in_short(kept(decision), TRIGGER, decision.facts, version, "en")
    assert told == first_of_all(version, decision)


def test_a_summary_asks_no_more_rules_than_it_takes() -> None:
    """Of hundreds that failed the first has something to say."""
    version = made(
        *(rule(f"r{n}", when={"field": "event.x", "op": "eq", "value": n + 1}) for n in range(300))
    )
    asked: list[str] = []

    def counted(key: str, check: Check) -> Check:
        return lambda facts: asked.append(key) or check(facts)

    index = version.by_trigger[TRIGGER]
    index.rules[:] = [replace(each, check=counted(each.key, each.check)) for each in index.rules]
    facts = Facts({"x": 0}, {"tier": "normal"}, SATURDAY, "UTC")
    assert in_short((), TRIGGER, facts, version, "en") != unspoken("en")
    assert asked == ["r0"]
