"""`make audit`: the locked requirements, looked up among the known vulnerabilities of osv.dev.

It asks a service outside, whose answer changes from day to day, so it is no part of the checks of a
change: what was well yesterday would fail today with nothing changed.
"""  # noqa: INP001  (run from the repository, never installed)

import subprocess
import sys

AUDITOR = "pip-audit==2.10.1"
COMMAND = (
    *(sys.executable, "-m", "uv", "tool", "run", "--quiet", AUDITOR),
    *("--strict", "--vulnerability-service", "osv", "--progress-spinner", "off"),
    *("--disable-pip", "--require-hashes", "--requirement", "requirements.lock"),
)
CLEAN, FOUND, UNKNOWN = 0, 1, 2
UNREACHABLE = (
    "The service of advisories, api.osv.dev, gave no answer: nothing was checked. "
    "Run `make audit` where it can be reached."
)


def verdict(status: int, output: str) -> int:
    """What the auditor's end means: only its own words make a vulnerability of a failure."""
    if status == 0:
        return CLEAN
    return FOUND if "known vulnerabilit" in output else UNKNOWN


def main() -> int:
    """Run the auditor, say what it says, and end as it found."""
    run = subprocess.run(COMMAND, capture_output=True, text=True, check=False)  # noqa: S603  (constant)
    found = verdict(run.returncode, run.stderr)
    if found is UNKNOWN:
        print(run.stderr.strip().rpartition("\n")[2][:300], UNREACHABLE, sep="\n", file=sys.stderr)  # noqa: T201
    else:
        print(run.stdout, run.stderr, sep="")  # noqa: T201
    return found


if __name__ == "__main__":
    sys.exit(main())
