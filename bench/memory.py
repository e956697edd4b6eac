"""Memory of the one-process system at rest, embedded servers included, as proportional set size."""

import re
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import psutil

from bench.processes import system
from bench.rounds import console
from rapport.ports import free_port

REST_S = 20


def proportional_mib(pid: int) -> float:
    """What a process occupies, shared pages divided among those who share them (PSS)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder,
        system(Path(folder), free_port()) as (_, _, pid),
    ):
        time.sleep(REST_S)
        sizes: dict[str, float] = defaultdict(float)
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            name = "rapport" if process == root else process.name()
            sizes[name] += proportional_mib(process.pid)
        for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
            console.print(f"  {name:<16} {size:6.0f} MiB")
        console.print(f"  {'all':<16} {sum(sizes.values()):6.0f} MiB")


if __name__ == "__main__":
    main()
