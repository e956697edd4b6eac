"""The kustomize base: every part, with the ports, settings and restrictions it must have."""

import copy
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.tables import PARTS, settings_of
from kit.auth import shared_keys
from kit.vault import NoSecret
from rapport.permissions import COPY, FILE, OPERATOR, variable
from tests.deploy.conftest import ROOT, read

BASE = "deploy/kubernetes"
NATS_PASSWORDS = {variable(name) for name in (*PARTS, OPERATOR, "route")}


@pytest.fixture(scope="module")
def pod() -> Any:
    return read(f"{BASE}/part/deployment.yaml")["spec"]["template"]["spec"]


def built(part: str) -> Any:
    """The pod of a part as kustomize makes it: the patches of its folder (RFC 6902) applied."""
    deployment = copy.deepcopy(read(f"{BASE}/part/deployment.yaml"))
    for patch in read(f"{BASE}/{part}/kustomization.yaml")["patches"]:
        for operation in yaml.safe_load(patch["patch"]):
            change(deployment, operation)
    return deployment["spec"]["template"]["spec"]


def change(document: Any, operation: dict[str, Any]) -> None:
    *way, last = (
        step.replace("~1", "/").replace("~0", "~") for step in operation["path"].split("/")[1:]
    )
    for step in way:
        document = document[int(step) if isinstance(document, list) else step]
    if isinstance(document, list) and last == "-":
        document.append(operation["value"])
        return
    place = int(last) if isinstance(document, list) else last
    if operation["op"] == "replace":
        assert document[place] is not None, operation
    document[place] = operation["value"]


def keys_seen(part: str) -> dict[str, str]:
    """What a part sees of the Secret internal-keys: the item at each path."""
    pod = built(part)
    [volume] = [v for v in pod["volumes"] if v.get("secret")]
    assert volume["secret"]["secretName"] == "internal-keys"
    assert volume["secret"]["defaultMode"] == 0o440
    return {item["path"]: item["key"] for item in volume["secret"]["items"]}


@pytest.mark.parametrize("part", PARTS)
def test_a_service_sees_its_own_internal_key_and_the_gateway_all(part: str, tmp_path: Path) -> None:
    seen = keys_seen(part)
    theirs = PARTS if part == "gateway" else [part]
    assert {path for path in seen if path.endswith("/key")} == {f"{name}/key" for name in theirs}
    assert {path.split("/")[0] for path in seen} == set(theirs)
    for path, key in seen.items():  # as a kubelet lays them out, and the part reads them
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(f"{key} of at least thirty-two characters")
    assert len(shared_keys(tmp_path, part)) == 3  # the present one, the next and the one before


@pytest.mark.parametrize("part", PARTS)
def test_the_internal_keys_are_where_the_settings_say(part: str) -> None:
    [container] = built(part)["containers"]
    [mount] = [m for m in container["volumeMounts"] if m["name"] == "internal-keys"]
    settings = read(f"{BASE}/settings.yaml")["data"]
    assert mount["mountPath"] == settings["INTERNAL_KEYS_FOLDER"]
    assert mount["readOnly"] is True


@pytest.mark.parametrize("part", PARTS)
def test_a_part_whose_internal_key_is_absent_says_so(part: str, tmp_path: Path) -> None:
    """The Secret is optional to the kubelet, for items that are rarely there; not to the part."""
    folder = tmp_path / "mounted"
    folder.touch()  # nothing can be made beneath a file, nor on a volume mounted read-only
    with pytest.raises(NoSecret, match=f"give the Secret internal-keys the item {part}, as docs"):
        shared_keys(folder, part)


def test_objects_have_the_metadata_that_kubernetes_knows() -> None:
    known = {"name", "namespace", "labels", "annotations"}
    for file in (ROOT / BASE).rglob("*.yaml"):
        for document in yaml.safe_load_all(file.read_text()):
            assert (document.get("metadata") or {}).keys() <= known, file


def test_keys_and_passwords_are_made_as_the_manifests_name_them() -> None:
    """The commands of docs/operations.md, in a shell where `kubectl` says what it is told."""
    text = (ROOT / "docs/operations.md").read_text()
    [keys] = re.findall(r"^keys=.*?\n(?=kubectl apply)", text, re.MULTILINE | re.DOTALL)
    [words] = re.findall(r"^words=.*?\n(?=kubectl apply)", text, re.MULTILINE | re.DOTALL)
    script = f'kubectl() {{ printf "%s " "$@"; echo; }}\n{keys}{words}'
    run = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=True)
    made = {
        line.split()[5]: set(re.findall(r"--from-literal (\w+)=\S{36,}", line))
        for line in run.stdout.splitlines()
    }
    assert made == {"internal-keys": set(PARTS), "nats": NATS_PASSWORDS}


@pytest.fixture(scope="module")
def nats() -> Any:
    documents = yaml.safe_load_all((ROOT / BASE / "nats/nats.yaml").read_text())
    return {document["kind"]: document for document in documents}


def test_nats_has_the_users_that_compose_gives_it(nats: Any) -> None:
    assert COPY.read_text() == FILE.read_text(), "run `make permissions`"
    [generated] = read(f"{BASE}/nats/kustomization.yaml")["configMapGenerator"]
    assert generated == {"name": "nats", "files": ["nats.conf", COPY.name]}
    [container] = nats["StatefulSet"]["spec"]["template"]["spec"]["containers"]
    assert container["envFrom"] == [{"secretRef": {"name": "nats"}}]
    given = NATS_PASSWORDS | {variable["name"] for variable in container["env"]}
    wanted = "".join((ROOT / BASE / f"nats/{name}").read_text() for name in generated["files"])
    assert set(re.findall(r"\$([A-Z0-9_]+)\b(?!\.)", wanted)) == given


def test_nats_takes_the_configuration(tmp_path: Path, nats: Any) -> None:
    [container] = nats["StatefulSet"]["spec"]["template"]["spec"]["containers"]
    given = {variable["name"]: variable.get("value", "nats-0") for variable in container["env"]}
    environment = dict.fromkeys(NATS_PASSWORDS, "secret") | {
        name: value.replace("$(NATS_PASSWORD_ROUTE)", "secret") for name, value in given.items()
    }
    for name in ("nats.conf", "users.conf"):
        (tmp_path / name).write_text((ROOT / BASE / "nats" / name).read_text())
    server = Path(sys.executable).with_name("nats-server")
    command = [str(server), "--config", str(tmp_path / "nats.conf"), "-t"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_every_server_of_nats_is_a_route_and_runs_restricted(nats: Any) -> None:
    spec = nats["StatefulSet"]["spec"]
    pod = spec["template"]["spec"]
    [container] = pod["containers"]
    routes = [v["value"] for v in container["env"] if v["name"].startswith("NATS_ROUTE")]
    assert len(routes) == spec["replicas"] == 3
    for number, route in enumerate(routes):
        assert route.endswith(f"@nats-{number}.{spec['serviceName']}:6222")
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


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
