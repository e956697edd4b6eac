"""How long to rest after a small batch, or after a portion of much work.

After a batch, as a multiple of what it took: when the machine is busy batches then grow larger
instead of more, and what they cost in common is shared by more events. An event passes half a dozen
such workers, which share a process: none is to keep it busy by itself.
"""

LONGEST_S = 0.1
TIMES = 3
LONGEST_TURN_S = 1.0


def rest_s(worked_s: float, least_s: float) -> float:
    """The rest after a batch that took `worked_s` seconds."""
    return min(max(TIMES * worked_s, least_s), LONGEST_S)


def turn_s(worked_s: float) -> float:
    """The rest after a portion that is not the last.

    As long as it took: whoever is asked for something meanwhile has every other turn.
    """
    return min(worked_s, LONGEST_TURN_S)
