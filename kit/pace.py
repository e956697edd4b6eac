"""How long to rest after a small batch.

As long as the batch took: when the machine is busy batches then grow larger instead of more, and
what they cost in common is shared by more events.
"""

LONGEST_S = 0.1


def rest_s(worked_s: float, least_s: float) -> float:
    """The rest after a batch that took `worked_s` seconds."""
    return min(max(worked_s, least_s), LONGEST_S)
