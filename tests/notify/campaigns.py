"""Campaigns for tests: begun, run and looked at."""

from kit.testing import Harness, analyst, marketer
from services.notify.jobs import CANCEL_QUEUED, DELIVER_TO_INBOXES, FINISH_CAMPAIGNS

PATH = "/v1/campaigns"
CONTENT = {
    "en": {"title": "Spring is here{% if name %}, {{ name }}{% endif %}", "body": "Come and see."},
    "ru": {"title": "Весна пришла", "body": "Загляните.", "letter": "Раз\n\nДва", "button": "Туда"},
}
BODY = {
    "name": "Spring",
    "segment": "silent",
    "channels": ["inbox"],
    "content": CONTENT,
    "action": "/rewards",
}


async def begun(harness: Harness, **changes) -> str:
    """A started campaign's id."""
    async with harness.client(marketer()) as client:
        campaign = (await client.post(PATH, json={**BODY, **changes})).json()
        answer = await client.post(f"{PATH}/{campaign['campaign_id']}/start")
    assert answer.json()["state"] == "running"
    return campaign["campaign_id"]


async def shown(harness: Harness, campaign_id: str) -> dict:
    async with harness.client(analyst()) as client:
        return (await client.get(f"{PATH}/{campaign_id}")).json()


async def tally(harness: Harness, campaign_id: str, channel: str = "inbox") -> dict:
    """What the campaign says of the channel, without the zeros; it must add up to the audience."""
    campaign = await shown(harness, campaign_id)
    (found,) = (one for one in campaign["tallies"] if one["channel"] == channel)
    counts = {key: n for key, n in found.items() if isinstance(n, int) and n}
    assert sum(counts.values()) == campaign["audience"]
    return {**counts, **({"reasons": found["reasons"]} if found["reasons"] else {})}


async def run_jobs(harness: Harness) -> None:
    for job in (CANCEL_QUEUED, DELIVER_TO_INBOXES, FINISH_CAMPAIGNS):
        await harness.run(job)


async def move(harness: Harness, campaign_id: str, verb: str):
    async with harness.client(marketer()) as client:
        return await client.post(f"{PATH}/{campaign_id}/{verb}")
