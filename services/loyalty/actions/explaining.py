"""Explaining what a member earned, and what they did not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit.problems import NotFound
from services.loyalty.actions.publishing import ready_version
from services.loyalty.rules.coupons import Series
from services.loyalty.rules.ledger import PointType, Source
from services.loyalty.rules.prizes import PAID_BY
from services.loyalty.rules.programme import words
from services.loyalty.rules.programme.compiling import Compiled
from services.loyalty.rules.programme.conditions import Facts
from services.loyalty.rules.programme.explaining import (
    Reason,
    all_said,
    in_full,
    in_short,
    of_prize,
    reasons,
    said,
    unspoken,
)
from services.loyalty.store import occasions, payments, remarks, wallets
from services.loyalty.store.members import MemberFacts
from services.loyalty.tables import Entry, Occasion


class NothingToExplain(NotFound):
    code = "loyalty.nothing_to_explain"
    title = "Nothing of that id in the history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why: a sentence, and each rule's reason. `detail` is for staff."""

    id: UUID
    entry: Entry | None
    occasion: Occasion | None
    summary: str
    reasons: Sequence[Reason]
    detail: dict[str, Any] | None


async def explain(
    session: AsyncSession,
    explained_id: UUID,
    language: str,
    *,
    member_id: UUID | None,
) -> Explanation:
    """Explain an entry of the history, or an occasion, to its member or else to staff.

    Raises NothingToExplain if there is no such thing, or it is another member's.
    """
    entry = await wallets.entry(session, explained_id)
    occasion = await _occasion_of(session, explained_id, entry)
    owner = _owner(entry) if entry else occasion.member_id if occasion else None
    if owner is None or member_id not in (None, owner):
        raise NothingToExplain(f"There is nothing of the id {explained_id} in the history.")
    version = await _version_of(session, occasion)
    told = _reasons(occasion, version, language)
    summary = _of_occasion(told, language)
    if entry is not None:
        reason = await remarks.reason_of(session, entry.id)
        summary = _of_prize(entry, occasion, language)
        summary = summary or _of_entry(entry, reason or "", told, language)
        summary = await _of_payment(session, entry, language) or summary
    return Explanation(
        id=explained_id,
        entry=entry,
        occasion=occasion,
        summary=summary,
        reasons=told,
        detail=_detail(occasion, version) if member_id is None else None,
    )


def _owner(entry: Entry) -> UUID:
    """Whose doing an entry is: in a household's wallet, one of its members'."""
    return entry.by_member_id or entry.member_id


@dataclass(frozen=True, slots=True)
class Decided:
    """Something a member did, and what came of it in a sentence."""

    occasion: Occasion
    summary: str


async def list_decided(
    session: AsyncSession, member_id: UUID, language: str, limit: int, before: UUID | None
) -> list[Decided]:
    """What a member did that the programme speaks of, newest first; also what earned nothing."""
    found = await occasions.of_member(session, member_id, limit, before)
    decided_by = {occasion.version: occasion for occasion in found}
    versions = {number: await _version_of(session, one) for number, one in decided_by.items()}
    return [Decided(one, _in_short(one, versions[one.version], language)) for one in found]


async def reasons_of(
    session: AsyncSession, member_id: UUID, source: Source, language: str
) -> list[Reason]:
    """What rules said to what came of a source."""
    found = await occasions.of_source(session, member_id, source)
    return [
        reason
        for occasion in found
        for reason in _reasons(occasion, await _version_of(session, occasion), language)
    ]


def summary_of_claim(series: Series, told: Sequence[Reason], language: str) -> str:
    """What a code of the series brought: its prize, and what rules paid; or why they did not."""
    prize = {PointType.POINTS: series.prize.points, PointType.GROWTH: series.prize.growth_points}
    paid = [of_prize(series.name, kind, points, language) for kind, points in prize.items()]
    paid += [reason.text for reason in told if reason.points]
    if text := " ".join(filter(None, paid)):
        return text
    claimed = said(words.CLAIMED, language, name=said(series.name, language))
    return " ".join([claimed, *(reason.text for reason in told[:1])])


