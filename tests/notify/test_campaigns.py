"""Campaigns over the API: who may, what is refused, how they begin and end."""

import asyncio

import pytest

from kit import clock
from kit.ids import uuid7
from kit.testing import ABSENT, Harness, admin, agent, analyst, marketer, member
from services.notify.events import AudienceRequested, CampaignFinished, CampaignStarted
from tests.notify.campaigns import BODY, CONTENT, PATH, begun, move, run_jobs, shown, tally
from tests.notify.events import created, inbox_of, listed, titles_of


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", PATH),
        ("GET", PATH),
        ("GET", f"{PATH}/{ABSENT}"),
        ("POST", f"{PATH}/{ABSENT}/start"),
        ("POST", f"{PATH}/{ABSENT}/pause"),
        ("POST", f"{PATH}/{ABSENT}/cancel"),
    ],
)
async def test_campaigns_are_for_marketers(harness: Harness, method, path) -> None:
    callers = {None: 401, member(): 403, agent(): 403}
    if method == "POST":
        callers[analyst()] = 403
    for caller, status in callers.items():
        async with harness.client(caller) as client:
            assert (await client.request(method, path, json=BODY)).status_code == status
    if path != PATH:
        async with harness.client(marketer()) as client:
            answer = await client.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "notify.campaign_not_found")


async def test_a_campaign_is_written_and_shown(harness: Harness) -> None:
    author = marketer()
    async with harness.client(author) as client:
        answer = await client.post(PATH, json=BODY)
        campaign = answer.json()
        assert answer.status_code == 201
        assert (await client.get(f"{PATH}/{campaign['campaign_id']}")).json() == campaign
    assert campaign["state"] == "draft"
    assert campaign["category"] == "marketing"
    assert campaign["created_by"] == author.subject
    assert campaign["content"]["ru"]["letter"] == "Раз\n\nДва"
    assert await harness.published(AudienceRequested) == []


async def test_an_admin_may_too(harness: Harness) -> None:
    async with harness.client(admin()) as client:
        assert (await client.post(PATH, json=BODY)).status_code == 201


async def test_campaigns_are_listed_from_the_newest(harness: Harness) -> None:
    async with harness.client(marketer()) as client:
        for n in range(5):
            await client.post(PATH, json={**BODY, "name": f"Campaign {n}"})
        names, cursor = [], ""
        while cursor is not None:
            page = (await client.get(f"{PATH}?limit=2{cursor and '&cursor='}{cursor}")).json()
            names += [item["name"] for item in page["items"]]
            cursor = page["next_cursor"]
    assert names == [f"Campaign {n}" for n in (4, 3, 2, 1, 0)]


def content(**texts) -> dict:
    return {"content": {"en": {"title": "Hi", "body": "Hello", **texts}}}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"name": ""}, "name", id="no name"),
        pytest.param({"name": "a\u0000"}, "name", id="a NUL"),
        pytest.param({"segment": "No Such!"}, "segment", id="no key"),
        pytest.param({"channels": []}, "channels", id="no channel"),
        pytest.param({"channels": ["push"]}, "channels[0]", id="a channel that is not sent yet"),
        pytest.param({"channels": ["inbox", "inbox"]}, "channels", id="a channel twice"),
        pytest.param({"category": "account"}, "category", id="a category nobody can refuse"),
        pytest.param({"category": "weather"}, "category", id="no category"),
        pytest.param({"content": {}}, "content", id="no texts"),
        pytest.param({"content": {"fr": CONTENT["en"]}}, "content.fr", id="not our language"),
        pytest.param({"action": "javascript:alert(1)"}, "action", id="not a place in the app"),
        pytest.param({"action": "//evil.example"}, "action", id="a place outside the app"),
        pytest.param({"extra": 1}, "extra", id="an unknown field"),
        pytest.param(content(title=""), "content.en.title", id="no title"),
        pytest.param(content(title="x" * 201), "content.en.title", id="too long a title"),
        pytest.param(content(body="x" * 1001), "content.en.body", id="too long a body"),
        pytest.param(content(letter="x" * 20_001), "content.en.letter", id="too long a letter"),
        pytest.param(content(title="{{ nmae }}"), "content.en.title", id="a misspelt variable"),
        pytest.param(content(button="{{ name"), "content.en.button", id="not closed"),
        pytest.param(
            content(letter="{% for x in name %}{% endfor %}"), "content.en.letter", id="loop"
        ),
    ],
)
async def test_a_bad_campaign_is_refused_and_the_place_named(harness, changes, field) -> None:
    async with harness.client(marketer()) as client:
        answer = await client.post(PATH, json={**BODY, **changes})
        assert answer.status_code == 422
        assert any(e["field"].startswith(field) for e in answer.json()["errors"]), answer.text
        assert (await client.get(PATH)).json()["items"] == []


