"""The points ledger beside pgbench, and beside pgledger where its SQL is at hand.

    python -m bench.loyalty [--only PART ...] [--rounds N] [--lots N] [--pgledger FOLDER]

The references are pgbench's own transactions from 16 connections on the same PostgreSQL, with
synchronous commits. Ours do all a service does. After each part the ledger proves itself.
"""

import argparse
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench.loyalty import earning, expiring, pgledger, reading, redeeming
from bench.loyalty.people import gateway
from bench.loyalty.world import World, check, run, world
from bench.rounds import console

Part = Callable[[World, argparse.Namespace], None]
ThroughGateway = Callable[[World, str], Coroutine[Any, Any, None]]


def through_the_gateway(made: World, options: argparse.Namespace) -> None:
    """What needs the whole system: it is started once for all of it."""
    parts: Mapping[str, ThroughGateway] = {
        "rate": redeeming.at_a_rate,
        "reading": reading.measure,
        "expiry": partial(expiring.measure, lots=options.lots),
    }
    with gateway(made) as url:
        for name, measure in parts.items():
            if name in options.only:
                run(measure(made, url))
                check(made, console.print)


PARTS: Mapping[str, Part] = {
    "earning": lambda made, options: earning.measure(made, options.rounds),
    "redeeming": lambda made, options: redeeming.measure(made, options.rounds),
    "household": lambda made, _: redeeming.measure_household(made),
    "pgledger": lambda made, options: pgledger.measure(made, options.pgledger, options.rounds),
}
"""What is measured in this process."""
THROUGH_THE_GATEWAY = ("rate", "reading", "expiry")


def main(arguments: Sequence[str] = ()) -> None:
    options = read(arguments)
    with world() as made:
        for name, measure in PARTS.items():
            if name in options.only:
                measure(made, options)
                check(made, console.print)
        if set(options.only) & set(THROUGH_THE_GATEWAY):
            through_the_gateway(made, options)


def read(arguments: Sequence[str]) -> argparse.Namespace:
    every = (*PARTS, *THROUGH_THE_GATEWAY)
    parser = argparse.ArgumentParser(prog="python -m bench.loyalty")
    parser.add_argument("--only", nargs="+", choices=every, default=every, help="parts to measure")
    parser.add_argument("--rounds", type=int, default=3, help="rounds beside pgbench")
    parser.add_argument("--lots", type=int, default=20_000, help="lots to expire, to a million")
    parser.add_argument("--pgledger", type=Path, help="a checkout of github.com/pgr0ss/pgledger")
    return parser.parse_args(arguments)
