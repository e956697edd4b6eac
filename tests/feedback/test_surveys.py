"""Surveys: offered after tickets and by marketers, answered once, reported."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from kit import clock
from kit.auth import Caller
from kit.ids import uuid7
from kit.testing import Harness, admin, agent, analyst, example, marketer, member
from services.feedback.events import SurveyAnswered, SurveyOffered
from services.feedback.rules.surveys import SURVEY_PERIOD
from tests.feedback.conversations import ask, read, resolve

QUESTION = {"zh-CN": "您会推荐我们吗？", "en": "Would you recommend us?", "ru": "Посоветуете нас?"}


async def offered(harness: Harness, caller: Caller) -> str:
    """A survey after a resolved ticket; its id."""
    ticket = await ask(harness, caller)
    await resolve(harness, agent(), ticket["ticket_id"])
    survey_id: str = (await read(harness, caller, "/v1/surveys"))["items"][0]["survey_id"]
    return survey_id


async def give(
    harness: Harness, caller: Caller | None, survey_id: str, **body: Any
) -> httpx.Response:
    async with harness.client(caller) as client:
        return await client.post(f"/v1/surveys/{survey_id}/answers", json=body)


async def known_member(harness: Harness) -> Caller:
    caller = member()
    await harness.deliver(example("profile.member.created.v1", member_id=caller.subject))
    return caller


async def offer(harness: Harness, *callers: Caller, kind: str = "nps") -> int:
    body = {"kind": kind, "question": QUESTION, "member_ids": [c.subject for c in callers]}
    async with harness.client(marketer()) as client:
        answer = await client.post("/v1/surveys", json=body)
    assert answer.status_code == 201, answer.text
    count: int = answer.json()["offered"]
    return count


async def test_open_surveys_are_listed_in_pages(harness: Harness) -> None:
    caller = member()
    older, newer = await offered(harness, caller), await offered(harness, caller)
    first = await read(harness, caller, "/v1/surveys", limit=1)
    rest = await read(harness, caller, "/v1/surveys", limit=1, cursor=first["next_cursor"])
    assert [survey["survey_id"] for survey in (*first["items"], *rest["items"])] == [newer, older]
    assert rest["next_cursor"] is None


async def test_a_resolved_ticket_asks_in_the_members_language(harness: Harness) -> None:
    caller = member()
    survey_id = await offered(harness, caller)
    async with harness.client(caller, **{"Accept-Language": "zh-CN"}) as client:
        [survey] = (await client.get("/v1/surveys")).json()["items"]
    assert (survey["survey_id"], survey["kind"]) == (survey_id, "csat")
    assert (survey["lowest"], survey["highest"]) == (1, 5)
    assert survey["question"] == "您对这次服务满意吗？"


async def test_an_answer_counts_once(harness: Harness) -> None:
    caller = member()
    survey_id = await offered(harness, caller)
    answers = await asyncio.gather(
        *(give(harness, caller, survey_id, score=5, comment="谢谢") for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    [said] = await harness.published(SurveyAnswered)
    assert (said.survey_id, said.score, said.comment) == (UUID(survey_id), 5, "谢谢")
    assert (await read(harness, caller, "/v1/surveys"))["items"] == []


async def test_another_answer_is_refused(harness: Harness) -> None:
    caller = member()
    survey_id = await offered(harness, caller)
    await give(harness, caller, survey_id, score=5)
    refused = await give(harness, caller, survey_id, score=1)
    assert (refused.status_code, refused.json()["code"]) == (409, "feedback.survey_answered")


@pytest.mark.parametrize("score", [0, 6, 10])
async def test_a_score_off_the_scale_is_refused(harness: Harness, score: int) -> None:
    caller = member()
    refused = await give(harness, caller, await offered(harness, caller), score=score)
    assert (refused.status_code, refused.json()["code"]) == (422, "feedback.score_out_of_scale")
    assert await harness.published(SurveyAnswered) == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"score": "5"}, id="text"),
        pytest.param({"score": 4.5}, id="half"),
        pytest.param({"score": True}, id="a truth value"),
        pytest.param({"score": 2**70}, id="overflowing"),
        pytest.param({"score": -1}, id="negative"),
        pytest.param({"score": 5, "comment": "x" * 2001}, id="a long comment"),
        pytest.param({"score": 5, "points": 100}, id="an unknown field"),
    ],
)
async def test_bad_answers_are_refused(harness: Harness, body: dict[str, Any]) -> None:
    caller = member()
    refused = await give(harness, caller, await offered(harness, caller), **body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


async def test_anothers_survey_is_absent(harness: Harness) -> None:
    survey_id = await offered(harness, member())
    refused = await give(harness, member(), survey_id, score=5)
    assert (refused.status_code, refused.json()["code"]) == (404, "feedback.survey_not_found")
    absent = await give(harness, member(), str(uuid7()), score=5)
    assert absent.status_code == 404


async def test_only_members_answer(harness: Harness) -> None:
    survey_id = await offered(harness, member())
    assert (await give(harness, None, survey_id, score=5)).status_code == 401
    assert (await give(harness, agent(), survey_id, score=5)).status_code == 403
    async with harness.client(agent()) as client:
        assert (await client.get("/v1/surveys")).status_code == 403


async def test_a_survey_closes(harness: Harness) -> None:
    caller = member()
    survey_id = await offered(harness, caller)
    await age_surveys(harness)
    assert (await read(harness, caller, "/v1/surveys"))["items"] == []
    refused = await give(harness, caller, survey_id, score=5)
    assert (refused.status_code, refused.json()["code"]) == (409, "feedback.survey_closed")


async def age_surveys(harness: Harness) -> None:
    statement = text("UPDATE surveys SET offered_at = offered_at - CAST(:age AS interval)")
    async with harness.transaction() as session:
        await session.execute(statement, {"age": SURVEY_PERIOD})


async def test_a_marketer_asks_those_who_exist_and_are_not_being_asked(harness: Harness) -> None:
    first, second = await known_member(harness), await known_member(harness)
    assert await offer(harness, first, member()) == 1
    assert await offer(harness, first, second) == 1
    assert await offer(harness, first, kind="ces") == 1
    told = await harness.published(SurveyOffered)
    assert [(said.kind, str(said.member_id)) for said in told] == [
        ("nps", first.subject),
        ("nps", second.subject),
        ("ces", first.subject),
    ]
    assert told[0].question == QUESTION


async def test_a_survey_nobody_answered_in_time_gives_way_to_the_next(harness: Harness) -> None:
    caller = await known_member(harness)
    await offer(harness, caller)
    await age_surveys(harness)
    assert await offer(harness, caller) == 1
    [survey] = (await read(harness, caller, "/v1/surveys"))["items"]
    last = (await harness.published(SurveyOffered))[-1]
    assert UUID(survey["survey_id"]) == last.survey_id
    assert (await give(harness, caller, survey["survey_id"], score=10)).status_code == 201


@pytest.mark.parametrize(("caller", "status"), [(None, 401), (member(), 403), (agent(), 403)])
async def test_only_marketers_ask(harness: Harness, caller: Caller, status: int) -> None:
    body = {"kind": "nps", "question": QUESTION, "member_ids": [str(uuid7())]}
    async with harness.client(caller) as client:
        assert (await client.post("/v1/surveys", json=body)).status_code == status


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"kind": "poll"}, id="an unknown kind"),
        pytest.param({"question": {}}, id="no question"),
        pytest.param({"question": {"fr": "Oui ?"}}, id="french"),
        pytest.param({"member_ids": []}, id="nobody"),
        pytest.param({"member_ids": [str(uuid7()) for _ in range(501)]}, id="too many"),
    ],
)
async def test_bad_offers_are_refused(harness: Harness, change: dict[str, Any]) -> None:
    body = {"kind": "nps", "question": QUESTION, "member_ids": [str(uuid7())], **change}
    async with harness.client(marketer()) as client:
        assert (await client.post("/v1/surveys", json=body)).status_code == 422


async def test_the_report_moves_with_an_answer(harness: Harness) -> None:
    before = await read(harness, analyst(), "/v1/reports/satisfaction")
    assert (before["answers"], before["mean_score"]) == (0, None)
    for score in (5, 4, 1):
        caller = member()
        await give(harness, caller, await offered(harness, caller), score=score)
    after = await read(harness, admin(), "/v1/reports/satisfaction")
    assert (after["offered"], after["answers"], after["mean_score"]) == (3, 3, 3.33)
    assert after["distribution"] == {"1": 1, "2": 0, "3": 0, "4": 1, "5": 1}
    assert after["favourable_share"] == 0.6667


async def test_a_report_is_of_its_period_and_kind(harness: Harness) -> None:
    caller = member()
    await give(harness, caller, await offered(harness, caller), score=5)
    now = clock.now()
    path, day = "/v1/reports/satisfaction", timedelta(days=1)
    period = {"from": (now - 2 * day).isoformat(), "to": (now - day).isoformat()}
    assert (await read(harness, analyst(), path, **period))["answers"] == 0
    assert (await read(harness, analyst(), path, kind="nps"))["answers"] == 0
    period = {"from": (now - day).isoformat(), "to": (now + day).isoformat()}
    report = await read(harness, analyst(), path, **period)
    assert (report["answers"], report["from"][:10]) == (1, (now - day).date().isoformat())


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(
            {"from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, id="backwards"
        ),
        pytest.param({"from": "2026-02-01T00:00:00"}, id="no time zone"),
        pytest.param({"from": "yesterday"}, id="no time"),
        pytest.param({"kind": "poll"}, id="an unknown kind"),
    ],
)
async def test_a_bad_period_is_refused(harness: Harness, query: dict[str, str]) -> None:
    async with harness.client(analyst()) as client:
        answer = await client.get("/v1/reports/satisfaction", params=query)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("caller", "status"), [(None, 401), (member(), 403), (agent(), 403), (marketer(), 403)]
)
async def test_reports_are_for_analysts(harness: Harness, caller: Caller, status: int) -> None:
    async with harness.client(caller) as client:
        assert (await client.get("/v1/reports/satisfaction")).status_code == status
