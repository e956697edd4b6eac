"""The kustomize base: every part, with the ports, settings and restrictions it must have."""

import re
from typing import Any

import pytest
import yaml

from deploy.tables import PARTS, settings_of
from tests.deploy.conftest import ROOT, read

BASE = "deploy/kubernetes"


@pytest.fixture(scope="module")
def pod() -> Any:
    return read(f"{BASE}/part/deployment.yaml")["spec"]["template"]["spec"]


def test_every_file_parses_and_every_resource_named_is_there() -> None:
    for file in (ROOT / BASE).rglob("*.yaml"):
        documents = list(yaml.safe_load_all(file.read_text()))
        assert all(document["apiVersion"] and document["kind"] for document in documents), file
        for document in documents:
            for resource in document.get("resources", ()):
                assert (file.parent / resource).exists(), f"{file} names {resource}"


def test_the_base_holds_every_part() -> None:
    assert set(PARTS) <= set(read(f"{BASE}/kustomization.yaml")["resources"])


@pytest.mark.parametrize("part", PARTS)
def test_a_part_gives_its_own_name_image_and_secret(part: str) -> None:
    own = read(f"{BASE}/{part}/kustomization.yaml")
    assert own["labels"][0]["pairs"] == {"app.kubernetes.io/name": part}
    assert own["images"] == [{"name": "rapport-part", "newName": f"rapport-{part}"}]
    operations = [op for patch in own["patches"] for op in yaml.safe_load(patch["patch"])]
    named = {op["value"] for op in operations if op["path"].endswith("/name")}
    assert named == {part}
    secrets = [op for op in operations if op["path"].endswith("/secretRef/name")]
    assert len(secrets) == 2  # the migration and the part


@pytest.mark.parametrize("kind", ["containers", "initContainers"])
def test_containers_are_restricted(pod: Any, kind: str) -> None:
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod[kind]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"]["memory"]


def test_probes_ask_the_port_that_answers_and_the_service_points_to_it(pod: Any) -> None:
    [container] = pod["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    paths = {
        probe: (ports[container[probe]["httpGet"]["port"]], container[probe]["httpGet"]["path"])
        for probe in ("startupProbe", "livenessProbe", "readinessProbe")
    }
    assert paths == {
        "startupProbe": (8080, "/healthz"),
        "livenessProbe": (8080, "/healthz"),
        "readinessProbe": (8080, "/readyz"),
    }
    [port] = read(f"{BASE}/part/service.yaml")["spec"]["ports"]
    assert (port["port"], ports[port["targetPort"]]) == (8080, 8080)


def test_a_part_is_given_longer_to_end_than_it_takes(pod: Any) -> None:
    assert pod["terminationGracePeriodSeconds"] > settings_of("gateway")().drain_s + 5


def test_the_gateway_is_probed_on_its_operations_port() -> None:
    own = (ROOT / BASE / "gateway/kustomization.yaml").read_text()
    assert re.findall(r"(\w+)Probe/httpGet/port, value: operations", own) == [
        "startup",
        "liveness",
        "readiness",
    ]


def test_settings_exist() -> None:
    named = set(read(f"{BASE}/settings.yaml")["data"])
    existing = {name.upper() for part in PARTS for name in settings_of(part).model_fields}
    assert named <= existing


def test_network_policies_open_the_ports_that_are_served() -> None:
    text = (ROOT / BASE / "network.yaml").read_text()
    policies = {policy["metadata"]["name"]: policy for policy in yaml.safe_load_all(text)}
    [public] = policies["gateway"]["spec"]["ingress"]
    assert public == {"ports": [{"port": 8080}]}
    [inner] = policies["services"]["spec"]["ingress"]
    assert inner["ports"] == [{"port": 8080}]
    assert inner["from"] == [
        {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "gateway"}}}
    ]