async def test_a_fault_in_a_text_is_pointed_at(harness: Harness) -> None:
    async with harness.client(marketer()) as client:
        answer = await client.post(PATH, json={**BODY, **content(body="Dear\nfriend {{ nmae }}")})
    assert answer.json()["code"] == "notify.bad_template"
    assert answer.json()["errors"] == [
        {
            "field": "content.en.body",
            "line": 2,
            "column": 11,
            "code": "unknown_variable",
            "detail": "There is no variable 'nmae'; there are: name.",
        }
    ]


async def test_starting_asks_for_the_audience_once(harness: Harness) -> None:
    campaign_id = await begun(harness)
    assert (await move(harness, campaign_id, "start")).status_code == 200
    await asyncio.gather(*(move(harness, campaign_id, "start") for _ in range(5)))
    (request,) = await harness.published(AudienceRequested)
    (started,) = await harness.published(CampaignStarted)
    assert (str(request.audience_id), request.segment) == (campaign_id, "silent")
    assert (str(started.campaign_id), started.channels) == (campaign_id, ["inbox"])
    (event,) = await harness.events(AudienceRequested.type)
    assert event.subject == campaign_id


async def test_everybody_listed_is_told_in_their_language(harness: Harness) -> None:
    campaign_id = await begun(harness)
    ann, mei, ivan = uuid7(), uuid7(), uuid7()
    await harness.deliver(created(mei, anonymous=True), updated_in(ivan, "ru"))
    await harness.deliver(listed(campaign_id, [ann, mei, ivan]))
    await run_jobs(harness)
    assert await titles_of(harness, ann) == ["Spring is here"]
    assert await titles_of(harness, mei) == ["Spring is here, Mei"], "no Chinese: English"
    assert await titles_of(harness, ivan) == ["Весна пришла"]
    assert (await inbox_of(harness, ann))[0]["action"] == "/rewards"
    (finished,) = await harness.published(CampaignFinished)
    assert finished.audience == 3
    assert finished.channels[0].model_dump() == {
        "channel": "inbox",
        "sent": 3,
        "failed": 0,
        "skipped": 0,
        "unknown": 0,
        "cancelled": 0,
    }
    assert (await shown(harness, campaign_id))["state"] == "finished"


def updated_in(member_id, language):
    return created(member_id, anonymous=True, language=language)


async def test_an_empty_segment_finishes_at_once(harness: Harness) -> None:
    campaign_id = await begun(harness)
    await run_jobs(harness)
    assert (await shown(harness, campaign_id))["state"] == "running"
    await harness.deliver(listed(campaign_id, []))
    await run_jobs(harness)
    campaign = await shown(harness, campaign_id)
    assert (campaign["state"], campaign["audience"]) == ("finished", 0)


