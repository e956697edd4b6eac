"""How much of what rules paid for an order is for which of its lines."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from services.loyalty.rules.orders import even_weights, lines_of
from services.loyalty.rules.programme.deciding import Decision, Outcome, multiplied_by

Weights = Sequence[int]


def line_weights(decision: Decision) -> Iterator[tuple[str, Weights]]:
    """The weights of an order's lines, by rule, for rules that paid more for some than others.

    All other rules pay for every line by its amount.
    """
    paid = [outcome for outcome in decision.outcomes if outcome.points]
    own = {o.rule.key: w for o in paid if (w := _own(o, decision)) is not None}
    yield from own.items()
    for outcome in paid:
        bases = multiplied_by(outcome, decision) if outcome.rule.multiplies else []
        if any(base.rule.key in own for base in bases):
            yield (
                outcome.rule.key,
                _joint([(b.points, own.get(b.rule.key)) for b in bases], decision),
            )


def _own(outcome: Outcome, decision: Decision) -> Weights | None:
    """The weights of the lines that fit; None if all do, or none."""
    check, facts = outcome.rule.line_check, decision.facts
    lines = lines_of(facts.event)
    if check is None or not lines:
        return None
    fitting = [check(facts.of_item(item)) is None for item in facts.items]
    if all(fitting) or not any(fitting):
        return None
    even = even_weights([line for line, fits in zip(lines, fitting, strict=True) if fits])
    weights = iter(even)
    return [next(weights) if fits else 0 for fits in fitting]


def _joint(parts: Sequence[tuple[int, Weights | None]], decision: Decision) -> Weights:
    """The weights of what multiplies others: theirs, as far as each has paid."""
    even = even_weights(lines_of(decision.facts.event))
    shares = [Fraction(0)] * len(even)
    for points, own in parts:
        weights = own or even
        whole = sum(weights)
        shares = [
            share + Fraction(points * weight, whole)
            for share, weight in zip(shares, weights, strict=True)
        ]
    scale = math.lcm(*(share.denominator for share in shares))
    return [int(share * scale) for share in shares]
