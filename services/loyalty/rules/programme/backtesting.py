"""A version tried on what really happened, beside the one that runs.

Both decide on every occasion in the sequence in which they were recorded, each with caps and
budgets of its own that begin unused; what they pay is compared member by member.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.loyalty.rules.earning import Occasion
from services.loyalty.rules.ledger import PointType
from services.loyalty.rules.programme.compiling import Compiled
from services.loyalty.rules.programme.conditions import Facts
from services.loyalty.rules.programme.deciding import (
    CountKey,
    Counts,
    Decision,
    Verdict,
    limited,
    matched,
)
from services.loyalty.rules.programme.states import Period

KEPT_DAYS = 3
"""Days for which a day's counts are kept: longer than time zones are apart."""


@dataclass(slots=True)
class Run:
    """One version's way through the past."""

    version: Compiled
    counts: Counts = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    points: int = 0
    growth: int = 0
    verdicts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_rule: Counter[str] = field(default_factory=Counter)
    capped: Counter[str] = field(default_factory=Counter)
    heard: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, version: Compiled) -> "Run":
        return cls(version, left=dict(version.budgets))

    def decide(self, occasion: Occasion, facts: Facts) -> int:
        """What the version pays for the occasion, in points."""
        decision = matched(self.version, occasion, facts)
        limited(decision, self.version, self.counts, self.left)
        self._note(decision)
        return decision.points()

    def _note(self, decision: Decision) -> None:
        self.points += decision.points()
        self.growth += decision.points(PointType.GROWTH)
        self.heard[decision.occasion.trigger] += 1
        for outcome in decision.outcomes:
            key = outcome.rule.key
            self.verdicts[key][outcome.verdict] += 1
            self.by_rule[key] += outcome.points
            if outcome.limit and outcome.limit.unit != "budget":
                self.capped[key] += 1

    def forget(self, today: date) -> None:
        """Drop the counts of days that are over everywhere."""
        last = today - timedelta(days=KEPT_DAYS)
        self.counts = {key: n for key, n in self.counts.items() if not _over(key, last)}

    def report(self) -> dict[str, Any]:
        return {
            "version": self.version.version,
            "points": self.points,
            "growth_points": self.growth,
            "cost_minor": _cost(self.version, self.points),
            "rules": {key: self._rule_report(key) for key in sorted(self.version.by_key)},
            "budgets": {
                name: {"ceiling": ceiling, "used": ceiling - self.left[name]}
                for name, ceiling in self.version.budgets.items()
            },
        }

    def _rule_report(self, key: str) -> dict[str, int]:
        """Of a rule; that conditions failed is what every occasion says that it says no other of.

        A rule the index left out would have failed.
        """
        verdicts = self.verdicts[key]
        heard = self.heard[self.version.by_key[key].rule.trigger]
        others = sum(number for verdict, number in verdicts.items() if verdict != Verdict.FAILED)
        return {
            "points": self.by_rule[key],
            "paid": verdicts[Verdict.PAID],
            "caps_hit": self.capped[key],
            "budget_exhausted": verdicts[Verdict.EXHAUSTED],
            "conditions_failed": heard - others,
        }


def _over(key: CountKey, last: date) -> bool:
    return key.period is Period.DAY and key.begins < last


def _cost(version: Compiled, points: int) -> int | None:
    """What points cost the company, in minor units; None if the programme does not say."""
    cost = version.programme.cost
    return int((points * Decimal(cost.per_point_minor)).to_integral_value()) if cost else None


@dataclass(slots=True)
class Standing:
    """What a member would have earned, and was when last seen."""

    before: int = 0
    after: int = 0
    tier: str | None = None
    segments: Sequence[str] = ()


class BacktestRun:
    """Two versions side by side."""

    def __init__(self, baseline: Compiled, candidate: Compiled) -> None:
        self.baseline, self.candidate = Run.of(baseline), Run.of(candidate)
        self.members: dict[UUID, Standing] = defaultdict(Standing)
        self.occasions = 0
        self._day: date | None = None

    def speaks_of(self, trigger: str) -> bool:
        """Whether either version has rules for it."""
        return any(trigger in run.version.by_trigger for run in (self.baseline, self.candidate))

    def take(self, occasion: Occasion, facts: Facts) -> None:
        """The next occasion."""
        self._turn(occasion.at.date())
        self.occasions += 1
        stands = self.members[occasion.member_id]
        stands.before += self.baseline.decide(occasion, facts)
        stands.after += self.candidate.decide(occasion, facts)
        stands.tier = facts.member.get("tier")
        stands.segments = facts.member.get("segments") or ()

    def _turn(self, day: date) -> None:
        if self._day is None or day > self._day:
            self._day = day
            self.baseline.forget(day)
            self.candidate.forget(day)

    def report(self) -> dict[str, Any]:
        before, after = self.baseline.report(), self.candidate.report()
        costs = before["cost_minor"], after["cost_minor"]
        by_tier: dict[str, list[Standing]] = defaultdict(list)
        by_segment: dict[str, list[Standing]] = defaultdict(list)
        for stands in self.members.values():
            by_tier[stands.tier or ""].append(stands)
            for segment in stands.segments:
                by_segment[segment].append(stands)
        return {
            "occasions": self.occasions,
            "baseline": before,
            "candidate": after,
            "points_difference": after["points"] - before["points"],
            "cost_minor_difference": None if None in costs else costs[1] - costs[0],
            "members": _compared(list(self.members.values())),
            "by_tier": {tier: _compared(group) for tier, group in sorted(by_tier.items())},
            "by_segment": {name: _compared(group) for name, group in sorted(by_segment.items())},
        }


def _compared(group: Sequence[Standing]) -> Mapping[str, int]:
    """Who would have won and lost, and how much."""
    changes = [stands.after - stands.before for stands in group]
    return {
        "members": len(group),
        "points_before": sum(stands.before for stands in group),
        "points_after": sum(stands.after for stands in group),
        "winners": sum(change > 0 for change in changes),
        "points_won": sum(change for change in changes if change > 0),
        "losers": sum(change < 0 for change in changes),
        "points_lost": -sum(change for change in changes if change < 0),
    }
