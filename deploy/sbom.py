"""The bill of materials of the images (CycloneDX), made from the locked requirements.

`make sbom` writes it to sbom.json, and the images carry it as /app/sbom.json. The same lock gives
the same file.
"""  # noqa: INP001  (run from the repository, never installed)

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def write(file: Path) -> None:
    """Write the bill of materials of requirements.lock, checked against CycloneDX's schema."""
    program = Path(sys.executable).with_name("cyclonedx-py")
    options = ["--pyproject", "pyproject.toml", "--mc-type", "application"]
    options += ["--short-PURLs", "--output-reproducible", "--validate", "--output-file"]
    subprocess.run(  # noqa: S603  (constant)
        [program, "requirements", "requirements.lock", *options, file.resolve()],
        cwd=ROOT,
        check=True,
        env={"PYTHONWARNINGS": "ignore"},
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]))