async def _occasion_of(
    session: AsyncSession, explained_id: UUID, entry: Entry | None
) -> Occasion | None:
    """The occasion itself, or the one that made an entry, or what the entry later changes."""
    if entry is None:
        return await occasions.with_id(session, explained_id)
    source = Source(entry.source_type, entry.source_id)
    found = await occasions.of_source(session, _owner(entry), source)
    if entry.rule in PAID_BY.values():
        return next(iter(found), None)
    spoke = [o for o in found if any(said["rule"] == entry.rule for said in o.outcomes or ())]
    return next(iter(spoke), None)


async def _version_of(session: AsyncSession, occasion: Occasion | None) -> Compiled | None:
    if occasion is None or occasion.version is None:
        return None
    version: Compiled = await ready_version(session, occasion.version)
    return version


def _reasons(
    occasion: Occasion | None, version: Compiled | None, language: str
) -> Sequence[Reason]:
    if occasion is None or version is None:
        return ()
    return reasons(_all_said(occasion, version), version, language)


def _in_short(occasion: Occasion, version: Compiled | None, language: str) -> str:
    if version is None:
        return unspoken(language)
    outcomes = occasion.outcomes or ()
    return in_short(outcomes, occasion.trigger, _facts(occasion), version, language)


def _all_said(occasion: Occasion, version: Compiled) -> list[Mapping[str, Any]]:
    return all_said(occasion.outcomes or (), occasion.trigger, _facts(occasion), version)


def _facts(occasion: Occasion) -> Facts:
    """What was known when it was decided."""
    known = MemberFacts.of_record(occasion.member_id, occasion.member or {})
    return known.on(occasions.occasion_of(occasion))


def _of_occasion(told: Sequence[Reason], language: str) -> str:
    """What was paid, or else the reason of most interest."""
    paid = [reason.text for reason in told if reason.points]
    if paid:
        return " ".join(paid)
    return told[0].text if told else unspoken(language)


def _of_prize(entry: Entry, occasion: Occasion | None, language: str) -> str:
    """What the prize of something with a name paid; of another entry, nothing."""
    name = occasion.event.get("name") if occasion else None
    if entry.leg != "earn" or entry.rule not in PAID_BY.values() or not isinstance(name, dict):
        return ""
    return of_prize(name, PointType(entry.point_type), entry.points, language)


async def _of_payment(session: AsyncSession, entry: Entry, language: str) -> str:
    """What an entry did for the order its points pay for; of another entry, nothing."""
    texts = words.PAYMENTS.get(entry.kind)
    if texts is None or entry.source_type != "hold":
        return ""
    made = await payments.with_id(session, UUID(entry.source_id))
    if made is None:
        return ""
    return said(texts, language, points=abs(entry.points), order=made.order_id)


def _of_entry(entry: Entry, reason: str, told: Sequence[Reason], language: str) -> str:
    """What a rule said of what it earned; of other entries, what they are."""
    own = next((reason.text for reason in told if reason.rule == entry.rule), None)
    if entry.leg == "earn" and own:
        return own
    texts = words.ENTRIES.get(entry.kind, words.OTHER_ENTRY)
    about = {
        "points": abs(entry.points),
        "signed": f"{entry.points:+d}",
        "reason": reason,
    }
    why = said(words.REASONS.get(reason), language)
    return " ".join(filter(None, [said(texts, language, **about), why]))


def _detail(occasion: Occasion | None, version: Compiled | None) -> dict[str, Any] | None:
    """All there is: the event, what was known of the member, and what every rule said."""
    if occasion is None:
        return None
    known = {"event": occasion.event, "version": occasion.version, "member": occasion.member}
    if version is None:
        return {**known, "outcomes": []}
    said_by_all = _all_said(occasion, version)
    return {**known, "outcomes": in_full(said_by_all, _facts(occasion), version)}
