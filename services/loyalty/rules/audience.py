"""Audiences: to whom something is open, by tier, segment and lifecycle stage."""

from dataclasses import dataclass
from typing import Any, Self

GATES = ("tiers", "segments", "stages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What gates look at in a member."""

    tier: str
    segments: frozenset[str] = frozenset()
    stage: str | None = None
    """The lifecycle stage profile last told, such as `silent`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom something is for. An empty set asks for nothing; of several, one is enough."""

    tiers: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()

    @classmethod
    def of(cls, gated: Any) -> Self:
        """Of what names `tiers` and `segments`, and perhaps `stages`."""
        return cls(**{name: frozenset(getattr(gated, name, ())) for name in GATES})

    def admits_tier(self, person: Person) -> bool:
        return not self.tiers or person.tier in self.tiers

    def targets(self, person: Person) -> bool:
        """Whether the member is among those it was made for. Others do not even see it."""
        in_segment = not self.segments or bool(self.segments & person.segments)
        return in_segment and (not self.stages or person.stage in self.stages)

    def admits(self, person: Person) -> bool:
        return self.admits_tier(person) and self.targets(person)


EVERYBODY = Audience()
