"""Announcements: seen by everybody while they last, in their language."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from kit import clock
from kit.testing import ABSENT, Harness, admin, agent, analyst, marketer, member

PATH = "/v1/announcements"
CONTENT = {
    "en": {"title": "Double points", "body": "This weekend."},
    "zh-CN": {"title": "双倍积分", "body": "本周末。"},
    "ru": {"title": "Двойные баллы", "body": "В эти выходные."},
}


def body(starts_in: float = -60, ends_in: float = 3600, **changes: Any) -> dict[str, Any]:
    now = clock.now()
    times = {"starts_at": _after(now, starts_in), "ends_at": _after(now, ends_in)}
    return {"content": CONTENT, "action": "/rewards", **times, **changes}


def _after(now: datetime, seconds: float) -> str:
    return (now + timedelta(seconds=seconds)).isoformat()


async def announced(harness: Harness, **changes: Any) -> dict[str, Any]:
    async with harness.client(marketer()) as client:
        answer = await client.post(PATH, json=body(**changes))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def titles(harness: Harness, language: str = "en") -> list[str]:
    async with harness.client(member(), **{"Accept-Language": language}) as client:
        return [one["title"] for one in (await client.get(PATH)).json()["items"]]


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Double points"), ("zh-CN", "双倍积分"), ("ru", "Двойные баллы")]
)
async def test_everybody_reads_it_in_their_language(harness: Harness, language, title) -> None:
    await announced(harness)
    assert await titles(harness, language) == [title]
    async with harness.client(**{"Accept-Language": language}) as nobody:
        assert (await nobody.get(PATH)).json()["items"][0]["title"] == title


async def test_it_is_shown_from_its_start_until_its_end(harness: Harness, monkeypatch) -> None:
    await announced(harness, starts_in=60, ends_in=120)
    now = clock.now()
    for seconds, shown in ((0, 0), (61, 1), (121, 0)):
        monkeypatch.setattr(clock, "now", lambda at=now + timedelta(seconds=seconds): at)
        assert len(await titles(harness)) == shown


async def test_the_latest_is_first(harness: Harness) -> None:
    for number in (1, 3, 2):
        content = {"en": {"title": str(number), "body": "."}}
        await announced(harness, starts_in=-100 + number, content=content)
    assert await titles(harness) == ["3", "2", "1"]


async def test_what_is_withdrawn_is_shown_no_more(harness: Harness) -> None:
    made = await announced(harness)
    path = f"{PATH}/{made['announcement_id']}/withdrawal"
    async with harness.client(marketer()) as client:
        first = (await client.post(path)).json()
        assert (await client.post(path)).json() == first
        listed = (await client.get(f"{PATH}/all")).json()["items"]
    assert listed == [first]
    assert first["withdrawn_at"] is not None
    assert await titles(harness) == []


async def test_an_unchanged_list_is_not_sent_again(harness: Harness) -> None:
    await announced(harness)
    async with harness.client(member()) as client:
        tag = (await client.get(PATH)).headers["etag"]
        assert (await client.get(PATH, headers={"If-None-Match": tag})).status_code == 304


async def test_repeated_under_its_key_it_is_one(harness: Harness) -> None:
    content = body()
    async with harness.client(marketer(), **{"Idempotency-Key": str(ABSENT)}) as client:
        answers = [(await client.post(PATH, json=content)).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(await titles(harness)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"content": {}},
        {"content": {"tlh": {"title": "a", "body": "b"}}},
        {"content": {"en": {"title": "", "body": "b"}}},
        {"starts_in": 60, "ends_in": 60},
        {"starts_in": -120, "ends_in": -60},
        {"action": "https://elsewhere.example"},
        {"starts_at": "tomorrow"},
        {"pinned": True},
    ],
    ids=str,
)
async def test_what_is_wrong_is_named(harness: Harness, wrong: dict[str, Any]) -> None:
    async with harness.client(marketer()) as client:
        answer = await client.post(PATH, json=body(**wrong))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert await titles(harness) == []


async def test_only_marketers_write(harness: Harness) -> None:
    withdrawal = f"{PATH}/{ABSENT}/withdrawal"
    for caller, status in ((None, 401), (member(), 403), (agent(), 403), (analyst(), 403)):
        async with harness.client(caller) as client:
            assert (await client.post(PATH, json=body())).status_code == status
            assert (await client.post(withdrawal)).status_code == status
    for caller, status in ((None, 401), (member(), 403), (agent(), 403), (analyst(), 200)):
        async with harness.client(caller) as client:
            assert (await client.get(f"{PATH}/all")).status_code == status
    async with harness.client(admin()) as client:
        answer = await client.post(withdrawal)
    assert (answer.status_code, answer.json()["code"]) == (404, "notify.announcement_not_found")
