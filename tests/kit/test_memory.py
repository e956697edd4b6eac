"""What threads needed for a while is given back to the system."""

import platform
import subprocess
import sys

import pytest

PROGRAMME = """
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from argon2 import PasswordHasher
from kit import memory

def occupied_mib():
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"RssAnon:\\s+(\\d+)", status)[1]) / 1024

if {one_heap}:
    memory.keep_one_heap()
hasher = PasswordHasher(time_cost=1, memory_cost=19_456, parallelism=1)
pool = ThreadPoolExecutor(1)
pool.submit(list).result()
before = occupied_mib()
for _ in range(3):  # glibc keeps what is this large from the second time on
    pool.submit(hasher.hash, "x").result()
between = occupied_mib()
memory.give_back()
print(between - before, occupied_mib() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries keep less")
@pytest.mark.parametrize(
    ("one_heap", "stays"),
    [
        pytest.param(True, False, id="from the one heap, all of it"),
        pytest.param(False, True, id="from a heap of a thread, nothing"),
    ],
)
def test_what_a_password_needed_is_given_back(*, one_heap: bool, stays: bool) -> None:
    command = [sys.executable, "-c", PROGRAMME.format(one_heap=one_heap)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    kept, left = map(float, printed.split())
    assert kept > 15
    assert (left > 15) is stays
