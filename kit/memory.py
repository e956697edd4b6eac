"""What a process keeps of the memory it once needed. Nothing happens where there is no glibc.

glibc gives each thread a heap of its own, and of those heaps only the first can be given back: what
two threads needed to compare passwords (19 MiB each) stayed with the process for ever.
"""

import ctypes
import sys
from typing import Any

_M_ARENA_MAX = -8  # of <malloc.h>


def keep_one_heap() -> None:
    """Have all threads share one heap. To be called before there are any."""
    if (mallopt := _of_glibc("mallopt")) is not None:
        mallopt(_M_ARENA_MAX, 1)


def give_back() -> None:
    """Return what is free to the system; 2 ms after a password, next to nothing with none."""
    if (trim := _of_glibc("malloc_trim")) is not None:
        trim(0)


def _of_glibc(name: str) -> Any:
    """A function of the C library, None where it has none of that name."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
