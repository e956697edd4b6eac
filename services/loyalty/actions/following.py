"""Following up what loyalty itself said: rules pay for a mission completed or a tier reached, too.

What a rule paid may lead to such an event again. Each event is linked to the one that caused it,
and carries the rules that paid on the way: none of those pays again further down, so a chain ends
after as many links as there are rules; after `MOST_LINKS` it ends anyway.
"""

import logging
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from kit.events import Event
from services.loyalty.actions.earning import earn_points
from services.loyalty.actions.missions import advance_missions
from services.loyalty.rules.earning import Occasion
from services.loyalty.store import chains
from services.loyalty.store.chains import MOST_LINKS, Link

log = logging.getLogger(__name__)


async def follow(session: AsyncSession, occasion: Occasion, event: Event, now: datetime) -> None:
    """Let rules pay for what loyalty said, but those whose pay led to it; and missions count it."""
    led_here = await chains.link(session, event.causation_id)
    if led_here.depth == MOST_LINKS:
        log.warning("a chain of %s events ends at %s", MOST_LINKS, event.id)
        return
    going = replace(occasion, through=led_here.rules)
    entries = await earn_points(session, [going], now)
    paid = {entry.memo.claim.rule for entry in entries if entry.points}
    await chains.add(session, event.id, Link(led_here.rules | paid, led_here.depth + 1), now)
    await advance_missions(session, [going], now)
