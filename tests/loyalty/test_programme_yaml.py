"""The programme as YAML, and what differs between two: out, in, and nothing lost on the way."""

from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.ids import uuid7
from kit.testing import Harness, agent, marketer
from services.loyalty.rules.programme.checking import parse
from services.loyalty.rules.programme.comparing import differences
from services.loyalty.rules.programme.document import BadProgramme
from services.loyalty.rules.programme.writing import as_yaml, of_yaml
from tests.loyalty.members import read
from tests.loyalty.programmes import programme, rule
from tests.loyalty.test_programme_life import COST, VERSIONS


async def yaml_of(harness: Harness, version: int) -> str:
    async with harness.client(marketer()) as client:
        return (await client.get(f"{VERSIONS}/{version}/yaml")).text


async def imported(harness: Harness, text: str, query: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": str(uuid7()), "Content-Type": "application/yaml"}
    async with harness.client(marketer(), **headers) as client:
        return await client.post(f"/v1/programme/imports{query}", content=text)


async def test_yaml_goes_out_and_comes_back_as_the_same(harness: Harness) -> None:
    text = await yaml_of(harness, 1)
    assert "普通会员" in text
    answer = await imported(harness, text)
    assert answer.json() == {"differences": [], "version": None}


async def test_an_import_says_what_differs_and_makes_a_draft(harness: Harness) -> None:
    text = (await yaml_of(harness, 1)).replace("points: 100\n", "points: 150\n", 1)
    expected = {"place": "rules[welcome].earn.points", "change": "changed"}
    tried = await imported(harness, text, "?dry_run=true")
    assert tried.json()["version"] is None
    made = await imported(harness, text, "?note=More")
    [difference] = made.json()["differences"]
    assert difference == {**expected, "before": 100, "after": 150}
    version = made.json()["version"]
    found = await read(harness, agent(), f"{VERSIONS}/{version}")
    assert (found["state"], found["note"]) == ("draft", "More")
    path = f"{VERSIONS}/{version}/differences?since=1"
    assert (await read(harness, agent(), path))["items"] == [difference]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        pytest.param("rules: [", "line 1", id="no yaml"),
        pytest.param("rules: []", "tiers", id="no programme"),
        pytest.param("rules: !!python/object/apply:os.system [ls]", "line 1", id="no code"),
        pytest.param("- a\n- b", "programme", id="a list"),
    ],
)
async def test_yaml_that_is_wrong_names_its_place(harness: Harness, text: str, field: str) -> None:
    answer = await imported(harness, text)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == field


def test_yaml_has_no_surprises() -> None:
    body = programme(
        rule(when={"field": "event.country", "op": "in", "value": ["no", "on", "yes"]}),
        rule("d", when={"field": "time.date", "op": "eq", "value": "2026-03-02"}),
        rule("b", when={"field": "event.liked", "op": "eq", "value": True}, exclusive=True),
        rule("n", when={"field": "event.size", "op": "eq", "value": 1.5}),
    )
    read_back = of_yaml(as_yaml(parse(body)))
    assert read_back == parse(body)
    text = as_yaml(parse(body)).replace("'no'", "no").replace("'2026-03-02'", "2026-03-02")
    assert of_yaml(text) == parse(body)


@pytest.mark.parametrize(
    ("after", "found"),
    [
        pytest.param(programme(rule("a"), rule("b")), [], id="nothing"),
        pytest.param(programme(rule("a")), [("rules[b]", "removed")], id="a rule less"),
        pytest.param(programme(rule("b"), rule("a")), [("rules", "moved")], id="another turn"),
        pytest.param(
            programme(rule("a", earn={"points": 3}), rule("b"), rule("c"), cost=COST),
            [("rules[a].earn.points", "changed"), ("rules[c]", "added"), ("cost", "added")],
            id="several",
        ),
    ],
)
def test_differences(after: dict[str, Any], found: list[tuple[str, str]]) -> None:
    before = programme(rule("a"), rule("b"))
    assert [(d.place, d.change) for d in differences(before, after)] == found


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
PARTS = st.sampled_from(["rules", "tiers", "campaigns", "groups", "cost"])
RULE = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("key", "trigger", "when", "earn", "caps", "from"), JSON)
)


@settings(max_examples=200)
@given(JSON | st.dictionaries(PARTS, JSON | st.lists(RULE, max_size=2)))
def test_no_document_breaks_the_check(body: Any) -> None:
    with suppress(BadProgramme):
        assert parse(parse(body).written()) == parse(body)
