"""What differs between two documents of a programme, place by place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

_ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """A place in which two documents differ, such as `rules[order].earn.points`."""

    place: str
    change: Literal["added", "removed", "changed", "moved"]
    before: Any = None
    after: Any = None


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """From `before` to `after`. Rules and levels are told apart by their keys."""
    return list(_compare("", before, after))


def _compare(place: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if before is _ABSENT:
        yield Difference(place, "added", after=after)
    elif after is _ABSENT:
        yield Difference(place, "removed", before=before)
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _compare_parts(place, before, after, ".{}")
    elif (ours := _by_key(before)) is not None and (theirs := _by_key(after)) is not None:
        yield from _compare_parts(place, ours, theirs, "[{}]")
        yield from _moved(place, list(ours), list(theirs))
    else:
        yield Difference(place, "changed", before, after)


def _compare_parts(
    place: str, before: Mapping[str, Any], after: Mapping[str, Any], form: str
) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        inner = (place + form.format(name)).lstrip(".")
        yield from _compare(inner, before.get(name, _ABSENT), after.get(name, _ABSENT))


def _by_key(parts: Any) -> dict[str, Any] | None:
    """A list of things with keys, by them; None if it is not one."""
    if not isinstance(parts, Sequence) or isinstance(parts, str) or not parts:
        return None
    keyed = {part["key"]: part for part in parts if isinstance(part, Mapping) and "key" in part}
    return keyed if len(keyed) == len(parts) else None


def _moved(place: str, before: list[str], after: list[str]) -> Iterator[Difference]:
    """Their turn matters among rules of one priority."""
    stayed = [key for key in before if key in after]
    now = [key for key in after if key in before]
    if stayed != now:
        yield Difference(place, "moved", stayed, now)
