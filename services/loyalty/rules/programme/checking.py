"""What a programme's shape cannot say: that names exist, and that words fit together."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from services.loyalty.rules.ledger import PointType
from services.loyalty.rules.programme.document import (
    BadProgramme,
    Cap,
    Condition,
    Earn,
    Fault,
    Programme,
    Rule,
    Tiers,
    conditions,
    shaped,
)
from services.loyalty.rules.programme.triggers import (
    FOLLOWING,
    HEARD,
    ORDER_PLACED,
    OWN,
    is_known,
)

DEEPEST = 6
MOST_LEAVES = 50
MOST_CHOICES = 1000

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

FIELDS = {
    "member.tier": "text",
    "member.segments": "text",
    "member.tags": "text",
    "member.channel": "text",
    "member.language": "text",
    "member.stage": "text",
    "member.anonymous": "boolean",
    "member.days_enrolled": "number",
    "time.date": "text",
    "time.month_day": "text",
    "time.weekday": "text",
    "time.day": "number",
    "time.hour": "number",
}
"""The fields that are not the event's, and what they hold."""

Faults = Iterator[Fault]


def parse(raw: object) -> Programme:
    """Read a document. Raises BadProgramme with every fault and its place."""
    programme = shaped(raw)
    if faults := list(_faults(programme)):
        raise BadProgramme(faults)
    return programme


def _faults(programme: Programme) -> Faults:
    keys = Counter(rule.key for rule in programme.rules)
    for number, rule in enumerate(programme.rules):
        place = f"rules[{number}]"
        if keys[rule.key] > 1:
            yield Fault(f"{place}.key", "duplicate", f"another rule is named {rule.key}, too")
        yield from _of_rule(rule, place, programme)
    for key, campaign in programme.campaigns.items():
        if campaign.begins and campaign.ends and campaign.begins >= campaign.ends:
            yield Fault(f"campaigns.{key}.until", "order", "must be after `from`")
    yield from _of_tiers(programme.tiers)


def _of_rule(rule: Rule, place: str, programme: Programme) -> Faults:
    if not is_known(rule.trigger):
        known = ", ".join([*sorted({*HEARD, *FOLLOWING, *OWN}), "activity.<name>"])
        yield Fault(f"{place}.trigger", "unknown", f"must be one of: {known}")
    if rule.campaign and rule.campaign not in programme.campaigns:
        yield Fault(f"{place}.campaign", "unknown", _among("campaigns", programme.campaigns))
    if rule.group and rule.group not in programme.groups:
        yield Fault(f"{place}.group", "unknown", _among("groups", programme.groups))
    if rule.begins and rule.ends and rule.begins >= rule.ends:
        yield Fault(f"{place}.until", "order", "must be after `from`")
    for name, condition, of_item in conditions(rule):
        yield from _of_condition(condition, f"{place}.{name}", depth=1, of_item=of_item)
        if _leaves(condition) > MOST_LEAVES:
            yield Fault(f"{place}.{name}", "too_long", f"has more than {MOST_LEAVES} comparisons")
    yield from _of_earn(rule, f"{place}.earn", programme)
    for number, cap in enumerate(rule.caps):
        yield from _of_cap(cap, rule, f"{place}.caps[{number}]")


def _among(name: str, known: dict[str, Any]) -> str:
    return f"must be one of the programme's {name}: {', '.join(sorted(known)) or 'there are none'}"


def _of_cap(cap: Cap, rule: Rule, place: str) -> Faults:
    if (cap.points is None) == (cap.times is None):
        yield Fault(place, "one_of", "must have either `points` or `times`")
    if cap.across == "campaign" and not rule.campaign:
        yield Fault(f"{place}.across", "no_campaign", "the rule belongs to no campaign")


_KINDS: dict[str, frozenset[str]] = {
    "multiply": frozenset({"multiply", "rules", "rounding"}),
    "series": frozenset({"series", "of"}),
    "per": frozenset(
        {
            "points",
            "per",
            "amount",
            "currency",
            "discount",
            "tax",
            "shipping",
            "items",
            "rounding",
        }
    ),
    "points": frozenset({"points", "rounding"}),
}
"""The kinds of earning by the field that tells them apart, and what goes with each."""


def _of_earn(rule: Rule, place: str, programme: Programme) -> Faults:
    earn = rule.earn
    kind = next((name for name in _KINDS if getattr(earn, name) is not None), None)
    if kind is None:
        yield Fault(place, "one_of", "must have `points`, `series` or `multiply`")
        return
    for name in sorted(earn.model_fields_set - _KINDS[kind]):
        yield Fault(f"{place}.{name}", "superfluous", f"does not go together with `{kind}`")
    match kind:
        case "per":
            yield from _of_amount(earn, rule.trigger, place)
        case "series":
            if earn.of is None or not earn.of.startswith("event."):
                yield Fault(f"{place}.of", "missing", "must name a number such as event.streak")
        case "multiply":
            yield from _of_multiplier(rule, place, programme)


def _of_amount(earn: Earn, trigger: str, place: str) -> Faults:
    if earn.points is None:
        yield Fault(f"{place}.points", "missing", "must say how many points for each `per`")
    if earn.amount == "order":
        if trigger != ORDER_PLACED:
            yield Fault(
                f"{place}.amount", "no_order", f"only {ORDER_PLACED} has an order: name event.…"
            )
        return
    if not earn.amount.startswith("event."):
        yield Fault(f"{place}.amount", "unknown", "must be order, or a number such as event.km")
    for name in sorted(earn.model_fields_set & {"discount", "tax", "shipping", "items"}):
        yield Fault(f"{place}.{name}", "no_order", "is of an order's amount alone")


