"""Imported by Python itself at the start, where PYTHONPATH leads here: other clocks for some parts.

`CLOCKS=loyalty=300,profile=-300` has these parts, as `rapport serve <part>` runs them, live so many
seconds later than the machine.
"""

import os
import sys
import time

SHIFTS = dict(pair.split("=") for pair in os.environ.get("CLOCKS", "").split(",") if pair)


def shift(seconds: float) -> None:
    from datetime import timedelta  # noqa: PLC0415

    from kit import clock  # noqa: PLC0415  (the one place that asks for moments)

    told, now = time.time, clock.now
    time.time = lambda: told() + seconds
    clock.now = lambda: now() + timedelta(seconds=seconds)


for part in set(SHIFTS) & set(sys.orig_argv):
    shift(float(SHIFTS[part]))
