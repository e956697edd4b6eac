"""`python -m bench [name ...]`: the benchmarks, all or those named."""

import importlib
import sys

from bench.rounds import console

NAMES = (
    "gateway",
    "events",
    "activities",
    "latency",
    "memory",
    "streams",
    "growth",
    "sign_in",
    "rules",
    "cdnow",
    "loyalty",
)
LONG = ("cdnow_gateway",)
"""Those that take a quarter of an hour: by their names alone."""


def main() -> None:
    for name in sys.argv[1:] or NAMES:
        if name not in NAMES + LONG:
            sys.exit(f"there is no benchmark {name!r}; there are {', '.join(NAMES + LONG)}")
        console.rule(name)
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()
