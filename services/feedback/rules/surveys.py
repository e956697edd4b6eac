"""Surveys: the kinds, their scales, the default questions, and what the answers amount to.

CSAT counts scores 4 and 5 as satisfied. NPS is promoters (9, 10) less detractors (0 to 6), in
percent of the answers. CES is the mean on 1 to 7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

SURVEY_PERIOD = timedelta(days=14)
"""How long a survey takes an answer."""

COMMENT_LIMIT = 2_000


class Kind(StrEnum):
    CSAT = "csat"
    NPS = "nps"
    CES = "ces"


@dataclass(frozen=True, slots=True)
class Scale:
    """The scores a kind takes, and the score from which an answer counts as favourable."""

    lowest: int
    highest: int
    favourable: int

    def holds(self, score: int) -> bool:
        return self.lowest <= score <= self.highest


SCALES: Mapping[Kind, Scale] = MappingProxyType(
    {Kind.CSAT: Scale(1, 5, 4), Kind.NPS: Scale(0, 10, 9), Kind.CES: Scale(1, 7, 5)}
)

NPS_DETRACTOR = 6
"""The highest score of a detractor."""

CSAT_QUESTION: Mapping[str, str] = MappingProxyType(
    {
        "zh-CN": "您对这次服务满意吗？",
        "en": "How satisfied are you with the help you got?",
        "ru": "Насколько вы довольны полученной помощью?",
    }
)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The answers of a period: how many gave each score of the kind's scale."""

    kind: Kind
    distribution: Mapping[int, int]

    @property
    def answers(self) -> int:
        return sum(self.distribution.values())

    @property
    def mean_score(self) -> float | None:
        """To two decimals; nothing where nobody answered."""
        if not self.answers:
            return None
        total = sum(score * count for score, count in self.distribution.items())
        return round(total / self.answers, 2)

    @property
    def favourable_share(self) -> float | None:
        """Favourable answers of all, 0 to 1."""
        return self._share(SCALES[self.kind].favourable, SCALES[self.kind].highest)

    @property
    def net_promoter_score(self) -> float | None:
        """-100 to 100, for NPS only."""
        promoters, detractors = self.favourable_share, self._share(0, NPS_DETRACTOR)
        if self.kind is not Kind.NPS or promoters is None or detractors is None:
            return None
        return round(100 * (promoters - detractors), 1)

    def _share(self, lowest: int, highest: int) -> float | None:
        if not self.answers:
            return None
        counted = sum(n for score, n in self.distribution.items() if lowest <= score <= highest)
        return round(counted / self.answers, 4)


def satisfaction(kind: Kind, counts: Mapping[int, int]) -> Satisfaction:
    """The answers of `kind`, with a zero for each score nobody gave."""
    scale = SCALES[kind]
    scores = range(scale.lowest, scale.highest + 1)
    return Satisfaction(kind, {score: counts.get(score, 0) for score in scores})


def is_open(offered_at: datetime, answered_at: datetime | None, now: datetime) -> bool:
    """Whether a survey still takes an answer."""
    return answered_at is None and now < closes_at(offered_at)


def closes_at(offered_at: datetime) -> datetime:
    return offered_at + SURVEY_PERIOD
