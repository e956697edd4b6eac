"""Following up what loyalty itself said: rules pay for a mission completed or a tier reached, too.

What a rule paid may lead to such an event again. Each event is linked to the one that caused it,
and carries the rules that paid on the way: none of those pays again further down, so a chain ends
after as many links as there are rules; after `MOST_LINKS` it ends anyway.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kit.events import Event, caused_by
from services.loyalty.actions.bookkeeping import lock_wallets
from services.loyalty.actions.earning import earn_points
from services.loyalty.actions.members import of_survivors
from services.loyalty.actions.missions import advance_missions
from services.loyalty.actions.versions import running
from services.loyalty.rules.earning import Occasion
from services.loyalty.store import chains, missions
from services.loyalty.store.chains import MOST_LINKS, Link

log = logging.getLogger(__name__)


async def follow(
    session: AsyncSession, told: Sequence[tuple[Occasion, Event]], now: datetime
) -> None:
    """Let rules pay for what loyalty said, but those whose pay led to it; and missions count it.

    What something heeds goes one by one, named as the cause of what follows. The rest, with which
    every chain ends, is kept at once.
    """
    heeded = await _heeded(session, {occasion.trigger for occasion, _ in told})
    await earn_points(session, [one for one, _ in told if one.trigger not in heeded], now)
    heeding = [occasion for occasion, _ in told if occasion.trigger in heeded]
    if len(heeding) > 1:
        going_on = await of_survivors(session, heeding)
        await lock_wallets(session, {occasion.member_id for occasion in going_on}, now)
    for occasion, event in told:
        if occasion.trigger in heeded:
            with caused_by(event.as_cause):
                await _follow(session, occasion, event, now)


async def _heeded(session: AsyncSession, triggers: Collection[str]) -> set[str]:
    """The triggers of which a rule speaks, or that a mission counts."""
    programme = await running(session)
    counting = await missions.triggered(session, triggers)
    counted = {goal.trigger for mission in counting for goal in mission.goals}
    return {trigger for trigger in triggers if trigger in counted or programme.speaks_of(trigger)}


async def _follow(session: AsyncSession, occasion: Occasion, event: Event, now: datetime) -> None:
    led_here = await chains.link(session, event.causation_id)
    if led_here.depth == MOST_LINKS:
        log.warning("a chain of %s events ends at %s", MOST_LINKS, event.id)
        return
    going = replace(occasion, through=led_here.rules)
    entries = await earn_points(session, [going], now)
    paid = {entry.memo.claim.rule for entry in entries if entry.points}
    await chains.add(session, event.id, Link(led_here.rules | paid, led_here.depth + 1), now)
    await advance_missions(session, [going], now)
