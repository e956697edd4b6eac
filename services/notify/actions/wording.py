"""Which words a member reads: the template, in the member's language, with the member's facts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kit import languages
from services.notify import store
from services.notify.rendering import (
    Frame,
    Item,
    Letter,
    Texts,
    packaged,
    render_item,
    render_letter,
)
from services.notify.rules import Recipient
from services.notify.store.deliveries import LockedDelivery


@dataclass(frozen=True, slots=True)
class Wording:
    """A template ready to be rendered for one member."""

    texts: Texts
    facts: Mapping[str, Any]
    language: str

    def item(self) -> Item:
        return render_item(self.texts, self.facts, self.language)

    def letter(self, frame: Frame) -> Letter:
        return render_letter(self.texts, self.facts, self.language, frame)


def wording_of(
    template: str, facts: Mapping[str, Any], recipient: Recipient, fallback: str | None
) -> Wording:
    """A packaged template's wording; `fallback` is the language while the member's is not known."""
    language = _language(recipient, fallback)
    return Wording(packaged(template, language), _facts(recipient, facts, language), language)


async def wordings_of(
    session: AsyncSession, deliveries: Collection[LockedDelivery], known: Mapping[UUID, Recipient]
) -> dict[UUID, Wording]:
    """Each delivery's wording, by its id: the campaign's own, or the packaged template's."""
    campaigns = {delivery.campaign_id for delivery in deliveries if delivery.campaign_id}
    contents = await store.campaigns.contents(session, campaigns) if campaigns else {}
    return {
        delivery.delivery_id: _wording(delivery, known[delivery.member_id], contents)
        for delivery in deliveries
    }


def _wording(
    delivery: LockedDelivery, recipient: Recipient, contents: Mapping[UUID, Mapping[str, Any]]
) -> Wording:
    if delivery.campaign_id is None:
        return wording_of(delivery.template, delivery.facts, recipient, delivery.language)
    content = contents[delivery.campaign_id]
    language = _offered(content, _language(recipient, None))
    return Wording(Texts(**content[language]), _facts(recipient, {}, language), language)


def _language(recipient: Recipient, fallback: str | None) -> str:
    return recipient.language or languages.supported(fallback) or languages.DEFAULT


def _offered(content: Mapping[str, Any], language: str) -> str:
    """`language` where the content has it, else English, else the first it has."""
    return next(name for name in (language, languages.DEFAULT, *content) if name in content)


def _facts(recipient: Recipient, facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The facts, texts by language in that one, the member's name or an empty text, and zone."""
    spoken = {
        name: languages.pick(fact, language) if isinstance(fact, Mapping) else fact
        for name, fact in facts.items()
    }
    return {**spoken, "name": recipient.display_name or "", "time_zone": recipient.time_zone}
