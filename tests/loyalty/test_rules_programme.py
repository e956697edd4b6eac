"""The rule language: what may be written, and where it says a fault is."""

from typing import Any

import pytest

from kit.testing import example
from services.loyalty.rules.programme.checking import parse
from services.loyalty.rules.programme.document import BadProgramme
from services.loyalty.rules.programme.triggers import HEARD, Trigger
from services.loyalty.rules.programme.writing import LONGEST, of_yaml
from tests.loyalty.programmes import LEVELS, NAME, programme, rule

IS_VIP = {"field": "member.segments", "op": "eq", "value": "vip"}
DEEP: dict[str, Any] = IS_VIP
for _ in range(6):
    DEEP = {"not": DEEP}


def faults(body: Any) -> dict[str, str]:
    with pytest.raises(BadProgramme) as refusal:
        parse(body)
    return {fault.field: fault.code for fault in refusal.value.faults}


def when(condition: Any) -> dict[str, Any]:
    return programme(rule("a"), rule("b"), rule("c", when=condition))


def tiers(**changes: Any) -> dict[str, Any]:
    return programme(tiers={"levels": LEVELS, **changes})


@pytest.mark.parametrize(
    ("body", "place"),
    [
        pytest.param([], "programme", id="no object"),
        pytest.param({"rules": []}, "tiers", id="no tiers"),
        pytest.param(programme(rule(earn={"points": "ten"})), "rules[0].earn.points", id="a text"),
        pytest.param(programme(rule(earn={"points": -1})), "rules[0].earn.points", id="negative"),
        pytest.param(programme(rule(earn={})), "rules[0].earn", id="earns nothing at all"),
        pytest.param(programme(rule(colour="red")), "rules[0].colour", id="an unknown field"),
        pytest.param(programme(rule(key="A b")), "rules[0].key", id="a key that is none"),
        pytest.param(programme(rule(), rule()), "rules[1].key", id="a key twice"),
        pytest.param(programme(rule(trigger="moon.rose")), "rules[0].trigger", id="no such event"),
        pytest.param(programme(rule(trigger="activity.")), "rules[0].trigger", id="no activity"),
        pytest.param(programme(rule(campaign="x")), "rules[0].campaign", id="no such campaign"),
        pytest.param(programme(rule(group="x")), "rules[0].group", id="no such group"),
        pytest.param(programme(rule(name={"fr": "x"})), "rules[0].name.fr", id="no such language"),
        pytest.param(
            programme(rule(**{"from": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"})),
            "rules[0].until",
            id="over before it began",
        ),
        pytest.param(
            programme(rule(earn={"points": 1, "per": 100})),
            "rules[0].earn.amount",
            id="an order's amount without an order",
        ),
        pytest.param(
            programme(rule(earn={"points": 1, "series": [1], "of": "event.n", "per": 2})),
            "rules[0].earn.per",
            id="two kinds of earning",
        ),
        pytest.param(
            programme(rule(earn={"multiply": "1"})), "rules[0].earn.multiply", id="times one"
        ),
        pytest.param(
            programme(rule("a"), rule("b", earn={"multiply": 2, "rules": ["a", "z"]})),
            "rules[1].earn.rules[1]",
            id="multiplies a rule there is not",
        ),
        pytest.param(
            programme(rule(caps=[{"points": 1, "times": 1, "per": "day"}])),
            "rules[0].caps[0]",
            id="a cap of two kinds",
        ),
        pytest.param(
            programme(rule(caps=[{"times": 1, "per": "fortnight"}])),
            "rules[0].caps[0].per",
            id="a period there is not",
        ),
        pytest.param(
            programme(rule(caps=[{"times": 1, "per": "day", "across": "campaign"}])),
            "rules[0].caps[0].across",
            id="a cap of no campaign",
        ),
        pytest.param(when({}), "rules[2].when", id="an empty condition"),
        pytest.param(when({"all": []}), "rules[2].when.all", id="all of nothing"),
        pytest.param(
            when({"all": [{"field": "member.shoes", "op": "eq", "value": 1}]}),
            "rules[2].when.all[0].field",
            id="a field there is not",
        ),
        pytest.param(
            when({"any": [IS_VIP, {"not": {"field": "event.a", "value": 1}}]}),
            "rules[2].when.any[1].not.op",
            id="no comparison",
        ),
        pytest.param(
            when({"field": "event.a", "op": "about", "value": 1}),
            "rules[2].when.op",
            id="a comparison there is not",
        ),
        pytest.param(
            when({"field": "time.hour", "op": "gte", "value": "8"}),
            "rules[2].when.value",
            id="a text for a number",
        ),
        pytest.param(
            when({"field": "time.weekday", "op": "in", "value": ["sat", "sunday"]}),
            "rules[2].when.value",
            id="a day there is not",
        ),
        pytest.param(
            when({"field": "event.a", "op": "in", "value": "x"}),
            "rules[2].when.value",
            id="one value for a list",
        ),
        pytest.param(
            when({"field": "item.sku", "op": "eq", "value": "x"}),
            "rules[2].when.field",
            id="an item where there is none",
        ),
        pytest.param(
            when({"all": [IS_VIP], "any": [IS_VIP]}), "rules[2].when", id="two forms at once"
        ),
        pytest.param(
            when({"all": [IS_VIP], "value": 3}), "rules[2].when.value", id="a stray value"
        ),
        pytest.param(when(DEEP), "rules[2].when" + ".not" * 6, id="nested too deep"),
        pytest.param(
            when({"any": [{"all": [IS_VIP] * 30}, {"all": [IS_VIP] * 30}]}),
            "rules[2].when",
            id="longer than anybody reads",
        ),
        pytest.param(tiers(basis="spend"), "tiers.currency", id="spend in no currency"),
        pytest.param(tiers(grace_days=3), "tiers.grace_days", id="grace without a period"),
        pytest.param(tiers(levels=LEVELS[1:]), "tiers.levels[0].threshold", id="no beginning"),
        pytest.param(
            tiers(levels=[*LEVELS, {"key": "x", "name": NAME, "threshold": 1000}]),
            "tiers.levels[2].threshold",
            id="levels that do not ascend",
        ),
        pytest.param(
            tiers(levels=[LEVELS[0], {**LEVELS[1], "benefits": {"multiplier": "much"}}]),
            "tiers.levels[1].benefits.multiplier",
            id="a multiplier that is no number",
        ),
    ],
)
def test_a_fault_names_its_place(body: Any, place: str) -> None:
    assert place in faults(body)


def test_every_fault_is_named_at_once() -> None:
    body = programme(rule(trigger="moon.rose", group="x"), rule(campaign="y"))
    assert faults(body) == {
        "rules[0].trigger": "unknown",
        "rules[0].group": "unknown",
        "rules[0].key": "duplicate",
        "rules[1].key": "duplicate",
        "rules[1].campaign": "unknown",
    }


def test_what_is_kept_reads_back_as_the_same() -> None:
    body = programme(
        rule(when={"all": [IS_VIP, {"not": IS_VIP}]}, campaign="spring", group="one"),
        rule(
            "double", earn={"multiply": 1.5, "rules": ["share"]}, **{"from": "2026-01-01T00:00:00Z"}
        ),
        campaigns={"spring": {"name": NAME, "budget_points": 500}},
        groups={"one": "best"},
    )
    read = parse(body)
    assert parse(read.written()) == read
    assert read.written()["rules"][1]["earn"] == {"multiply": "1.5", "rules": ["share"]}


BOMB = "a0: &a0 {k: v}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{','.join([f'*a{n - 1}'] * 10)}]}}\n" for n in range(1, 9)
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BOMB, id="a few lines that stand for gigabytes"),
        pytest.param("rules: &a [*a]", id="a list that holds itself"),
        pytest.param("[" * 10_000, id="nested without end"),
        pytest.param("a: " + "9" * 5_000, id="a number of 5,000 digits"),
        pytest.param("a" * (LONGEST + 1), id="longer than anybody writes"),
        pytest.param("!!python/object/apply:os.system ['id']", id="a call"),
        pytest.param("\x00", id="a NUL"),
    ],
)
def test_yaml_that_would_do_harm_is_refused(text: str) -> None:
    with pytest.raises(BadProgramme):
        of_yaml(text)


PERSONAL = (
    "email",
    "phone",
    "display_name",
    "anonymous_id",
    "device_id",
    "text",
    "subject",
    "comment",
)


@pytest.mark.parametrize("trigger", HEARD.values(), ids=lambda trigger: trigger.name)
def test_rules_learn_no_address_no_device_and_nobodys_words(trigger: Trigger) -> None:
    told = example(f"{trigger.name}.v1").data
    asked = {name: "secret" if name in PERSONAL else value for name, value in told.items()}
    kept = trigger.event(asked)
    assert kept == {name: True if name in PERSONAL else value for name, value in told.items()}
