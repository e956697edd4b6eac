"""Why an occasion earned what it did: in words for members, in full for staff.

What is kept of a decision names rules, places and numbers; the version it was decided by says what
stands there. Of rules that failed, members learn only what they can do something about: nobody is
told that a rule was made for a segment they are not in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from kit.plurals import form_of
from services.loyalty.rules.ledger import PointType
from services.loyalty.rules.programme import words
from services.loyalty.rules.programme.compiling import Compiled, CompiledRule
from services.loyalty.rules.programme.conditions import Facts, at_place, reader
from services.loyalty.rules.programme.deciding import Verdict
from services.loyalty.rules.programme.document import Condition
from services.loyalty.rules.programme.states import Period
from services.loyalty.rules.programme.words import Words

PRIVATE = ("member.segments", "member.tags", "member.channel", "member.stage")
"""What a member is not told about themselves as a reason."""

MOST_REASONS = 20
MOST_TRIED = 200
"""Rules that are decided again for a summary: of thousands that failed the first will do."""

_TURNS = (
    Verdict.PAID,
    Verdict.CAPPED,
    Verdict.EXHAUSTED,
    Verdict.NOTHING,
    Verdict.SUPERSEDED,
    Verdict.FAILED,
    Verdict.OUTSIDE,
    Verdict.HELD_OUT,
    Verdict.LOOPED,
)
"""The sequence in which reasons interest a member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What one rule said, in words."""

    rule: str
    verdict: str
    point_type: PointType
    points: int
    text: str


def reasons(
    outcomes: Sequence[Mapping[str, Any]], version: Compiled, language: str
) -> list[Reason]:
    """What the rules said to a member, the most interesting first."""
    found = [
        reason
        for outcome in outcomes
        if (rule := version.by_key.get(outcome["rule"]))
        and (reason := _reason(outcome, rule, version, language))
    ]
    found.sort(key=_turn)
    return found[:MOST_REASONS]


def _turn(reason: Reason) -> int:
    return _TURNS.index(Verdict(reason.verdict))


def of_prize(name: Words, point_type: PointType, points: int, language: str) -> str:
    """What something of that name paid by itself; nothing if it did not."""
    if not points:
        return ""
    paid = words.PAID_GROWTH if point_type is PointType.GROWTH else words.PAID
    return said(paid, language, name=said(name, language), points=points)


def in_short(
    outcomes: Sequence[Mapping[str, Any]],
    trigger: str,
    facts: Facts,
    version: Compiled,
    language: str,
) -> str:
    """What was paid, or else the reason of most interest: the first of `reasons` of all rules.

    Rules that were not kept can only have failed, or been outside their time, so they are decided
    again only where nothing better was kept, and only until one has something to say.
    """
    kept = [outcome for outcome in outcomes if outcome["rule"] in version.by_key]
    kept.sort(key=lambda outcome: version.by_key[outcome["rule"]].order)
    told = reasons(kept, version, language)
    if told and _turn(told[0]) < _TURNS.index(Verdict.FAILED):
        return " ".join(reason.text for reason in told if reason.points) or told[0].text
    tried: list[Reason] = []
    for outcome in islice(_in_turn(outcomes, trigger, facts, version), MOST_TRIED):
        tried += reasons([outcome], version, language)
        if tried and tried[-1].verdict == Verdict.FAILED:
            return tried[-1].text
    return min([*tried, *told], key=_turn).text if tried or told else unspoken(language)


def unspoken(language: str) -> str:
    """Said where no rule is about what happened."""
    return said(words.UNSPOKEN, language)


def said(texts: Words | None, language: str, **about: Any) -> str:
    if not texts:
        return ""
    text = texts.get(language) or texts.get("en") or next(iter(texts.values()))
    return text.format(**{name: _Said(value) for name, value in about.items()}) if about else text


class _Said:
    """What stands in a text: `{points:point|points}` is the number with the noun's right form."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __format__(self, forms: str) -> str:
        if not forms:
            return str(self._value)
        nouns = forms.split("|")
        return f"{self._value} {nouns[form_of(self._value, len(nouns))]}"


def _reason(
    outcome: Mapping[str, Any], rule: CompiledRule, version: Compiled, language: str
) -> Reason | None:
    verdict = Verdict(outcome["verdict"])
    text = " ".join(_sentences(verdict, outcome, rule, version, language))
    if not text:
        return None
    return Reason(
        rule=rule.key,
        verdict=verdict,
        point_type=rule.rule.point_type,
        points=outcome.get("points", 0),
        text=text,
    )


def _sentences(
    verdict: Verdict,
    outcome: Mapping[str, Any],
    rule: CompiledRule,
    version: Compiled,
    language: str,
) -> Iterator[str]:
    name = said(rule.rule.name, language)
    match verdict:
        case Verdict.PAID:
            yield from _paid(outcome, rule, name, language)
        case Verdict.CAPPED | Verdict.EXHAUSTED:
            yield _limit(outcome["limit"], name, language)
        case Verdict.NOTHING:
            yield said(words.NOTHING, language, name=name)
        case Verdict.SUPERSEDED:
            other = said(version.name_of(outcome["by"]), language) or outcome["by"]
            yield said(words.SUPERSEDED, language, name=name, by=other)
        case Verdict.OUTSIDE:
            yield said(words.OUTSIDE, language, name=name)
        case Verdict.HELD_OUT:
            yield said(words.HELD_OUT, language, name=name)
        case Verdict.LOOPED:
            yield said(words.LOOPED, language, name=name)
        case Verdict.FAILED:
            yield from _failed(outcome.get("place", ""), rule, version, name, language)