def _of_multiplier(rule: Rule, place: str, programme: Programme) -> Faults:
    if Decimal(rule.earn.multiply or "0") <= 1:
        yield Fault(f"{place}.multiply", "too_small", "must be more than 1")
    others = {other.key: other for other in programme.rules}
    for number, key in enumerate(rule.earn.rules or ()):
        other = others.get(key)
        if other is None or other.trigger != rule.trigger or other.earn.multiply:
            detail = "must be a rule of the same trigger that multiplies nothing itself"
            yield Fault(f"{place}.rules[{number}]", "unknown", detail)
    if rule.point_type is not PointType.POINTS and not rule.earn.rules:
        yield Fault(f"{place}.rules", "missing", "must name the rules whose growth points count")


def _leaves(condition: Condition) -> int:
    parts = [*(condition.all or ()), *(condition.any or ())]
    parts += [part for part in (condition.negated, condition.item) if part]
    return sum(map(_leaves, parts)) if parts else 1


def _of_condition(condition: Condition, place: str, *, depth: int, of_item: bool) -> Faults:
    if depth > DEEPEST:
        yield Fault(place, "too_deep", f"is nested more than {DEEPEST} levels deep")
        return
    forms = [name for name in ("all", "any", "negated", "item", "field") if _has(condition, name)]
    if len(forms) != 1:
        yield Fault(place, "one_of", "must have exactly one of: all, any, not, item, field")
        return
    form = forms[0]
    if form != "field" and (stray := condition.model_fields_set & {"op", "value"}):
        name = min(stray)
        yield Fault(f"{place}.{name}", "superfluous", "goes with `field` alone")
    match form:
        case "all" | "any":
            for number, part in enumerate(getattr(condition, form)):
                yield from _of_condition(
                    part, f"{place}.{form}[{number}]", depth=depth + 1, of_item=of_item
                )
        case "negated":
            assert condition.negated  # noqa: S101  (the form says so)
            yield from _of_condition(
                condition.negated, f"{place}.not", depth=depth + 1, of_item=of_item
            )
        case "item":
            assert condition.item  # noqa: S101  (the form says so)
            yield from _of_condition(condition.item, f"{place}.item", depth=depth + 1, of_item=True)
        case _:
            yield from _of_comparison(condition, place, of_item=of_item)


def _has(condition: Condition, name: str) -> bool:
    return getattr(condition, name) is not None


def _of_comparison(condition: Condition, place: str, *, of_item: bool) -> Faults:
    field = condition.field or ""
    root, _, rest = field.partition(".")
    roots = {"event", "item"} if of_item else {"event"}
    if field not in FIELDS and (root not in roots or not all(rest.split("."))):
        known = [*sorted(FIELDS), *(f"{name}.<name>" for name in sorted(roots))]
        yield Fault(f"{place}.field", "unknown", f"must be one of: {', '.join(known)}")
        return
    if condition.op is None:
        yield Fault(f"{place}.op", "missing", "must be eq, ne, in, gt, gte, lt, lte or exists")
        return
    yield from _of_value(condition, place, FIELDS.get(field))


def _of_value(condition: Condition, place: str, wanted: str | None) -> Faults:
    place = f"{place}.value"
    if condition.op == "exists":
        if condition.value is not None:
            yield Fault(place, "superfluous", "`exists` compares with nothing")
        return
    values = condition.value if condition.op == "in" else [condition.value]
    if not isinstance(values, list) or not 0 < len(values) <= MOST_CHOICES:
        yield Fault(place, "list", f"must be a list of 1 to {MOST_CHOICES} values")
        return
    kinds = {kind(value) for value in values}
    if None in kinds:
        yield Fault(place, "kind", "must be a text, a number, true or false")
    elif wanted and kinds != {wanted}:
        yield Fault(place, "kind", f"must be a {wanted}, as {condition.field} is")
    elif condition.op in {"gt", "gte", "lt", "lte"} and "boolean" in kinds:
        yield Fault(place, "kind", "true and false have no order")
    elif condition.field == "time.weekday" and not set(values) <= set(WEEKDAYS):
        yield Fault(place, "unknown", f"must be one of: {', '.join(WEEKDAYS)}")


def kind(value: object) -> str | None:
    """What a value is: "5" is no 5, and true is no 1."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else None


def _of_tiers(tiers: Tiers) -> Faults:
    if tiers.basis == "spend" and tiers.currency is None:
        yield Fault("tiers.currency", "missing", "must say which currency's orders count")
    if tiers.levels[0].threshold != 0:
        yield Fault("tiers.levels[0].threshold", "lowest", "must be 0: everybody begins there")
    keys: set[str] = set()
    for number, level in enumerate(tiers.levels):
        if level.key in keys:
            yield Fault(f"tiers.levels[{number}].key", "duplicate", "another level has this name")
        keys.add(level.key)
        if number and level.threshold <= tiers.levels[number - 1].threshold:
            detail = "must be more than the level's before it"
            yield Fault(f"tiers.levels[{number}].threshold", "order", detail)
    if tiers.period_months is None:
        for name in ("grace_days", "soft_landing", "warn_days"):
            if name in tiers.model_fields_set:
                yield Fault(f"tiers.{name}", "superfluous", "needs `period_months`")
