"""Becomes another program that ends with its parent.

Run as a plain script, `launch.py PARENT SIGNAL USER PROGRAM ARGUMENT...`: it drops to USER (empty:
stays), asks Linux to send it SIGNAL when PARENT dies, by SIGKILL too, and turns into PROGRAM.
A script and not a `preexec_fn`, because running Python between fork and exec may deadlock a process
with threads. It imports nothing of ours, so it starts in milliseconds.

Linux remembers the *thread* that started a child: start children from the main thread.
"""

import ctypes
import os
import pwd
import sys

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h


def drop_to(user: str) -> None:
    """Give up root for `user`, groups included."""
    entry = pwd.getpwnam(user)
    os.setgroups([entry.pw_gid])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def die_with(parent: int, signal_number: int) -> None:
    """Ask for `signal_number` at the parent's death, or leave now if it has died already."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal_number)
    if os.getppid() != parent:
        sys.exit(1)


def main(parent: str, signal_number: str, user: str, *command: str) -> None:
    """Drop, bind, become. In that order: changing user would forget the signal."""
    if user:
        drop_to(user)
    die_with(int(parent), int(signal_number))
    os.execv(command[0], command)  # noqa: S606 -- becoming another program is the purpose


if __name__ == "__main__":
    main(*sys.argv[1:])