def _paid(
    outcome: Mapping[str, Any], rule: CompiledRule, name: str, language: str
) -> Iterator[str]:
    growth = rule.rule.point_type is PointType.GROWTH
    paid = words.PAID_GROWTH if growth else words.PAID
    points, asked = outcome["points"], outcome["asked"]
    yield said(paid, language, name=name, points=points)
    if factor := outcome.get("factor"):
        multiplied = words.MULTIPLIED if rule.multiplies else words.TIER_FACTOR
        yield said(multiplied, language, factor=factor, base=outcome.get("base"))
    if exact := outcome.get("exact"):
        rounding = words.ROUNDED[rule.rule.earn.rounding]
        yield said(rounding, language, exact=exact, asked=asked)
    if points < asked:
        yield said(words.IN_PART, language, points=points, asked=asked)
        yield _limit(outcome["limit"], name, language)
    if not growth:
        yield from _terms(rule, language)


def _terms(rule: CompiledRule, language: str) -> Iterator[str]:
    """When the points become available, and for how long."""
    terms = rule.terms
    if terms.awaits_delivery:
        awaits = words.AWAITS_DAYS if terms.pending_days else words.AWAITS
        yield said(awaits, language, days=terms.pending_days)
    elif terms.pending_days:
        yield said(words.PENDING_DAYS, language, days=terms.pending_days)
    if terms.valid_days:
        yield said(words.VALID_DAYS, language, days=terms.valid_days)


def _limit(limit: Mapping[str, Any], name: str, language: str) -> str:
    if limit["unit"] == "budget":
        return said(words.EXHAUSTED, language, name=name)
    texts = words.CAPPED[limit["unit"]][Period(limit["per"])]
    return said(texts, language, name=name, used=limit["used"], most=limit["most"])


def _failed(
    place: str, rule: CompiledRule, version: Compiled, name: str, language: str
) -> Iterator[str]:
    if place.startswith("earn."):
        currency = rule.rule.earn.currency
        texts = words.FAILED_CURRENCY if place == "earn.currency" else words.FAILED_AMOUNT
        yield said(texts, language, name=name, currency=currency)
        return
    failed = at_place(rule.rule.when, place.removeprefix("when"))
    if own := _otherwise(rule.rule.when, place):
        yield said(words.OTHERWISE, language, name=name, text=said(own, language))
    elif failed is None or _is_private(failed):
        return
    elif ".not" in place:
        yield said(words.FAILED, language, name=name)
    elif failed.field == "member.tier" and failed.op in {"eq", "in"}:
        tiers = _tier_names(failed, version, language)
        yield said(words.FAILED_TIER, language, name=name, tiers=tiers)
    elif failed.field and failed.field.startswith("time."):
        yield said(words.FAILED_TIME, language, name=name)
    else:
        yield said(words.FAILED, language, name=name)


def _otherwise(condition: Condition | None, place: str) -> Words | None:
    """The text of the condition that failed, or of the nearest around it that has one."""
    steps = place.removeprefix("when").strip(".").split(".")
    around = [".".join(steps[:n]) for n in range(len(steps), 0, -1)]
    for inner in [*around, ""]:
        found = at_place(condition, inner)
        if found and found.otherwise:
            return found.otherwise
    return None


def _is_private(condition: Condition) -> bool:
    parts = [*(condition.all or ()), *(condition.any or ())]
    parts += [part for part in (condition.negated, condition.item) if part]
    return condition.field in PRIVATE or any(map(_is_private, parts))


def _tier_names(condition: Condition, version: Compiled, language: str) -> str:
    names = {level.key: said(level.name, language) for level in version.tiers.levels}
    keys = condition.value if condition.op == "in" else [condition.value]
    return ", ".join(names.get(key, str(key)) for key in keys)


def all_said(
    outcomes: Sequence[Mapping[str, Any]], trigger: str, facts: Facts, version: Compiled
) -> list[Mapping[str, Any]]:
    """What every rule of the trigger said, in turn.

    Rules that were not kept are decided again from what is known of the occasion.
    """
    return list(_in_turn(outcomes, trigger, facts, version))


def _in_turn(
    outcomes: Sequence[Mapping[str, Any]], trigger: str, facts: Facts, version: Compiled
) -> Iterator[Mapping[str, Any]]:
    kept = {outcome["rule"]: outcome for outcome in outcomes}
    index = version.by_trigger.get(trigger)
    for rule in index.rules if index else ():
        yield kept.get(rule.key) or _again(rule, facts)


def in_full(
    outcomes: Sequence[Mapping[str, Any]], facts: Facts, version: Compiled
) -> list[dict[str, Any]]:
    """The outcomes with what each rule asked for, and what it found, where that failed."""
    return [
        {**outcome, **_asked_for(version.by_key[outcome["rule"]], outcome["place"], facts)}
        if outcome["verdict"] == Verdict.FAILED
        else dict(outcome)
        for outcome in outcomes
    ]


def _again(rule: CompiledRule, facts: Facts) -> dict[str, Any]:
    place = rule.check(facts)
    if place is None:
        return {"rule": rule.key, "verdict": Verdict.OUTSIDE}
    return {"rule": rule.key, "verdict": Verdict.FAILED, "place": f"when{place}"}


def _asked_for(rule: CompiledRule, place: str, facts: Facts) -> dict[str, Any]:
    failed = at_place(rule.rule.when, place.removeprefix("when"))
    if failed is None or not place.startswith("when"):
        return {}
    asked = failed.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    asked.pop("otherwise", None)
    found = {"found": list(reader(failed.field)(facts))} if failed.field else {}
    return {"condition": asked, **found}
