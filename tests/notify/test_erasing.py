"""A member who is erased: told nothing any more, and nothing is left but that things were sent."""

from uuid import UUID

from sqlalchemy import text

from kit.events import Event
from kit.ids import uuid7
from kit.testing import Harness, example, member
from services.notify.events import MemberErased
from tests.notify.campaigns import begun
from tests.notify.events import created, earned, listed, merged, registered, replied


def erased(member_id: UUID, *former_ids: UUID) -> Event:
    told = {"member_id": member_id, "former_ids": list(former_ids), "erasure_id": uuid7()}
    return example("profile.member.erased.v1", **told)


async def erase(harness: Harness, event: Event) -> None:
    await harness.deliver(event)
    await harness.erase()


async def states(harness: Harness) -> list[str]:
    async with harness.transaction() as session:
        return list((await session.execute(text("SELECT state FROM deliveries"))).scalars())


async def test_nothing_of_the_person_is_left_and_nothing_is_sent(harness: Harness) -> None:
    mei, guest = uuid7(), uuid7()
    await harness.deliver(created(mei, email="mei@example.com", display_name="Mei L"))
    await harness.deliver(replied(mei, "It ships to Harbin."), merged(guest, mei))
    async with harness.client(member(mei)) as client:
        choice = {"categories": {"marketing": {"email": False}}}
        assert (await client.put("/v1/preferences", json=choice)).status_code == 200
    event = erased(mei, guest)
    await erase(harness, event)
    assert await harness.traces(mei, guest, "mei@example.com", "Mei L", "Harbin") == set()
    assert set(await states(harness)) == {"cancelled"}
    (said,) = await harness.published(MemberErased)
    assert (said.member_id, str(said.erasure_id)) == (mei, event.data["erasure_id"])


async def test_what_comes_late_tells_nobody(harness: Harness) -> None:
    mei, guest = uuid7(), uuid7()
    await harness.deliver(created(mei))
    await erase(harness, erased(mei, guest))
    late = [created(mei), registered(mei), earned(mei), earned(guest), merged(guest, mei)]
    await harness.deliver(*late, *late)
    assert await harness.traces(mei, guest, "mei@example.com") == set()


async def test_a_campaign_leaves_out_whom_it_listed_before(harness: Harness) -> None:
    mei, ivan = uuid7(), uuid7()
    await harness.deliver(created(mei), created(ivan))
    campaign_id = await begun(harness)
    await erase(harness, erased(mei))
    await harness.deliver(listed(campaign_id, [mei, ivan]))
    assert await harness.traces(mei) == set()
    assert await harness.traces(ivan) >= {"deliveries"}
