"""The images' bill of materials names what is installed in them, and they carry it."""

import json
import re
from pathlib import Path

from deploy import sbom
from tests.deploy.conftest import ROOT


def test_it_names_each_locked_package_with_its_version_and_hashes(tmp_path: Path) -> None:
    sbom.write(tmp_path / "sbom.json")
    bill = json.loads((tmp_path / "sbom.json").read_text())
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["name"] == "rapport"
    named = {(each["name"].lower(), each["version"]) for each in bill["components"]}
    lock = (ROOT / "requirements.lock").read_text()
    assert named == set(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^ ;]+)", lock, re.MULTILINE))
    hashed = [each["externalReferences"][0]["hashes"] for each in bill["components"]]
    assert sum(map(len, hashed)) == lock.count("--hash=sha256:")


def test_the_images_carry_it() -> None:
    assert "cp sbom.json /app" in (ROOT / "Dockerfile").read_text()
    assert "!sbom.json" in (ROOT / ".dockerignore").read_text().splitlines()
    assert "\nup: sbom " in (ROOT / "Makefile").read_text()