async def test_pages_may_come_again_overlap_and_be_shuffled(harness: Harness) -> None:
    campaign_id = await begun(harness)
    members = [uuid7() for _ in range(40)]
    pages = [
        listed(campaign_id, members[15:35], 1, last=False),
        listed(campaign_id, members[30:], 2, last=True),
        listed(campaign_id, members[:20], 0, last=False),
    ]
    await harness.deliver(pages[1])
    await run_jobs(harness)
    assert (await shown(harness, campaign_id))["state"] == "running", "two pages are to come"
    again = listed(campaign_id, members[30:], 2, last=True)
    await harness.deliver(pages[0], again, pages[2], pages[0])
    await run_jobs(harness)
    assert await tally(harness, campaign_id) == {"sent": 40}
    for member_id in members:
        assert len(await inbox_of(harness, member_id)) == 1
    assert len(await harness.published(CampaignFinished)) == 1


async def test_racing_pages_count_everybody_once(harness: Harness) -> None:
    campaign_id = await begun(harness)
    members = [uuid7() for _ in range(30)]
    pages = [listed(campaign_id, members, n, last=n == 3) for n in range(4)]
    await asyncio.gather(*map(harness.deliver, pages))
    await run_jobs(harness)
    assert await tally(harness, campaign_id) == {"sent": 30}


async def test_who_is_skipped_is_counted_with_the_reason(harness: Harness) -> None:
    campaign_id = await begun(harness, channels=["inbox", "email"])
    refusing, guest, open_to_all, stranger = member(), uuid7(), uuid7(), uuid7()
    async with harness.client(refusing) as client:
        off = {"marketing": {"inbox": False, "email": False}}
        await client.put("/v1/preferences", json={"categories": off})
    await harness.deliver(
        created(guest, anonymous=True, email=None), created(open_to_all, anonymous=True)
    )
    everybody = [refusing.member_id, guest, open_to_all, stranger]
    await harness.deliver(listed(campaign_id, everybody))
    await run_jobs(harness)
    assert await tally(harness, campaign_id, "inbox") == {
        "sent": 3,
        "skipped": 1,
        "reasons": {"preference_off": 1},
    }
    assert await tally(harness, campaign_id, "email") == {
        "queued": 2,
        "skipped": 2,
        "reasons": {"preference_off": 1, "no_address": 1},
    }
    assert (await shown(harness, campaign_id))["state"] == "running"


async def test_switching_off_counts_until_the_last_moment(harness: Harness) -> None:
    campaign_id = await begun(harness)
    caller = member()
    await harness.deliver(listed(campaign_id, [caller.member_id]))
    async with harness.client(caller) as client:
        off = {"marketing": {"inbox": False}}
        await client.put("/v1/preferences", json={"categories": off})
    await run_jobs(harness)
    assert (await tally(harness, campaign_id))["skipped"] == 1
    assert await inbox_of(harness, caller.member_id) == []


async def test_a_pause_holds_everything_and_starting_goes_on(harness: Harness) -> None:
    campaign_id = await begun(harness)
    members = [uuid7() for _ in range(3)]
    await harness.deliver(listed(campaign_id, members[:2], 0, last=False))
    assert (await move(harness, campaign_id, "pause")).json()["state"] == "paused"
    await harness.deliver(listed(campaign_id, members[2:], 1, last=True))
    await run_jobs(harness)
    assert await tally(harness, campaign_id) == {"queued": 3}
    await move(harness, campaign_id, "start")
    await run_jobs(harness)
    assert await tally(harness, campaign_id) == {"sent": 3}
    assert len(await harness.published(AudienceRequested)) == 1


async def test_cancelling_keeps_what_was_sent_and_cancels_the_rest(harness: Harness) -> None:
    campaign_id = await begun(harness)
    members = [uuid7() for _ in range(5)]
    await harness.deliver(listed(campaign_id, members[:2], 0, last=False))
    await run_jobs(harness)
    await harness.deliver(listed(campaign_id, members[2:4], 1, last=False))
    await move(harness, campaign_id, "cancel")
    await harness.deliver(listed(campaign_id, members[4:], 2, last=True))
    await run_jobs(harness)
    assert await tally(harness, campaign_id) == {"sent": 2, "cancelled": 2}
    assert (await shown(harness, campaign_id))["state"] == "cancelled"
    assert await harness.published(CampaignFinished) == []


