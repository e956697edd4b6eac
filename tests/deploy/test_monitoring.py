"""Rules, alerts and dashboards speak of metrics that exist; every alert has its runbook."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.tables import PARTS, metrics
from tests.deploy.conftest import ROOT

OF_PROMETHEUS = {"up", "process_resident_memory_bytes"}
WORDS = {"and", "or", "unless", "on", "ignoring", "by", "without", "offset", "bool"}
SUFFIXES = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("",), "gauge": ("",)}
HEADINGS = ["Meaning", "Impact", "Diagnose", "Fix"]


@pytest.fixture(scope="session")
def known(recordings: list[Any]) -> set[str]:
    """Every name a query may use."""
    ours = {name + suffix for name, kind, _ in metrics() for suffix in SUFFIXES[kind]}
    return ours | OF_PROMETHEUS | {rule["record"] for rule in recordings}


def names_in(query: str) -> set[str]:
    """The metrics a PromQL query reads: its words that are no function, label, string or number."""
    bare = re.sub(r'"[^"]*"|\{[^}]*\}|\[[^\]]*\]', "", re.sub(r"\{[^}]*\}", "", query))
    bare = re.sub(r"\b(by|without|on|ignoring)\s*\([^)]*\)", "", bare)
    words = re.findall(r"(?<![\w:.])([a-zA-Z_:][\w:]*)\b(?!\s*\()", bare)
    return set(words) - WORDS


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ('sum by (service) (rate(a_total{x="b"}[5m])) > 14.4 * 0.001', {"a_total"}),
        (
            'a:b:rate5m > 1 and on () max by (le) (c) or absent(up{job="d"})',
            {"a:b:rate5m", "c", "up"},
        ),
    ],
)
def test_names_are_found_in_queries(query: str, names: set[str]) -> None:
    assert names_in(query) == names


def queries_of_dashboards() -> Iterator[tuple[str, str]]:
    for file in sorted((ROOT / "deploy/grafana/dashboards").glob("*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel.get("targets", ()):
                yield f"{file.stem}: {panel['title']}", target["expr"]


def test_rules_read_metrics_that_exist(
    alerts: list[Any], recordings: list[Any], known: set[str]
) -> None:
    unknown = {
        rule.get("alert") or rule["record"]: names_in(rule["expr"]) - known
        for rule in (*alerts, *recordings)
    }
    assert {name: missing for name, missing in unknown.items() if missing} == {}


def test_dashboards_read_metrics_that_exist(known: set[str]) -> None:
    unknown = {title: names_in(query) - known for title, query in queries_of_dashboards()}
    assert unknown
    assert {title: missing for title, missing in unknown.items() if missing} == {}


def test_every_alert_says_how_urgent_it_is_and_has_a_runbook(alerts: list[Any]) -> None:
    for alert in alerts:
        assert alert["labels"]["severity"] in {"page", "ticket"}
        assert alert["annotations"]["summary"]
        assert alert["annotations"]["runbook"] == f"deploy/runbooks/{alert['alert']}.md"


def test_every_runbook_is_of_an_alert_and_complete(alerts: list[Any]) -> None:
    runbooks = {file.stem: file.read_text() for file in (ROOT / "deploy/runbooks").glob("*.md")}
    assert set(runbooks) == {alert["alert"] for alert in alerts}
    for name, text in runbooks.items():
        assert text.startswith(f"# {name}\n")
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == HEADINGS, name
        assert "docker compose" in text.partition("## Diagnose")[2], name


def test_an_alert_watches_every_part(alerts: list[Any]) -> None:
    [down] = [alert["expr"] for alert in alerts if alert["alert"] == "PartDown"]
    assert re.findall(r'absent\(up\{job="(\w+)"\}\)', down) == list(PARTS)