@pytest.mark.parametrize(
    ("verbs", "status"),
    [
        (["pause"], 409),
        (["cancel", "start"], 409),
        (["cancel", "pause"], 409),
        (["start", "cancel", "cancel"], 200),
        (["start", "pause", "pause", "start", "start"], 200),
        (["start", "pause", "cancel"], 200),
        (["cancel"], 200),
    ],
)
async def test_moves(harness: Harness, verbs, status) -> None:
    async with harness.client(marketer()) as client:
        campaign = (await client.post(PATH, json=BODY)).json()
        for verb in verbs:
            answer = await client.post(f"{PATH}/{campaign['campaign_id']}/{verb}")
    assert answer.status_code == status
    if status == 409:
        assert answer.json()["code"] == "notify.wrong_campaign_state"


async def test_a_finished_campaign_is_not_started_again(harness: Harness) -> None:
    campaign_id = await begun(harness)
    await harness.deliver(listed(campaign_id, [uuid7()]))
    await run_jobs(harness)
    assert (await move(harness, campaign_id, "start")).status_code == 409
    await harness.deliver(listed(campaign_id, [uuid7()], 1))
    assert await tally(harness, campaign_id) == {"sent": 1}


@pytest.mark.parametrize("known", [True, False], ids=["a draft", "no campaign of ours"])
async def test_a_page_nobody_asked_for_changes_nothing(harness: Harness, known) -> None:
    campaign_id, member_id = str(uuid7()), uuid7()
    if known:
        async with harness.client(marketer()) as client:
            campaign_id = (await client.post(PATH, json=BODY)).json()["campaign_id"]
    await harness.deliver(listed(campaign_id, [member_id]))
    await run_jobs(harness)
    assert await inbox_of(harness, member_id) == []


async def test_a_campaign_written_with_a_key_is_written_once(harness: Harness) -> None:
    key = {"Idempotency-Key": str(uuid7())}
    async with harness.client(marketer()) as client:
        answers = [await client.post(PATH, json=BODY, headers=key) for _ in range(2)]
        assert len((await client.get(PATH)).json()["items"]) == 1
    assert answers[0].content == answers[1].content


async def test_mails_of_a_campaign_arrive_in_the_members_language(harness, server, lane) -> None:
    campaign_id = await begun(harness, channels=["email"])
    ann, ivan = uuid7(), uuid7()
    await harness.deliver(
        created(ann, anonymous=True, language="en", display_name="Ann", email="ann@example.com"),
        created(ivan, anonymous=True, language="ru", email="ivan@example.com"),
    )
    await harness.deliver(listed(campaign_id, [ann, ivan]))
    await lane().send_portion(clock.now())
    assert server.accepted == [], "another lane"
    await lane(campaigns=True).send_portion(clock.now())
    mails = {message["To"]: message for message in server.accepted}
    assert mails["ann@example.com"]["Subject"] == "Spring is here, Ann"
    letter = mails["ivan@example.com"].get_body(("plain",)).get_content()
    assert letter.split()[:2] == ["Раз", "Два"]
    assert "Туда: https://app.example.com/rewards" in letter
    assert mails["ann@example.com"]["List-Unsubscribe"]
    await run_jobs(harness)
    assert await tally(harness, campaign_id, "email") == {"sent": 2}
    assert (await shown(harness, campaign_id))["state"] == "finished"


async def test_a_paused_campaign_sends_no_mail(harness, server, lane) -> None:
    campaign_id = await begun(harness, channels=["email"])
    member_id = uuid7()
    await harness.deliver(created(member_id, anonymous=True), listed(campaign_id, [member_id]))
    await move(harness, campaign_id, "pause")
    await lane(campaigns=True).send_portion(clock.now())
    assert server.accepted == []
